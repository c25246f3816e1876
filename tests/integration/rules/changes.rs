//! What `changes` says is what two days differ in that are each computed by themselves (rule W9).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::support::lake::{Lake, Row};
use crate::support::random_lake::{SETTINGS, drawn};
use crate::support::results::{Results, run, settings};

const DAY: &str = "2026-03-31";

/// A drawn lake whose records were always there: who comes later is another person on the earlier day.
pub fn lake(seed: u64) -> Lake {
    let mut lake = drawn(seed);
    for table in ["account", "contact", "lead"] {
        lake.tables.get_mut(table).expect("a table of records").iter_mut().for_each(|row| {
            row.insert("createdon".into(), json!("2020-01-01T00:00Z"));
        });
    }
    lake
}

fn by_record(rows: &[Row], keep: impl Fn(&Row) -> bool) -> BTreeMap<(String, String), &Row> {
    let key = |row: &Row| (row["record_type"].to_string(), row["record_id"].to_string());
    rows.iter().filter(|row| keep(row)).map(|row| (key(row), row)).collect()
}

/// Record type, id, change, before and after.
type Said = BTreeSet<[String; 5]>;

fn said(record: &(String, String), change: &str, before: &Value, after: &Value) -> [String; 5] {
    [record.0.clone(), record.1.clone(), json!(change).to_string(), before.to_string(), after.to_string()]
}

/// What differs between the tables of two days.
fn differences(results: &Results, earlier: &str) -> Said {
    let mut found = Said::new();
    let [then, now] = [earlier, DAY].map(|day| results.rows("relationship_health", day));
    let (then, now) = (by_record(&then, |_| true), by_record(&now, |_| true));
    for (record, now) in &now {
        let Some(then) = then.get(record) else { continue };
        let (before, after) = (&then["health_state"], &now["health_state"]);
        if before != after {
            let change = if *after == json!("dormant") { "gone_silent" } else { "health_state" };
            found.insert(said(record, change, before, after));
        }
        let (before, after) = (&then["health_trend"], &now["health_trend"]);
        if before != after && !before.is_null() && !after.is_null() {
            found.insert(said(record, "health_trend", before, after));
        }
    }
    let [then, now] = [earlier, DAY].map(|day| results.rows("top_contacts", day));
    let first = |row: &Row| row["side"] == json!("most_contacted") && row["rank"] == json!(1);
    let (then, now) = (by_record(&then, first), by_record(&now, first));
    for (record, now) in &now {
        let Some(then) = then.get(record).filter(|then| then["person_id"] != now["person_id"]) else { continue };
        found.insert(said(record, "top_contact", &then["person_id"], &now["person_id"]));
    }
    found
}

#[test]
fn changes_are_what_two_days_differ_in() {
    let mut kinds = BTreeSet::new();
    for (seed, earlier, days) in [(5, "2026-03-30", 1), (6, "2026-03-24", 7)] {
        let mut settings = settings(&SETTINGS);
        settings.push(("tables".into(), r#"["relationship_health", "top_contacts", "changes"]"#.into()));
        settings.push(("compare_days".into(), days.to_string()));
        let results = run(&lake(seed), &settings, &[earlier, DAY]);
        let rows = results.rows("changes", DAY);
        let told = rows.iter().filter(|row| {
            let change = row["change"].to_string();
            ["health", "silent", "top"].iter().any(|word| change.contains(word))
        });
        let told: Said = told
            .map(|row| {
                let record = (row["record_type"].to_string(), row["record_id"].to_string());
                said(&record, row["change"].as_str().expect("a change"), &row["before"], &row["after"])
            })
            .collect();
        assert_eq!(told, differences(&results, earlier), "seed {seed}, {days} days");
        kinds.extend(told.into_iter().map(|[_, _, change, ..]| change));
    }
    assert!(kinds.len() >= 2, "the drawn lakes have changes of several kinds: {kinds:?}");
}
