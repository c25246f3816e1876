//! Delta tables as output: one commit replaces one partition, and a rerun changes nothing (rules O2, O4).

use std::fs;
use std::path::Path;
use std::sync::Arc;

use chrono::Utc;
use object_store::memory::InMemory;
use object_store::{ObjectStore, ObjectStoreExt, path::Path as StorePath};
use rapport::error::{Error, Result};
use rapport::publish::Partition;
use rapport::publish::delta::{CommitOutcome, DataFile, active_files, commit, vacuum};
use rapport::sources::files::delta::{DeltaTable, live};
use rapport::storage::DeltaFolder;
use rapport::table::{Column, ColumnType, Table};

use crate::support::small_lake::*;

const DELTA: [&str; 2] = ["--set", "format=delta"];

/// The commits of a table.
fn versions(table: &Path) -> Vec<String> {
    let names = files_below(&table.join("_delta_log")).into_keys();
    names.filter(|name| name.ends_with(".json")).collect()
}

/// Bytes of each table's one live file, under the path that plain Parquet would have.
fn live_files(output: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(output).unwrap() {
        let (folder, name) = entry.map(|entry| (entry.path(), entry.file_name().into_string().unwrap())).unwrap();
        if name == "runs" || name == "current" {
            continue;
        }
        let [file] = &live(&DeltaFolder::local(&folder).unwrap(), &name).unwrap().files[..] else {
            panic!("{name} is not one file");
        };
        found.push((format!("{name}/as_of_date={AS_OF}/{name}.parquet"), fs::read(folder.join(&file.path)).unwrap()));
        assert_eq!(found.last().unwrap().1.len() as u64, file.size);
        assert_eq!(file.partition_values["as_of_date"], AS_OF);
    }
    found.sort();
    found
}

#[test]
fn a_run_publishes_the_same_bytes_as_plain_parquet_and_a_rerun_nothing() {
    let lake = SmallLake::new();
    let plain: Vec<_> = lake.published(&[]).into_iter().collect();
    fs::remove_dir_all(lake.output()).unwrap();
    lake.published(&DELTA);
    assert!(live_files(&lake.output()) == plain);
    let first = files_below(&lake.output());
    lake.published(&DELTA);
    let second = files_below(&lake.output());
    let results = |name: &&String| !name.starts_with("runs/");
    assert!(first.keys().filter(results).eq(second.keys().filter(results)), "a rerun wrote something");
    assert!(first.iter().all(|(name, bytes)| second[name] == *bytes));
    assert!(first.keys().any(|name| name.starts_with("runs/") && !name.contains("_delta_log")));

    // Other numbers are one more version, in which the partition is one other file.
    let table = lake.output().join("account_kpis");
    lake.published(&[&DELTA[..], &["--set", "consent=false"]].concat());
    assert_eq!(versions(&table).len(), 2);
    assert!(live_files(&lake.output()).iter().zip(&plain).all(|(new, old)| new.0 == old.0 && new.1 != old.1));
    let data = || files_below(&table).into_keys().filter(|name| name.ends_with(".parquet")).count();
    assert_eq!(data(), 2, "readers of the old version lost its file");
    let place = DeltaFolder::local(&table).unwrap();
    assert!(vacuum(&place, Utc::now() - chrono::Duration::hours(1)).unwrap().is_empty());
    assert_eq!(vacuum(&place, Utc::now()).unwrap().len(), 1);
    assert_eq!(data(), 1);
    assert_eq!(live_files(&lake.output()).len(), plain.len());

    // And back: the old file is published again under its old name.
    lake.published(&DELTA);
    assert!(live_files(&lake.output()) == plain);
    assert_eq!(versions(&table).len(), 3);
}

