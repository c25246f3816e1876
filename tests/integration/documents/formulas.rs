//! The page of formulas, `jobs/FORMULAS.md`: its constants are those of the code, its examples are what the
//! program computes.

use std::fs;
use std::path::PathBuf;

use polars::prelude::*;
use rapport::kpis::kpis;
use regex::Regex;
use serde_json::{Map, Value};

use crate::support::results::run_on;

fn read(path: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The cells of the rows of a table that has such a heading, wherever it stands on the page.
fn rows<const N: usize>(page: &str, heading: [&str; N]) -> Vec<[String; N]> {
    let cells = |line: &str| -> Option<[String; N]> {
        let inner = line.strip_prefix("| ")?.strip_suffix(" |")?;
        inner.split(" | ").map(|cell| cell.replace('`', "")).collect::<Vec<_>>().try_into().ok()
    };
    let mut found = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if cells(line).is_some_and(|line| line == heading) {
            found.extend(lines.by_ref().skip(1).map_while(cells));
        }
    }
    found
}

fn number(text: &str) -> f64 {
    text.replace('_', "").parse().unwrap_or_else(|_| panic!("{text:?} is no number"))
}

#[test]
fn constants_are_those_of_the_code() {
    let constants = rows(&read("jobs/FORMULAS.md"), ["constant", "value", "in the code"]);
    assert!(constants.len() >= 25, "{constants:?}");
    for [what, value, place] in constants {
        let (file, name) = place.split_once(' ').expect("a file and a name");
        let declared =
            Regex::new(&format!(r"(?m)^\s*(?:pub(?:\(\w+\))? )?const {name}: \w+ = ([\d_.]+);")).expect("a pattern");
        let code = read(file);
        let found = declared.captures(&code).unwrap_or_else(|| panic!("{file} declares no number {name}"));
        assert_eq!(number(&value), number(&found[1]), "{what}: {file} {name}");
    }
}

/// The cases compare the same values with what the program computes.
#[test]
fn worked_examples_are_those_of_the_cases() {
    let examples = rows(&read("jobs/FORMULAS.md"), ["case", "row", "column", "value"]);
    assert!(examples.len() >= 8, "{examples:?}");
    for [case, row, column, value] in examples {
        let expected: Value = serde_json::from_str(&read(&format!("tests/cases/{case}/expect.json"))).expect("a case");
        let tables = expected["runs"][0]["tables"].as_object().expect("tables");
        let row = row.replace(" / ", "|");
        let found = tables.values().find_map(|table| table["rows"].get(&row)?.get(&column)?.as_f64());
        let found = found.unwrap_or_else(|| panic!("{case}: the first run says nothing of {column} of {row}"));
        let digits = value.split_once('.').map_or(0, |(_, digits)| digits.len());
        assert_eq!(format!("{found:.digits$}"), value, "{case}: {column} of {row}");
    }
}

/// Every KPI that is a quotient of others stands on the page, and the published columns are these quotients.
#[test]
fn ratios_are_the_quotients_of_published_columns() {
    let ratios = rows(&read("jobs/FORMULAS.md"), ["KPI", "is"]);
    let quotient = Regex::new(r"^(\w+ / \w+)\.$").expect("a pattern");
    let columns = kpis().into_iter().map(|kpi| kpi.column);
    let declared: Vec<[String; 2]> = columns
        .filter_map(|column| Some([column.name.to_string(), quotient.captures(column.description)?[1].to_string()]))
        .collect();
    assert_eq!(ratios, declared);

    let settings: Map<String, Value> = serde_json::from_str(&read("tests/golden/main.json")).expect("settings");
    let settings: Vec<(String, String)> =
        settings.into_iter().map(|(key, value)| (key, crate::support::results::toml(&value))).collect();
    let lake = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/lake");
    let results = run_on(&lake, &settings, &["2026-03-31"]);
    let mut known = 0;
    for table in ["account_kpis", "contact_kpis", "lead_kpis", "opportunity_kpis"] {
        let frame = results.frame(table, "2026-03-31");
        let column = |name: &str| -> Vec<Option<f64>> {
            let column = frame.column(name).and_then(|column| column.cast(&DataType::Float64)).expect("a number");
            column.f64().expect("numbers").iter().collect()
        };
        for [name, quotient] in &ratios {
            let (above, below) = quotient.split_once(" / ").expect("a quotient");
            let quotients = column(above).into_iter().zip(column(below));
            let quotients = quotients.map(|(above, below)| Some(above? / below.filter(|&below| below != 0.0)?));
            let published = column(name);
            assert_eq!(published, quotients.collect::<Vec<_>>(), "{table}: {name}");
            known += published.iter().flatten().count();
        }
    }
    assert!(known > 50, "{known} ratios are known");
}
