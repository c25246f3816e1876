//! Small lakes with expectations worked out by hand from the rules, one folder each in `tests/cases`.
//!
//! `lake.json` describes the lake (see [`crate::support::lake`]) on top of the people of `tests/cases/cast.json`;
//! `expect.json` says which rule it is about and why the results are what they are, and has one or
//! more runs: day, settings, and what tables hold. A small lake may stand in `expect.json` itself, as `lake`. A new folder is
//! a new case.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rstest::rstest;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::support::expectation::Expectation;
use crate::support::lake::Lake;
use crate::support::results::toml;
use crate::support::{lake_files, promises, results};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// Numbers of the rules.
    rule: String,
    /// Why the results are what they are.
    why: String,
    /// The lake, where there is no `lake.json`.
    lake: Option<Value>,
    runs: Vec<Run>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Run {
    #[serde(default)]
    why: String,
    #[serde(default = "last_of_march")]
    as_of: String,
    #[serde(default)]
    settings: Map<String, Value>,
    tables: BTreeMap<String, Expectation>,
}

fn last_of_march() -> String {
    "2026-03-31".to_string()
}

/// What runs are set to unless they say otherwise.
const SETTINGS: [(&str, &str); 2] = [("company_domains", "[\"nw.example\"]"), ("consent", "true")];

fn cases() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

fn read(path: PathBuf) -> String {
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn name(folder: &Path) -> &str {
    folder.file_name().and_then(|name| name.to_str()).expect("a case has a name")
}

fn check(folder: &Path) {
    let name = name(folder);
    let case = serde_json::from_str::<Case>(&read(folder.join("expect.json")));
    let case = case.unwrap_or_else(|error| panic!("{name}/expect.json: {error}"));
    assert!(!case.why.is_empty() && !case.rule.is_empty() && !case.runs.is_empty(), "a case says what and why");
    let cast = Lake::described(&read(cases().join("cast.json")));
    let own = case.lake.as_ref().map_or_else(|| read(folder.join("lake.json")), Value::to_string);
    let lake = cast.with(Lake::described(&own));
    let input = tempfile::TempDir::new().expect("a temporary folder");
    lake_files::write(&lake, input.path());

    let mut differences = Vec::new();
    for run in &case.runs {
        assert!(!run.tables.is_empty(), "a run expects something");
        let mut settings = results::settings(&SETTINGS);
        let tables: Vec<&String> = run.tables.keys().collect();
        settings.push(("tables".to_string(), serde_json::to_string(&tables).expect("names")));
        settings.extend(run.settings.iter().map(|(key, value)| (key.clone(), toml(value))));
        let results = results::run_on(input.path(), &settings, &[&run.as_of]);
        let subjects = run.settings.contains_key("publish_subjects");
        let heading = format!("as of {} {} {}", run.as_of, Value::Object(run.settings.clone()), run.why);
        for (table, expectation) in &run.tables {
            promises::keeps_its_promises(table, &results.frame(table, &run.as_of), subjects);
            let found = expectation.differences(table, &results.rows(table, &run.as_of));
            differences.extend(found.into_iter().map(|difference| format!("  {heading}: {difference}")));
        }
    }
    assert!(differences.is_empty(), "{name} ({}: {})\n{}", case.rule, case.why, differences.join("\n"));
}

/// One test per folder: `rules::cases::case::folder_36_k3_turns`.
#[rstest]
fn case(
    #[base_dir = "tests/cases"]
    #[files("*")]
    #[dirs]
    #[exclude("cast.json")]
    folder: PathBuf,
) {
    check(&folder);
}

/// Folders become tests when this file is compiled. One that was added since then is run here.
#[test]
fn folders_newer_than_this_build() {
    let tests = Command::new(std::env::current_exe().expect("this program")).arg("--list").output().expect("its tests");
    let tests = String::from_utf8(tests.stdout).expect("names");
    let entries = fs::read_dir(cases()).expect("the folder of cases").map(|entry| entry.expect("an entry").path());
    for folder in entries.filter(|path| path.is_dir()) {
        let ending = format!("_{}: test", name(&folder));
        if !tests.lines().any(|test| test.ends_with(&ending)) {
            check(&folder);
        }
    }
}