#[test]
fn days_are_partitions_of_one_table() {
    let lake = SmallLake::new();
    for day in ["2026-03-30", "2026-03-31", "2026-03-30"] {
        lake.published(&[&DELTA[..], &["--as-of", day]].concat());
    }
    let table = lake.output().join("account_kpis");
    assert_eq!(versions(&table).len(), 2);
    let files = live(&DeltaFolder::local(&table).unwrap(), "account_kpis").unwrap().files;
    let days: Vec<&String> = files.iter().map(|file| &file.partition_values["as_of_date"]).collect();
    assert_eq!(days, ["2026-03-30", "2026-03-31"]);
}

#[test]
fn a_run_killed_before_its_commit_is_mended_by_the_next() {
    let lake = SmallLake::new();
    lake.published(&DELTA);
    let whole = live_files(&lake.output());
    // All data files are there, and no table has heard of them; then one of two versions is known.
    for table in fs::read_dir(lake.output()).unwrap().map(|entry| entry.unwrap().path()) {
        let _ = fs::remove_dir_all(table.join("_delta_log"));
    }
    lake.published(&DELTA);
    assert!(live_files(&lake.output()) == whole);
    lake.published(&[&DELTA[..], &["--set", "consent=false"]].concat());
    let changed = live_files(&lake.output());
    fs::remove_file(lake.output().join("account_kpis/_delta_log").join("00000000000000000001.json")).unwrap();
    let between = live_files(&lake.output());
    for (at, (path, bytes)) in between.iter().enumerate() {
        let known = if path.starts_with("account_kpis/") { &whole } else { &changed };
        assert!(*bytes == known[at].1, "{path}");
    }
    lake.published(&[&DELTA[..], &["--set", "consent=false"]].concat());
    assert!(live_files(&lake.output()) == changed);
}

#[test]
fn a_table_stays_in_its_format() {
    for (before, after, finding) in
        [("parquet", "delta", "holds plain Parquet"), ("delta", "parquet", "is a Delta table")]
    {
        let lake = SmallLake::new();
        lake.published(&["--set", &format!("format={before}")]);
        let published = files_below(&lake.output());
        let output = lake.run(&["--set", &format!("format={after}")]);
        let message = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(
            message.contains("output.format") && message.contains(finding) && message.contains("Move"),
            "{message}"
        );
        let checked = lake.command("check", &["--set", &format!("format={after}")]).output().unwrap();
        assert_eq!(checked.status.code(), Some(2), "{}", stderr(&checked));
        let now = files_below(&lake.output());
        assert!(published.iter().all(|(name, bytes)| now[name] == *bytes));
    }
}

/// A table in a store of which nothing is on this machine.
struct Remote {
    store: Arc<dyn ObjectStore>,
    runtime: tokio::runtime::Runtime,
}

impl Remote {
    fn new() -> Remote {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        Remote { store: Arc::new(InMemory::new()), runtime }
    }

    fn place(&self) -> DeltaFolder {
        let url = url::Url::parse("s3://bucket/results/account_kpis").unwrap();
        DeltaFolder::new(self.store.clone(), url, self.runtime.handle().clone())
    }

    fn put(&self, day: &str, name: &str) -> DataFile {
        let path = format!("as_of_date={day}/{name}.parquet");
        let object = StorePath::from(format!("results/account_kpis/{path}"));
        self.runtime.block_on(self.store.put(&object, name.to_string().into())).unwrap();
        DataFile { path, bytes: name.len() as u64, rows: 1, written: 0 }
    }

    fn commit(&self, day: &str, file: &DataFile, before: Option<Vec<String>>) -> Result<CommitOutcome> {
        commit(&self.place(), &table(&["account_id"]), &as_of(day), file, before, "run")
    }

    fn live(&self) -> DeltaTable {
        live(&self.place(), "account_kpis").unwrap()
    }
}

fn as_of(day: &str) -> Partition {
    Partition::as_of(day.parse().unwrap())
}

