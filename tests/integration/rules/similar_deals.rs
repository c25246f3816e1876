//! The weekly job as a whole: what changes nothing, what is refused, when there is nothing to learn from.

use std::collections::BTreeMap;
use std::sync::Mutex;

use chrono::NaiveDate;
use rapport::config::{self, JobKind, Overrides};
use rapport::context::{Interruption, Output, Progress, RunContext};
use rapport::jobs;
use rapport::storage::Storage;
use serde_json::json;
use tempfile::TempDir;

use crate::support::lake::{Lake, Row};
use crate::support::lake_files;
use crate::support::results::{Results, run, settings};

const SUNDAY: &str = "2026-03-29";
const SETTINGS: [(&str, &str); 2] = [("job", "similar_won_deals"), ("company_domains", "[\"nw.example\"]")];

/// Deals of four segments and two owners, won the more often the higher the segment; one in seven open.
fn deals(won: usize, lost: usize, open: usize) -> Lake {
    let mut lake = Lake::described(include_str!("../../cases/cast.json"));
    let mut put = |state: i64, number: usize| {
        let segment = if state == 1 { number % 4 } else { number * number % 4 };
        let day = NaiveDate::from_ymd_opt(2025, 1, 1).expect("a day") + chrono::Days::new((number * 7 % 300) as u64);
        let mut row: Row = serde_json::from_value(json!({
            "opportunityid": format!("d{state}-{number:03}"), "name": format!("Deal {number}"), "statecode": state,
            "ownerid": if number.is_multiple_of(3) { "bo" } else { "anna" }, "customerid": "account:acme",
            "createdon": format!("{day}T08:00Z"), "estimatedvalue": 1_000.0 * (1 + number % 9) as f64,
            "new_segment": format!("s{segment}"), "new_size": 10.5 * (number % 13) as f64,
        }))
        .expect("a row");
        if state != 0 {
            row.insert("actualclosedate".into(), json!((day + chrono::Days::new(30 + number as u64 % 50)).to_string()));
            row.insert("actualvalue".into(), json!(900.0));
        }
        lake.insert("opportunity", row);
    };
    (0..won).for_each(|number| put(1, number));
    (0..lost).for_each(|number| put(2, number));
    (0..open).for_each(|number| put(0, number));
    for number in 0..60 {
        let email = json!({
            "activityid": format!("e{number}"), "senton": format!("2025-{:02}-10T09:00Z", 1 + number % 12),
            "from": "anna@nw.example", "to": "xena@acme.example",
            "regardingobjectid": format!("opportunity:d{}-{:03}", number % 2, number % 10),
        });
        lake.insert("email", serde_json::from_value(email).expect("a row"));
    }
    lake
}

fn results(lake: &Lake) -> Results {
    run(lake, &settings(&SETTINGS), &[SUNDAY])
}

fn bytes(lake: &Lake) -> BTreeMap<String, Vec<u8>> {
    results(lake).bytes()
}

fn change(lake: &Lake, with: impl Fn(&mut Row)) -> Lake {
    let mut changed = lake.clone();
    changed.tables.get_mut("opportunity").expect("deals").iter_mut().for_each(with);
    changed
}

fn state_of(row: &Row) -> i64 {
    row["statecode"].as_i64().expect("a state")
}

/// S4
#[test]
fn a_rerun_and_another_order_give_the_same_bytes() {
    let lake = deals(60, 50, 12);
    let expected = bytes(&lake);
    assert_eq!(expected.len(), 3, "{:?}", expected.keys());
    assert!(results(&lake).frame("similar_won_deals", SUNDAY).height() >= 60);
    let mut reversed = lake.clone();
    reversed.tables.values_mut().for_each(|rows| rows.reverse());
    assert!(bytes(&lake) == expected && bytes(&reversed) == expected);
}

/// O1, O3
#[test]
fn every_table_keeps_its_promises() {
    let results = results(&deals(60, 50, 12));
    for table in JobKind::SimilarWonDeals.tables() {
        crate::support::promises::keeps_its_promises(table, &results.frame(table, SUNDAY), false);
    }
}

