//! Delta tables whose log says what cannot be read: a refusal, never a guess (rules I6, R6).

use serde_json::json;

use crate::support::delta_log::put_delta;
use crate::support::delta_log::*;
use crate::support::small_lake::*;

/// What a damaged log ends in: nothing published, exit 3, and the way out.
#[track_caller]
fn refused(commits: &[Commit], findings: &[&str]) -> String {
    let lake = SmallLake::new();
    let log = emails_as_delta(&lake, commits);
    let mut parts = vec!["table email", &log, "plain Parquet"];
    parts.extend(findings);
    lake.refused(3, &parts)
}

#[test]
fn a_log_with_a_gap_or_without_a_beginning_is_refused() {
    refused(&[], &["it holds neither a commit nor a checkpoint"]);
    let mut commits = email_commits();
    commits.push((commit_name(3), vec![]));
    refused(&commits, &["commits are missing between 00000000000000000001.json and 00000000000000000003.json"]);
    refused(&[(checkpoint_name(10), vec![])], &["cannot be read"]);
    refused(&email_commits()[1..], &["cannot be read"]);
}

#[test]
fn a_log_that_breaks_its_format_is_refused() {
    let personal = "anna@nordwind.example";
    for actions in [vec![json!(personal)], vec![json!({"add": personal})], vec![json!({"add": {}})]] {
        let mut commits = email_commits();
        commits.push((commit_name(2), actions));
        let message = refused(&commits, &["a line of a commit is no action of Delta"]);
        assert!(!message.contains(personal), "{message}");
    }
    let mut commits = email_commits();
    commits[0].1.remove(1);
    refused(&commits, &["No table metadata found"]);
    let mut commits = email_commits();
    commits[0].1.remove(0);
    refused(&commits, &["No protocol found"]);
}

#[test]
fn features_that_nobody_here_knows_are_refused_by_name() {
    let mut commits = email_commits();
    commits[0].1[0] = protocol(&["deletionVectors", "antiGravity"]);
    refused(&commits, &["antiGravity", "Turn that feature off"]);
    let mut commits = email_commits();
    commits[0].1[0] = json!({"protocol": {"minReaderVersion": 99, "minWriterVersion": 99}});
    refused(&commits, &["reader version 99"]);
    let mut commits = email_commits();
    let features = json!(["catalogManaged"]);
    let more = json!(["catalogManaged", "inCommitTimestamp"]);
    commits[0].1[0] = json!({"protocol": {"minReaderVersion": 3, "minWriterVersion": 7, "readerFeatures": features, "writerFeatures": more}});
    refused(&commits, &["its commits are kept by a catalog"]);
}

#[test]
fn files_elsewhere_are_refused() {
    for (path, finding) in [
        ("/lake/other/live.parquet", "by an absolute path"),
        ("abfss://lake@account.dfs.core.windows.net/live.parquet", "by an absolute path"),
        ("../email/live.parquet", "outside of the table's folder"),
    ] {
        let mut commits = email_commits();
        commits.push((commit_name(2), vec![add(path)]));
        refused(&commits, &[path, finding, "Copy the table as a whole"]);
    }
}

#[test]
fn vectors_that_cannot_be_read_are_refused() {
    for vector in [
        json!({"storageType": "u", "pathOrInlineDv": "vBn[lx{q8@P<9BNH/isA", "offset": 1, "sizeInBytes": 36, "cardinality": 1}),
        json!({"storageType": "i", "pathOrInlineDv": "0rr91", "sizeInBytes": 4, "cardinality": 1}),
        json!({"storageType": "x", "pathOrInlineDv": "0rr91", "sizeInBytes": 4, "cardinality": 1}),
    ] {
        let mut commits = email_commits();
        commits[0].1[0] = protocol(&["deletionVectors"]);
        let mut deleted = add("PartitionId=2026/live-2.parquet");
        deleted["add"]["deletionVector"] = vector;
        commits.push((commit_name(2), vec![remove("PartitionId=2026/live-2.parquet"), deleted]));
        refused(&commits, &["cannot be read"]);
    }
}

#[test]
fn a_live_file_must_be_there() {
    let lake = SmallLake::new();
    let mut commits = email_commits();
    commits.push((commit_name(2), vec![add("PartitionId=2026/lost.parquet")]));
    emails_as_delta(&lake, &commits);
    lake.refused(3, &["table email", "PartitionId=2026/lost.parquet", "cannot be read"]);
}

/// The last checkpoint of the fixture and the file that it leaves its actions in, damaged in many ways: what the
/// kernel says or where it panics is about its own source.
#[test]
fn a_damaged_checkpoint_is_refused_in_our_words() {
    let lake = SmallLake::new();
    put_delta(&lake, "task", "task");
    let clean = lake.published(&[]);
    let log = lake.folder("task").join("_delta_log");
    let parts: Vec<_> = files_below(&log).into_iter().filter(|(name, _)| name.ends_with(".parquet")).collect();
    assert_eq!(parts.len(), 2);
    let mut refused = 0;
    for (name, whole) in &parts {
        let length = whole.len();
        let overwritten = |from: usize, to: usize| {
            let mut bytes = whole.clone();
            bytes[from..to].fill(0xFF);
            bytes
        };
        for bytes in [
            whole[..length / 2].to_vec(),
            b"PAR1 no footer PAR1".to_vec(),
            overwritten(4, 40),
            overwritten(4, length / 3),
            overwritten(length / 3, length / 2),
            overwritten(length - 60, length - 8),
        ] {
            std::fs::write(log.join(name), bytes).unwrap();
            let output = lake.run(&[]);
            let said = stderr(&output);
            assert!([Some(0), Some(3)].contains(&output.status.code()), "{name}: {said}");
            for words in [".rs:", "panicked", "internal error", "stopped at", "kernel"] {
                assert!(!said.contains(words), "{name}: {said}");
            }
            if output.status.code() == Some(0) {
                assert!(published_in(&lake.output()) == clean, "{name}");
            } else {
                assert!(said.contains("table task") && said.contains("the Delta log cannot be read"), "{said}");
                refused += 1;
            }
        }
        std::fs::write(log.join(name), whole).unwrap();
    }
    assert!(refused >= 8, "{refused}");
}