fn table(columns: &[&'static str]) -> Table {
    let column = |name: &&'static str| Column::new(name, ColumnType::Text, "", "Words.", "", "", "");
    Table {
        defined_in: file!(),
        name: "account_kpis",
        version: 1,
        grain: "account",
        description: "Numbers.",
        key: &["account_id"],
        columns: columns.iter().map(column).collect(),
    }
}

fn paths(table: &DeltaTable) -> Vec<&str> {
    table.files.iter().map(|file| file.path.as_str()).collect()
}

#[test]
fn writers_of_different_partitions_do_not_meet() {
    let remote = Remote::new();
    std::thread::scope(|scope| {
        for writer in 1..=8 {
            let remote = &remote;
            scope.spawn(move || {
                for round in 0..4 {
                    let day = format!("2026-03-{writer:02}");
                    let file = remote.put(&day, &format!("{round}"));
                    assert!(
                        matches!(remote.commit(&day, &file, None), Ok(CommitOutcome::Committed(_))),
                        "{writer} {round}"
                    );
                }
            });
        }
    });
    let expected: Vec<String> = (1..=8).map(|day| format!("as_of_date=2026-03-{day:02}/3.parquet")).collect();
    assert_eq!(paths(&remote.live()), expected);
}

#[test]
fn of_the_writers_of_one_partition_one_wins() {
    for replaced in [false, true] {
        let remote = Remote::new();
        if replaced {
            let old = remote.put("2026-03-31", "old");
            assert_eq!(remote.commit("2026-03-31", &old, None).unwrap(), CommitOutcome::Committed(0));
        }
        let began = active_files(&remote.place(), &as_of("2026-03-31")).unwrap();
        assert_eq!(began.len(), usize::from(replaced));
        let outcomes: Vec<Result<CommitOutcome>> = std::thread::scope(|scope| {
            let write = |writer: usize| {
                let (remote, began) = (&remote, began.clone());
                scope.spawn(move || {
                    let file = remote.put("2026-03-31", &format!("new{writer}"));
                    remote.commit("2026-03-31", &file, Some(began))
                })
            };
            let writers: Vec<_> = (0..8).map(write).collect();
            writers.into_iter().map(|writer| writer.join().unwrap()).collect()
        });
        let won: Vec<usize> = (0..8).filter(|&writer| outcomes[writer].is_ok()).collect();
        assert_eq!(won.len(), 1, "{outcomes:?}");
        let busy = |outcome: &Result<CommitOutcome>| matches!(outcome, Err(error @ Error::PartitionBusy { .. }) if error.exit_code() == 76);
        assert_eq!(outcomes.iter().filter(|outcome| busy(outcome)).count(), 7, "{outcomes:?}");
        assert_eq!(paths(&remote.live()), [format!("as_of_date=2026-03-31/new{}.parquet", won[0])]);
    }
}

#[test]
fn writers_of_the_same_bytes_all_succeed() {
    let remote = Remote::new();
    let outcomes: Vec<CommitOutcome> = std::thread::scope(|scope| {
        let write = || {
            let file = remote.put("2026-03-31", "same");
            remote.commit("2026-03-31", &file, Some(vec![])).unwrap()
        };
        let writers: Vec<_> = (0..8).map(|_| scope.spawn(write)).collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).collect()
    });
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == CommitOutcome::Committed(0)).count(), 1, "{outcomes:?}");
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == CommitOutcome::AlreadyThere).count(), 7, "{outcomes:?}");
}

#[test]
fn columns_are_only_ever_added_at_the_end() {
    let remote = Remote::new();
    let place = remote.place();
    let publish = |day: &str, columns: &[&'static str]| {
        let file = remote.put(day, &columns.join("-"));
        commit(&place, &table(columns), &as_of(day), &file, None, "run")
    };
    let names = || remote.live().columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>();
    publish("2026-03-30", &["account_id", "old"]).unwrap();
    assert_eq!(names(), ["account_id", "old", "as_of_date"]);
    publish("2026-03-31", &["account_id", "old", "new"]).unwrap();
    assert_eq!(names(), ["account_id", "old", "as_of_date", "new"]);
    publish("2026-03-29", &["account_id", "old"]).unwrap();
    assert_eq!(names(), ["account_id", "old", "as_of_date", "new"]);
    assert_eq!(remote.live().files.len(), 3);

    let mut other = table(&["account_id", "old"]);
    other.columns[1].dtype = ColumnType::Int64;
    let file = remote.put("2026-03-28", "x");
    let error = commit(&place, &other, &as_of("2026-03-28"), &file, None, "run").unwrap_err();
    assert_eq!(error.exit_code(), 2);
    assert!(error.to_string().contains("column old is of type string, not long"), "{error}");
    let week = Partition::week("2026-03-28".parse().unwrap());
    let error = commit(&place, &table(&["account_id"]), &week, &file, None, "run").unwrap_err();
    assert!(error.to_string().contains("partitioned by \"as_of_date\""), "{error}");
}

