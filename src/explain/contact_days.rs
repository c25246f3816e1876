//! Values that are made of the days on which there was contact: silences, and the days of contact that health counts. They are
//! counted anew from the days of the record's interactions.

use super::plural::several;
use chrono::NaiveDate;
use polars::prelude::*;
use serde_json::Value;

use super::sums::Taken;
use crate::error::{Error, Result};
use crate::health::window::{LIVING_DAYS, TREND_DAYS, WINDOW_DAYS};
use crate::health::{STATES, State, TWO_YEARS};
use crate::interactions::columns::OCCURRED_AT;
use crate::interactions::event::PLANNED;
use crate::kpis::definitions::silence::{DAYS_SINCE, LAST_DAYS, LONGEST};
use crate::time::{AsOf, DAY};

/// What is made of days of contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Made {
    /// Days from the last one to the date, looking back so far.
    SinceLast { within: u32 },
    /// The longest run of days without, looking back so far.
    LongestWithout { within: u32 },
    /// How many there are from so many days ago until so many days ago, the latter not among them.
    HowMany { until: u32, from: u32 },
    /// Days from one to the next on average, rounded up, looking back so far.
    FromOneToTheNext { within: u32 },
    /// Why there is no score: nothing within a year, nothing within two, or nothing ever.
    WhyUnscored,
}

/// The state of health, which says why there is no score where there is none.
pub const STATE: &str = "health_state";

/// Columns of the KPI tables and of health.
fn made(column: &str) -> Option<Made> {
    Some(match column {
        DAYS_SINCE => Made::SinceLast { within: u32::MAX },
        LONGEST => Made::LongestWithout { within: LAST_DAYS },
        "days_since_contact" => Made::SinceLast { within: WINDOW_DAYS },
        "contact_days" => Made::HowMany { until: 0, from: LIVING_DAYS },
        "contact_days_28" => Made::HowMany { until: 0, from: TREND_DAYS },
        "contact_days_28_before" => Made::HowMany { until: TREND_DAYS, from: 2 * TREND_DAYS },
        "own_contact_interval_days" => Made::FromOneToTheNext { within: WINDOW_DAYS },
        STATE => Made::WhyUnscored,
        _ => return None,
    })
}

/// Whether a column of a table of records is made of days of contact.
pub fn is_made_of_days(table: &str, column: &str) -> bool {
    (table == "relationship_health" || table.ends_with("_kpis")) && made(column).is_some()
}

/// A day of contact.
struct Day {
    date: NaiveDate,
    /// How many days before the date of the row.
    ago: u32,
    /// When the last of them was.
    last_at: i64,
    /// Interactions held on it, by their row.
    rows: Vec<usize>,
}

