//! The columns that sentences are made of, by record.

use chrono::NaiveDate;
use polars::prelude::*;

use super::evidence::Share;
use super::finding::Contact;
use crate::error::{Error, Result};
use crate::time::AsOf;

/// Numbers of a record, NaN where unknown.
#[derive(Clone, Copy, Debug)]
pub struct Numbers {
    /// Sent and received: emails, meetings, calls.
    pub counts: [(u32, u32); 3],
    /// Median hours to an answer, by us and by them.
    pub response_hours: [f64; 2],
    /// How far apart the response times of the two sides lie, in standard deviations of their ranks.
    pub response_times_apart: Option<f64>,
    /// Answered of due, by us and by them.
    pub answered: [Share; 2],
    /// Minutes that we spent.
    pub minutes_by_us: f64,
    /// The last held interaction, and its day.
    pub last: Option<(Contact, NaiveDate)>,
    /// How many days ago that was.
    pub silent_days: u32,
    /// The next planned interaction, and its day.
    pub next: Option<(Contact, NaiveDate)>,
}

/// The columns of some records.
pub struct NumberColumns {
    numbers: Vec<Vec<f64>>,
    at: [Int64Chunked; 2],
    kinds: [StringChunked; 2],
    directions: [StringChunked; 2],
}

/// Columns of KPIs among them.
pub const USED: [&str; 13] = [
    "emails_sent",
    "emails_received",
    "meetings_sent",
    "meetings_received",
    "phone_calls_made",
    "phone_calls_received",
    "median_first_response_hours_by_us",
    "median_first_response_hours_by_them",
    "responses_by_us",
    "responses_due_by_us",
    "responses_by_them",
    "responses_due_by_them",
    "minutes_spent_by_us",
];

impl NumberColumns {
    /// Of a frame with every KPI.
    pub fn of(records: &DataFrame) -> Result<NumberColumns> {
        let numbers = |name: &str| -> PolarsResult<Vec<f64>> {
            let column = records.column(name)?.cast(&DataType::Float64)?;
            Ok(column.f64()?.iter().map(|value| value.unwrap_or(f64::NAN)).collect())
        };
        let instants = |name: &str| records.column(name)?.cast(&DataType::Int64)?.i64().cloned();
        let texts = |name: &str| records.column(name)?.cast(&DataType::String)?.str().cloned();
        let read = || -> PolarsResult<NumberColumns> {
            Ok(NumberColumns {
                numbers: USED.iter().map(|name| numbers(name)).collect::<PolarsResult<_>>()?,
                at: [instants("last_interaction_at")?, instants("next_interaction_at")?],
                kinds: [texts("last_interaction_kind")?, texts("next_interaction_kind")?],
                directions: [texts("last_interaction_direction")?, texts("next_interaction_direction")?],
            })
        };
        read().map_err(Error::engine("summaries"))
    }

    /// Of one row, all but [`Numbers::response_times_apart`].
    pub fn numbers(&self, row: usize, as_of: &AsOf) -> Numbers {
        let of = |at: usize| self.numbers[at][row];
        let count = |at: usize| of(at) as u32;
        let share = |hits: usize| Share { hits: count(hits), cases: count(hits + 1) };
        let day = |which: usize| self.at[which].get(row).and_then(|at| as_of.day_of(at));
        let contact = |which: usize| {
            let kind = self.kinds[which].get(row)?;
            Some(match (kind, self.directions[which].get(row)) {
                ("email", Some("outbound")) => Contact::EmailFromUs,
                ("email", Some("inbound")) => Contact::EmailFromThem,
                ("email", _) => Contact::Email,
                ("meeting", _) => Contact::Meeting,
                ("phone_call", _) => Contact::Call,
                _ => Contact::Task,
            })
        };
        Numbers {
            counts: [(count(0), count(1)), (count(2), count(3)), (count(4), count(5))],
            response_hours: [of(6), of(7)],
            response_times_apart: None,
            answered: [share(8), share(10)],
            minutes_by_us: of(12),
            last: contact(0).zip(day(0)),
            silent_days: day(0).map_or(0, |day| (as_of.date - day).num_days().max(0) as u32),
            next: contact(1).zip(day(1)),
        }
    }
}
