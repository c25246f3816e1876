//! The live files of a Delta table by its transaction log (rule I6).
//!
//! Only what Synapse Link writes by default is understood here: JSON commits from the first one on.
//! A log that starts with a checkpoint or has a gap, or a table with deletion vectors or mapped
//! columns, is refused rather than misread.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::error::{Error, Result};

/// Digits of a commit's number in its file name; checkpoints and compacted logs have longer names.
const COMMIT_DIGITS: usize = 20;

/// Paths of the files that the newest version of the table consists of, sorted.
///
/// # Errors
/// A log that cannot be read, or that uses features this reader does not know.
pub fn live_files(folder: &Path, table: &str) -> Result<Vec<PathBuf>> {
    let log = folder.join("_delta_log");
    let refuse = |file: &Path, message: String| Error::Input {
        table: table.into(),
        column: None,
        file: Some(file.display().to_string()),
        message,
        remedy: "export the table as plain Parquet, or with a log that begins at version 0 and without \
                 deletion vectors or column mapping"
            .into(),
    };
    // A file is live together with the vector of its deleted rows; another vector makes it another one.
    let mut live: BTreeMap<(String, String), PathBuf> = BTreeMap::new();
    let commits = commits(&log).map_err(|e| refuse(&log, format!("the Delta log cannot be read: {e}")))?;
    if commits.is_empty() {
        return Err(refuse(&log, "the Delta log is empty".into()));
    }
    for (due, (version, commit)) in (0..).zip(commits) {
        let Some(commit) = commit.filter(|_| version == due) else {
            return Err(refuse(&log, format!("the Delta log lacks the commit {due:0COMMIT_DIGITS$}.json")));
        };
        let text =
            std::fs::read_to_string(&commit).map_err(|e| refuse(&commit, format!("the commit cannot be read: {e}")))?;
        for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
            let action: Value = serde_json::from_str(line)
                .map_err(|_| refuse(&commit, format!("line {number} of the commit is no JSON")))?;
            if let Some(add) = action.get("add") {
                let file = file_of(add).ok_or_else(|| refuse(&commit, format!("line {number} adds no file")))?;
                live.insert(file, commit.clone());
            } else if let Some(file) = action.get("remove").and_then(file_of) {
                live.remove(&file);
            } else if action
                .pointer("/metaData/configuration/delta.columnMapping.mode")
                .is_some_and(|mode| mode != "none")
            {
                return Err(refuse(&commit, "the table uses column mapping".into()));
            }
        }
    }
    if let Some((_, commit)) = live.iter().find(|((_, vector), _)| !vector.is_empty()) {
        return Err(refuse(commit, "the table uses deletion vectors".into()));
    }
    Ok(live.into_keys().map(|(path, _)| folder.join(path)).collect())
}

/// The versions that the log names, with their commits; a version may be left with a checkpoint alone.
fn commits(log: &Path) -> std::io::Result<BTreeMap<u64, Option<PathBuf>>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(log)? {
        let path = entry?.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let checkpoint = stem.get(..COMMIT_DIGITS).and_then(|digits| digits.parse::<u64>().ok());
        let Some(version) = checkpoint else { continue };
        let is_commit = stem.len() == COMMIT_DIGITS && path.extension().is_some_and(|ending| ending == "json");
        let known = found.entry(version).or_insert(None);
        if is_commit {
            *known = Some(path);
        }
    }
    Ok(found)
}

/// Path and deletion vector that an action names.
fn file_of(action: &Value) -> Option<(String, String)> {
    let path = percent_decoded(action.get("path")?.as_str()?);
    let vector = action.get("deletionVector").filter(|vector| !vector.is_null()).map(|vector| {
        let part = |name: &str| vector.get(name).map(Value::to_string).unwrap_or_default();
        format!("{} {} {}", part("storageType"), part("pathOrInlineDv"), part("offset"))
    });
    Some((path, vector.unwrap_or_default()))
}

/// Paths in the log are URL-encoded.
fn percent_decoded(path: &str) -> String {
    let bytes = path.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = (bytes[at] == b'%')
            .then(|| path.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok()))
            .flatten();
        decoded.push(code.unwrap_or(bytes[at]));
        at += if code.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&decoded).into_owned()
}
