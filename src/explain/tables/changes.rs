//! What is different since an earlier day: how it is now, and the sentence. How it was is told by the lake.

use serde_json::Value;

use super::read::{TableRows, Tables};
use crate::changes::change::{Change, ChangeKind, ChangeSide, KINDS};
use crate::changes::table::SENTENCES;
use crate::changes::{compared_to, words};
use crate::error::Result;
use crate::explain::plural::several;
use crate::explain::question::FoundRow;
use crate::explain::scores::RowValues;
use crate::explain::story::ColumnStory;
use crate::people::RecordType;

/// Tells a column of `changes`; false of any other, and where what it is made of is not published.
///
/// # Errors
/// What storage refuses, and files that are no Parquet.
pub fn tell(found: &FoundRow<'_>, tables: &Tables<'_>, story: &mut ColumnStory) -> Result<bool> {
    let (Some((record_type, id)), "changes") = (&found.record, found.table.name) else { return Ok(false) };
    let row = RowValues(&found.row);
    let name = row.text("change").unwrap_or_default();
    let Some(kind) = ChangeKind::ALL.into_iter().find(|kind| KINDS[*kind as usize] == name) else { return Ok(false) };
    if let Some((_, language)) = SENTENCES.iter().find(|(name, _)| *name == story.column) {
        let Some(change) = change((*record_type, id), &row, kind, tables)? else { return Ok(false) };
        let told = ["before", "before_value", "after", "after_value"].map(|name| format!("{name} {}", row.value(name)));
        story.recomputed(words::sentence(*language, &change).into(), format!("{name}: {}", told.join(", ")));
        return Ok(true);
    }
    match story.column.as_str() {
        "compared_to_date" => {
            let day =
                compared_to(tables.settings, &tables.as_of).map_or(Value::Null, |day| day.date.to_string().into());
            let told = match tables.settings.coverage.compare_to {
                Some(day) => format!("the setting compare_to: {day}"),
                None => format!(
                    "{} before the date, by the setting compare_days",
                    several(tables.settings.coverage.compare_days as usize, "day")
                ),
            };
            story.recomputed(day, told);
            Ok(true)
        }
        "after" | "after_value" => after((*record_type, id), kind, tables, story),
        _ => Ok(false),
    }
}

/// Where a change says how it is now: the row of a table, and columns of its word and its number.
struct Now {
    rows: TableRows,
    at: Option<usize>,
    key: &'static [&'static str],
    what: &'static str,
    value: Option<&'static str>,
}

fn after(record: (RecordType, &str), kind: ChangeKind, tables: &Tables<'_>, story: &mut ColumnStory) -> Result<bool> {
    let Some(Now { rows, at, key, what, value }) = now(record, kind, tables)? else { return Ok(false) };
    let column = if story.column == "after" { Some(what) } else { value };
    let Some(at) = at else {
        let nothing = if column == Some(what) { "none".into() } else { Value::Null };
        story.recomputed(nothing, format!("{} has no row of it", rows.table));
        return Ok(true);
    };
    let value = column.map_or(Value::Null, |column| rows.value(column, at));
    story.recomputed(value.clone(), format!("{} in {}: {value}", column.unwrap_or("no number"), rows.table));
    story.from_tables = vec![rows.told(at, key, column.as_slice())];
    Ok(true)
}

/// None where the table that says it is not published.
fn now((record_type, id): (RecordType, &str), kind: ChangeKind, tables: &Tables<'_>) -> Result<Option<Now>> {
    const OF_RECORD: &[&str] = &["record_type", "record_id"];
    let by_record = [("record_type", record_type.name()), ("record_id", id)];
    let one = |rows: Option<TableRows>| rows.filter(|rows| rows.count() == 1);
    let health = |what| -> Result<Option<Now>> {
        let rows = one(tables.rows("relationship_health", &by_record)?);
        Ok(rows.map(|rows| Now { rows, at: Some(0), key: OF_RECORD, what, value: Some("health_score") }))
    };
    match kind {
        ChangeKind::HealthState | ChangeKind::GoneSilent => health("health_state"),
        ChangeKind::Trend => health("health_trend"),
        ChangeKind::DealNew | ChangeKind::DealWon | ChangeKind::DealLost => {
            let rows = one(tables.rows("records", &by_record)?);
            Ok(rows.map(|rows| Now { rows, at: Some(0), key: OF_RECORD, what: "state", value: None }))
        }
        ChangeKind::TopContact => {
            let by = [by_record[0], by_record[1], ("side", "most_contacted")];
            let Some(rows) = tables.rows("top_contacts", &by)? else { return Ok(None) };
            let at = (0..rows.count()).find(|&row| rows.number("rank", row) == Some(1.0));
            let key = &["record_type", "record_id", "side", "rank"];
            Ok(Some(Now { rows, at, key, what: "person_id", value: None }))
        }
        ChangeKind::ConnectionStrong | ChangeKind::ConnectionWeak => {
            let (rows, key): (_, &[&str]) = match record_type {
                RecordType::Account => {
                    (tables.rows("account_connections", &[("account_id", id)])?, &["systemuser_id", "account_id"])
                }
                _ => (
                    tables.rows("connections", &[("person_type", record_type.name()), ("person_id", id)])?,
                    &["systemuser_id", "person_type", "person_id"],
                ),
            };
            let Some(rows) = rows else { return Ok(None) };
            let strength = |row: usize| rows.number("strength", row).unwrap_or_default();
            // Of several the first, whose colleague has the smallest id.
            let at = (0..rows.count()).rev().max_by(|&one, &other| strength(one).total_cmp(&strength(other)));
            Ok(Some(Now { rows, at, key, what: "label", value: Some("strength") }))
        }
    }
}

/// What the row says has changed.
fn change(
    (record_type, id): (RecordType, &str),
    row: &RowValues<'_>,
    kind: ChangeKind,
    tables: &Tables<'_>,
) -> Result<Option<Change>> {
    let side = |what: &str, value: &str| -> Result<Option<ChangeSide>> {
        let what = row.text(what);
        let name = match (kind, &what) {
            (ChangeKind::TopContact, Some(person)) => {
                let Some(people) = tables.rows("people", &[("person_id", person)])? else { return Ok(None) };
                (0..people.count()).next().and_then(|first| people.text("name", first))
            }
            _ => None,
        };
        Ok(Some(ChangeSide { what, value: row.number(value), name }))
    };
    let (Some(before), Some(after)) = (side("before", "before_value")?, side("after", "after_value")?) else {
        return Ok(None);
    };
    let days = match kind {
        ChangeKind::GoneSilent => {
            let by = [("record_type", record_type.name()), ("record_id", id)];
            let Some(health) = tables.rows("relationship_health", &by)?.filter(|rows| rows.count() == 1) else {
                return Ok(None);
            };
            health.number("days_since_contact", 0).map(|days| days as u32)
        }
        _ => None,
    };
    Ok(Some(Change { record: 0, kind, before, after, days }))
}
