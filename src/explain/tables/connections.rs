//! Who knows whom, and what colleagues who leave hand over: counts of connections and comparisons between them.

use chrono::DateTime;
use serde_json::Value;

use super::read::{TableRows, Tables};
use crate::error::Result;
use crate::explain::plural::several;
use crate::explain::question::FoundRow;
use crate::explain::scores::RowValues;
use crate::explain::story::{ColumnStory, TableRow};

const PAIR: [&str; 3] = ["systemuser_id", "person_type", "person_id"];
const WITH_ACCOUNT: [&str; 2] = ["systemuser_id", "account_id"];

/// Tells a column of connections or of `handover`; false of any other, and where what it is made of is not published.
///
/// # Errors
/// What storage refuses, and files that are no Parquet.
pub fn tell(found: &FoundRow<'_>, tables: &Tables<'_>, story: &mut ColumnStory) -> Result<bool> {
    let row = RowValues(&found.row);
    let text = |name: &str| row.text(name).unwrap_or_default();
    match (found.table.name, story.column.as_str()) {
        ("connections" | "account_connections", "colleague_people") => {
            let rows = tables.rows("connections", &[("systemuser_id", &text("systemuser_id"))])?;
            counted(
                rows,
                &PAIR,
                ["contact or lead has", "contacts and leads have"],
                "a connection with the colleague",
                story,
            )
        }
        ("connections", "person_colleagues") => {
            let by = [("person_type", text("person_type")), ("person_id", text("person_id"))];
            let rows = tables.rows("connections", &by.each_ref().map(|(name, text)| (*name, text.as_str())))?;
            counted(rows, &PAIR, ["colleague has", "colleagues have"], "a connection with the person", story)
        }
        ("account_connections", "person_colleagues") => {
            let rows = tables.rows("account_connections", &[("account_id", &text("account_id"))])?;
            counted(rows, &WITH_ACCOUNT, ["colleague has", "colleagues have"], "a connection with the account", story)
        }
        ("connections" | "account_connections", "days_since_contact") => {
            let at = row.text("last_interaction_at").and_then(|at| at.parse::<DateTime<chrono::Utc>>().ok());
            let Some(last) = at.map(|at| at.with_timezone(&tables.as_of.timezone).date_naive()) else {
                return Ok(false);
            };
            let today = tables.as_of.date;
            let days = (today - last).num_days();
            story.recomputed(
                days.into(),
                format!("from {last} to {today} = {}", several(days.unsigned_abs() as usize, "day")),
            );
            Ok(true)
        }
        ("handover", "owns_record") | ("record_access", "is_owner") => {
            let by = [("record_type", text("record_type")), ("record_id", text("record_id"))];
            owner(by.each_ref().map(|(name, text)| (*name, text.as_str())), &text("systemuser_id"), tables, story)
        }
        ("record_access", "is_in_owning_team" | "is_above_owner") => {
            let by = [("record_type", text("record_type")), ("record_id", text("record_id"))];
            by_owner(by.each_ref().map(|(name, text)| (*name, text.as_str())), &text("systemuser_id"), tables, story)
        }
        ("handover", "only_connection" | "next_colleague_id" | "next_strength" | "next_last_interaction_at") => {
            next(&row, tables, story)
        }
        ("handover", "strength" | "last_interaction_at") if text("record_type") == "account" => {
            let by = [("systemuser_id", text("systemuser_id")), ("account_id", text("record_id"))];
            let rows = tables.rows("account_connections", &by.each_ref().map(|(name, text)| (*name, text.as_str())))?;
            let Some(rows) = rows.filter(|rows| rows.count() == 1) else { return Ok(false) };
            let value = rows.value(&story.column, 0);
            story.from_tables = vec![rows.told(0, &WITH_ACCOUNT, &["strength", "last_interaction_at"])];
            let told = format!("{} in account_connections: {value}", story.column);
            story.recomputed(value, told);
            Ok(true)
        }
        ("interaction_records", "weight") => {
            let deals = [("interaction_id", text("interaction_id")), ("record_type", "opportunity".to_string())];
            let rows =
                tables.rows("interaction_records", &deals.each_ref().map(|(name, text)| (*name, text.as_str())))?;
            let Some(rows) = rows.filter(|_| text("record_type") == "opportunity") else { return Ok(false) };
            let told = |deal| rows.told(deal, &["interaction_id", "record_type", "record_id"], &["reason"]);
            story.from_tables = (0..rows.count()).map(told).collect();
            story.recomputed(
                (1.0 / rows.count() as f64).into(),
                match rows.count() {
                    1 => "1, for no other deal shares it".to_string(),
                    deals => format!("1 / {deals} deals that share it"),
                },
            );
            Ok(true)
        }
        _ => Ok(false),
    }
}

/// One for each of the rows.
fn counted(
    rows: Option<TableRows>,
    key: &[&str],
    [one_has, several_have]: [&str; 2],
    what: &str,
    story: &mut ColumnStory,
) -> Result<bool> {
    let Some(rows) = rows else { return Ok(false) };
    let one = |row| TableRow { amount: Some(1.0), ..rows.told(row, key, &["strength"]) };
    story.from_tables = (0..rows.count()).map(one).collect();
    story.recomputed(
        rows.count().into(),
        format!("{} {} {what}", rows.count(), if rows.count() == 1 { one_has } else { several_have }),
    );
    Ok(true)
}