/// What a column takes of the interactions of its record.
///
/// # Errors
/// Only what the engine runs into.
pub fn taken(column: &str, interactions: &DataFrame, as_of: AsOf) -> Result<Option<Taken>> {
    let Some(made) = made(column) else { return Ok(None) };
    let days = days_of_contact(interactions, as_of).map_err(Error::engine("days of contact"))?;
    let mut of_rows = Rows::new(interactions).map_err(Error::engine("days of contact"))?;
    let within = |limit: u32| -> Vec<&Day> { days.iter().filter(|day| day.ago < limit).collect() };
    let told = match made {
        Made::SinceLast { within: limit } => within(limit).last().map(|last| {
            of_rows.count(last, f64::from(last.ago));
            Told {
                value: last.ago.into(),
                sum: format!("from {} to {} = {}", last.date, as_of.date, several(last.ago as usize, "day")),
            }
        }),
        Made::LongestWithout { within: limit } => (!days.is_empty()).then(|| {
            // Silence begins with the first day looked at, but not before there was a first contact.
            let first = days.first().map_or(limit, |first| limit.min(first.ago + 1));
            let (mut before, mut silences) = (first, Vec::new());
            for day in within(limit) {
                let silence = before - day.ago - 1;
                of_rows.count(day, f64::from(silence));
                silences.push((silence, format!("until {}", day.date)));
                before = day.ago;
            }
            silences.push((before, format!("until the end of {}", as_of.date)));
            let longest = silences.iter().map(|(silence, _)| *silence).max().unwrap_or_default();
            let told = silences.iter().filter(|(silence, _)| *silence > 0);
            let told: Vec<String> = told.map(|(silence, until)| format!("{silence} {until}")).collect();
            let sum = match told.is_empty() {
                true => "no day was without".to_string(),
                false => format!("days without: {}; the longest {longest}", told.join(", ")),
            };
            Told { value: longest.into(), sum }
        }),
        Made::HowMany { until, from } => {
            let counted: Vec<&Day> = days.iter().filter(|day| (until..from).contains(&day.ago)).collect();
            counted.iter().for_each(|day| of_rows.count(day, 1.0));
            let dates: Vec<String> = counted.iter().map(|day| day.date.to_string()).collect();
            let mut sum = several(counted.len(), "day");
            if !dates.is_empty() {
                sum = format!("{sum}: {}", dates.join(", "));
            }
            Some(Told { value: counted.len().into(), sum })
        }
        Made::FromOneToTheNext { within: limit } => match within(limit).as_slice() {
            counted @ [first, .., last] => {
                counted.iter().for_each(|day| of_rows.count(day, 1.0));
                let (between, steps) = (first.ago - last.ago, counted.len() as u32 - 1);
                let mean = between.div_ceil(steps);
                let sum = format!(
                    "{} from {} to {} / {steps}, rounded up = {mean}",
                    several(between as usize, "day"),
                    first.date,
                    last.date
                );
                Some(Told { value: mean.into(), sum })
            }
            _ => None,
        },
        Made::WhyUnscored => {
            let last = days.last();
            last.iter().for_each(|day| of_rows.count(day, 1.0));
            let (state, sum) = match last {
                None => (State::NoClosedActivities, "nothing was ever held that counts for the record".to_string()),
                Some(day) => {
                    let is_old = day.last_at < as_of.cutoff() - TWO_YEARS * DAY;
                    let state = if is_old { State::OlderThanTwoYears } else { State::NotEnoughInfo };
                    (
                        state,
                        format!(
                            "the last was held on {}, {} before the date",
                            day.date,
                            several(day.ago as usize, "day")
                        ),
                    )
                }
            };
            Some(Told { value: STATES[state as usize].into(), sum })
        }
    };
    let Told { value, sum } =
        told.unwrap_or_else(|| Told { value: Value::Null, sum: "there are too few days of contact".to_string() });
    let missing = value.is_null().then(|| sum.clone());
    Ok(Some(Taken { amounts: of_rows.amounts, why_not: of_rows.why_not, value, sum, missing }))
}

struct Told {
    value: Value,
    sum: String,
}

/// What each interaction has to do with a value.
struct Rows {
    amounts: Vec<Option<f64>>,
    why_not: Vec<Option<String>>,
}

impl Rows {
    fn new(interactions: &DataFrame) -> PolarsResult<Rows> {
        let planned = interactions.column(PLANNED)?.bool()?.iter();
        let why_not = planned.map(|planned| {
            Some(if planned == Some(false) {
                "it was on none of the days that count"
            } else {
                "it is planned, not held"
            })
        });
        let why_not = why_not.map(|why| why.map(str::to_string)).collect();
        Ok(Rows { amounts: vec![None; interactions.height()], why_not })
    }

    /// A day counts for so much: its first interaction does, and the others of the day add nothing.
    fn count(&mut self, day: &Day, amount: f64) {
        for (&row, amount) in day.rows.iter().zip([amount].into_iter().chain(std::iter::repeat(0.0))) {
            self.amounts[row] = Some(amount);
            self.why_not[row] = None;
        }
    }
}

