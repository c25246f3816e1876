//! `rapport diff`: what differs between days, outputs and configurations, and nothing else.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use polars::prelude::*;
use rapport::config::JobKind;
use serde_json::{Value, json};

use crate::support::small_lake::{AS_OF, SmallLake, read_parquet, stderr, write_parquet};

fn diff(lake: &SmallLake, arguments: &[&str]) -> Output {
    let mut rapport = Command::new(env!("CARGO_BIN_EXE_rapport"));
    rapport.current_dir(env!("CARGO_MANIFEST_DIR")).env("TMPDIR", lake.root().parent().unwrap()).arg("diff");
    rapport.arg("--input").arg(lake.root()).arg("--output").arg(lake.output()).args(arguments);
    rapport.output().unwrap()
}

#[track_caller]
fn found(lake: &SmallLake, arguments: &[&str]) -> Value {
    let output = diff(lake, &[arguments, &["--format", "json"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[track_caller]
fn ends(lake: &SmallLake, arguments: &[&str], code: i32, message: &str) {
    let output = diff(lake, arguments);
    assert_eq!(output.status.code(), Some(code), "{}", stderr(&output));
    assert!(stderr(&output).contains(message), "{message:?} is not in: {}", stderr(&output));
}

fn table<'a>(found: &'a Value, name: &str) -> &'a Value {
    let tables = found["tables"].as_array().unwrap();
    tables.iter().find(|table| table["table"] == name).unwrap_or_else(|| panic!("{name} is not in {found}"))
}

/// Tables in which something differs.
fn differing(found: &Value) -> Vec<&str> {
    let count = |table: &Value, name: &str| table[name].as_u64().unwrap();
    let tables = found["tables"].as_array().unwrap().iter();
    let differ =
        tables.filter(|table| ["only_in_a", "only_in_b", "cells_changed"].iter().any(|name| count(table, name) > 0));
    differ.map(|table| table["table"].as_str().unwrap()).collect()
}

/// How many tables the daily job of records publishes.
fn all() -> usize {
    JobKind::RelationshipKpis.tables().len()
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A copy of what is published, in which the contacts are changed.
fn changed(lake: &SmallLake, change: impl FnOnce(DataFrame) -> DataFrame) -> std::path::PathBuf {
    let copy = lake.root().parent().unwrap().join("copy");
    for (name, bytes) in crate::support::small_lake::published_in(&lake.output()) {
        let place = copy.join(&name);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, bytes).unwrap();
    }
    let contacts = copy.join(format!("contact_kpis/as_of_date={AS_OF}/contact_kpis.parquet"));
    write_parquet(&contacts, &change(read_parquet(&contacts)));
    copy
}

#[test]
fn equal_outputs_and_equal_configurations_do_not_differ() {
    let lake = SmallLake::new();
    lake.published(&[]);
    let copy = changed(&lake, |contacts| contacts);
    let same = found(&lake, &[path(&lake.output()), path(&copy)]);
    assert_eq!(differing(&same), [""; 0]);
    assert_eq!(same["tables"].as_array().unwrap().len(), all());

    let files = fs::read_dir(lake.root().parent().unwrap()).unwrap().count();
    let computed = found(&lake, &["computed", "computed", "--as-of", AS_OF]);
    assert_eq!(differing(&computed), [""; 0]);
    let against_published = found(&lake, &[AS_OF, "jobs/relationship_kpis.toml"]);
    assert_eq!((differing(&against_published), &against_published["tables_only_in_b"]), (vec![], &json!([])));
    // Nothing that was computed is left.
    assert_eq!(fs::read_dir(lake.root().parent().unwrap()).unwrap().count(), files);
    let text = diff(&lake, &[path(&lake.output()), path(&copy), "--exit-code"]);
    assert_eq!(text.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&text.stdout).contains(&format!("no difference in {} tables", all())));
}

#[test]
fn a_planted_change_is_found_and_nothing_else() {
    let lake = SmallLake::new();
    lake.published(&[]);
    let before = read_parquet(&lake.output().join(format!("contact_kpis/as_of_date={AS_OF}/contact_kpis.parquet")));
    let rows = before.height();
    assert!(rows >= 2, "the test changes the first of several contacts");
    let mut sent: Vec<i64> = before.column("emails_sent").unwrap().i64().unwrap().iter().flatten().collect();
    let mut shares: Vec<Option<f64>> = before.column("open_rate").unwrap().f64().unwrap().iter().collect();
    let row = shares.iter().position(Option::is_none).expect("the test plants a 0 where nothing was known");
    (sent[row], shares[row]) = (sent[row] + 3, Some(0.0));
    let ids: Vec<String> =
        before.column("contact_id").unwrap().str().unwrap().iter().flatten().map(Into::into).collect();
    let copy = changed(&lake, |mut contacts| {
        // A count that grows by 3, a share that is unknown and becomes 0, a day later.
        contacts.with_column(Column::new("emails_sent".into(), &sent)).unwrap();
        contacts.with_column(Column::new("open_rate".into(), &shares)).unwrap();
        let later = contacts.column("first_interaction_at").unwrap().clone();
        let micros = later.to_physical_repr().cast(&DataType::Int64).unwrap();
        let micros: Int64Chunked = micros.i64().unwrap().iter().map(|at| at.map(|at| at + 5_400_000_000)).collect();
        let later = micros.with_name("first_interaction_at".into()).into_column().cast(later.dtype()).unwrap();
        contacts.with_column(later).unwrap();
        contacts
    });
    let instants = rows - before.column("first_interaction_at").unwrap().null_count();

    let found = found(&lake, &[path(&lake.output()), path(&copy)]);
    assert_eq!(differing(&found), ["contact_kpis"]);
    let contacts = table(&found, "contact_kpis");
    assert_eq!([&contacts["rows_a"], &contacts["rows_b"]], [rows, rows]);
    assert_eq!([&contacts["only_in_a"], &contacts["only_in_b"]], [0, 0]);
    let columns = contacts["columns"].as_array().unwrap();
    assert_eq!(
        columns[0],
        json!({"column": "emails_sent", "cells": 1, "unknown_in_a": 0, "unknown_in_b": 0, "mean_difference": 3.0,
            "largest_difference": 3.0})
    );
    assert_eq!(
        columns[1],
        json!({"column": "open_rate", "cells": 1, "unknown_in_a": 1, "unknown_in_b": 0, "mean_difference": null,
            "largest_difference": null})
    );
    assert_eq!((&columns[2]["column"], &columns[2]["cells"]), (&json!("first_interaction_at"), &json!(instants)));
    assert_eq!((columns.len(), &columns[2]["mean_difference"]), (3, &json!(1.5)), "an hour and a half");
    let listed = contacts["listed"].as_array().unwrap();
    let planted = listed.iter().find(|listed| listed["column"] == "emails_sent").unwrap();
    assert_eq!(
        *planted,
        json!({"what": "changed", "key": {"contact_id": ids[row]}, "column": "emails_sent", "before": sent[row] - 3,
            "after": sent[row], "difference": 3.0})
    );
    assert_eq!((listed.len(), &contacts["not_listed"]), (2 + instants, &json!(0)));

    let few = diff(&lake, &[path(&lake.output()), path(&copy), "--limit", "1", "--exit-code"]);
    let text = String::from_utf8_lossy(&few.stdout).into_owned();
    assert_eq!(few.status.code(), Some(1), "{}", stderr(&few));
    assert!(text.contains(&format!("1 of {} tables differ", all())) && text.contains("see --limit"), "{text}");
    let csv = diff(&lake, &[path(&lake.output()), path(&copy), "--table", "contact_kpis", "--format", "csv"]);
    let csv = String::from_utf8_lossy(&csv.stdout).into_owned();
    assert!(csv.starts_with("what,table,column,key,before,after,difference,"), "{csv}");
    assert!(
        csv.contains(&format!("cell,contact_kpis,open_rate,\"{{\"\"contact_id\"\":\"\"{}\"\"}}\",,0.0,,", ids[row])),
        "{csv}"
    );
}

#[test]
fn rows_that_one_side_lacks_are_told_by_their_key() {
    let lake = SmallLake::new();
    lake.published(&[]);
    let copy = changed(&lake, |contacts| contacts.slice(1, contacts.height()));
    let there = found(&lake, &[path(&lake.output()), path(&copy), "--table", "contact_kpis"]);
    let back = found(&lake, &[path(&copy), path(&lake.output()), "--table", "contact_kpis"]);
    for (found, what) in [(there, "only_in_a"), (back, "only_in_b")] {
        let contacts = table(&found, "contact_kpis");
        assert_eq!((&contacts[what], &contacts["rows_changed"]), (&json!(1), &json!(0)));
        assert_eq!((&contacts["listed"][0]["what"], &contacts["listed"][1]), (&json!(what), &Value::Null));
    }
}

#[test]
fn days_outputs_formats_and_configurations_can_be_compared() {
    let lake = SmallLake::new();
    lake.published(&["--as-of", "2026-03-30"]);
    lake.published(&[]);
    // The day as of which rows are is what is compared.
    let days = found(&lake, &["2026-03-30", AS_OF]);
    let health = table(&days, "relationship_health");
    assert_eq!(health["partition_b"], format!("as_of_date={AS_OF}"));
    let columns = health["columns"].as_array().unwrap();
    assert!(columns.iter().any(|column| column["column"] == "days_since_contact"), "{health}");
    assert!(columns.iter().all(|column| column["column"] != "as_of"), "{health}");

    let delta = lake.root().parent().unwrap().join("delta");
    let mut run = Command::new(env!("CARGO_BIN_EXE_rapport"));
    run.current_dir(env!("CARGO_MANIFEST_DIR")).args(["run", "relationship_kpis", "--as-of", AS_OF]);
    let run =
        run.args(["--set", "format=delta", "--input"]).arg(lake.root()).arg("--output").arg(&delta).output().unwrap();
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    let same = found(&lake, &[AS_OF, path(&delta)]);
    assert_eq!((differing(&same), same["tables"].as_array().unwrap().len()), (vec![], all()));

    let weights =
        found(&lake, &[AS_OF, "computed", "--set-b", "health_good_from=99", "--table", "relationship_health"]);
    assert_eq!(differing(&weights), ["relationship_health"]);
    let columns = table(&weights, "relationship_health")["columns"].as_array().unwrap().iter();
    let names: Vec<&str> = columns.map(|column| column["column"].as_str().unwrap()).collect();
    let decided = |name: &&str| !name.starts_with("main_reason");
    assert_eq!(
        names.into_iter().filter(decided).collect::<Vec<_>>(),
        ["health_state"],
        "what the limit decides changes"
    );
}

#[test]
fn what_cannot_be_compared_is_refused_with_the_way_out() {
    let lake = SmallLake::new();
    lake.published(&[]);
    ends(&lake, &["2026-03-30", AS_OF], 2, "have no table in common");
    ends(&lake, &["yesterday", AS_OF], 2, "neither a day, nor a week, nor a folder");
    ends(&lake, &[AS_OF, AS_OF, "--set-a", "profile=dynamics"], 2, "--set-a: 2026-03-31 is published already");
    ends(&lake, &[AS_OF, AS_OF, "--table", "account_kpi"], 2, "Did you mean account_kpis?");
    ends(&lake, &[AS_OF, "ftp://lake"], 2, "no object store");
    let empty = lake.root().parent().unwrap().join("empty");
    fs::create_dir(&empty).unwrap();
    ends(&lake, &[path(&empty), path(&lake.output())], 2, "no day in common");
    let reversed = changed(&lake, |contacts| contacts.reverse());
    ends(&lake, &[path(&lake.output()), path(&reversed)], 1, "not in the order of the key");
}
