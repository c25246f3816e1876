//! When the run that an email begins was answered, by the turns of its published thread (rules K3, K5).

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::read::Tables;
use crate::error::Result;
use crate::explain::evidence::Turns;
use crate::explain::question::FoundRow;
use crate::explain::scores::RowValues;
use crate::explain::story::{ColumnStory, TableRow};
use crate::interactions::event::INTERACTION_ID;
use crate::interactions::working_time;
use crate::table::cells::instant;
use crate::time::HOUR;

const SHOWN: [&str; 2] = ["direction", "occurred_at"];

/// Tells a column of an answer; false of any other.
///
/// # Errors
/// What storage refuses, and files that are no Parquet.
pub fn tell(found: &FoundRow<'_>, tables: &Tables<'_>, story: &mut ColumnStory) -> Result<bool> {
    if found.table.name != "interactions" || !["answered_at", "response_hours"].contains(&story.column.as_str()) {
        return Ok(false);
    }
    let row = RowValues(&found.row);
    let (Some(thread), Some("email")) = (row.text("thread_id"), row.text("kind").as_deref()) else {
        story.recomputed(Value::Null, "only emails of a thread have answers".to_string());
        return Ok(true);
    };
    let Some(emails) = tables.rows("interactions", &[("thread_id", &thread)])? else { return Ok(false) };
    let turns = Turns::of_thread(&emails.frame, tables.settings, tables.as_of)?;
    let id = row.text(INTERACTION_ID).unwrap_or_default();
    let Some(turn) = turns.of_email(&id) else { return Ok(false) };
    let begun = row.text("occurred_at").and_then(|at| at.parse::<DateTime<Utc>>().ok());
    let (value, told) = match (turn.answered_at, begun) {
        (Some(answered), Some(begun)) => {
            let begun = begun.timestamp_micros();
            let calendar = working_time(tables.settings, tables.as_of);
            let micros = calendar.as_ref().map_or(answered - begun, |calendar| calendar.between(begun, answered));
            let hours = micros as f64 / HOUR as f64;
            let counted = if calendar.is_some() { "hours of working time" } else { "hours" };
            let told =
                format!("it {}: from {} to {} are {hours} {counted}", turn.words, instant(begun), instant(answered));
            let value = if story.column == "answered_at" { instant(answered).into() } else { hours.into() };
            (value, told)
        }
        _ => (Value::Null, format!("it {}", turn.words)),
    };
    let answer = turn.answered_at.map(instant);
    let told_row = |at: usize| {
        let is_own = emails.text(INTERACTION_ID, at).as_deref() == Some(id.as_str());
        let is_answer = answer.is_some()
            && emails.text("occurred_at", at) == answer
            && emails.text("direction", at) != row.text("direction");
        let why_not = (!is_own && !is_answer).then(|| "it is neither this email nor its answer".to_string());
        TableRow { why_not, ..emails.told(at, &[INTERACTION_ID], &SHOWN) }
    };
    let mut order: Vec<usize> = (0..emails.count()).collect();
    order.sort_by_key(|&at| (emails.text("occurred_at", at), emails.text(INTERACTION_ID, at)));
    story.from_tables = order.into_iter().map(told_row).collect();
    let horizon = tables.settings.response_horizon_days;
    story.recomputed(value, format!("{told}; an answer counts within {horizon} days"));
    Ok(true)
}
