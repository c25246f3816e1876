//! What holds for every lake: the same input gives the same bytes, what may not be used leaves no
//! trace, the future changes nothing, and tables agree with each other.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use tempfile::TempDir;

use crate::support::dice::Dice;
use crate::support::lake::{Lake, Row};
use crate::support::lake_files;
use crate::support::random_lake::{FORBIDDEN, HALF_FORBIDDEN, OPTED_OUT_FROM, SETTINGS, drawn, event, message};
use crate::support::results::{Results, run, run_on, settings};
use crate::support::truncation;

const SEED: u64 = 20_260_331;
const DAYS: [&str; 3] = ["2026-03-09", "2026-03-20", "2026-03-31"];
const LAST: &str = DAYS[2];

type Bytes = BTreeMap<String, Vec<u8>>;

/// The lake of the seed, and its results as of three days, computed in one go.
pub fn reference() -> &'static (Lake, Results) {
    static REFERENCE: OnceLock<(Lake, Results)> = OnceLock::new();
    REFERENCE.get_or_init(|| {
        let lake = drawn(SEED);
        let results = run(&lake, &settings(&SETTINGS), &DAYS);
        (lake, results)
    })
}

fn of_day(bytes: Bytes, day: &str) -> Bytes {
    bytes.into_iter().filter(|(path, _)| path.contains(day)).collect()
}

fn computed(lake: &Lake, day: &str) -> Bytes {
    run(lake, &settings(&SETTINGS), &[day]).bytes()
}

/// Names the tables that differ, rather than their bytes.
#[track_caller]
fn assert_same(found: &Bytes, expected: &Bytes, why: &str) {
    assert!(!expected.is_empty(), "there is something to compare");
    let paths: Vec<&String> = found.keys().chain(expected.keys()).collect();
    let different: Vec<&&String> = paths.iter().filter(|path| found.get(**path) != expected.get(**path)).collect();
    assert!(different.is_empty(), "{why}: {different:?} differ");
}

#[test]
fn the_drawn_lake_has_a_bit_of_everything() {
    let (_, results) = reference();
    let interactions = results.rows("interactions", DAYS[1]);
    assert!(interactions.len() > 100, "{} interactions", interactions.len());
    let values = |rows: &[Row], column: &str| -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        rows.iter().for_each(|row| *counts.entry(row[column].to_string()).or_default() += 1);
        counts
    };
    for (column, different) in [("kind", 4), ("direction", 3), ("status", 2), ("in_dataverse", 2), ("in_exchange", 2)] {
        assert_eq!(values(&interactions, column).len(), different, "{column}: {:?}", values(&interactions, column));
    }
    let answered = interactions.iter().filter(|row| !row["answered_at"].is_null()).count();
    assert!(answered >= 5, "{answered} answered runs");
    let records = results.rows("interaction_records", LAST);
    assert_eq!(values(&records, "record_type").len(), 4);
    assert!(values(&records, "weight").len() >= 3, "{:?}", values(&records, "weight"));
    let reasons = values(&results.rows("dropped_activities", LAST), "reason");
    assert!(reasons.len() >= 13, "{reasons:?}");
}

/// O3, T6
#[test]
fn a_rerun_gives_the_same_bytes_and_a_backfill_those_of_each_day() {
    let (lake, results) = reference();
    for day in DAYS {
        assert_same(&computed(lake, day), &of_day(results.bytes(), day), "alone and in a backfill");
    }
}

/// T6: a backfill of health alone works out once what its days have in common.
#[test]
fn health_of_many_days_at_once_is_health_day_by_day() {
    let (lake, results) = reference();
    let mut settings = settings(&SETTINGS);
    settings.push(("tables".into(), "[\"relationship_health\"]".into()));
    let backfill = run(lake, &settings, &DAYS).bytes();
    let of_table = |bytes: Bytes| -> Bytes {
        bytes.into_iter().filter(|(path, _)| path.starts_with("relationship_health/")).collect()
    };
    for day in DAYS {
        let expected = of_table(of_day(results.bytes(), day));
        assert_same(&of_day(backfill.clone(), day), &expected, "with all other tables");
    }
}

