//! A lake that stopped, or that speaks of the future, does not pass in silence (rule K12).

use std::collections::BTreeMap;
use std::fs;

use polars::prelude::*;
use serde_json::{Value, json};

use crate::support::small_lake::*;

fn rows(lake: &SmallLake, path: &str) -> DataFrame {
    read_parquet(&lake.output().join(path))
}

/// The one report of a run.
fn report(lake: &SmallLake) -> DataFrame {
    let files: BTreeMap<_, _> = files_below(&lake.output().join("runs"));
    let mut reports = files.keys().filter(|name| name.ends_with(".parquet"));
    let (report, None) = (reports.next().unwrap(), reports.next()) else { panic!("runs of several") };
    rows(lake, &format!("runs/{report}"))
}

fn text(frame: &DataFrame, column: &str) -> String {
    frame.column(column).unwrap().get(0).unwrap().str_value().into_owned()
}

#[test]
fn an_export_that_stopped_is_told_and_fails_where_that_is_asked_for() {
    let lake = SmallLake::new();
    let run = lake.run(&["--as-of", "2026-11-20"]);
    assert_eq!(run.status.code(), Some(0));
    for part in [
        "Dataverse: the newest row was written at 2026-03-31T20:00:00Z, 5619 hours before the end of 2026-11-20",
        "Exchange: the newest row was written at 2026-03-31T18:00:00Z, 5621 hours before",
        "the newest event is of 2026-03-31T18:00:00Z: results as of 2026-11-20 are partial",
    ] {
        assert!(stderr(&run).contains(part), "{part:?} is not in {}", stderr(&run));
    }
    let told = report(&lake);
    assert_eq!((text(&told, "status").as_str(), text(&told, "computation_accuracy").as_str()), ("done", "partial"));
    assert_eq!(told.column("dataverse_age_hours").unwrap().f64().unwrap().get(0), Some(5619.0));
    assert_eq!(told.column("exchange_age_hours").unwrap().f64().unwrap().get(0), Some(5621.0));

    fs::remove_dir_all(lake.output()).unwrap();
    let run = lake.run(&["--as-of", "2026-11-20", "--set", "fail_on_partial=true"]);
    assert_eq!(run.status.code(), Some(1));
    assert!(stderr(&run).contains("published, but partial, and fail_on_partial is true"), "{}", stderr(&run));
    assert!(lake.output().join("account_kpis/as_of_date=2026-11-20/account_kpis.parquet").exists());
    assert_eq!(text(&report(&lake), "status"), "failed");
}

#[test]
fn an_export_that_is_up_to_date_is_no_warning() {
    for job in ["relationship_kpis", "who_knows_whom"] {
        let lake = SmallLake::new();
        let set = ["--as-of", AS_OF, "--set", "fail_on_partial=true", "--quiet"];
        let run = lake.command_of("run", job, &set).output().unwrap();
        assert_eq!((run.status.code(), stderr(&run).as_str()), (Some(0), ""));
        let told = report(&lake);
        assert_eq!(text(&told, "computation_accuracy"), "complete");
        assert_eq!(told.column("dataverse_age_hours").unwrap().f64().unwrap().get(0), Some(2.0));
    }
}

/// A single row that claims to have been written in the future would make any export look fresh.
#[test]
fn rows_from_the_future_are_told_and_make_nothing_fresh() {
    let lake = SmallLake::new();
    lake.change("email", |mut frame| {
        let written = ["2026-03-31T20:00:00Z", "2026-03-31T20:00:00Z", "2099-01-01T00:00:00Z", "2026-03-31T20:00:00Z"];
        frame.with_column(instants("SinkModifiedOn", &written)).unwrap();
        let sent = ["2026-03-10T09:00:00Z", "2026-03-10T11:30:00Z", "2098-12-12T08:00:00Z", "2026-03-13T08:00:00Z"];
        frame.with_column(instants("senton", &sent)).unwrap();
        frame
    });
    let run = lake.run(&["--as-of", "2026-11-20"]);
    assert_eq!(run.status.code(), Some(0));
    for part in [
        "table email: one row is dated in the future",
        "Dataverse: rows are said to have been written in the future",
        "Dataverse: the newest row was written at 2026-03-31T20:00:00Z",
    ] {
        assert!(stderr(&run).contains(part), "{part:?} is not in {}", stderr(&run));
    }
    let interactions = rows(&lake, "current/interactions.parquet");
    let happened = interactions.column("occurred_at").unwrap().datetime().unwrap().phys.max();
    assert!(happened < Some(1_790_000_000_000_000), "{happened:?}");
    let check = lake.command("check", &[]).output().unwrap();
    assert!(String::from_utf8_lossy(&check.stdout).contains("warning: table email: one row is dated in the future"));
}

