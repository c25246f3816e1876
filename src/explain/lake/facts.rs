//! What an interaction is and why it counts for a record, read anew from the lake (rules N1 to N6, L1, L2).

use serde_json::Value;

use super::people_present::{self, named, number};
use super::read::LakeOfDay;
use super::rows::{plain, terms};
use crate::error::{Error, Result};
use crate::explain::question::FoundRow;
use crate::explain::scores::RowValues;
use crate::explain::story::ColumnStory;
use crate::interactions::columns::{INTERACTION, RECORD};
use crate::interactions::event::{ENDED_AT, IN_DATAVERSE, IN_EXCHANGE, INTERACTION_ID};
use crate::interactions::people::view::ParticipantColumns;
use crate::interactions::record_links::{LINK, LINK_REASONS};
use crate::people::person_key;
use crate::sources::roles::STARTS;
use crate::table::cells::{instant, json};

/// Tells a column of an interaction; false of one that is not among its facts, and where it is not in the lake.
///
/// # Errors
/// Only what the engine runs into.
pub fn tell(found: &FoundRow<'_>, lake: &LakeOfDay<'_>, story: &mut ColumnStory) -> Result<bool> {
    let row = RowValues(&found.row);
    let id = row.text(INTERACTION_ID).unwrap_or_default();
    match number(lake, &id)? {
        None => Ok(false),
        Some(number) if people_present::COLUMNS.contains(&story.column.as_str()) => {
            people_present::tell(&row, lake, number, story)
        }
        Some(number) => fact(lake, number, story),
    }
}

fn fact(lake: &LakeOfDay<'_>, interaction: u32, story: &mut ColumnStory) -> Result<bool> {
    let row = plain(lake, interaction);
    let text = |text: Option<String>| text.map_or(Value::Null, Value::from);
    let (value, told) = match story.column.as_str() {
        "kind" => (text(row.kind), "by the table of the lake that holds it".to_string()),
        "status" => (text(row.status), "by its state and its time in the lake".to_string()),
        "occurred_at" => (text(row.occurred_at), "its time in the lake".to_string()),
        "duration_minutes" => {
            (row.duration_minutes.map_or(Value::Null, Value::from), "its length in the lake".to_string())
        }
        "direction" => {
            let task = row.kind.as_deref() == Some("task");
            let told = if task { "a task is started by nobody".to_string() } else { starters(lake, interaction)? };
            (text(row.direction), told)
        }
        "ended_at" => {
            let ended = lake.interactions.table.column(ENDED_AT).and_then(|ended| ended.datetime());
            let ended = ended.map_err(doing())?.phys.get(interaction as usize);
            (ended.map_or(Value::Null, |at| instant(at).into()), "its end in the lake".to_string())
        }
        name @ (IN_DATAVERSE | IN_EXCHANGE) => {
            let held = lake.interactions.table.column(name).map_err(doing())?;
            let value = json(held, interaction as usize);
            let told = if value == true { "one of its rows is" } else { "none of its rows is" };
            (value, format!("{told} of that source"))
        }
        _ => return Ok(false),
    };
    story.recomputed(value, told);
    Ok(true)
}

/// Who started an interaction.
fn starters(lake: &LakeOfDay<'_>, interaction: u32) -> Result<String> {
    let columns = ParticipantColumns::of(&lake.interactions.participants.people)?;
    let mut people = columns.rows_from(interaction)?;
    let rows = people.next(interaction).filter(|&row| people.roles[row] == STARTS);
    let side = |who: u64| if person_key::is_ours(who) { "of ours" } else { "of theirs" };
    let started: Vec<String> =
        rows.map(|row| format!("{} ({})", named(lake, people.who[row]), side(people.who[row]))).collect();
    Ok(match started.is_empty() {
        true => "nobody is known to have started it".to_string(),
        false => format!("started by {}", terms(&started, ", ")),
    })
}

/// Why an interaction counts for a record; false of other columns, and where one of them is not in the lake.
///
/// # Errors
/// Only what the engine runs into.
pub fn reason(found: &FoundRow<'_>, lake: &LakeOfDay<'_>, story: &mut ColumnStory) -> Result<bool> {
    let row = RowValues(&found.row);
    let id = row.text(INTERACTION_ID).unwrap_or_default();
    let (Some(interaction), Some(record)) = (number(lake, &id)?, lake.record_of(&row)) else { return Ok(false) };
    if story.column != "reason" {
        return Ok(false);
    }
    let numbers = |name: &str| lake.interactions.links.column(name).and_then(|numbers| numbers.u32());
    let (interactions, records) = (numbers(INTERACTION).map_err(doing())?, numbers(RECORD).map_err(doing())?);
    let links = lake.interactions.links.column(LINK).and_then(|links| links.u8()).map_err(doing())?;
    let link = interactions.iter().zip(records.iter()).zip(links.iter());
    let link = link.filter(|((one, other), _)| (*one, *other) == (Some(interaction), Some(record)));
    let Some(reason) = link.filter_map(|(_, link)| link).next() else { return Ok(false) };
    let reason = LINK_REASONS[usize::from(reason.min(1))];
    let told = match reason {
        "regarding" => "it is set regarding the record",
        _ => "it is not set regarding the record; somebody of the record takes part in it",
    };
    story.recomputed(reason.into(), told.to_string());
    Ok(true)
}

fn doing() -> impl FnOnce(polars::prelude::PolarsError) -> Error {
    Error::engine("facts of an interaction")
}
