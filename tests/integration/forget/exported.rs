//! Everything that is published about a person, and where it was looked for (rule C6).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::support::small_lake::{SmallLake, files_below, guid, stderr};

use super::support::*;

fn export(lake: &SmallLake, subject: &str) -> Value {
    let written = well(lake, "export", &["--subject", subject]);
    serde_json::from_str(&written).unwrap_or_else(|error| panic!("{error}: {written}"))
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().unwrap_or_else(|| panic!("{name} is a list"))
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} is a text"))
}

/// Rows that were found, by file.
fn found(exported: &Value) -> BTreeMap<(String, String), usize> {
    let mut files = BTreeMap::new();
    for row in list(&list(exported, "outputs")[0], "found") {
        let file = (text(row, "table").to_string(), text(row, "partition").to_string());
        *files.entry(file).or_default() += 1;
    }
    files
}

/// The table and partition of a published file.
fn file_of(path: &str) -> (String, String) {
    let parts: Vec<&str> = path.split('/').collect();
    match parts[..] {
        ["current", file] => (file.trim_end_matches(".parquet").to_string(), "current".to_string()),
        [table, partition, _] => (table.to_string(), partition.to_string()),
        _ => panic!("{path} is no published file"),
    }
}

#[test]
fn every_file_that_names_somebody_is_among_those_with_rows_and_all_were_looked_at() {
    let lake = published();
    for (subject, id, traces) in [
        ("dora@kund.example", 12, &["Dora Kund", "dora@kund.example"][..]),
        ("eva@prospekt.example", 13, &["Eva Prospekt"]),
        ("ANNA@nordwind.example", 1, &["Anna Nordwind", "anna@nordwind.example", "Hi Anna"]),
    ] {
        let exported = export(&lake, subject);
        let output = &list(&exported, "outputs")[0];
        assert!(list(output, "ids").contains(&guid(id).into()), "{subject}: {}", output["ids"]);
        let found = found(&exported);
        let id = guid(id);
        let held = holding(&lake, &[traces, &[id.as_str()]].concat());
        assert!(!held.is_empty());
        for path in held.keys() {
            assert!(found.contains_key(&file_of(path)), "{subject}: nothing of {path}");
        }
        let looked_in: BTreeSet<(String, String)> = list(output, "looked_in")
            .iter()
            .map(|file| (text(file, "table").to_string(), text(file, "partition").to_string()))
            .collect();
        let nobody: Vec<&str> =
            list(output, "tables_that_name_nobody").iter().map(|name| name.as_str().unwrap()).collect();
        for path in files_below(&lake.output()).keys().filter(|path| !path.starts_with("runs/")) {
            let (table, partition) = file_of(path);
            assert!(nobody.contains(&table.as_str()) || looked_in.contains(&(table, partition)));
        }
        assert_eq!(exported["complete"], Value::Bool(true));
    }
}

#[test]
fn rows_are_whole_and_say_why_they_are_there() {
    let lake = published();
    let exported = export(&lake, &format!("{{{}}}", guid(12).to_uppercase()));
    assert_eq!(found(&exported), found(&export(&lake, "dora.private@mail.example")), "an alias is the same person");
    let rows = list(&list(&exported, "outputs")[0], "found");
    for row in rows {
        let by = list(row, "found_by");
        assert!(!by.is_empty());
        for column in by {
            assert!(row["row"][column.as_str().unwrap()].is_string(), "{row}");
        }
    }
    let of = |table: &str| rows.iter().find(|row| row["table"] == table).unwrap_or_else(|| panic!("no row of {table}"));
    let own = of("contact_kpis");
    assert_eq!((&own["row"]["name"], &own["found_by"][0]), (&"Dora Kund".into(), &"contact_id".into()));
    assert!(own["row"]["emails_sent"].is_i64() && own["row"]["as_of"] == "2026-03-22", "{own}");
    // Interactions name nobody; they are theirs by their links.
    let theirs = of("interactions");
    assert_eq!(theirs["found_by"][0], "interaction_id");
    assert!(theirs["row"]["occurred_at"].as_str().unwrap().ends_with('Z'));
    // Nobody else's own rows.
    let others = rows.iter().filter(|row| row["table"] == "contact_kpis" && row["row"]["contact_id"] == guid(11));
    assert_eq!(others.filter(|row| row["found_by"] == serde_json::json!(["contact_id"])).count(), 0);
}

#[test]
fn a_file_is_for_its_owner_and_messages_name_nobody() {
    let lake = published();
    let file = lake.root().join("dora.json");
    let to = file.to_str().unwrap();
    let output = rapport(&lake, "export", &["--subject", "dora@kund.example", "--to", to]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("published files that were looked at"), "{said}");
    assert!(!stderr(&output).to_lowercase().contains("kund"), "{}", stderr(&output));
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let written: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    assert_eq!(found(&written), found(&export(&lake, "dora@kund.example")));

    let nobody = export(&lake, "nobody@else.example");
    assert_eq!(found(&nobody), BTreeMap::new());
    assert!(!list(&list(&nobody, "outputs")[0], "looked_in").is_empty());
    let empty = rapport(&lake, "export", &["--subject", " "]);
    assert_eq!(empty.status.code(), Some(2), "{}", stderr(&empty));
}

#[test]
fn a_file_that_cannot_be_read_is_told_and_the_rest_is_there() {
    let lake = published();
    let broken = lake.output().join("contact_kpis/as_of_date=2026-03-30/contact_kpis.parquet");
    fs::write(&broken, "no Parquet").unwrap();
    let output = rapport(&lake, "export", &["--subject", "dora@kund.example"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let exported: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(exported["complete"], Value::Bool(false));
    let looked_in = list(&list(&exported, "outputs")[0], "looked_in");
    let of_broken = |file: &&Value| file["table"] == "contact_kpis" && file["partition"] == "as_of_date=2026-03-30";
    assert!(looked_in.iter().find(of_broken).unwrap()["error"].is_string());
    assert!(found(&exported).contains_key(&("contact_kpis".into(), "as_of_date=2026-03-31".into())));
}

#[test]
fn delta_tables_are_looked_through_as_well() {
    let lake = lake();
    well(&lake, "run", &[&JOBS[..], &["--as-of", DAYS[2], "--set", "format=delta"]].concat());
    let written = well(&lake, "export", &["--subject", "dora@kund.example", "--set", "format=delta"]);
    let exported: Value = serde_json::from_str(&written).unwrap();
    let found = found(&exported);
    for file in [("contact_kpis", "as_of_date=2026-03-31"), ("contact_kpis", "current")] {
        assert_eq!(found.get(&(file.0.into(), file.1.into())), Some(&1), "{found:?}");
    }
}
