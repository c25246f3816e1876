//! What a run says, to people on a terminal, in a file, and to machines.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Output};

use regex::Regex;
use serde_json::Value;

use crate::support::not_tested::not_tested;
use crate::support::small_lake::*;

/// All jobs on a lake.
fn all_jobs(lake: &SmallLake, arguments: &[&str]) -> Output {
    let mut rapport = Command::new(env!("CARGO_BIN_EXE_rapport"));
    rapport.current_dir(env!("CARGO_MANIFEST_DIR")).args(["run", "--as-of", AS_OF]);
    rapport.arg("--input").arg(lake.root()).arg("--output").arg(lake.output()).args(arguments).output().unwrap()
}

/// A lake that every job warns about.
fn with_a_warning() -> SmallLake {
    let lake = SmallLake::new();
    let mut rows = exchange("calendar_view");
    rows[0]["start"]["timeZone"] = "Middle Earth Time".into();
    lake.write("calendar_view", "part-0.parquet", &lines_as_frame(&rows));
    lake
}

const WARNING: &str = "time zone 'Middle Earth Time' is unknown; its times were read as UTC";

/// The lines without what differs from run to run.
fn lines_of(output: &Output) -> Vec<String> {
    let time = Regex::new(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z").unwrap();
    let seconds = Regex::new(r"\d+\.\d s").unwrap();
    let line = |line: &str| seconds.replace_all(&time.replace(line, "TIME"), "S s").into_owned();
    stderr(output).lines().map(line).collect()
}

#[test]
fn without_a_terminal_each_phase_is_a_line_and_the_last_line_says_it_all() {
    let lake = with_a_warning();
    let run = lake.run(&[]);
    let expected = [
        format!("TIME warning {WARNING}"),
        "TIME info    relationship_kpis: reading the lake, 18 tables, 42 rows, S s".to_string(),
        "TIME info    relationship_kpis as of 2026-03-31: resolving people and interactions, S s".to_string(),
        "TIME info    relationship_kpis as of 2026-03-31: computing and publishing, 22 tables, 1272 rows, S s"
            .to_string(),
        "TIME info    relationship_kpis: done in S s; 42 rows read, 1272 published, 2 left out; complete; \
         newest data: Dataverse 2026-03-22T09:20:00Z, Exchange 2026-03-31T18:00:00Z"
            .to_string(),
    ];
    assert_eq!(lines_of(&run), expected);
}

#[test]
fn a_backfill_has_a_line_a_day() {
    let lake = SmallLake::new();
    let period = ["--from", "2026-03-29", "--to", "2026-03-31"];
    let run = lake.command_of("backfill", "who_knows_whom", &period).output().unwrap();
    let lines = lines_of(&run);
    assert_eq!(lines.len(), 5, "{lines:?}");
    for (line, day) in lines[1..4].iter().zip(["2026-03-29", "2026-03-30", "2026-03-31"]) {
        assert!(line.starts_with(&format!("TIME info    who_knows_whom as of {day}: published, 3 tables, ")), "{line}");
    }
    assert!(lines[4].contains("done in S s"), "{lines:?}");
    // The days of health alone go a way of their own.
    let health = [&period[..], &["--set", "tables=[\"relationship_health\"]"]].concat();
    let run = lake.command("backfill", &health).output().unwrap();
    let days = lines_of(&run).iter().filter(|line| line.contains(": published, 1 table, ")).count();
    assert_eq!(days, 3, "{}", stderr(&run));
}

#[test]
fn a_warning_is_told_once_however_many_jobs_and_days_meet_it() {
    let lake = with_a_warning();
    for format in ["text", "json"] {
        let run = all_jobs(&lake, &["--log-format", format]);
        assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
        assert_eq!(stderr(&run).matches(WARNING).count(), 1, "{}", stderr(&run));
    }
    // But each run remembers its own.
    let mut rows = crate::publish::run_rows::rows(&lake.output());
    // A report reads no lake, and has nothing to warn of.
    rows.retain(|row| row["job"] != "report");
    assert_eq!(rows.len(), 6);
    assert!(rows.iter().all(|row| row["warnings_json"].contains(WARNING)), "{rows:?}");
    let last = lines_of(&all_jobs(&lake, &[])).pop().unwrap();
    assert_eq!(last, "TIME info    4 of 4 jobs done in S s, exit code 0");
}

#[test]
fn a_quiet_run_speaks_only_of_what_fails_and_of_lists_that_are_not_read() {
    let lake = with_a_warning();
    let silent = all_jobs(&lake, &["--quiet"]);
    assert_eq!((silent.status.code(), silent.stdout.as_slice(), stderr(&silent).as_str()), (Some(0), &b""[..], ""));
    let failed = lake.run(&["--quiet", "--set", "fail_on_partial=true", "--as-of", "2026-11-20"]);
    assert_eq!((failed.status.code(), failed.stdout.as_slice()), (Some(1), &b""[..]));
    let lines = lines_of(&failed);
    let levels: Vec<&str> = lines.iter().map(|line| &line[5..12]).collect();
    assert_eq!(levels, ["warning", "warning", "warning", "error  "], "{lines:?}");
    std::fs::rename(lake.folder("opt_outs"), lake.root().join("control/optouts")).unwrap();
    let told = lake.run(&["--quiet"]);
    assert!(told.status.success() && stderr(&told).contains("'optouts' is no control table"), "{}", stderr(&told));
    assert_eq!(stderr(&told).lines().count(), 1);
}

#[test]
fn details_are_had_by_asking() {
    let lake = SmallLake::new();
    let run = lake.run(&["-v"]);
    for detail in [
        "relationship_kpis: started, from ",
        "relationship_kpis: reading the lake …",
        "relationship_kpis: read email: 1 file, 4 rows, 0.",
        "relationship_kpis as of 2026-03-31: Dataverse is fresh, newest row 2026-03-31T20:00:00Z",
        "relationship_kpis as of 2026-03-31: left out as ",
        "relationship_kpis: published account_kpis/as_of_date=2026-03-31: ",
    ] {
        assert!(stderr(&run).contains(detail), "{detail:?} is not in {}", stderr(&run));
    }
    assert!(lake.command("run", &["-v", "-q"]).output().unwrap().status.code() == Some(2));
}

#[test]
fn a_run_that_fails_and_one_that_is_partial_say_so_in_their_last_line() {
    let lake = SmallLake::new();
    lake.write_text("email", "part-1.parquet", "no Parquet");
    let lines = lines_of(&lake.run(&[]));
    assert!(lines[0].starts_with("TIME error   table email: "), "{lines:?}");
    let last =
        "TIME info    relationship_kpis: failed after S s with exit code 3; 0 rows read, 0 published, 0 left out";
    assert_eq!(lines.last().unwrap(), last);
    let lake = SmallLake::new();
    let lines = lines_of(&lake.run(&["--as-of", "2026-11-20"]));
    assert!(lines.last().unwrap().contains("; partial; newest data: Dataverse 2026-04-10T09:00:00Z"), "{lines:?}");
}

/// How long each table took that was read: as long as the phase at most, and nothing where it was in memory already.
#[test]
fn reading_a_table_has_its_seconds_where_it_was_read() {
    let lake = SmallLake::new();
    let log = stderr(&all_jobs(&lake, &["--log-format", "json"]));
    let events: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |event: &str, job: &str| -> Vec<&Value> {
        events.iter().filter(|one| one["event"] == event && one["job"] == job).collect()
    };
    let (mut timed, mut shared) = (0, 0);
    for job in ["relationship_kpis", "similar_won_deals", "who_knows_whom"] {
        let phases = of("phase", job);
        let reading = phases.iter().find(|phase| phase["phase"] == "reading the lake");
        let read = of("read", job);
        assert!(read.len() >= 18, "{job}: {read:?}");
        for table in read {
            match (reading, table["seconds"].as_f64()) {
                (Some(phase), Some(seconds)) => {
                    assert!(seconds <= phase["seconds"].as_f64().unwrap() + 0.001, "{table} {phase}");
                    timed += 1;
                }
                // What is shared with whom is read by its job alone.
                (None, Some(_)) => assert_eq!(table["table"], "principalobjectaccess", "{table}"),
                (None, None) => shared += 1,
                (Some(_), None) => panic!("{table} has no seconds"),
            }
        }
    }
    assert!(timed > 0 && shared > 0, "{log}");
}

/// The keys of each event, of all lines.
fn events<'a>(lines: impl Iterator<Item = &'a str>) -> BTreeMap<String, BTreeSet<String>> {
    let mut events: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in lines {
        let object: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let event = object["event"].as_str().unwrap_or_else(|| panic!("no event: {line}")).to_string();
        events.entry(event).or_default().extend(object.as_object().unwrap().keys().cloned());
    }
    events
}