#[test]
fn the_log_says_what_a_reader_wants_and_nothing_personal() {
    let remote = Remote::new();
    let file = remote.put("2026-03-31", "one");
    remote.commit("2026-03-31", &file, None).unwrap();
    let file = remote.put("2026-03-31", "two");
    remote.commit("2026-03-31", &file, None).unwrap();
    let text = |version: usize| {
        let path = StorePath::from(format!("results/account_kpis/_delta_log/{version:020}.json"));
        let read = async { remote.store.get(&path).await.unwrap().bytes().await.unwrap() };
        String::from_utf8(remote.runtime.block_on(read).to_vec()).unwrap()
    };
    let log = text(0);
    for part in
        [r#""name":"account_kpis""#, r#""description":"Numbers.""#, r#"\"comment\":\"Words.\""#, "rapport.run_id"]
    {
        assert!(log.contains(part), "{part} is not in {log}");
    }
    let log = text(1);
    for part in [
        r#"\"numRecords\":1"#,
        r#"as_of_date = '2026-03-31'"#,
        r#""remove":"#,
        r#""path":"as_of_date=2026-03-31/two.parquet""#,
    ] {
        assert!(log.contains(part), "{part} is not in {log}");
    }
    assert!(!log.contains("minValues"), "{log}");
}

#[test]
fn checkpoints_are_made_and_read() {
    let remote = Remote::new();
    let publish = |number: usize| {
        let file = remote.put("2026-03-31", &format!("{number:03}"));
        remote.commit("2026-03-31", &file, None).unwrap()
    };
    publish(0);
    // Commits that say nothing stand for the many before the first checkpoint.
    for version in 1..98 {
        let commit = StorePath::from(format!("results/account_kpis/_delta_log/{version:020}.json"));
        remote.runtime.block_on(remote.store.put(&commit, r#"{"commitInfo":{"timestamp":0}}"#.into())).unwrap();
    }
    for number in 98..101 {
        assert_eq!(publish(number), CommitOutcome::Committed(number as u64));
    }
    let checkpoint = StorePath::from(format!("results/account_kpis/_delta_log/{:020}.checkpoint.parquet", 99));
    assert!(remote.runtime.block_on(remote.store.head(&checkpoint)).is_ok());
    for version in 0..99 {
        let commit = StorePath::from(format!("results/account_kpis/_delta_log/{version:020}.json"));
        remote.runtime.block_on(remote.store.delete(&commit)).unwrap();
    }
    assert_eq!(paths(&remote.live()), ["as_of_date=2026-03-31/100.parquet"]);
    assert_eq!(
        remote.commit("2026-03-31", &remote.put("2026-03-31", "100"), None).unwrap(),
        CommitOutcome::AlreadyThere
    );
    assert_eq!(
        remote.commit("2026-03-31", &remote.put("2026-03-31", "101"), None).unwrap(),
        CommitOutcome::Committed(101)
    );
    // An orphan of a killed run goes with what was replaced; what is being written stays.
    remote.put("2026-03-30", "orphan");
    remote.put("2026-03-30", ".writing");
    let deleted = vacuum(&remote.place(), Utc::now()).unwrap();
    assert_eq!(deleted.len(), 5);
    assert_eq!(paths(&remote.live()), ["as_of_date=2026-03-31/101.parquet"]);
}