#[test]
fn a_day_in_the_future_never_is_current() {
    for format in ["parquet", "delta"] {
        let lake = SmallLake::new();
        let format = format!("format={format}");
        let future = lake.run(&["--as-of", "2199-12-31", "--set", &format]);
        assert_eq!(future.status.code(), Some(0));
        assert!(stderr(&future).contains("2199-12-31 lies in the future"), "{}", stderr(&future));
        assert!(!lake.output().join("current/account_kpis.parquet").exists());
        assert_eq!(lake.run(&["--set", &format]).status.code(), Some(0));
        let day = |table: &str| text(&rows(&lake, &format!("current/{table}.parquet")), "as_of");
        assert_eq!((day("account_kpis").as_str(), day("contact_kpis").as_str()), (AS_OF, AS_OF));
        assert_eq!(lake.run(&["--as-of", "2199-12-30", "--set", &format]).status.code(), Some(0));
        assert_eq!(day("account_kpis"), AS_OF);
    }
}

#[test]
fn weekly_tables_carry_the_last_day_of_the_week() {
    let lake = SmallLake::new();
    let run = lake.command_of("run", "similar_won_deals", &["--as-of", "2026-03-31"]).output().unwrap();
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    let factors = rows(&lake, "current/opportunity_benchmarks.parquet");
    assert_eq!(text(&factors, "as_of"), "2026-03-29");
}

/// The value and the state of each measure that `data_quality` has, by check and subject.
fn measures(lake: &SmallLake) -> BTreeMap<(String, String), (f64, String)> {
    let frame = rows(lake, "current/data_quality.parquet");
    let texts = |name: &str| frame.column(name).unwrap().str().unwrap().clone();
    let (checks, subjects, states) = (texts("check"), texts("subject"), texts("state"));
    let values = frame.column("value").unwrap().f64().unwrap();
    let key = |row| (checks.get(row).unwrap().to_string(), subjects.get(row).unwrap().to_string());
    let value = |row| (values.get(row).unwrap_or(-1.0), states.get(row).unwrap().to_string());
    (0..frame.height()).map(|row| (key(row), value(row))).collect()
}

#[test]
fn a_run_says_what_its_results_can_be_trusted_for_as_a_check_does() {
    let lake = SmallLake::new();
    lake.change("contact", |mut frame| {
        let addresses = ["carl@kund.example", "CARL@kund.example", "gone@kund.example"];
        frame.with_column(Column::new("emailaddress1".into(), addresses)).unwrap();
        frame
    });
    let mut messages = exchange("messages");
    let strangers = ["x@big.example", "y@big.example", "z@big.example", "only@small.example"];
    let to: Vec<_> = strangers.iter().map(|address| json!({"emailAddress": {"address": address}})).collect();
    messages[0]["ccRecipients"] = json!(to);
    lake.remove("messages");
    lake.write("messages", "part-0.parquet", &lines_as_frame(&messages));
    assert_eq!(lake.run(&[]).status.code(), Some(0));
    let found = measures(&lake);
    let value = |check: &str, subject: &str| found.get(&(check.to_string(), subject.to_string())).map(|found| found.0);
    for (check, subject, expected) in [
        ("consent", "given", 1.0),
        ("mailboxes", "used", 1.0),
        ("records", "contact", 2.0),
        ("duplicate_contacts", "contacts", 2.0),
        ("duplicate_contacts", "share", 1.0),
        ("newest_row", "dataverse", -1.0),
        ("newest_event", "exchange", 4.0),
        ("unmatched_addresses", "big.example", 3.0),
        ("threads", "with conversation", 0.0),
    ] {
        assert_eq!(value(check, subject), Some(expected), "{check} of {subject} in {found:?}");
    }
    assert!(found.keys().all(|(_, subject)| !subject.contains('@') && subject != "small.example"), "{found:?}");
    assert_eq!(found[&("duplicate_contacts".to_string(), "share".to_string())].1, "warning");

    let check = lake.command("check", &["--as-of", AS_OF, "--format", "json"]).output().unwrap();
    let check: Value = serde_json::from_slice(&check.stdout).unwrap();
    let told = check["findings"]["measures"].as_array().unwrap();
    for ((check, subject), (value, _)) in &found {
        let same = |one: &&Value| one["check"] == check.as_str() && one["subject"] == subject.as_str();
        let same = told.iter().find(same).unwrap()["value"].as_f64();
        assert!(
            *value < 0.0 || same.is_some_and(|same| (same - value).abs() < 1e-9),
            "{check} of {subject}: {same:?}, not {value}"
        );
    }
    let deleted = |one: &&Value| one["check"] == "rows_deleted" && one["subject"] == "email";
    assert_eq!(told.iter().find(deleted).unwrap()["value"], 1.0);
}

