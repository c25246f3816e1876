//! Delta tables as input: what is live by the log counts, and nothing else (rule I6).

use serde_json::json;

use crate::delta_log::*;
use crate::small_lake::*;

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
