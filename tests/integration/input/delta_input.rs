//! Delta tables as input: what is live by the log counts, and nothing else (rule I6).

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::delta_checkpoint::write_checkpoint;
use crate::support::delta_log::*;
use crate::support::small_lake::*;

const LIVE: &str = "PartitionId=2026/live-2.parquet";

#[test]
fn only_live_files_count() {
    let lake = SmallLake::new();
    let clean = lake.published(&[]);
    let mut commits = email_commits();
    commits.push(("00000000000000000001.crc", vec![]));
    emails_as_delta(&lake, &commits);
    assert!(lake.published(&[]) == clean);
}

/// What a writer, or a copy, may leave in `_last_checkpoint`.
const HINTS: [&str; 9] = [
    "",
    "{\"version\":",
    "null",
    "\u{FEFF}{}",
    r#"{"version":0,"size":4}"#,
    r#"{"version":1,"size":4}"#,
    r#"{"version":1,"size":4,"parts":2}"#,
    r#"{"version":10,"size":4}"#,
    r#"{"version":1,"size":4,"v2Checkpoint":{"path":"00000000000000000001.checkpoint.3a0d65cd-4056-49b8-937b-95f9e3ee90e5.parquet"}}"#,
];

#[test]
fn what_names_the_newest_checkpoint_is_a_hint() {
    let clean = SmallLake::new().published(&[]);
    for hint in HINTS {
        // No checkpoint, one that is empty, one of two parts, and all commits.
        let lake = SmallLake::new();
        let log = PathBuf::from(emails_as_delta(&lake, &email_commits()));
        fs::write(log.join("_last_checkpoint"), hint).unwrap();
        assert!(lake.published(&[]) == clean, "commits alone: {hint}");
        fs::write(log.join("00000000000000000001.checkpoint.parquet"), "").unwrap();
        assert!(lake.published(&[]) == clean, "an empty checkpoint: {hint}");
        fs::remove_file(log.join("00000000000000000001.checkpoint.parquet")).unwrap();
        let part = log.join("00000000000000000001.checkpoint.0000000001.0000000002.parquet");
        write_checkpoint(&part, &email_commits()[0].1[..2]);
        assert!(lake.published(&[]) == clean, "half a checkpoint: {hint}");

        // A checkpoint, with no commits before it.
        let lake = SmallLake::new();
        let log = PathBuf::from(emails_as_delta(&lake, &[(commit_name(2), vec![])]));
        let declared = email_commits()[0].1[..2].to_vec();
        let files = ["PartitionId=2026/live%20one.parquet", LIVE].map(add).to_vec();
        write_checkpoint(&log.join("00000000000000000001.checkpoint.parquet"), &[declared, files].concat());
        fs::write(log.join("_last_checkpoint"), hint).unwrap();
        assert!(lake.published(&[]) == clean, "a checkpoint: {hint}");
    }
}

/// Checkpoints of every form that were copied in part or overwritten, beside all commits that they stand for.
#[test]
fn commits_tell_what_a_damaged_checkpoint_cannot() {
    let clean = SmallLake::new().published(&[]);
    let commits = email_commits();
    let all = [&commits[0].1[..2], &["PartitionId=2026/live%20one.parquet", LIVE].map(add)].concat();
    let second_version = json!({"checkpointMetadata": {"version": 1}});
    let sidecar = json!({"sidecar": {"path": "a.parquet", "sizeInBytes": 1, "modificationTime": 0}});
    let unique = "00000000000000000001.checkpoint.3a0d65cd-4056-49b8-937b-95f9e3ee90e5.parquet";
    let forms: [&[(&str, Vec<Value>)]; 3] = [
        &[("00000000000000000001.checkpoint.parquet", all.clone())],
        &[
            ("00000000000000000001.checkpoint.0000000001.0000000002.parquet", all[..2].to_vec()),
            ("00000000000000000001.checkpoint.0000000002.0000000002.parquet", all[2..].to_vec()),
        ],
        &[(unique, [&all[..2], &[second_version, sidecar]].concat()), ("_sidecars/a.parquet", all[2..].to_vec())],
    ];
    let damages: [fn(&mut Vec<u8>); 4] = [
        |bytes| bytes.truncate(bytes.len() / 2),
        |bytes| *bytes = b"PAR1 no footer PAR1".to_vec(),
        |bytes| {
            let end = bytes.len() - 8;
            bytes[end - 52..end].fill(0xFF);
        },
        // The pages of a column that may be one that nobody asks for.
        |bytes| bytes[4..40].fill(0xFF),
    ];
    for files in forms {
        let lake = SmallLake::new();
        let log = PathBuf::from(emails_as_delta(&lake, &commits));
        for (name, actions) in files {
            write_checkpoint(&log.join(name), actions);
        }
        assert!(lake.published(&[]) == clean, "{}", files[0].0);
        for (name, _) in files {
            let whole = fs::read(log.join(name)).unwrap();
            for (at, damage) in damages.iter().enumerate() {
                let mut bytes = whole.clone();
                damage(&mut bytes);
                fs::write(log.join(name), bytes).unwrap();
                let output = lake.run(&[]);
                assert_eq!(output.status.code(), Some(0), "{name}: {}", stderr(&output));
                assert!(published_in(&lake.output()) == clean, "{name}");
                let is_told =
                    stderr(&output).contains("_delta_log/*.checkpoint.* is not read: the checkpoints are damaged");
                assert!(is_told || at == 3, "{name}, {at}: {}", stderr(&output));
            }
            fs::write(log.join(name), whole).unwrap();
        }
    }
}

