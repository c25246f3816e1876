//! Changes of rows of Dataverse that are not current, that are deleted, or that belong to nothing.

use serde_json::{Value, json};

use super::other_values::{object, of_contract};
use super::{Change, Kind};
use crate::support::lake::Row;

pub(super) const KINDS: [Kind; 4] = [
    ("an older version, new", add_older_version),
    ("an older version, changed", change_older_version),
    ("a deleted activity, changed", change_deleted),
    ("a party of nothing", add_party_of_nothing),
];

const TABLES: [&str; 15] = [
    "account",
    "contact",
    "lead",
    "opportunity",
    "systemuser",
    "role",
    "connection",
    "connectionrole",
    "principalobjectaccess",
    "email",
    "appointment",
    "phonecall",
    "task",
    "activityparty",
    "activityparty",
];
const ACTIVITIES: [&str; 4] = ["email", "appointment", "phonecall", "task"];

fn version(row: &Row) -> i64 {
    row.get("versionnumber").and_then(Value::as_i64).unwrap_or(i64::MAX)
}

fn add_older_version(change: &mut Change<'_>) {
    let table = *change.dice.pick(&TABLES);
    let Some(at) = change.pick(table, |row| row.contains_key("Id")) else { return };
    let mut row = change.rows(table)[at].clone();
    let key = of_contract(table).primary_key[0];
    change.scramble(table, &mut row, &[key, "Id"]);
    let (deletes, older) = (change.dice.once_in(4), -1 - change.dice.below(3) as i64);
    row.insert("versionnumber".into(), json!(older));
    row.insert("IsDelete".into(), if deletes { json!(true) } else { Value::Null });
    row.insert("SinkModifiedOn".into(), json!("2026-03-30T12:00Z"));
    change.rows(table).push(row);
}

fn change_older_version(change: &mut Change<'_>) {
    let table = *change.dice.pick(&ACTIVITIES);
    let newest: Vec<(Value, i64)> =
        change.rows(table).iter().filter_map(|row| Some((row.get("Id")?.clone(), version(row)))).collect();
    let is_older = |row: &Row| newest.iter().any(|(id, newer)| row.get("Id") == Some(id) && *newer > version(row));
    let Some(at) = change.pick(table, is_older) else { return };
    let mut row = change.rows(table)[at].clone();
    change.scramble(table, &mut row, &["activityid"]);
    change.rows(table)[at] = row;
}

fn change_deleted(change: &mut Change<'_>) {
    let table = *change.dice.pick(&ACTIVITIES);
    let is_the_last = |row: &Row| row.get("IsDelete") == Some(&json!(true)) && version(row) == 6;
    let Some(at) = change.pick(table, is_the_last) else { return };
    let mut row = change.rows(table)[at].clone();
    change.scramble(table, &mut row, &["activityid"]);
    change.rows(table)[at] = row;
}

fn add_party_of_nothing(change: &mut Change<'_>) {
    let mut row = object(json!({ "activityid": format!("nothing-{}", change.number), "participationtypemask": 2 }));
    change.scramble("activityparty", &mut row, &["activityid", "activitypartyid"]);
    row.insert("activitypartyid".into(), json!(format!("party-{}", change.number)));
    change.lake.insert("activityparty", row);
}
