//! Small lakes from real life, one folder each in `tests/real_life`: what somebody reported in public, or
//! where two implementations of the rules differed on real mail. People are invented.
//!
//! `lake/` is the lake, `expect.json` says which rule it is about and what comes out of all jobs as of
//! 2026-03-31. Where `on_top_of_golden` is set, `lake/` holds only what differs from the golden lake, and
//! `without/` the same files without the odd row: everything but `dropped_activities` comes out alike.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde::Deserialize;
use serde_json::{Map, Value};
use tempfile::TempDir;

use crate::support::expectation::Expectation;
use crate::support::lake::Row;
use crate::support::results::toml;
use crate::support::results::{self, Results};

const AS_OF: &str = "2026-03-31";
const SETTINGS: [(&str, &str); 4] = [
    ("company_domains", "[\"nordwind.example\"]"),
    ("consent", "true"),
    ("default_country", "\"FI\""),
    ("timezone", "\"UTC\""),
];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// Numbers of the rules.
    rule: String,
    /// Why the results are what they are.
    why: String,
    #[serde(default)]
    on_top_of_golden: bool,
    #[serde(default)]
    settings: Map<String, Value>,
    /// What the message says with which the lake is refused, if it is.
    #[serde(default)]
    refused: Vec<String>,
    #[serde(default)]
    tables: BTreeMap<String, Expectation>,
    /// The one row that is dropped more than without the odd row.
    dropped: Option<Dropped>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Dropped {
    source: String,
    reason: String,
}

fn tests(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder)
}

/// All jobs on a lake, as a user runs them.
fn run(lake: &Path, output: &Path, settings: &[(String, String)]) -> Output {
    let mut rapport = Command::new(env!("CARGO_BIN_EXE_rapport"));
    rapport.current_dir(env!("CARGO_MANIFEST_DIR")).args(["run", "--as-of", AS_OF]);
    rapport.arg("--input").arg(lake).arg("--output").arg(output);
    for (key, value) in settings {
        rapport.arg("--set").arg(format!("{key}={value}"));
    }
    rapport.output().expect("the program runs")
}

fn published(lake: &Path, settings: &[(String, String)]) -> Results {
    let folder = TempDir::new().expect("a temporary folder");
    let output = folder.path().join("out");
    let run = run(lake, &output, settings);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    Results::of(folder, output)
}

fn copy_over(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("a folder") {
        let (entry, to) = (entry.expect("an entry").path(), to);
        let target = to.join(entry.file_name().expect("a name"));
        if entry.is_dir() {
            fs::create_dir_all(&target).expect("a folder");
            copy_over(&entry, &target);
        } else {
            fs::copy(&entry, &target).expect("a copy");
        }
    }
}

/// The golden lake with the files of a folder in place of its own.
fn golden_with(files: &Path) -> TempDir {
    let lake = TempDir::new().expect("a temporary folder");
    copy_over(&tests("golden/lake"), lake.path());
    for table in replaced_tables(files) {
        let _ = fs::remove_dir_all(lake.path().join(&table).join("users"));
    }
    copy_over(files, lake.path());
    lake
}

/// Systems in which a folder of files replaces the table `users`, whose one file bears another name.
fn replaced_tables(files: &Path) -> Vec<String> {
    ["exchange"].into_iter().filter(|system| files.join(system).join("users").is_dir()).map(str::to_string).collect()
}

fn golden_settings() -> Vec<(String, String)> {
    let settings = fs::read_to_string(tests("golden/main.json")).expect("settings of the golden lake");
    let settings: Map<String, Value> = serde_json::from_str(&settings).expect("settings");
    settings.into_iter().map(|(key, value)| (key, toml(&value))).collect()
}

fn check(name: &str) {
    let folder = tests("real_life").join(name);
    let case = fs::read_to_string(folder.join("expect.json")).expect("expect.json");
    let case: Case = serde_json::from_str(&case).expect("expect.json");
    assert!(!case.why.is_empty() && !case.rule.is_empty(), "a case says what and why");
    let heading = format!("{name} ({}: {})", case.rule, case.why);
    let golden = case.on_top_of_golden.then(|| golden_with(&folder.join("lake")));
    let lake = golden.as_ref().map_or(folder.join("lake"), |golden| golden.path().to_path_buf());
    let mut settings = if case.on_top_of_golden { golden_settings() } else { results::settings(&SETTINGS) };
    settings.extend(
        case.settings
            .iter()
            .map(|(key, value)| (key.clone(), if value.is_string() { value.to_string() } else { toml(value) })),
    );

    if !case.refused.is_empty() {
        let output = TempDir::new().expect("a temporary folder");
        let run = run(&lake, &output.path().join("out"), &settings);
        let said = String::from_utf8_lossy(&run.stderr);
        assert_eq!(run.status.code(), Some(3), "{heading}: {said}");
        for part in &case.refused {
            assert!(said.contains(part), "{heading}: {part:?} is not in: {said}");
        }
        assert!(!said.contains(".rs:"), "{heading}: a line of source code in: {said}");
        return;
    }
    let results = published(&lake, &settings);
    let mut differences = Vec::new();
    for (table, expectation) in &case.tables {
        differences.extend(expectation.differences(table, &results.rows(table, AS_OF)));
    }
    if let Some(dropped) = &case.dropped {
        let reference = golden_with(&folder.join("without"));
        let reference = published(reference.path(), &settings);
        differences.extend(as_without(&results, &reference, dropped));
    }
    assert!(!case.tables.is_empty() || case.dropped.is_some(), "{heading}: a case expects something");
    assert!(differences.is_empty(), "{heading}\n{}", differences.join("\n"));
}

/// Where results differ from those without the odd row, beyond the one row that says that it was dropped.
fn as_without(results: &Results, reference: &Results, dropped: &Dropped) -> Vec<String> {
    const DROPPED: &str = "dropped_activities";
    let others = |results: &Results| -> BTreeMap<String, Vec<u8>> {
        results.bytes().into_iter().filter(|(path, _)| !path.starts_with(DROPPED)).collect()
    };
    let (found, expected) = (others(results), others(reference));
    let mut differences: Vec<String> =
        expected.iter().filter(|(path, bytes)| found.get(*path) != Some(bytes)).map(|(path, _)| path.clone()).collect();
    let [found, expected] = [results, reference].map(|results| results.rows(DROPPED, AS_OF));
    let more: Vec<&Row> = found.iter().filter(|row| !expected.contains(row)).collect();
    let says = |row: &Row| row["source"] == dropped.source.as_str() && row["reason"] == dropped.reason.as_str();
    if more.len() != 1 || !says(more[0]) || found.len() != expected.len() + 1 {
        differences.push(format!("{DROPPED} has these rows more: {more:?}, expected one: {dropped:?}"));
    }
    differences
}

#[test]
fn every_case_comes_out_as_it_says() {
    let folders = fs::read_dir(tests("real_life")).expect("the folder of cases");
    let mut names: Vec<String> =
        folders.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name in UTF-8")).collect();
    names.sort();
    assert!(names.len() >= 39, "cases are gone");
    let failed: Vec<String> = names
        .iter()
        .filter_map(|name| std::panic::catch_unwind(|| check(name)).err().map(|why| format!("{name}: {}", said(why))))
        .collect();
    assert!(failed.is_empty(), "{} of {} cases differ:\n\n{}", failed.len(), names.len(), failed.join("\n\n"));
}

fn said(panic: Box<dyn std::any::Any + Send>) -> String {
    panic.downcast_ref::<String>().cloned().unwrap_or_default()
}