/// jobs/README.md has an example of each event, with every field that it can have.
#[test]
fn the_documentation_has_every_event_and_field_of_json_logs() {
    let readme = include_str!("../../../jobs/README.md");
    let documented = events(readme.lines().filter(|line| line.starts_with("{\"time\"")));
    let lake = with_a_warning();
    std::fs::rename(lake.folder("opt_outs"), lake.root().join("control/optouts")).unwrap();
    let mut log = stderr(&all_jobs(&lake, &["--log-format", "json"]));
    log += &stderr(&lake.run(&["--log-format", "json", "--set", "control=nope"]));
    let partial = ["--log-format", "json", "--as-of", "2026-11-20", "--set", "fail_on_partial=true"];
    log += &stderr(&lake.run(&partial));
    let told = events(log.lines());
    for (event, keys) in &told {
        let Some(known) = documented.get(event) else { panic!("event {event} is not in jobs/README.md") };
        assert!(keys.is_subset(known), "{event}: {:?} are not in jobs/README.md", keys - known);
    }
    let of_stores_and_faults = ["requests", "bytes", "place"];
    for (event, keys) in &documented {
        let mut missing = keys - told.get(event).unwrap_or_else(|| panic!("event {event} is never told"));
        missing.retain(|key| !of_stores_and_faults.contains(&key.as_str()));
        assert!(missing.is_empty(), "{event}: {missing:?} are never told");
    }
}