/// T3, T5, S3
#[test]
fn what_comes_after_the_week_changes_nothing() {
    let lake = deals(60, 50, 12);
    let expected = bytes(&lake);
    // Open deals that end later, either way, are open now; what they will be worth is not known.
    let later = change(&lake, |row| {
        if state_of(row) == 0 {
            let number = row["name"].to_string().len();
            row.insert("statecode".into(), json!(1 + number as i64 % 2));
            row.insert("actualclosedate".into(), json!("2026-03-30"));
            row.insert("actualvalue".into(), json!(77_777.0));
        }
    });
    assert!(bytes(&later) == expected, "deals that close after the week");
    let mut more = lake.clone();
    let new = json!({"opportunityid": "new", "statecode": 1, "createdon": "2026-03-30T00:00Z",
        "actualclosedate": "2026-03-31", "new_segment": "s1", "ownerid": "anna"});
    more.insert("opportunity", serde_json::from_value(new).expect("a row"));
    let email = json!({"activityid": "late", "senton": "2026-03-30T09:00Z", "from": "anna@nw.example",
        "to": "xena@acme.example", "regardingobjectid": "opportunity:d0-001"});
    more.insert("email", serde_json::from_value(email).expect("a row"));
    assert!(bytes(&more) == expected, "deals and mail that come after the week");
}

/// S3
#[test]
fn what_is_known_only_after_closing_changes_nothing() {
    let lake = deals(60, 50, 12);
    let expected = bytes(&lake);
    let told = change(&lake, |row| {
        let won = state_of(row) == 1;
        row.insert("statuscode".into(), json!(if won { 3 } else { 4 }));
        row.insert("closeprobability".into(), json!(if won { 100 } else { 0 }));
        row.insert("msdyn_opportunityscore".into(), json!(if won { 99 } else { 1 }));
        row.insert("stepname".into(), json!(if won { "Close" } else { "Develop" }));
        row.insert("finaldecisiondate".into(), json!("2026-01-01"));
        if state_of(row) == 2 {
            row.insert("actualvalue".into(), json!(123.0));
        }
    });
    assert!(bytes(&told) == expected);
}

fn warnings(lake: &Lake, custom: &str) -> (Vec<String>, Results) {
    let folder = TempDir::new().expect("a temporary folder");
    let (input, output) = (folder.path().join("lake"), folder.path().join("out"));
    lake_files::write(lake, &input);
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("jobs/similar_won_deals.toml");
    let set = settings(&[("company_domains", "[\"nw.example\"]"), ("custom_columns", custom)]);
    let text = |path: &std::path::Path| path.to_str().map(str::to_string);
    let overrides = Overrides { set, input: text(&input), output: text(&output), ..Overrides::default() };
    let job = config::load(&path, &overrides).expect("the shipped job");
    let found = Mutex::new(Vec::new());
    let progress = |progress: Progress<'_>| {
        if let Progress::Warning(text) = progress {
            found.lock().expect("a lock").push(text.to_string());
        }
    };
    let interruption = Interruption::default();
    let read = rapport::sources::Lake::local(&input);
    let storage = Output { storage: Storage::Local(output.clone()), format: job.format, file_mode: None };
    let run_id = "test".to_string();
    let context = RunContext {
        run_id,
        now: chrono::Utc::now().with_timezone(&chrono_tz::UTC),
        output: &storage,
        progress: &progress,
        interruption: &interruption,
    };
    jobs::run(&job, &read, &[SUNDAY.parse().expect("a day")], &context).expect("the job runs");
    let found = found.into_inner().expect("warnings");
    (found, Results::of(folder, output))
}

fn factors(results: &Results) -> Vec<String> {
    let rows = results.rows("similar_won_factors", SUNDAY);
    rows.iter().map(|row| row["factor"].as_str().expect("a name").to_string()).collect()
}

