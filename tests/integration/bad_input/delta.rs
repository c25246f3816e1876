//! Delta tables: live files only, and a refusal where the log says what we do not read (rule I6).

use std::fs;

use serde_json::{Value, json};

use crate::small_lake::*;

/// Moves the emails into a Delta folder, with a dead copy of them beside, and writes the log.
fn as_delta(lake: &SmallLake, commits: &[(&str, Vec<Value>)]) -> String {
    let folder = lake.root().join("dataverse/email_partitioned");
    let frame = lake.read("email");
    let partition = folder.join("PartitionId=2026");
    write_parquet(&partition.join("live one.parquet"), &frame.head(Some(2)));
    write_parquet(&partition.join("live-2.parquet"), &frame.slice(2, 2));
    write_parquet(&partition.join("dead.parquet"), &frame.head(Some(1)));
    lake.remove("email");
    let log = folder.join("_delta_log");
    fs::create_dir(&log).unwrap();
    for (name, actions) in commits {
        fs::write(log.join(name), lines(actions)).unwrap();
    }
    log.display().to_string()
}

fn add(name: &str) -> Value {
    json!({"add": {"path": format!("PartitionId=2026/{name}"), "partitionValues": {"PartitionId": "2026"}, "dataChange": true}})
}

fn remove(name: &str) -> Value {
    json!({"remove": {"path": format!("PartitionId=2026/{name}"), "dataChange": true}})
}

fn commits() -> Vec<(&'static str, Vec<Value>)> {
    let protocol = json!({"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}});
    let metadata = json!({"metaData": {"id": "1", "configuration": {"delta.columnMapping.mode": "none"}}});
    vec![
        ("00000000000000000000.json", vec![protocol, metadata, add("dead.parquet"), add("live%20one.parquet")]),
        ("00000000000000000001.json", vec![remove("dead.parquet"), add("live-2.parquet")]),
        ("00000000000000000001.crc", vec![]),
        ("_last_checkpoint", vec![]),
    ]
}

#[test]
fn only_live_files_count() {
    let lake = SmallLake::new();
    let clean = lake.published(&[]);
    as_delta(&lake, &commits());
    assert!(lake.published(&[]) == clean);
}

#[test]
fn a_table_whose_files_are_all_removed_has_no_rows() {
    let lake = SmallLake::new();
    lake.change("email", |frame| frame.head(Some(0)));
    let clean = lake.published(&["--set", "consent=true"]);
    let lake = SmallLake::new();
    let mut commits = commits();
    commits.push(("00000000000000000002.json", vec![remove("live%20one.parquet"), remove("live-2.parquet")]));
    as_delta(&lake, &commits);
    assert!(lake.published(&["--set", "consent=true"]) == clean);
}

#[test]
fn what_the_log_may_hold_and_we_do_not_read_is_refused() {
    let vector =
        |id: &str| json!({"storageType": "u", "pathOrInlineDv": id, "offset": 1, "sizeInBytes": 36, "cardinality": 1});
    let mut deleted = add("live-2.parquet");
    deleted["add"]["deletionVector"] = vector("ab");
    let mapped = json!({"metaData": {"configuration": {"delta.columnMapping.mode": "name"}}});
    let next = "00000000000000000002.json";
    for (change, finding) in [
        ((next, vec![deleted.clone(), remove("live-2.parquet")]), "deletion vectors"),
        ((next, vec![mapped]), "column mapping"),
        ((next, vec![json!({"add": {}})]), "adds no file"),
        (("00000000000000000003.json", vec![]), "lacks the commit 00000000000000000002.json"),
        (("00000000000000000004.checkpoint.parquet", vec![]), "lacks the commit 00000000000000000002.json"),
    ] {
        let lake = SmallLake::new();
        let mut commits = commits();
        commits.push(change);
        let log = as_delta(&lake, &commits);
        lake.refused(3, &["table email", &log, finding, "plain Parquet"]);
    }
    // Once the file with the vector is gone, nothing is left that we do not read.
    let lake = SmallLake::new();
    let clean = lake.published(&[]);
    let mut commits = commits();
    let mut purged = remove("live-2.parquet");
    purged["remove"]["deletionVector"] = vector("ab");
    commits.push((next, vec![deleted, remove("live-2.parquet")]));
    commits.push(("00000000000000000003.json", vec![purged, add("live-2.parquet")]));
    as_delta(&lake, &commits);
    assert!(lake.published(&[]) == clean);
}

#[test]
fn a_log_that_begins_with_a_checkpoint_or_cannot_be_read_is_refused() {
    let checkpoint = ("00000000000000000010.checkpoint.parquet", vec![]);
    let text = ("00000000000000000000.json", vec![json!("no action"), json!({"add": "x"})]);
    for (commits, finding) in [
        (vec![checkpoint], "lacks the commit 00000000000000000000.json"),
        (vec![], "is empty"),
        (vec![text], "adds no file"),
    ] {
        let lake = SmallLake::new();
        let log = as_delta(&lake, &commits);
        lake.refused(3, &["table email", &log, finding, "plain Parquet"]);
    }
}

#[test]
fn a_live_file_must_be_there() {
    let lake = SmallLake::new();
    let mut commits = commits();
    commits.push(("00000000000000000002.json", vec![add("lost.parquet")]));
    as_delta(&lake, &commits);
    lake.refused(3, &["table email", "PartitionId=2026/lost.parquet", "cannot be read"]);
}
