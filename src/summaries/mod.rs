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
use std::ops::Range;

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::frames::typed_columns::texts;
use crate::health::{Health, State};
use crate::interactions::Context;
use crate::interactions::tables::Dictionaries;
use crate::language::Language;
use crate::people::RecordType;
use crate::scratch::Scratch;
use crate::similar_deals::at_same_age::AtSameAge;
use crate::table::{Column as Declared, ColumnType, Rows, Table, Texts};
use findings::{Beside, findings};
use main_people::MainPeople;
use numbers::{NumberColumns, Numbers};
use words::{CustomerSide, Them};

/// Records whose sentences are made at a time, and where memory is limited: three chunks are under way at once, and a record
/// may have twenty rows.
const CHUNKS: [usize; 2] = [50_000, 500];

/// What sentences are made of.
#[derive(Clone, Copy)]
pub struct SentenceFacts<'a> {
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

/// Rows of `summaries`, chunk by chunk in the order of the key. Types and languages are places in lists.
pub fn summaries<'a>(
    context: &'a Context,
    known: &'a SentenceFacts<'a>,
    lists: &Dictionaries,
    scratch: &Scratch,
) -> impl Iterator<Item = Result<Rows>> + 'a {
    let (height, size) = (known.by_record.height(), CHUNKS[usize::from(scratch.is_limited())]);
    let languages: Vec<Language> =
        context.settings.languages.iter().filter_map(|code| Language::from_code(code)).collect();
    let codes: Vec<&str> = languages.iter().map(|language| language.code()).collect();
    let texts = vec![("record_type", lists.record_types.clone()), ("language", Texts::known(&codes))];
    (0..height.max(1)).step_by(size).map(move |from| {
        let frame = chunk(context, known, &languages, from..height.min(from + size))?;
        Ok(Rows { frame, texts: texts.clone() })
    })
}

fn chunk(context: &Context, known: &SentenceFacts, languages: &[Language], range: Range<usize>) -> Result<DataFrame> {
    let from = range.start;
    let records = &known.by_record.slice(from as i64, range.len());
    let (types, ids, names) = (texts(records, "record_type")?, texts(records, "record_id")?, texts(records, "name")?);
    let columns = NumberColumns::of(records)?;
    let (mut of, mut record_types, mut codes) = (Vec::new(), Vec::new(), Vec::new());
    let (mut positions, mut sentences) = (Vec::new(), StringChunkedBuilder::new("sentence".into(), 0));
    for row in 0..records.height() {
        let (Some(record_type), Some(_)) = (types.get(row), ids.get(row)) else { continue };
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
        let type_place = RecordType::ALL.iter().take_while(|one| one.name() != record_type).count() as u32;
        for (code, language) in (0u32..).zip(languages) {
            for (position, finding) in (1i64..).zip(&found) {
                of.push(row as IdxSize);
                record_types.push(type_place);
                codes.push(code);
                positions.push(position);
                sentences.append_value(words::sentence(*language, finding, &them));
            }
        }
    }
    // Ids stay where they are, whatever number of rows they have.
    let record_ids = ids.take(&IdxCa::from_vec(PlSmallStr::EMPTY, of)).map_err(Error::engine("summaries"))?;
    df!(
        "record_type" => record_types,
        "record_id" => record_ids.into_series(),
        "language" => codes,
        "position" => positions,
        "sentence" => sentences.finish().into_series(),
    )
    .map_err(Error::engine("summaries"))
}

impl<'a> Them<'a> {
    /// Of a record by its type and name: people are called by their names where they have one.
    pub fn of(record_type: &str, name: Option<&'a str>) -> Them<'a> {
        let side = match record_type {
            "contact" => CustomerSide::Contact,
            "lead" => CustomerSide::Lead,
            _ => CustomerSide::Customer,
        };
        let name = name.map(str::trim).filter(|name| !name.is_empty() && side != CustomerSide::Customer);
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
