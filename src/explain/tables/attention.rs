//! Why a record needs attention: the sentence, and what a wait or a silence is held against.

use serde_json::Value;

use super::read::{TableRows, Tables};
use super::stake::kpis;
use crate::attention::reasons::CONTACTS;
use crate::attention::relationship::Relationship;
use crate::attention::table::SENTENCES;
use crate::attention::{FoundReason, words};
use crate::config::AttentionReason;
use crate::error::Result;
use crate::explain::question::FoundRow;
use crate::explain::scores::RowValues;
use crate::explain::story::{ColumnStory, TableRow};
use crate::health::{State, Trend};

/// Tells a column of `attention`; false of any other, and where what it is made of is not published.
///
/// # Errors
/// What storage refuses, and files that are no Parquet.
pub fn tell(found: &FoundRow<'_>, tables: &Tables<'_>, story: &mut ColumnStory) -> Result<bool> {
    let row = RowValues(&found.row);
    let Some(reason) = row.text("reason").and_then(|name| AttentionReason::from_name(&name)) else { return Ok(false) };
    if found.table.name != "attention" {
        return Ok(false);
    }
    if let Some((_, language)) = SENTENCES.iter().find(|(name, _)| *name == story.column) {
        let need = FoundReason { relationship: relationship(found, reason, tables, story)?, ..need(&row, reason) };
        let numbers = ["days", "usual", "people_or_contacts", "is_overdue"].map(|name| (name, row.value(name)));
        let known = numbers.iter().filter(|(_, value)| !value.is_null());
        let mut told: Vec<String> = known.map(|(name, value)| format!("{name} {value}")).collect();
        if reason == AttentionReason::OwnerDisabled {
            told.extend(owner(&row, tables, story)?);
        }
        let why = if told.is_empty() { String::new() } else { format!(": {}", told.join(", ")) };
        story.recomputed(words::sentence(*language, &need).into(), format!("{}{why}", reason.name()));
        return Ok(true);
    }
    match (story.column.as_str(), reason) {
        ("is_overdue", AttentionReason::Silent) => {
            story.recomputed(true.into(), "it has been silent for longer than is usual".to_string());
            Ok(true)
        }
        ("is_overdue", AttentionReason::CloseDate) => is_past(found, tables, story),
        ("usual", AttentionReason::Silent) => rhythm(found, tables, story),
        ("usual", AttentionReason::UnlikeSimilar) => {
            // Days in all other rows; the lake tells how many, if there is one.
            story.unit = "emails, meetings and calls".to_string();
            Ok(false)
        }
        ("people_or_contacts", AttentionReason::UnlikeSimilar) => contacts_so_far(found, tables, story),
        _ => Ok(false),
    }
}

/// What the row says was found.
fn need(row: &RowValues<'_>, reason: AttentionReason) -> FoundReason {
    let whole = |name: &str| row.value(name).as_i64();
    let is_past = reason == AttentionReason::CloseDate && row.value("is_overdue") == Value::Bool(true);
    FoundReason {
        record: 0,
        reason,
        chance: None,
        interaction: None,
        since: None,
        days: whole("days").map(|days| if is_past { -days } else { days }),
        usual_days: row.number("usual"),
        count: whole("people_or_contacts"),
        person: None,
        relationship: None,
    }
}

/// How the relationship of a deal stands whose close date is near.
fn relationship(
    found: &FoundRow<'_>,
    reason: AttentionReason,
    tables: &Tables<'_>,
    story: &mut ColumnStory,
) -> Result<Option<Relationship>> {
    let Some((record_type, id)) = found.record.as_ref().filter(|_| reason == AttentionReason::CloseDate) else {
        return Ok(None);
    };
    let Some((kpis, _)) = kpis(*record_type, id, tables)? else { return Ok(None) };
    let Some(state) = kpis.text("health_state", 0).and_then(|name| State::named(&name)) else { return Ok(None) };
    let trend = kpis.text("health_trend", 0).and_then(|name| Trend::named(&name));
    story.from_tables = vec![kpis.told(0, &[record_type.published_id()], &["health_state", "health_trend"])];
    Ok(Relationship::of(state, trend))
}

/// What is published of the owner.
fn owner(row: &RowValues<'_>, tables: &Tables<'_>, story: &mut ColumnStory) -> Result<Vec<String>> {
    const SHOWN: [&str; 2] = ["name", "is_disabled"];
    let owner = row.text("owner_id").unwrap_or_default();
    let by = [("person_type", "systemuser"), ("person_id", owner.as_str())];
    let Some(people) = tables.rows("people", &by)?.filter(|rows| rows.count() == 1) else {
        return Ok(vec![format!("owner_id {owner}, who is disabled in the lake")]);
    };
    story.from_tables = vec![people.told(0, &by.map(|(name, _)| name), &SHOWN)];
    Ok(vec![format!("owner_id {owner}, of whom people says is_disabled {}", people.value("is_disabled", 0))])
}

/// The row of the record in a table.
fn of_record(found: &FoundRow<'_>, table: &'static str, tables: &Tables<'_>) -> Result<Option<TableRows>> {
    let Some((record_type, id)) = &found.record else { return Ok(None) };
    let rows = tables.rows(table, &[("record_type", record_type.name()), ("record_id", id.as_str())])?;
    Ok(rows.filter(|rows| rows.count() == 1))
}

fn told(rows: &TableRows, value: &str) -> Vec<TableRow> {
    vec![rows.told(0, &["record_type", "record_id"], &[value])]
}

/// Whether the expected close is past.
fn is_past(found: &FoundRow<'_>, tables: &Tables<'_>, story: &mut ColumnStory) -> Result<bool> {
    let Some(record) = of_record(found, "records", tables)? else { return Ok(false) };
    let Some(day) = record.text("estimated_close_date", 0) else { return Ok(false) };
    let today = tables.as_of.date.to_string();
    let is_past = day < today;
    let sign = if is_past { "<" } else { "≥" };
    story.recomputed(is_past.into(), format!("estimated_close_date {day} {sign} {today}"));
    story.from_tables = told(&record, "estimated_close_date");
    Ok(true)
}

/// How many days there are from contact to contact.
fn rhythm(found: &FoundRow<'_>, tables: &Tables<'_>, story: &mut ColumnStory) -> Result<bool> {
    const GAP: &str = "own_contact_interval_days";
    let Some(health) = of_record(found, "relationship_health", tables)? else { return Ok(false) };
    let Some(gap) = health.number(GAP, 0) else { return Ok(false) };
    story.recomputed(gap.into(), format!("{GAP} in relationship_health: {gap}"));
    story.from_tables = told(&health, GAP);
    Ok(true)
}

/// Emails, meetings and calls of a deal.
fn contacts_so_far(found: &FoundRow<'_>, tables: &Tables<'_>, story: &mut ColumnStory) -> Result<bool> {
    let Some((record_type, id)) = &found.record else { return Ok(false) };
    let Some((kpis, _)) = kpis(*record_type, id, tables)? else { return Ok(false) };
    let counts: Vec<i64> = CONTACTS.iter().filter_map(|name| kpis.value(name, 0).as_i64()).collect();
    let terms: Vec<String> = CONTACTS.iter().zip(&counts).map(|(name, count)| format!("{name} {count}")).collect();
    let sum: i64 = counts.iter().sum();
    story.recomputed(sum.into(), format!("{} = {sum}", terms.join(" + ")));
    story.from_tables = vec![kpis.told(0, &[record_type.published_id()], &CONTACTS)];
    Ok(true)
}
