//! What reports and exports show of records, against what the model lets their readers see.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use polars::prelude::*;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::changes::Changing;
use super::model::Model;
use super::{CUTOFF, DAY, levels, number, settings_of};
use crate::report;
use crate::support::dice::Dice;
use crate::support::lake::{Lake, Row};
use crate::support::lake_files;
use crate::support::random_lake::drawn;
use crate::support::results::rows;
use crate::support::small_lake::{files_below, stderr};

const JOB: &str = r#"
job = "relationship_kpis"
schedule = "30 2 * * *"
[input]
root = "lake"
[output]
path = "out"
"#;
const RECORDS: [(&str, &str, &str); 4] = [
    ("account", "accountid", "name"),
    ("contact", "contactid", "fullname"),
    ("lead", "leadid", "fullname"),
    ("opportunity", "opportunityid", "name"),
];

/// A lake with activities in which every record has a name that nothing else has, changed at random.
fn changed(seed: u64) -> Lake {
    let mut lake = drawn(seed);
    for (table, key, name) in RECORDS {
        for row in lake.tables.entry(table.into()).or_default() {
            let named = mark(table, row[key].as_str().expect("an id"));
            row.insert(name.into(), json!(named));
        }
    }
    let mut changing = Changing::from(lake, Dice::seeded(seed));
    for _ in 0..40 {
        changing.step();
    }
    changing.lake
}

fn mark(record_type: &str, id: &str) -> String {
    format!("Zq{record_type}{id}qZ")
}

/// The folder of jobs, a lake, and what is published of it.
struct Place(TempDir);

impl Place {
    fn of(lake: &Lake, seed: u64) -> Place {
        let place = Place(TempDir::new().expect("a folder"));
        lake_files::write(lake, &place.0.path().join("lake"));
        fs::create_dir(place.0.path().join("jobs")).expect("a folder");
        fs::write(place.0.path().join("jobs/relationship_kpis.toml"), JOB).expect("a job file");
        let (code, said) = place.rapport("run", &["--as-of", DAY], seed);
        assert_eq!(code, Some(0), "{said}");
        place
    }

    fn output(&self) -> std::path::PathBuf {
        self.0.path().join("out")
    }

    /// How a command ends, and what it says.
    fn rapport(&self, command: &str, arguments: &[&str], seed: u64) -> (Option<i32>, String) {
        let mut rapport = Command::new(env!("CARGO_BIN_EXE_rapport"));
        rapport.arg(command).args(arguments).arg("--jobs").arg(self.0.path().join("jobs"));
        rapport.arg("--input").arg(self.0.path().join("lake")).arg("--output").arg(self.output());
        for (key, value) in settings_of(seed, None) {
            rapport.args(["--set", &format!("{key}={value}")]);
        }
        let output = rapport.output().expect("a run");
        let said = if output.status.success() { &output.stdout } else { &output.stderr };
        (output.status.code(), String::from_utf8_lossy(said).into_owned())
    }
}

/// Records that the rows of these records name: their accounts, and whom they were most in touch with.
fn named_by(place: &Place, records: &BTreeSet<String>) -> BTreeSet<String> {
    let rows = |table: &str| {
        let file = place.output().join(format!("{table}/as_of_date={DAY}/{table}.parquet"));
        rows(&ParquetReader::new(fs::File::open(file).expect("a table")).finish().expect("Parquet"))
    };
    let text = |row: &Row, column: &str| row[column].as_str().unwrap_or_default().to_string();
    let mut named = records.clone();
    for (table, record_type, key) in
        [("contact_kpis", "contact", "contact_id"), ("opportunity_kpis", "opportunity", "opportunity_id")]
    {
        let own = rows(table).into_iter().filter(|row| records.contains(&format!("{record_type}/{}", text(row, key))));
        named.extend(own.map(|row| format!("account/{}", text(&row, "account_id"))));
    }
    let is_of = |row: &Row| records.contains(&format!("{}/{}", text(row, "record_type"), text(row, "record_id")));
    let most = rows("top_contacts").into_iter().filter(is_of);
    named.extend(most.map(|row| format!("{}/{}", text(&row, "person_type"), text(&row, "person_id"))));
    named
}