/// Whether a colleague is the owner of a record.
fn owner(by: [(&str, &str); 2], user: &str, tables: &Tables<'_>, story: &mut ColumnStory) -> Result<bool> {
    let Some(records) = tables.rows("records", &by)?.filter(|rows| rows.count() == 1) else { return Ok(false) };
    let owner = records.text("owner_id", 0);
    story.from_tables = vec![records.told(0, &["record_type", "record_id"], &["owner_id"])];
    let told = format!("owner_id in records: {}", owner.as_deref().unwrap_or("unknown"));
    story.recomputed((owner.as_deref() == Some(user)).into(), told);
    Ok(true)
}

/// What a published owner rules out: a colleague is no team, and nobody is above one who is their own.
fn by_owner(by: [(&str, &str); 2], user: &str, tables: &Tables<'_>, story: &mut ColumnStory) -> Result<bool> {
    let Some(records) = tables.rows("records", &by)?.filter(|rows| rows.count() == 1) else { return Ok(false) };
    let owner = records.text("owner_id", 0).unwrap_or_default();
    let levels = tables.settings.manager_levels;
    let why = match story.column.as_str() {
        "is_above_owner" if levels == 0 => {
            "the setting manager_levels is 0: managers may read no more than others".to_string()
        }
        "is_above_owner" if owner == user => "the colleague is the owner".to_string(),
        "is_in_owning_team" => {
            let by = [("person_type", "systemuser"), ("person_id", owner.as_str())];
            let Some(people) = tables.rows("people", &by)?.filter(|rows| rows.count() == 1) else { return Ok(false) };
            story.from_tables = vec![people.told(0, &by.map(|(name, _)| name), &["name"])];
            format!("the owner {owner} is a colleague and no team")
        }
        _ => return Ok(false),
    };
    story.from_tables.insert(0, records.told(0, &["record_type", "record_id"], &["owner_id"]));
    story.recomputed(false.into(), why);
    Ok(true)
}

/// Of those who stay the colleague with the strongest connection; nothing of deals, whose people are not published.
fn next(row: &RowValues<'_>, tables: &Tables<'_>, story: &mut ColumnStory) -> Result<bool> {
    let text = |name: &str| row.text(name).unwrap_or_default();
    let (record_type, id) = (text("record_type"), text("record_id"));
    let (rows, key) = match record_type.as_str() {
        "contact" | "lead" => {
            (tables.rows("connections", &[("person_type", &record_type), ("person_id", &id)])?, &PAIR[..])
        }
        "account" => (tables.rows("account_connections", &[("account_id", &id)])?, &WITH_ACCOUNT[..]),
        _ => return Ok(false),
    };
    // Whom the setting names by an address cannot be told from published ids.
    let is_named_by_address = tables.settings.coverage.leaving_colleagues.iter().any(|name| name.contains('@'));
    let Some(people) = tables.rows("people", &[("person_type", "systemuser")])?.filter(|_| !is_named_by_address) else {
        return Ok(false);
    };
    let Some(rows) = rows else { return Ok(false) };
    let leaves = |user: &str| {
        let place = (0..people.count()).find(|&at| people.text("person_id", at).as_deref() == Some(user));
        let is_disabled = place.is_some_and(|at| people.is("is_disabled", at));
        is_disabled || tables.settings.coverage.leaving_colleagues.iter().any(|name| name.eq_ignore_ascii_case(user))
    };
    let mut stay: Vec<usize> = Vec::new();
    for at in 0..rows.count() {
        let user = rows.text("systemuser_id", at).unwrap_or_default();
        let leaves = leaves(&user);
        let why_not = leaves.then(|| "the colleague leaves".to_string());
        story.from_tables.push(TableRow { why_not, ..rows.told(at, key, &["strength", "last_interaction_at"]) });
        if !leaves {
            stay.push(at);
        }
    }
    let number = |at: &usize| rows.number("strength", *at).unwrap_or_default();
    let (last, user) =
        (|at: &usize| rows.text("last_interaction_at", *at), |at: &usize| rows.text("systemuser_id", *at));
    let strongest = stay.iter().max_by(|one, other| {
        number(one).total_cmp(&number(other)).then(last(one).cmp(&last(other))).then(user(other).cmp(&user(one)))
    });
    let value = match (story.column.as_str(), strongest) {
        ("only_connection", strongest) => strongest.is_none().into(),
        (_, None) => Value::Null,
        ("next_colleague_id", Some(&at)) => rows.value("systemuser_id", at),
        ("next_strength", Some(&at)) => rows.value("strength", at),
        (_, Some(&at)) => rows.value("last_interaction_at", at),
    };
    let told = match strongest.and_then(user) {
        Some(user) => match stay.len() {
            1 => format!("of those who stay {user} alone has a connection"),
            colleagues => format!("of {colleagues} colleagues who stay, {user} has the strongest connection"),
        },
        None => "nobody who stays has a connection".to_string(),
    };
    story.recomputed(value, told);
    Ok(true)
}