/// S3
#[test]
fn a_column_that_gives_the_outcome_away_is_refused_by_name() {
    let lake = change(&deals(60, 50, 25), |row| {
        let state = state_of(row);
        row.insert("new_signed".into(), json!(if state == 1 { "yes" } else { "no" }));
        if state == 2 {
            row.insert("new_lostto".into(), json!("a competitor"));
        }
        if state != 0 {
            row.insert("new_invoice".into(), json!(format!("i{}", row["name"].to_string().len())));
        }
    });
    let (found, results) = warnings(&lake, "auto");
    let names = factors(&results);
    for column in ["new_signed", "new_lostto", "new_invoice"] {
        assert!(found.iter().any(|text| text.contains(column)), "{column} is not in {found:?}");
        assert!(!names.iter().any(|name| name == column), "{names:?}");
    }
    assert!(names.iter().any(|name| name == "new_segment") && !found.iter().any(|text| text.contains("new_segment")));
    let shares: f64 =
        results.rows("similar_won_factors", SUNDAY).iter().filter_map(|row| row["importance"].as_f64()).sum();
    assert!((shares - 1.0).abs() < 1e-9, "{shares}");
}

/// S3
#[test]
fn named_columns_enter_and_no_others() {
    let lake = deals(60, 50, 12);
    let (found, results) =
        warnings(&lake, "[\"opportunity.new_size\", \"opportunity.statuscode\", \"account.new_tier\"]");
    let names = factors(&results);
    assert!(names.contains(&"new_size".to_string()) && !names.contains(&"new_segment".to_string()), "{names:?}");
    for part in ["opportunity.statuscode is left out", "no column account.new_tier"] {
        assert!(found.iter().any(|text| text.contains(part)), "{part:?} is not in {found:?}");
    }
}

/// S2
#[test]
fn twenty_nine_won_or_lost_deals_are_too_few() {
    for (won, lost, state) in [(29, 40, "too_few_closed_deals"), (40, 29, "too_few_closed_deals"), (30, 30, "similar")]
    {
        let results = results(&deals(won, lost, 3));
        let rows = results.rows("similar_won_deals", SUNDAY);
        assert!(!rows.is_empty() && rows.iter().all(|row| row["state"] == state), "{won} {lost}");
        assert_eq!(results.frame("similar_won_factors", SUNDAY).height() > 0, state == "similar");
        if state != "similar" {
            assert_eq!(rows.len(), 3 * won, "every won deal, up to 100");
        }
    }
    let rows = results(&deals(130, 5, 1)).rows("similar_won_deals", SUNDAY);
    assert_eq!(rows.len(), 100);
    let dates: Vec<&str> = rows.iter().map(|row| row["won_date"].as_str().expect("a day")).collect();
    assert!(dates.is_sorted_by(|one, other| one >= other), "the latest first");
    let benchmarks = results(&deals(0, 5, 2)).rows("opportunity_benchmarks", SUNDAY);
    assert!(benchmarks.iter().all(|row| row["state"] == "no_won_deals" && row["compared_deals"] == 0));
}

/// T6
#[test]
fn a_backfill_gives_each_week_the_bytes_of_a_run() {
    let lake = deals(60, 50, 12);
    let days: Vec<String> =
        ("2026-03-10".parse::<NaiveDate>().expect("a day").iter_days().take(16)).map(|day| day.to_string()).collect();
    let days: Vec<&str> = days.iter().map(String::as_str).collect();
    let backfilled = run(&lake, &settings(&SETTINGS), &days).bytes();
    let weeks: std::collections::BTreeSet<&str> = backfilled.keys().filter_map(|path| path.split('/').nth(1)).collect();
    assert_eq!(weeks.into_iter().collect::<Vec<_>>(), ["week=2026-W11", "week=2026-W12"]);
    // A day in the week after is as good as the week's last.
    for (day, week) in [("2026-03-15", "2026-W11"), ("2026-03-25", "2026-W12")] {
        let alone = run(&lake, &settings(&SETTINGS), &[day]).bytes();
        assert_eq!(alone.len(), 3);
        let same = alone.iter().all(|(path, bytes)| path.contains(week) && backfilled.get(path) == Some(bytes));
        assert!(same, "{week}");
    }
}