/// O3, I4
#[test]
fn neither_the_order_of_rows_nor_their_files_matter() {
    let (lake, results) = reference();
    for (seed, parts) in [(1, 1), (2, 3)] {
        let mut dice = Dice::seeded(seed);
        let mut shuffled = lake.clone();
        shuffled.tables.values_mut().for_each(|rows| dice.shuffle(rows));
        assert_ne!(&shuffled, lake);
        let folder = TempDir::new().expect("a temporary folder");
        lake_files::write_parts(&shuffled, folder.path(), parts);
        let found = run_on(folder.path(), &settings(&SETTINGS), &[LAST]).bytes();
        assert_same(&found, &of_day(results.bytes(), LAST), "shuffled and split");
    }
}

/// I1, I9
#[test]
fn rows_that_are_exported_twice_count_once() {
    let (lake, results) = reference();
    let mut dice = Dice::seeded(3);
    let mut doubled = lake.clone();
    for (table, rows) in &mut doubled.tables {
        let again: Vec<Row> = rows.iter().filter(|_| dice.once_in(2)).cloned().collect();
        rows.extend(again);
        if table == "activityparty" {
            // The table holds duplicates that have ids of their own, too.
            let copies: Vec<Row> = rows.iter().filter(|_| dice.once_in(4)).cloned().map(under_another_id).collect();
            rows.extend(copies);
        }
        dice.shuffle(rows);
    }
    assert_same(&computed(&doubled, LAST), &of_day(results.bytes(), LAST), "with rows doubled");
}

fn under_another_id(mut row: Row) -> Row {
    let id = format!("{}-again", row["activitypartyid"].as_str().expect("an id"));
    row.insert("activitypartyid".into(), id.clone().into());
    row.insert("Id".into(), id.into());
    row
}

/// T2, T3
#[test]
fn what_comes_after_the_day_changes_nothing() {
    let (lake, results) = reference();
    for day in &DAYS[..2] {
        let truncated = truncation::until(lake, day);
        let (all, left): (usize, usize) = (rows_in(lake), rows_in(&truncated));
        assert!(left < all * 9 / 10, "{left} of {all} rows are left");
        assert_same(&computed(&truncated, day), &of_day(results.bytes(), day), "truncated after the day");
    }
}

fn rows_in(lake: &Lake) -> usize {
    lake.tables.values().map(Vec::len).sum()
}

/// C3
#[test]
fn rows_that_may_not_be_used_leave_no_trace() {
    let (lake, results) = reference();
    let without_reasons = |bytes: Bytes| -> Bytes {
        bytes.into_iter().filter(|(path, _)| !path.starts_with("dropped_activities/")).collect()
    };
    let expected = without_reasons(of_day(results.bytes(), LAST));

    let mut removed = lake.clone();
    for table in ["messages", "calendar_view"] {
        removed.tables.entry(table.into()).or_default().retain(|row| !is_forbidden(row));
    }
    assert!(rows_in(lake) - rows_in(&removed) > 50, "there is something to remove");
    assert_same(&without_reasons(computed(&removed, LAST)), &expected, "forbidden rows removed");

    for seed in [4, 5] {
        let mut dice = Dice::seeded(seed);
        let mut changed = removed.clone();
        for number in 0..120 {
            let mailbox = if dice.once_in(6) { HALF_FORBIDDEN } else { *dice.pick(&FORBIDDEN) };
            let (table, row) = if dice.once_in(3) {
                ("calendar_view", event(&mut dice, mailbox, &format!("other-k{number}")))
            } else {
                ("messages", message(&mut dice, mailbox, &format!("other-x{number}")))
            };
            let mut spelled_out = Lake::default();
            spelled_out.insert(table, row);
            let mut rows = spelled_out.tables.remove(table).expect("the row");
            rows.retain(is_forbidden);
            changed.tables.entry(table.into()).or_default().extend(rows);
        }
        assert!(rows_in(&changed) > rows_in(&removed) + 90, "there is something that must not be seen");
        assert_same(&without_reasons(computed(&changed, LAST)), &expected, "other forbidden rows in their place");
    }
}

fn is_forbidden(row: &Row) -> bool {
    let mailbox = row["puser"].as_str().unwrap_or_default();
    let start = || row.get("start").and_then(|start| start["dateTime"].as_str());
    let time = row.get("sentDateTime").and_then(|time| time.as_str()).or_else(start).unwrap_or_default();
    FORBIDDEN.contains(&mailbox) || mailbox == HALF_FORBIDDEN && time >= OPTED_OUT_FROM
}
