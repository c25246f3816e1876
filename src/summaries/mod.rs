//! Sentences about records, from their KPIs (rule K11): `finding` decides what is worth saying,
//! `words` says it in four languages.

pub mod finding;
pub mod words;

use std::collections::HashMap;

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::frames::typed_columns::texts;
use crate::health::{Health, State};
use crate::interactions::Context;
use crate::interactions::columns::OCCURRED_AT;
use crate::language::Language;
use crate::similar_deals::means::Similar;
use crate::table::{Column as Declared, ColumnType, Table};
use crate::time::AsOf;
use finding::{Finding, Numbers, findings};
use words::Them;

/// Records whose sentences are made at a time.
const CHUNK: usize = 50_000;

/// Rows of `summaries`, chunk by chunk in the order of the key. `by_record` has every KPI of every
/// record in order, `health` the health of each; `similar` the means over similar won deals of open deals that have any, by record.
pub fn summaries<'a>(
    context: &'a Context,
    by_record: &'a DataFrame,
    health: &'a [Health],
    similar: &'a HashMap<u32, Similar>,
) -> impl Iterator<Item = Result<DataFrame>> + 'a {
    let height = by_record.height();
    (0..height.max(1))
        .step_by(CHUNK)
        .map(move |from| chunk(context, &by_record.slice(from as i64, CHUNK), health, from as u32, similar))
}

fn chunk(
    context: &Context,
    records: &DataFrame,
    health: &[Health],
    first: u32,
    similar: &HashMap<u32, Similar>,
) -> Result<DataFrame> {
    let (types, ids) = (texts(records, "record_type")?, texts(records, "record_id")?);
    let kpis = Kpis::of(records)?;
    let languages: Vec<(&str, Language)> = context
        .settings
        .languages
        .iter()
        .filter_map(|code| Some((code.as_str(), Language::from_code(code)?)))
        .collect();
    let mut rows: [Vec<&str>; 3] = Default::default();
    let (mut positions, mut sentences) = (Vec::new(), Vec::new());
    for row in 0..records.height() {
        let (Some(record_type), Some(id)) = (types.get(row), ids.get(row)) else { continue };
        let them = match record_type {
            "contact" => Them::Contact,
            "lead" => Them::Lead,
            _ => Them::Customer,
        };
        // Of leads and deals only those that have ended have no health.
        let ended =
            matches!(record_type, "lead" | "opportunity") && health[first as usize + row].state == State::NotApplicable;
        let numbers = kpis.numbers(row, &context.as_of, ended);
        let found: Vec<Finding> = findings(&numbers, similar.get(&(first + row as u32)));
        for (code, language) in &languages {
            for (position, finding) in (1i64..).zip(&found) {
                rows.iter_mut().zip([record_type, id, code]).for_each(|(column, value)| column.push(value));
                positions.push(position);
                sentences.push(language.sentence(*finding, them));
            }
        }
    }
    let [record_types, record_ids, codes] = rows;
    df!(
        "record_type" => record_types,
        "record_id" => record_ids,
        "language" => codes,
        "position" => positions,
        "sentence" => sentences,
    )
    .map_err(Error::engine("summaries"))
}

/// The KPIs that sentences are made of, as columns of numbers.
struct Kpis {
    columns: Vec<Vec<f64>>,
    last: Vec<Option<i64>>,
}

const USED: [&str; 14] = [
    "emails_sent",
    "emails_received",
    "meetings_sent",
    "meetings_received",
    "phone_calls_made",
    "phone_calls_received",
    "avg_first_response_hours_by_us",
    "avg_first_response_hours_by_them",
    "responses_by_us",
    "responses_due_by_us",
    "responses_by_them",
    "responses_due_by_them",
    "minutes_spent_by_us",
    "minutes_spent_by_them",
];

impl Kpis {
    fn of(records: &DataFrame) -> Result<Kpis> {
        let numbers = |name: &str| -> PolarsResult<Vec<f64>> {
            let column = records.column(name)?.cast(&DataType::Float64)?;
            Ok(column.f64()?.iter().map(|value| value.unwrap_or(f64::NAN)).collect())
        };
        let columns: PolarsResult<Vec<Vec<f64>>> = USED.iter().map(|name| numbers(name)).collect();
        let last = records.column("last_interaction_at").and_then(|column| column.cast(&DataType::Int64));
        let last = last.map_err(Error::engine(format!("summaries: {OCCURRED_AT}")))?;
        let last = last.i64().map_err(Error::engine("summaries"))?.iter().collect();
        Ok(Kpis { columns: columns.map_err(Error::engine("summaries"))?, last })
    }

    fn numbers(&self, row: usize, as_of: &AsOf, ended: bool) -> Numbers {
        let of = |at: usize| self.columns[at][row];
        Numbers {
            counts: [(of(0), of(1)), (of(2), of(3)), (of(4), of(5))],
            response_hours: (of(6), of(7)),
            answered: [(of(8), of(9)), (of(10), of(11))],
            minutes: (of(12), of(13)),
            silent_days: self.last[row].and_then(|last| Some((as_of.date - as_of.day_of(last)?).num_days())),
            ended,
        }
    }
}

/// The table `summaries`.
pub fn table() -> Table {
    let text = |name, description, rule, example| {
        Declared::new(name, ColumnType::Text, "", description, "never", rule, example)
    };
    Table {
        defined_in: file!(),
        name: "summaries",
        version: 2,
        grain: "record, language and sentence",
        description: "Up to five sentences about each record that was in contact, the most telling first. Open deals are \
                      compared with their similar won deals at the same age, where they have any; all else is us against them.",
        key: &["record_type", "record_id", "language", "position"],
        columns: vec![
            text("record_type", "account, contact, lead, opportunity.", "K11", "account"),
            text("record_id", "The record.", "K11", "b0000001-0000-4000-8000-000000000000"),
            text("language", "de, en, fr, sv.", "K11", "en"),
            Declared {
                defined_in: file!(),
                name: "position",
                dtype: ColumnType::Int64,
                unit: "rank",
                description: "1 is the most telling.",
                empty: "never",
                rule: "K11",
                example: "1",
            },
            text("sentence", "The sentence.", "K11", "We started three more meetings than the customer."),
        ],
    }
}