#[test]
fn on_a_terminal_there_are_bars_and_one_table() {
    let lake = with_a_warning();
    let run = format!(
        "exec {} run --as-of {AS_OF} --input {} --output {}",
        env!("CARGO_BIN_EXE_rapport"),
        lake.root().display(),
        lake.output().display()
    );
    let terminal =
        Command::new("script").args(["-qec", &run, "/dev/null"]).current_dir(env!("CARGO_MANIFEST_DIR")).output();
    let Ok(terminal) = terminal else {
        return not_tested("what is shown on a terminal", "there is no program 'script'", "install util-linux");
    };
    let shown = String::from_utf8_lossy(&terminal.stdout).into_owned();
    assert!(terminal.status.success(), "{shown}");
    let jobs = ["relationship_kpis", "similar_won_deals", "who_knows_whom"];
    // A job may be over before its bar is drawn.
    assert!(jobs.iter().any(|job| shown.contains(&format!("{job} ["))), "no bar: {shown}");
    for job in jobs {
        assert_eq!(shown.matches(&format!("{job}: done in ")).count(), 1, "{shown}");
    }
    assert_eq!(shown.matches(&format!("warning: {WARNING}")).count(), 1, "{shown}");
    let is_head = |line: &&str| line.split_whitespace().eq(["table", "rows", "path"]);
    assert_eq!(shown.lines().filter(is_head).count(), 1, "{shown}");
    assert!(!shown.contains("reading the lake, "), "phases are what the bars show: {shown}");
    assert!(!shown.contains("Z info"), "{shown}");
}

#[test]
fn what_is_published_is_listed_once_for_all_jobs() {
    let lake = SmallLake::new();
    let run = all_jobs(&lake, &[]);
    let summary = String::from_utf8(run.stdout).unwrap();
    let out = lake.output().display().to_string();
    let heads: Vec<String> = ["relationship_kpis", "similar_won_deals", "who_knows_whom"]
        .map(|job| format!("{job} as of {AS_OF}: results in {out}"))
        .into();
    assert_eq!(summary.lines().take(3).collect::<Vec<_>>(), heads);
    assert!(summary.lines().nth(3).unwrap().starts_with("table "), "{summary}");
    let tables = rapport::jobs::tables().len() - 1;
    // The report says three things at the end: of which day it is, what it must not be used for, what to open.
    assert_eq!(summary.lines().count(), 4 + tables + 3, "{summary}");
    assert!(summary.lines().last().unwrap().starts_with("open "), "{summary}");
}
