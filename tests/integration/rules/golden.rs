//! The golden lake: results worked out by hand, value by value, in four configurations.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde_json::{Map, Value};

use crate::support::expectation::Expectation;
use crate::support::golden_names::Names;
use crate::support::results::run_on;

const AS_OF: &str = "2026-03-31";

fn golden() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn check(variant: &str) {
    let folder = golden();
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("a file of the golden lake");
    let settings: Map<String, Value> = serde_json::from_str(&read(&format!("{variant}.json"))).expect("settings");
    let settings: Vec<(String, String)> =
        settings.into_iter().map(|(key, value)| (key, crate::support::results::toml(&value))).collect();
    let mut expected: BTreeMap<String, BTreeMap<String, Expectation>> =
        serde_json::from_str(&read("expected.json")).expect("expectations");
    let expected = expected.remove(variant).expect("the variant is among the expectations");

    let lake = folder.join("lake");
    let names = Names::of(&lake);
    let results = run_on(&lake, &settings, &[AS_OF]);
    let mut differences = Vec::new();
    for (table, expectation) in expected {
        let rows: Vec<_> = results.rows(&table, AS_OF).into_iter().map(|row| names.shorten(row)).collect();
        differences.extend(expectation.differences(&table, &rows));
    }
    assert!(differences.is_empty(), "{variant}:\n{}", differences.join("\n"));
}

#[test]
fn main() {
    check("main");
}

#[test]
fn no_consent() {
    check("no_consent");
}

#[test]
fn consent_pending() {
    check("consent_pending");
}

#[test]
fn dynamics() {
    check("dynamics");
}
