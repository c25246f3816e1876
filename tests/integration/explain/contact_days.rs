//! Silences and days of contact of the golden lake and of generated ones are counted anew, day by day, from the interactions that
//! explain lists for them.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate};
use rapport::explain::story::{ColumnStory, InteractionStory};
use serde_json::Value;
use tempfile::TempDir;

use super::adding_up::{AS_OF, Published, TABLES, golden};
use crate::support::{lake_files, random_lake};

pub const OF_KPI_TABLES: [&str; 2] = ["days_since_last_interaction", "longest_silence_days"];
const OF_HEALTH: [&str; 5] =
    ["days_since_contact", "contact_days", "contact_days_28", "contact_days_28_before", "own_contact_interval_days"];

/// By the days on which something was held, all of them.
fn by_hand(column: &str, held: &BTreeSet<NaiveDate>) -> Value {
    let date: NaiveDate = AS_OF.parse().unwrap();
    // The days of a window, the date being the last.
    let last = |days: u64| (0..days).rev().map(move |ago| date - Days::new(ago));
    let count = |days: u64| last(days).filter(|day| held.contains(day)).count();
    let since = |days: u64| last(days).rev().position(|day| held.contains(&day));
    let Some(first) = held.first() else { return Value::Null };
    match column {
        "days_since_last_interaction" => since((date - *first).num_days() as u64 + 1).into(),
        "days_since_contact" => since(365).into(),
        "contact_days" => count(90).into(),
        "contact_days_28" => count(28).into(),
        "contact_days_28_before" => (count(56) - count(28)).into(),
        "own_contact_interval_days" => {
            let all: Vec<NaiveDate> = last(365).filter(|day| held.contains(day)).collect();
            let [first, .., last] = all[..] else { return Value::Null };
            (((last - first).num_days() as f64 / (all.len() - 1) as f64).ceil() as u64).into()
        }
        "longest_silence_days" => {
            let days: Vec<bool> = last(60).skip_while(|day| day < first).map(|day| held.contains(&day)).collect();
            let silences = days.split(|contact| *contact).map(<[bool]>::len);
            silences.max().unwrap_or_default().into()
        }
        other => panic!("{other} is not made of days"),
    }
}

fn held(rows: &[InteractionStory], published: &Published) -> BTreeSet<NaiveDate> {
    let day = |row: &InteractionStory| {
        let at: DateTime<chrono::Utc> = row.occurred_at.as_ref().unwrap().parse().unwrap();
        at.with_timezone(&published.job.settings.timezone).date_naive()
    };
    rows.iter().filter(|row| row.status.as_deref() == Some("held")).map(day).collect()
}

fn agrees(story: &ColumnStory, published: &Published) {
    assert_eq!(story.adds_up, Some(true), "{story:#?}");
    assert_eq!(by_hand(&story.column, &held(&story.rows, published)), story.value, "{story:#?}");
    let counted = story.rows.iter().filter(|row| row.counts == Some(true)).count();
    assert_eq!((story.counted, story.not_counted), (Some(counted), Some(story.rows.len() - counted)), "{story:#?}");
    assert!(story.rows.iter().all(|row| row.why_not.is_some() == (row.counts == Some(false))), "{story:#?}");
    assert_eq!(story.missing.is_some(), story.value.is_null(), "{story:#?}");
}

/// How many cells of some rows of every table agree.
fn all_agree(published: &Published, every: usize) -> usize {
    let mut cells = 0;
    for (_, name) in TABLES {
        let table = published.table(name);
        for row in (0..table.height()).step_by(every) {
            for column in OF_KPI_TABLES {
                agrees(&published.explained(&published.outputs, None, (name, &table), row, column), published);
                cells += 1;
            }
        }
    }
    let health = published.table("relationship_health");
    for row in (0..health.height()).step_by(every) {
        for column in OF_HEALTH {
            let story = published.explained(&published.outputs, None, ("relationship_health", &health), row, column);
            // Without a score there is nothing to count, and the state says why.
            if story.value.is_null() {
                assert!(story.adds_up != Some(false) && story.missing.is_some(), "{story:#?}");
                continue;
            }
            agrees(&story, published);
            cells += 1;
        }
    }
    cells
}

#[test]
fn days_of_contact_of_the_golden_lake_are_counted_anew() {
    let cells = all_agree(&golden(), 1);
    assert!(cells > 40, "{cells} cells");
}

#[test]
fn days_of_contact_of_generated_lakes_are_counted_anew() {
    for seed in 3..=4 {
        let folder = TempDir::new().unwrap();
        lake_files::write(&random_lake::drawn(seed), folder.path());
        let published = Published::of(folder.path(), &crate::support::results::settings(&random_lake::SETTINGS));
        assert!(all_agree(&published, 3) > 20);
    }
}

/// What cannot be added up says what it is made of.
#[test]
fn every_other_value_says_what_it_comes_from() {
    let published = golden();
    let health = published.table("relationship_health");
    let scored = (0..health.height()).find(|&row| !health.column("received").unwrap().get(row).unwrap().is_null());
    for (table, column, says) in [
        ("relationship_health", "received", "who took part in each interaction"),
        ("interactions", "kind", "the rows of the lake"),
        ("top_contacts", "emails", "who took part"),
    ] {
        let rows = published.table(table);
        let row = if table == "relationship_health" { scored.unwrap() } else { 0 };
        let story = published.explained(&published.outputs, None, (table, &rows), row, column);
        assert!(story.comes_from.as_ref().is_some_and(|from| from.contains(says)), "{table} {column}: {story:#?}");
        assert!(story.adds_up.is_none(), "{story:#?}");
    }
}

/// What is unknown by a setting or by its nature says so, and where to look.
#[test]
fn unknown_values_say_why() {
    let published = golden();
    let accounts = published.table("account_kpis");
    for (column, says) in [
        ("health_score", "accounts have theirs in account_health_score"),
        ("health_trend", "accounts have theirs in account_health_trend"),
    ] {
        for row in 0..accounts.height() {
            let story = published.explained(&published.outputs, None, ("account_kpis", &accounts), row, column);
            let missing = story.missing.as_ref().expect("why there is none");
            assert!(missing.contains(says) && story.adds_up == Some(true), "{story:#?}");
        }
    }
    let contacts = published.table("contact_kpis");
    let story = published.explained(&published.outputs, None, ("contact_kpis", &contacts), 0, "computation_accuracy");
    assert_eq!(story.from_tables.len(), 2, "{story:#?}");
    let story = published.explained(&published.outputs, None, ("contact_kpis", &contacts), 0, "emails_after_hours");
    assert!(story.missing.as_ref().is_some_and(|missing| missing.contains("working_hours")), "{story:#?}");
}
