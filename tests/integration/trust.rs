//! A lake that stopped, or that speaks of the future, does not pass in silence (rule K12).

use std::collections::BTreeMap;
use std::fs;

use polars::prelude::*;

use crate::small_lake::*;

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
    let run = lake.run(&["--as-of", "2026-11-20", "--quiet"]);
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
