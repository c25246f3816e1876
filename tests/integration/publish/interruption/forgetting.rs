//! `forget --apply` killed between any two files: the next one ends where an undisturbed one ends (rule C4).
//!
//! There are more such places than a test should take time for. Every fourth is tried, and all of them with
//! `RAPPORT_EVERY_CUT=1`.

use std::collections::BTreeMap;
use std::fs;
use std::io::Cursor;
use std::process::{Command, Stdio};

use polars::prelude::*;

use super::kills::copy;
use super::traced::{self, End};
use crate::forget::support::{DAYS, erase, lake};
use crate::support::small_lake::*;

fn rapport(lake: &SmallLake, command: &str, format: &str, arguments: &[&str]) -> Command {
    let mut rapport = Command::new(env!("CARGO_BIN_EXE_rapport"));
    rapport.current_dir(env!("CARGO_MANIFEST_DIR")).args([command, "--quiet"]).args(arguments);
    rapport.arg("--input").arg(lake.root()).arg("--output").arg(lake.output());
    rapport.args(["--set", &format!("format={format}")]);
    rapport.stdout(Stdio::null()).stderr(Stdio::null());
    rapport
}

/// Data files by table; in a Delta table names say nothing, and the log has times in it.
fn data(lake: &SmallLake) -> Vec<(String, Vec<u8>)> {
    let files: BTreeMap<String, Vec<u8>> = files_below(&lake.output());
    let files = files.into_iter().filter(|(path, _)| path.ends_with(".parquet") && !path.contains("_delta_log"));
    let folder = |path: String| path.rsplit_once('/').unwrap_or_default().0.to_string();
    let named = |path: String| if path.starts_with("current/") { path } else { folder(path) };
    let mut data: Vec<_> = files.map(|(path, bytes)| (named(path), bytes)).collect();
    data.sort();
    data
}

/// How a file differs from the one that should be in its place.
fn beside((path, bytes): &(String, Vec<u8>), others: &[(String, Vec<u8>)]) -> String {
    let rows = |bytes: &[u8]| ParquetReader::new(Cursor::new(bytes.to_vec())).finish().unwrap();
    let ours = rows(bytes);
    let theirs = others.iter().find(|(other, _)| other == path).map(|(_, bytes)| rows(bytes));
    match theirs {
        None => format!("{path} should not be there"),
        Some(theirs) if theirs.equals_missing(&ours) => format!("{path} has the same rows in other bytes"),
        Some(theirs) => format!("{path} has {} rows instead of {}", ours.height(), theirs.height()),
    }
}

/// Few tables, of all kinds that learn from each other, and two partitions of each.
const PUBLISHED: [[&str; 2]; 2] = [
    [
        "relationship_kpis",
        "tables=[\"account_kpis\", \"contact_kpis\", \"top_contacts\", \"interactions\", \"interaction_records\"]",
    ],
    ["who_knows_whom", "tables=[\"who_knows_whom\"]"],
];

/// The lake of [`lake`] with what was published of it, then changed, and whom to erase.
fn published(format: &str, erased: &[(&str, &str)], change: impl Fn(&SmallLake)) -> SmallLake {
    let lake = lake();
    for day in [DAYS[0], DAYS[2]] {
        for [job, tables] in PUBLISHED {
            let settings = [job, "--as-of", day, "--set", "publish_subjects=true", "--set", tables];
            assert!(rapport(&lake, "run", format, &settings).status().unwrap().success());
        }
    }
    fs::remove_dir_all(lake.output().join("runs")).unwrap();
    erase(&lake, erased);
    change(&lake);
    lake
}

/// From how many places where a run can be cut one is tried.
pub fn between_cuts() -> usize {
    if std::env::var_os("RAPPORT_EVERY_CUT").is_some() { 1 } else { 4 }
}

