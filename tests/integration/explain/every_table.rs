//! The values of every table that daily jobs publish of the golden lake, and of random rows of generated lakes, comes out
//! anew from what is published; values that only the lake can tell are listed here.

use std::fs;
use std::path::PathBuf;

use polars::prelude::*;
use rapport::explain::lake::read::LakeOfDay;
use rapport::explain::story::ColumnStory;
use rapport::jobs;
use rstest::rstest;
use serde_json::Value;
use tempfile::TempDir;

use super::adding_up::{Published, golden, golden_settings};
use crate::support::dice::Dice;
use crate::support::lake::Lake;
use crate::support::{lake_files, random_lake, results};

/// Taken over from the lake, or learned from all of its past: an explanation says so, and has nothing to add up.
const FROM_THE_LAKE: [(&str, &[&str]); 24] = [
    ("account_kpis", &[]),
    ("contact_kpis", &["two_way_chance_28d"]),
    ("lead_kpis", &[]),
    ("opportunity_kpis", &[]),
    ("people", &["name", "account_id", "account_name", "is_disabled"]),
    (
        "records",
        &[
            "name",
            "owner_id",
            "owner_name",
            "account_id",
            "account_name",
            "state",
            "created_at",
            "estimated_close_date",
            "closed_date",
            "value",
            "currency_id",
            "record_url",
            "value_in_base_currency",
        ],
    ),
    ("interactions", &["thread_id"]),
    ("interaction_records", &[]),
    // Shares, ages and limits are told; what is counted in the lake, and how new a source is that is new enough, are not.
    ("data_quality", &["value", "unit", "newest_at", "state"]),
    ("summaries", &[]),
    ("score_calibration", &["by_score", "state", "score_from", "score_to", "chance", "predicted", "came_true", "n"]),
    ("record_access", &["user_principal_name", "is_in_owning_team", "is_shared", "is_on_sales_team", "is_above_owner"]),
    ("who_knows_whom", &[]),
    ("attention", &[]),
    ("changes", &[]),
    ("missing_people", &[]),
    ("account_coverage", &[]),
    ("handover", &[]),
    ("relationship_health", &[]),
    ("top_contacts", &[]),
    ("connections", &["contact_chance_30d"]),
    ("account_connections", &[]),
    ("dates", &[]),
    ("daily_activity", &[]),
];

fn is_from_the_lake(table: &str, column: &str) -> bool {
    FROM_THE_LAKE.iter().find(|(name, _)| *name == table).is_some_and(|(_, all)| all.contains(&column))
}

/// Whether there is one of several things, as in `1 contacts`.
fn counts_wrongly(told: &str) -> bool {
    const THINGS: [&str; 8] = ["answers", "contacts", "colleagues", "days", "deals", "emails", "interactions", "rows"];
    let words: Vec<&str> = told.split([' ', ',', ';', ':']).collect();
    words.windows(2).any(|pair| pair[0] == "1" && THINGS.contains(&pair[1]))
}

/// What is wrong with what is told of a value.
fn fault(story: &ColumnStory, table: &str) -> Option<&'static str> {
    let numbers = story.with_numbers.as_deref().unwrap_or_default();
    if counts_wrongly(numbers) {
        return Some("has one of several");
    }
    if ["has rank 0", "ten that stand in are among them"].iter().any(|untrue| numbers.contains(untrue)) {
        return Some("says what is not so");
    }
    if numbers.trim_end().ends_with(':') {
        return Some("announces numbers and has none");
    }
    let promises = story.comes_from.as_ref().is_some_and(|from| from.contains("--lake"));
    if promises && story.adds_up.is_none() && !story.value.is_null() {
        return Some("promises what the lake does not tell");
    }
    let is_told = story.comes_from.is_some() || story.with_numbers.is_some();
    match story.adds_up {
        Some(true) => None,
        Some(false) => Some("does not add up"),
        None if story.value.is_null() => story.missing.is_none().then_some("is unknown without a reason"),
        None if !is_from_the_lake(table, &story.column) => Some("is not added up"),
        None => (!is_told).then_some("does not say what it comes from"),
    }
}

/// Looks at some rows of every table, and says how many values came out anew.
fn all_hold(published: &Published, rows: impl FnMut(&DataFrame) -> Vec<usize>) -> usize {
    published.with_lake(|lake| all_hold_in(published, lake, rows))
}

fn all_hold_in(published: &Published, lake: &LakeOfDay<'_>, mut rows: impl FnMut(&DataFrame) -> Vec<usize>) -> usize {
    let (mut values, mut faults) = (0, Vec::new());
    for table in jobs::tables_with_subjects() {
        let day = published.as_of().date;
        if table.name == "runs" || published.outputs.file(table.name, day).unwrap().is_none() {
            continue;
        }
        let frame = published.table(table.name);
        for row in rows(&frame) {
            let stories = published.explained_row(lake, (table.name, &frame), row);
            values += stories.iter().filter(|story| story.adds_up == Some(true)).count();
            let wrong = stories.iter().filter_map(|story| Some((fault(story, table.name)?, story)));
            faults.extend(wrong.map(|(fault, story)| {
                let (column, value) = (&story.column, &story.value);
                format!("{}.{column} = {value} {fault}: {:?} {:?}", table.name, story.from_rows, story.with_numbers)
            }));
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    values
}

#[test]
fn every_value_of_the_golden_lake_comes_out_anew() {
    let published = golden().with_connections(&golden_settings());
    let values = all_hold(&published, |table| (0..table.height().min(20)).collect());
    assert!(values > 1000, "{values} values");
}

#[test]
fn values_of_random_rows_come_out_anew() {
    for seed in 5..=6 {
        let folder = TempDir::new().unwrap();
        lake_files::write(&random_lake::drawn(seed), folder.path());
        let settings = results::settings(&random_lake::SETTINGS);
        let published = Published::of(folder.path(), &settings).with_connections(&settings);
        let mut dice = Dice::seeded(seed);
        let rows = |table: &DataFrame| match table.height() {
            0 => Vec::new(),
            height => (0..3).map(|_| dice.below(height)).collect(),
        };
        assert!(all_hold(&published, rows) > 150);
    }
}

/// Lakes of real life in which much goes on between people, some of them erased.
#[rstest]
fn values_of_a_case_come_out_anew(
    #[base_dir = "tests/cases"]
    #[files("c4_*")]
    #[files("h3_two_way")]
    #[files("k10_*")]
    #[files("k13_*")]
    #[files("l2_people_of_a_deal")]
    #[files("w6_*")]
    #[files("w7_*")]
    #[files("w8_*")]
    #[files("w9_*")]
    #[dirs]
    folder: PathBuf,
) {
    let read = |path: PathBuf| fs::read_to_string(path).unwrap();
    let case: Value = serde_json::from_str(&read(folder.join("expect.json"))).unwrap();
    let own = case.get("lake").map_or_else(|| read(folder.join("lake.json")), Value::to_string);
    let lake = Lake::described(&read(folder.with_file_name("cast.json"))).with(Lake::described(&own));
    let input = TempDir::new().unwrap();
    lake_files::write(&lake, input.path());
    let mut settings = results::settings(&[("company_domains", "[\"nw.example\"]"), ("consent", "true")]);
    let of_run = case["runs"][0]["settings"].as_object().cloned().unwrap_or_default();
    settings.extend(of_run.iter().map(|(key, value)| (key.clone(), results::toml(value))));
    let published = Published::of(input.path(), &settings).with_connections(&settings);
    let values = all_hold(&published, |table| (0..table.height().min(4)).collect());
    assert!(values > 20, "{values} values");
}
