//! Sentences about records (rule K11): `numbers` are the columns that they are made of, `comparisons` and `findings`
//! decide what is worth saying, `evidence` tests that it is not chance, `words` says it in four languages.

mod comparisons;
pub mod evidence;
pub mod finding;
pub mod findings;
pub mod main_people;
pub mod numbers;
pub mod response_times;
pub mod words;

use std::collections::HashMap;

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::frames::typed_columns::texts;
use crate::health::{Health, State};
use crate::interactions::Context;
use crate::language::Language;
use crate::similar_deals::at_same_age::AtSameAge;
use crate::table::{Column as Declared, ColumnType, Table};
use findings::{Beside, findings};
use main_people::MainPeople;
use numbers::{NumberColumns, Numbers};
use words::{Side, Them};

/// Records whose sentences are made at a time.
const CHUNK: usize = 50_000;

/// What sentences are made of.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// Every KPI of every record in order.
    pub by_record: &'a DataFrame,
    /// By record.
    pub health: &'a [Health],
    /// By record, of open deals that have similar won deals.
    pub similar: &'a HashMap<u32, AtSameAge>,
    /// By record, how far apart the response times of the two sides lie.
    pub response_times: &'a [Option<f64>],
    /// By record, who has most of the contact.
    pub main_people: &'a HashMap<u32, MainPeople>,
}

/// Rows of `summaries`, chunk by chunk in the order of the key.
pub fn summaries<'a>(context: &'a Context, known: &'a Known<'a>) -> impl Iterator<Item = Result<DataFrame>> + 'a {
    let height = known.by_record.height();
    (0..height.max(1)).step_by(CHUNK).map(move |from| chunk(context, known, from))
}

fn chunk(context: &Context, known: &Known, from: usize) -> Result<DataFrame> {
    let records = &known.by_record.slice(from as i64, CHUNK);
    let (types, ids, names) = (texts(records, "record_type")?, texts(records, "record_id")?, texts(records, "name")?);
    let columns = NumberColumns::of(records)?;
    let languages: Vec<Language> =
        context.settings.languages.iter().filter_map(|code| Language::from_code(code)).collect();
    let mut rows: [Vec<&str>; 3] = Default::default();
    let (mut positions, mut sentences) = (Vec::new(), Vec::new());
    for row in 0..records.height() {
        let (Some(record_type), Some(id)) = (types.get(row), ids.get(row)) else { continue };
        let (record, health) = (from + row, known.health[from + row]);
        // Of leads and deals only those that have ended have no health.
        let has_ended = matches!(record_type, "lead" | "opportunity") && health.state == State::NotApplicable;
        let main = known.main_people.get(&(record as u32));
        let beside = Beside {
            similar: known.similar.get(&(record as u32)),
            health: health.scored.as_ref(),
            mostly_between: main.map(|main| (main.colleague.as_str(), main.person.as_str())),
            is_open_deal: record_type == "opportunity" && !has_ended,
            has_ended,
        };
        let numbers = columns.numbers(row, &context.as_of);
        let numbers = Numbers { response_times_apart: known.response_times[record], ..numbers };
        let found = findings(&numbers, &beside);
        let them = Them::of(record_type, names.get(row));
        for language in &languages {
            for (position, finding) in (1i64..).zip(&found) {
                rows.iter_mut().zip([record_type, id, language.code()]).for_each(|(column, value)| column.push(value));
                positions.push(position);
                sentences.push(words::sentence(*language, finding, &them));
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

impl<'a> Them<'a> {
    /// Of a record by its type and name: people are called by their names where they have one.
    fn of(record_type: &str, name: Option<&'a str>) -> Them<'a> {
        let side = match record_type {
            "contact" => Side::Contact,
            "lead" => Side::Lead,
            _ => Side::Customer,
        };
        let name = name.map(str::trim).filter(|name| !name.is_empty() && side != Side::Customer);
        Them { side, name }
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
        version: 3,
        grain: "record, language and sentence",
        description: "Up to five sentences about each record that was in contact, and about every open deal, the most telling \
                      first. Open deals are compared with their similar won deals at the same age, where they have any; all \
                      else is us against them. Differences that may be chance are not told.",
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
            Declared {
                empty: "null only where it named somebody forgotten",
                ..text(
                    "sentence",
                    "The sentence.",
                    "K11",
                    "We set up eight more meetings than the customer (9 against 1).",
                )
            },
        ],
    }
}