/// Kills before each file that is put into place or removed, one after the other.
fn killed_between_any_two_files(lake: &SmallLake, format: &str) {
    let old = lake.root().with_file_name("old");
    copy(&lake.output(), &old);
    let again = || {
        fs::remove_dir_all(lake.output()).unwrap();
        copy(&old, &lake.output());
    };
    let forget = || rapport(lake, "forget", format, &["--apply"]);
    // Without a data file that goes with them, removals are of locks.
    let counts = |change: &str| {
        change.starts_with("rename or link") || change.starts_with("remove") && change.ends_with(".parquet")
    };

    let before = data(lake);
    let mut changes = Vec::new();
    let end = traced::run(forget(), &lake.output(), |change| {
        changes.extend(counts(change).then(|| change.to_string()));
        true
    });
    assert_eq!(end, End::Exited(0));
    let undisturbed = data(lake);
    assert_ne!(before, undisturbed);
    assert!(changes.len() >= 10, "{changes:?}");

    let mut elsewhere = Vec::new();
    for (at, change) in changes.iter().enumerate().skip(between_cuts() / 2).step_by(between_cuts()) {
        again();
        let mut left = at;
        let end = traced::run(forget(), &lake.output(), |change| {
            left = left.wrapping_sub(usize::from(counts(change)));
            left != usize::MAX
        });
        assert_eq!(end, End::Killed, "{at}: {change}");
        assert!(forget().status().unwrap().success(), "{at}: {change}");
        let ended = data(lake);
        let differing: Vec<String> =
            ended.iter().filter(|file| !undisturbed.contains(file)).map(|file| beside(file, &undisturbed)).collect();
        if ended != undisturbed {
            elsewhere.push(format!("{at}: killed before {change}: {differing:?}, {} files", ended.len()));
        }
    }
    assert!(elsewhere.is_empty(), "{format}, of {} cuts: {elsewhere:#?}", changes.len());
    println!("{format}: killed at {} places", changes.len());
}

#[test]
fn what_is_forgotten_in_two_goes_is_forgotten() {
    let erased = [("contact", &*guid(11)), ("lead", &*guid(13)), ("systemuser", &*guid(1))];
    for format in ["parquet", "delta"] {
        killed_between_any_two_files(&published(format, &erased, |_| ()), format);
    }
}

/// Copies learn from the same files as the tables that they are made of.
#[test]
fn tables_of_the_original_that_were_filled_from_ours_outlast_a_kill() {
    let lake = lake();
    let tables = "tables=[\"contact_kpis\", \"lead_kpis\", \"interactions\", \"interaction_records\"]";
    let settings = ["relationship_kpis", "--as-of", DAYS[2], "--set", tables];
    assert!(rapport(&lake, "run", "parquet", &settings).status().unwrap().success());
    assert!(rapport(&lake, "msdyn", "parquet", &[]).status().unwrap().success());
    fs::remove_dir_all(lake.output().join("runs")).unwrap();
    erase(&lake, &[("contact", &*guid(11))]);
    killed_between_any_two_files(&lake, "parquet");
}

#[test]
fn names_and_ids_that_only_results_know_outlast_a_kill() {
    let erased = [("contact", &*guid(11)), ("address", "anna@nordwind.example")];
    let lake = published("parquet", &erased, |lake| {
        for (table, id, number) in [("contact", "contactid", 11), ("systemuser", "systemuserid", 1)] {
            lake.change(table, |frame| frame.lazy().filter(col(id).neq(lit(guid(number)))).collect().unwrap());
        }
        // Only the older partition still knows whose the address was.
        let day = format!("who_knows_whom/as_of_date={}", DAYS[2]);
        for folder in [&*day, "current"] {
            let path = lake.output().join(folder).join("who_knows_whom.parquet");
            let address = when(col("colleague_address").eq(lit("anna@nordwind.example")))
                .then(lit("anna.new@nordwind.example"))
                .otherwise(col("colleague_address"))
                .alias("colleague_address");
            let changed = read_parquet(&path).lazy().with_column(address).collect().unwrap();
            write_parquet(&path, &changed);
        }
    });
    killed_between_any_two_files(&lake, "parquet");
    for (path, bytes) in files_below(&lake.output()).into_iter().filter(|(path, _)| path.contains("who_knows_whom")) {
        let rows = ParquetReader::new(Cursor::new(bytes)).finish().unwrap();
        let ids = rows.column("systemuser_id").unwrap().str().unwrap();
        assert!(ids.iter().flatten().all(|id| id != guid(1)), "{path}");
    }
}
