//! What a table is expected to hold: rows with some of their columns, keys that must not be there.

use std::collections::BTreeMap;

use rapport::jobs;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::support::lake::Row;

/// Expectations of one table. Keys are the values of the table's key columns, joined by `|`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// Columns of rows that must be there; null where only the row's presence is stated.
    #[serde(default)]
    pub rows: BTreeMap<String, Option<Map<String, Value>>>,
    /// Keys that must not be there.
    #[serde(default)]
    pub absent: Vec<String>,
    /// Whether no other rows may be there, those with a prefix in `ignore` aside.
    #[serde(default)]
    pub complete: bool,
    #[serde(default)]
    pub ignore: Vec<String>,
    /// Key columns, where they are stated.
    #[serde(default)]
    pub key: Option<Vec<String>>,
}

/// The key columns that a table declares.
pub fn key_of(table: &str) -> Vec<String> {
    let declared = jobs::tables().into_iter().find(|declared| declared.name == table);
    let declared = declared.unwrap_or_else(|| panic!("no job publishes a table {table}"));
    declared.key.iter().map(|column| column.to_string()).collect()
}

impl Expectation {
    /// Every difference between the rows of `table` and what is expected of them.
    pub fn differences(&self, table: &str, rows: &[Row]) -> Vec<String> {
        let key = key_of(table);
        let mut found = Vec::new();
        if self.key.as_ref().is_some_and(|stated| *stated != key) {
            found.push(format!("{table}: its key is {key:?}"));
        }
        let mut by_key = BTreeMap::new();
        for row in rows {
            let name = key.iter().map(|column| text(&row[column])).collect::<Vec<_>>().join("|");
            if by_key.insert(name.clone(), row).is_some() {
                found.push(format!("{table} {name}: its key is there twice"));
            }
        }
        for (name, columns) in &self.rows {
            let Some(row) = by_key.get(name) else {
                found.push(format!("{table} {name}: the row is missing; there are {:?}", by_key.keys()));
                continue;
            };
            for (column, expected) in columns.iter().flatten() {
                match row.get(column) {
                    None => found.push(format!("{table} {name}: there is no column {column}")),
                    Some(value) if !same(expected, value) => {
                        found.push(format!("{table} {name}: {column} is {value}, expected {expected}"));
                    }
                    Some(_) => {}
                }
            }
        }
        let unwelcome = self.absent.iter().filter(|name| by_key.contains_key(*name));
        found.extend(unwelcome.map(|name| format!("{table} {name}: the row must not be there")));
        if self.complete {
            let expected = |name: &String| {
                self.rows.contains_key(name) || self.ignore.iter().any(|prefix| name.starts_with(prefix))
            };
            let others = by_key.keys().filter(|name| !expected(name));
            found.extend(others.map(|name| format!("{table} {name}: the row is not expected")));
        }
        found
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_string)
}

/// Numbers agree within a relative 1e-9, all else exactly.
fn same(expected: &Value, found: &Value) -> bool {
    match (expected.as_f64(), found.as_f64()) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * a.abs().max(b.abs()),
        _ => expected == found,
    }
}

#[test]
fn differences_are_found() {
    let rows: Vec<Row> = serde_json::from_str(
        r#"[{"account_id": "a", "emails_sent": 1, "open_rate": null}, {"account_id": "b", "emails_sent": 0}]"#,
    )
    .expect("rows");
    for (expectation, difference) in [
        (r#"{"rows": {"a": {"emails_sent": 2}}}"#, "account_kpis a: emails_sent is 1, expected 2"),
        (r#"{"rows": {"a": {"open_rate": 0}}}"#, "account_kpis a: open_rate is null, expected 0"),
        (r#"{"rows": {"b": {"open_rate": null}}}"#, "account_kpis b: there is no column open_rate"),
        (r#"{"rows": {"c": null}}"#, "account_kpis c: the row is missing"),
        (r#"{"absent": ["b"]}"#, "account_kpis b: the row must not be there"),
        (r#"{"rows": {"a": null}, "complete": true}"#, "account_kpis b: the row is not expected"),
        (r#"{"key": ["name"]}"#, "account_kpis: its key is"),
    ] {
        let expected: Expectation = serde_json::from_str(expectation).expect("an expectation");
        let found = expected.differences("account_kpis", &rows);
        assert!(found.len() == 1 && found[0].starts_with(difference), "{found:?}");
    }
    let fine = r#"{"rows": {"a": {"emails_sent": 1.0}, "b": null}, "absent": ["c"], "complete": true}"#;
    let fine: Expectation = serde_json::from_str(fine).expect("an expectation");
    assert_eq!(fine.differences("account_kpis", &rows), [""; 0]);
}
