//! How much history tables keep (O7): what a run removes when it has published, and what prune does, in folders, Delta
//! tables and stores.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Output};

use crate::clouds::servers::WRITABLE;
use crate::clouds::store::Store;
use crate::support::small_lake::*;

const DAYS: [&str; 4] = ["2026-03-28", "2026-03-29", "2026-03-30", "2026-03-31"];
const JOB: &str = "who_knows_whom";

/// A command on one output, as long as it ends well.
fn rapport(lake: &SmallLake, output: &str, environment: &[(String, String)], arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rapport"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).envs(environment.iter().cloned()).args(arguments);
    let ended = command.arg("--quiet").arg("--input").arg(lake.root()).args(["--output", output]).output().unwrap();
    assert_eq!(ended.status.code(), Some(0), "{arguments:?}: {}", stderr(&ended));
    String::from_utf8(ended.stdout).unwrap()
}

fn four_days(lake: &SmallLake, output: &str, environment: &[(String, String)], format: &str) {
    let format = format!("format={format}");
    let period = ["--from", DAYS[0], "--to", DAYS[3]];
    let set = ["--tables", "connections,account_connections", "--set", &format];
    rapport(lake, output, environment, &[&["backfill", JOB], &period[..], &set].concat());
}

/// The days of a table that have a file.
fn days(files: &BTreeMap<String, Vec<u8>>, table: &str) -> Vec<String> {
    let of_table = files.keys().filter_map(|path| path.strip_prefix(&format!("{table}/as_of_date=")));
    of_table.filter_map(|path| path.split_once('/')).map(|(day, _)| day.to_string()).collect()
}

#[test]
fn a_run_removes_what_its_tables_no_longer_keep() {
    let lake = SmallLake::new();
    let out = lake.output().display().to_string();
    four_days(&lake, &out, &[], "parquet");
    let before = files_below(&lake.output());
    let keep = "keep={ default = \"last 2\", account_connections = \"3 days\" }";
    rapport(
        &lake,
        &out,
        &[],
        &["run", JOB, "--as-of", DAYS[3], "--set", keep, "--tables", "connections,account_connections"],
    );
    let after = files_below(&lake.output());
    assert_eq!(days(&after, "connections"), DAYS[2..]);
    assert_eq!(days(&after, "account_connections"), DAYS[1..]);
    assert!(!lake.output().join("connections/as_of_date=2026-03-28").exists(), "an empty folder is left");
    assert!(after.iter().all(|(path, bytes)| path.starts_with("runs/") || before[path] == *bytes));
    assert!(after.contains_key("current/connections.parquet"));
}

#[test]
fn prune_says_what_would_go_and_does_it_when_told_to() {
    let lake = SmallLake::new();
    let out = lake.output().display().to_string();
    four_days(&lake, &out, &[], "parquet");
    let before = files_below(&lake.output());
    let prune = ["prune", JOB, "--set", "keep={ connections = \"1 days\" }"];
    let said = rapport(&lake, &out, &[], &prune);
    assert!(said.contains("3 partitions would go; nothing did, add --apply"), "{said}");
    assert!(files_below(&lake.output()) == before, "a dry run removed something");
    let said = rapport(&lake, &out, &[], &[&prune[..], &["--apply"]].concat());
    assert!(said.contains("3 partitions removed"), "{said}");
    let after = files_below(&lake.output());
    assert_eq!(days(&after, "connections"), DAYS[3..]);
    assert_eq!(days(&after, "account_connections"), DAYS);
    let again = rapport(&lake, &out, &[], &[&prune[..], &["--apply"]].concat());
    assert!(again.contains("0 partitions removed"), "{again}");
}

/// Readers of an older version may still be at work: files go when they have been out for a while.
#[test]
fn a_delta_table_loses_its_partitions_in_one_commit_and_its_files_later() {
    let lake = SmallLake::new();
    let out = lake.output().display().to_string();
    four_days(&lake, &out, &[], "delta");
    let log = lake.output().join("connections/_delta_log");
    let commits = || {
        fs::read_dir(&log)
            .unwrap()
            .filter(|entry| entry.as_ref().unwrap().path().extension() == Some("json".as_ref()))
            .count()
    };
    let before = commits();
    let prune = ["prune", JOB, "--apply", "--set", "format=delta", "--set", "keep={ connections = \"last 1\" }"];
    rapport(&lake, &out, &[], &prune);
    assert_eq!(commits(), before + 1);
    assert_eq!(days(&files_below(&lake.output()), "connections"), DAYS, "files stay for readers of older versions");
    let live = rapport(&lake, &out, &[], &[&prune[..3], &prune[3..], &["--vacuum-after", "0"]].concat());
    assert!(live.contains("connections"), "{live}");
    assert_eq!(days(&files_below(&lake.output()), "connections"), DAYS[3..]);
    assert_eq!(days(&files_below(&lake.output()), "account_connections"), DAYS);
    // The table is whole: a day that is gone can be published again.
    let day = ["run", JOB, "--as-of", DAYS[0], "--set", "format=delta", "--tables", "connections"];
    rapport(&lake, &out, &[], &day);
    assert_eq!(days(&files_below(&lake.output()), "connections"), [DAYS[0], DAYS[3]]);
}

#[test]
fn stores_are_pruned_as_folders_are() {
    for format in ["parquet", "delta"] {
        let lake = SmallLake::new();
        four_days(&lake, &lake.output().display().to_string(), &[], format);
        for cloud in WRITABLE {
            let Some(store) = Store::new(cloud, &format!("retention-{format}")) else { continue };
            store.put_all("out", &files_below(&lake.output()));
            let format_key = format!("format={format}");
            let keep = "keep={ default = \"2 days\" }";
            let prune = ["prune", JOB, "--apply", "--vacuum-after", "0", "--set", &format_key, "--set", keep];
            rapport(&lake, &store.url("out"), &cloud.environment(store.address), &prune);
            let files = store.files("out");
            for table in ["connections", "account_connections"] {
                assert_eq!(days(&files, table), DAYS[2..], "{cloud:?}, {format}");
                assert!(files.contains_key(&format!("current/{table}.parquet")), "{cloud:?}, {format}");
            }
        }
    }
}

/// A mistyped table would keep its history, or lose it.
#[test]
fn what_is_kept_is_read_with_care() {
    let lake = SmallLake::new();
    for (keep, message) in [
        ("keep={ connection = \"1 days\" }", "did you mean connections?"),
        ("keep={ connections = \"0 days\" }", "30 days"),
        ("keep=\"1 days\"", "a table from table name"),
    ] {
        let output: Output = lake.command_of("prune", JOB, &["--set", keep]).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains(message), "{}", stderr(&output));
    }
}