/// The pages of a report, none where there is nothing to show.
fn pages(tables: &Path, arguments: &[&str]) -> BTreeMap<String, String> {
    let folder = TempDir::new().expect("a folder");
    let site = folder.path().join("site");
    let output = report::write(tables, &site, &[&["--date", DAY], arguments].concat());
    if output.status.code() == Some(2) {
        assert!(stderr(&output).contains("record"), "{}", stderr(&output));
        return BTreeMap::new();
    }
    assert!(output.status.success(), "{}", stderr(&output));
    let files = files_below(&site).into_iter();
    files.map(|(name, bytes)| (name, String::from_utf8_lossy(&bytes).into_owned())).collect()
}

fn is_of_record(name: &str) -> bool {
    RECORDS.iter().any(|(record_type, ..)| name.strip_prefix(record_type).is_some_and(|rest| rest.starts_with('/')))
}

/// Pages that are missing or should not be there, and names of records that may not be seen.
fn faults_of(place: &Place, model: &Model, [who, whom]: [&str; 2], allowed: &BTreeSet<String>) -> (usize, Vec<String>) {
    let (whose, mut faults) = (format!("{who} {whom}"), Vec::new());
    let pages = pages(&place.output(), &[who, whom]);
    let named = named_by(place, allowed);
    let of_records = pages.keys().filter(|name| name.ends_with(".html") && is_of_record(name));
    let shown: BTreeSet<String> = of_records.map(|name| name.trim_end_matches(".html").to_string()).collect();
    if shown != *allowed {
        faults.push(format!("{whose} sees {:?}, and not {:?}", &shown - allowed, allowed - &shown));
    }
    for (record_type, id) in &model.records {
        let record = format!("{record_type}/{id}");
        let mut signs = Vec::new();
        signs.extend((!allowed.contains(&record)).then(|| format!("{record}.html")));
        signs.extend((!named.contains(&record)).then(|| mark(record_type, id)));
        for (name, page) in &pages {
            let Some(at) = signs.iter().find_map(|sign| page.find(sign)) else { continue };
            let around: Vec<char> = page[..at].chars().rev().take(150).collect();
            let around: String = around.into_iter().rev().collect();
            faults.push(format!("{whose} finds {record} in {name}: …{around}"));
        }
    }
    (pages.len(), faults)
}

fn faults_of_seed(seed: u64) -> (usize, Vec<String>) {
    let lake = changed(seed);
    let model = Model::of(&lake, CUTOFF, levels(seed));
    let place = Place::of(&lake, seed);
    let (mut looked_at, mut faults) = (0, Vec::new());
    let colleagues: BTreeSet<&String> = model.sign_ins.keys().collect();
    for colleague in colleagues {
        let all = model.of_colleague(colleague);
        let reports = [("--reader", all.clone()), ("--owner", model.owned_by(colleague))];
        for (who, allowed) in reports {
            let (pages, found) = faults_of(&place, &model, [who, colleague], &allowed);
            looked_at += pages;
            faults.extend(found);
        }
        let (code, exported) = place.rapport("export", &["--subject", colleague], seed);
        assert_eq!(code, Some(0), "{exported}");
        let exported: Value = serde_json::from_str(&exported).expect("JSON");
        let found = exported["outputs"][0]["found"].as_array().expect("rows").iter();
        let of_access = found.filter(|row| row["table"] == "record_access" && row["partition"] != "current");
        let mut listed = BTreeSet::new();
        for row in of_access.map(|row| &row["row"]) {
            let text = |column: &str| row[column].as_str().expect("a text").to_string();
            if text("systemuser_id") != **colleague {
                faults.push(format!("the export of {colleague} has {row}"));
            }
            listed.insert(format!("{}/{}", text("record_type"), text("record_id")));
        }
        if listed != all {
            faults.push(format!("the export of {colleague} has {:?}, and not {:?}", &listed - &all, &all - &listed));
        }
    }
    for team in ["team", "team-two"] {
        let (pages, found) = faults_of(&place, &model, ["--owner", team], &model.owned_by(team));
        looked_at += pages;
        faults.extend(found);
    }
    (looked_at, faults)
}

#[test]
fn reports_and_exports_show_what_their_readers_may_read() {
    let first = number("RAPPORT_ACCESS_SEED", 1);
    let mut looked_at = 0;
    for seed in first..first + number("RAPPORT_ACCESS_REPORTS", 1) {
        let (pages, faults) = faults_of_seed(seed);
        looked_at += pages;
        assert!(faults.is_empty(), "RAPPORT_ACCESS_SEED={seed}: {} faults:\n{}", faults.len(), faults.join("\n"));
    }
    println!("{looked_at} pages looked through");
    assert!(looked_at > 10);
}