/// The days on which something was held, the earliest first.
fn days_of_contact(interactions: &DataFrame, as_of: AsOf) -> PolarsResult<Vec<Day>> {
    let times = interactions.column(OCCURRED_AT)?.datetime()?.phys.clone();
    let planned = interactions.column(PLANNED)?.bool()?.clone();
    let mut held: Vec<(i64, usize)> = (0..interactions.height())
        .filter(|&row| planned.get(row) == Some(false))
        .filter_map(|row| Some((times.get(row)?, row)))
        .collect();
    held.sort_unstable();
    let mut days: Vec<Day> = Vec::new();
    for (at, row) in held {
        let Some(date) = as_of.day_of(at) else { continue };
        let Ok(ago) = u32::try_from((as_of.date - date).num_days()) else { continue };
        match days.last_mut() {
            Some(last) if last.date == date => {
                last.rows.push(row);
                last.last_at = at;
            }
            _ => days.push(Day { date, ago, last_at: at, rows: vec![row] }),
        }
    }
    Ok(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Interactions held so many days before 2026-03-31, and one that is planned.
    fn taken_of(column: &str, days_ago: &[i64]) -> (Value, String, Vec<Option<f64>>) {
        let as_of = AsOf { date: NaiveDate::from_ymd_opt(2026, 3, 31).unwrap(), timezone: chrono_tz::UTC };
        let noon = as_of.cutoff() - crate::time::DAY / 2;
        let mut times: Vec<i64> = days_ago.iter().map(|days| noon - days * crate::time::DAY).collect();
        let mut planned = vec![false; times.len()];
        times.push(noon + 3 * crate::time::DAY);
        planned.push(true);
        let instants = Column::new(OCCURRED_AT.into(), times).cast(&crate::interactions::event::INSTANT).unwrap();
        let rows = DataFrame::new_infer_height(vec![instants, Column::new(PLANNED.into(), planned)]).unwrap();
        let taken = taken(column, &rows, as_of).unwrap().unwrap();
        (taken.value, taken.sum, taken.amounts)
    }

    #[test]
    fn silences_lie_between_days_of_contact_and_after_the_last() {
        let (value, sum, amounts) = taken_of(LONGEST, &[50, 20, 20, 100]);
        // From 60 days ago: nine days, then 29, then the last 20.
        assert_eq!(value, 29);
        assert_eq!(
            sum,
            "days without: 9 until 2026-02-09, 29 until 2026-03-11, 20 until the end of 2026-03-31; the longest 29"
        );
        assert_eq!(amounts, [Some(9.0), Some(29.0), Some(0.0), None, None]);
        assert_eq!(taken_of(LONGEST, &[9]).0, 9, "days before the first contact are no silence");
        assert_eq!(taken_of(LONGEST, &[]).0, Value::Null);
        assert_eq!(taken_of(DAYS_SINCE, &[400, 12]).0, 12);
    }

    #[test]
    fn days_of_contact_count_once() {
        let ago = [0, 0, 27, 28, 55, 56, 89, 90, 365];
        for (column, expected) in
            [("contact_days", 6), ("contact_days_28", 2), ("contact_days_28_before", 2), ("days_since_contact", 0)]
        {
            assert_eq!(taken_of(column, &ago).0, expected, "{column}");
        }
        // 90 days from the first of the year to the last, over six steps.
        assert_eq!(taken_of("own_contact_interval_days", &ago).0, 15);
        assert_eq!(taken_of("own_contact_interval_days", &[5, 5]).0, Value::Null);
        assert_eq!(taken_of("days_since_contact", &[365]).0, Value::Null, "the year has 365 days, the date among them");
        for (ago, state) in
            [(&[365][..], "not_enough_info"), (&[730], "older_than_two_years"), (&[], "no_closed_activities")]
        {
            assert_eq!(taken_of(STATE, ago).0, state);
        }
    }
}
