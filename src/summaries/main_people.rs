//! The two people who have most of the contact of an account or deal, from `top_contacts` (rule K11).

use std::collections::HashMap;

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::kpis::definitions::volume::COUNT_NAMES;

/// Interactions below which nobody is named.
const LEAST: i64 = 6;

/// The names of a colleague and a customer person between whom most of the contact of a record is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MainPeople {
    /// The colleague.
    pub colleague: String,
    /// The customer person.
    pub person: String,
}

/// The first of one side.
struct First {
    name: String,
    interactions: i64,
}

impl MainPeople {
    /// By record, from rows of `top_contacts` whose records are numbers, and the KPIs of all records in order. Two people
    /// are named where more than half of the emails, meetings and calls must have had both: their own together are
    /// more than one and a half times all.
    pub fn of(top_contacts: &DataFrame, by_record: &DataFrame) -> Result<HashMap<u32, MainPeople>> {
        let doing = || Error::engine("people that summaries name");
        let mut found = HashMap::new();
        let all = all_interactions(by_record).map_err(doing())?;
        for (record, [colleague, person]) in firsts(top_contacts).map_err(doing())? {
            let (Some(colleague), Some(person)) = (colleague, person) else { continue };
            let all = all[record as usize];
            if all >= LEAST && 2 * (colleague.interactions + person.interactions) > 3 * all {
                found.insert(record, MainPeople { colleague: colleague.name, person: person.name });
            }
        }
        Ok(found)
    }
}

/// Emails, meetings and calls of each record.
fn all_interactions(by_record: &DataFrame) -> PolarsResult<Vec<i64>> {
    let mut all = vec![0; by_record.height()];
    for name in COUNT_NAMES {
        let counts = by_record.column(name)?.cast(&DataType::Int64)?;
        all.iter_mut().zip(counts.i64()?.iter()).for_each(|(all, count)| *all += count.unwrap_or(0));
    }
    Ok(all)
}

/// By record, who is first among our people and among theirs, and has a name. Leads are one person, whom nobody has to name.
fn firsts(top_contacts: &DataFrame) -> PolarsResult<HashMap<u32, [Option<First>; 2]>> {
    let text = |name: &str| top_contacts.column(name)?.cast(&DataType::String)?.str().cloned();
    let number = |name: &str| top_contacts.column(name)?.cast(&DataType::Int64)?.i64().cloned();
    let (sides, types, names) = (text("side")?, text("person_type")?, text("name")?);
    let (records, ranks) = (number("record_id")?, number("rank")?);
    let counts = [number("emails")?, number("meetings")?, number("phone_calls")?];
    let mut found: HashMap<u32, [Option<First>; 2]> = HashMap::new();
    for row in 0..top_contacts.height() {
        let (Some(record), Some(1)) = (records.get(row), ranks.get(row)) else { continue };
        let side = usize::from(sides.get(row) == Some("most_contacted"));
        let name = names.get(row).map(|name| name.split_whitespace().collect::<Vec<_>>().join(" "));
        let Some(name) = name.filter(|name| !name.is_empty() && types.get(row) != Some("lead")) else { continue };
        let interactions = counts.iter().filter_map(|counts| counts.get(row)).sum();
        found.entry(record as u32).or_default()[side] = Some(First { name, interactions });
    }
    Ok(found)
}
