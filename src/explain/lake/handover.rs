//! To whom a colleague who leaves hands over a record (rule W8).

use serde_json::Value;

use super::pairs::connection_row;
use super::read::LakeOfDay;
use crate::connections::connection::Connection;
use crate::coverage::leaving;
use crate::error::Result;
use crate::explain::question::FoundRow;
use crate::explain::scores::RowValues;
use crate::explain::story::{ColumnStory, TableRow};
use crate::people::RecordType;
use crate::people::record_lists::people_of_records;
use crate::table::cells::instant;

/// Columns that are made of connections, those of a deal to any of its people.
pub const COLUMNS: [&str; 6] = [
    "strength",
    "last_interaction_at",
    "only_connection",
    "next_colleague_id",
    "next_strength",
    "next_last_interaction_at",
];

/// Tells a column; false where the colleague or the record is not in the lake.
///
/// # Errors
/// Only what the engine runs into.
pub fn tell(found: &FoundRow<'_>, lake: &LakeOfDay<'_>, story: &mut ColumnStory) -> Result<bool> {
    let row = RowValues(&found.row);
    let (Some(user), Some(record)) = (lake.user_of(&row), lake.record_of(&row)) else { return Ok(false) };
    if !COLUMNS.contains(&story.column.as_str()) {
        return Ok(false);
    }
    let leaving = leaving::of(lake.context)?;
    let of_deal = people_of_records(lake.context.people);
    let is_deal = lake.context.people.records.range(RecordType::Opportunity).contains(&record);
    let concerns = |one: &&Connection| match is_deal {
        true => of_deal.under(record).contains(&one.record),
        false => one.record == record,
    };
    let all: Vec<&Connection> = lake.connections()?.iter().filter(concerns).collect();
    let is_of_leaver = story.column == "strength" || story.column == "last_interaction_at";
    let why_not = |one: &Connection| match (is_of_leaver, one.user == user) {
        (true, true) if one.is_relation() => None,
        (true, true) => Some("it is too weak, or only one of the two ever wrote"),
        (true, false) => Some("it is that of another colleague"),
        (false, _) => leaving.contains(one.user).then_some("the colleague leaves"),
    };
    story.from_tables = all
        .iter()
        .map(|one| TableRow {
            why_not: why_not(one).map(str::to_string),
            ..connection_row(lake, one.user, one.record, one.strength)
        })
        .collect();
    // Of several the one with the later last interaction, then the smaller id.
    let strongest = all.iter().filter(|one| why_not(one).is_none()).max_by(|one, other| {
        let by_strength = one.strength.total_cmp(&other.strength);
        by_strength.then(one.last.at.cmp(&other.last.at)).then(other.user.cmp(&one.user))
    });
    let value: Value = match (story.column.as_str(), strongest) {
        ("only_connection", strongest) => strongest.is_none().into(),
        (_, None) => Value::Null,
        ("strength" | "next_strength", Some(one)) => one.strength.into(),
        ("next_colleague_id", Some(one)) => LakeOfDay::published(lake.user_id(one.user)),
        (_, Some(one)) => instant(one.last.at).into(),
    };
    let told = match strongest {
        Some(one) => format!("the strongest of these connections is that of {}", lake.user_id(one.user)),
        None => "nobody who stays has a connection".to_string(),
    };
    story.recomputed(value, told);
    Ok(true)
}