#[test]
fn limits_warn_or_fail_in_run_and_check() {
    let lake = SmallLake::new();
    let mut messages = exchange("messages");
    let mut stranger = messages[0].clone();
    stranger["id"] = json!("x9");
    stranger["internetMessageId"] = json!("<m9@nordwind.example>");
    stranger["toRecipients"] = json!([{"emailAddress": {"address": "none@else.example"}}]);
    messages.push(stranger);
    lake.remove("messages");
    lake.write("messages", "part-0.parquet", &lines_as_frame(&messages));
    for (set, code) in [("warn_mail_with_record_below=1", 0), ("fail_mail_with_record_below=1", 1)] {
        let run = lake.run(&["--set", set]);
        assert_eq!(run.status.code(), Some(code), "{set}: {}", stderr(&run));
        assert!(stderr(&run).contains("of the emails count for a record"), "{}", stderr(&run));
        assert!(lake.output().join("current/data_quality.parquet").exists());
        let check = lake.command("check", &["--as-of", AS_OF, "--set", set]).output().unwrap();
        assert_eq!(check.status.code(), Some(code), "{set}: {}", stderr(&check));
        assert!(String::from_utf8_lossy(&check.stdout).contains("warning: mail_with_record"));
    }
}

#[test]
fn jobs_that_read_a_lake_alike_are_checked_once() {
    let lake = SmallLake::new();
    let mut check = std::process::Command::new(env!("CARGO_BIN_EXE_rapport"));
    check.current_dir(env!("CARGO_MANIFEST_DIR")).args(["check", "--as-of", AS_OF]);
    let output = check.arg("--input").arg(lake.root()).arg("--output").arg(lake.output()).output().unwrap();
    let found = String::from_utf8(output.stdout).unwrap();
    assert_eq!(found.matches("input and access are fine").count(), 1, "{found}");
    for job in ["relationship_kpis", "similar_won_deals", "who_knows_whom"] {
        assert!(found.contains(&format!("{job}: configuration ")), "{found}");
    }
}

/// What is absent looks like a good run, so each has to be told, by the run and by the check.
#[test]
fn what_is_absent_is_told_with_what_it_costs() {
    let told = |lake: &SmallLake, set: &[&str], expected: &str| {
        let set: Vec<&str> = set.iter().flat_map(|pair| ["--set", pair]).collect();
        let run = lake.run(&set);
        assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
        assert_eq!(stderr(&run).matches(expected).count(), 1, "{expected:?} in {}", stderr(&run));
        let check = lake.command("check", &[&["--as-of", AS_OF], set.as_slice()].concat()).output().unwrap();
        let check = String::from_utf8_lossy(&check.stdout).into_owned();
        assert!(check.contains(&format!("warning: {expected}")), "{expected:?} in {check}");
    };
    let without = |table: &str, column: &str| {
        let lake = SmallLake::new();
        lake.change(table, |frame| frame.drop(column).unwrap());
        lake
    };
    told(&without("contact", "emailaddress1"), &[], "table contact has no column emailaddress1: contacts are not");
    told(&without("systemuser", "internalemailaddress"), &[], "table systemuser has no column internalemailaddress");
    told(&without("email", "IsDelete"), &[], "table email has versions but no column IsDelete");
    let lake = SmallLake::new();
    told(&lake, &["consent=false"], "consent is false: 4 messages and 1 calendar events of Exchange are not used");
    let domains = "company_domains=[\"nordwind.example\", \"nordwnd.example\"]";
    told(&lake, &[domains], "company_domains: no address in the lake lies in 'nordwnd.example'");
    told(&lake, &["health_good_from=30"], "health_good_from (30) is not above health_fair_from (40)");
    told(
        &lake,
        &["fail_mail_with_record_below=0.5", "warn_mail_with_record_below=0.1"],
        "fail_mail_with_record_below is",
    );
}

#[test]
fn forgetting_where_nothing_is_published_is_told() {
    let lake = SmallLake::new();
    let erasures = df!("kind" => ["address"], "principal" => ["y@kund.example"]).unwrap();
    lake.write("erasures", "part-0.parquet", &erasures);
    let forget = lake.command("forget", &[]).output().unwrap();
    assert!(stderr(&forget).contains("nothing is published here"), "{}", stderr(&forget));
}