/// The kernel asks only that commits follow each other: what the first of them is built on may be gone.
#[test]
fn a_log_whose_beginning_is_gone_is_refused_with_a_hint_or_without() {
    for hint in [None, Some(r#"{"version":1,"size":4}"#), Some("")] {
        let lake = SmallLake::new();
        let declared = email_commits()[0].1[..2].to_vec();
        let log = PathBuf::from(emails_as_delta(&lake, &[(commit_name(2), [declared, vec![add(LIVE)]].concat())]));
        if let Some(hint) = hint {
            fs::write(log.join("_last_checkpoint"), hint).unwrap();
        }
        let missing = "commits before 00000000000000000002.json are missing, and there is no checkpoint";
        lake.refused(3, &["table email", missing, "Export the table again"]);
    }
}

#[test]
fn a_table_whose_files_are_all_removed_has_no_rows() {
    let lake = SmallLake::new();
    lake.change("email", |frame| frame.head(Some(0)));
    let clean = lake.published(&["--set", "consent=true"]);
    let lake = SmallLake::new();
    let mut commits = email_commits();
    commits.push((commit_name(2), vec![remove("PartitionId=2026/live%20one.parquet"), remove(LIVE)]));
    emails_as_delta(&lake, &commits);
    assert!(lake.published(&["--set", "consent=true"]) == clean);
}

#[test]
fn a_file_whose_vector_is_purged_counts_whole() {
    let lake = SmallLake::new();
    let clean = lake.published(&[]);
    let vector = json!({"storageType": "u", "pathOrInlineDv": "vBn[lx{q8@P<9BNH/isA", "offset": 1, "sizeInBytes": 36, "cardinality": 1});
    let mut commits = email_commits();
    commits[0].1[0] = protocol(&["deletionVectors"]);
    let (mut deleted, mut purged) = (add(LIVE), remove(LIVE));
    deleted["add"]["deletionVector"] = vector.clone();
    purged["remove"]["deletionVector"] = vector;
    commits.push((commit_name(2), vec![remove(LIVE), deleted]));
    commits.push((commit_name(3), vec![purged, add(LIVE)]));
    emails_as_delta(&lake, &commits);
    assert!(lake.published(&[]) == clean);
}

/// Tables of other writers, with their rows as plain Parquet; `tests/delta_tables/make.py` tells what is
/// peculiar about each.
const TABLES_OF_OTHERS: [&str; 7] =
    ["email", "appointment", "contact", "opportunity", "activityparty", "task", "phonecall"];

fn put_plain(lake: &SmallLake, table: &str) {
    fs::copy(fixture(&format!("plain/{table}.parquet")), lake.file(table)).unwrap();
}

#[test]
fn tables_of_other_writers_are_read_as_their_rows() {
    for table in TABLES_OF_OTHERS {
        let lake = SmallLake::new();
        put_plain(&lake, table);
        let clean = lake.published(&["--set", "consent=true"]);
        put_delta(&lake, table, table);
        assert!(lake.published(&["--set", "consent=true"]) == clean, "{table}");
    }
}

#[test]
fn a_lake_of_delta_tables_is_read_as_its_rows() {
    let (plain, delta) = (SmallLake::new(), SmallLake::new());
    for table in TABLES_OF_OTHERS {
        put_plain(&plain, table);
        put_delta(&delta, table, &format!("{table}_partitioned"));
    }
    let clean = plain.published(&["--set", "publish_subjects=true"]);
    assert!(delta.published(&["--set", "publish_subjects=true"]) == clean);
    // Rows that a deletion vector takes away were never read.
    assert_eq!(rows_read(&delta), rows_read(&plain));
}

fn rows_read(lake: &SmallLake) -> Vec<Option<i64>> {
    let reports = files_below(&lake.output().join("runs"));
    let report = read_parquet(&lake.output().join("runs").join(reports.keys().next_back().unwrap()));
    report.column("rows_read").unwrap().i64().unwrap().iter().collect()
}
