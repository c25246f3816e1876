//! The live files of a Delta table by its transaction log (rule I6).
//!
//! Only what Synapse Link writes by default is understood here: JSON commits from the first one on.
//! A log that starts with a checkpoint, or a table with deletion vectors or mapped columns, is
//! refused rather than misread.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::error::{Error, Result};

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
    let mut commits: Vec<PathBuf> = std::fs::read_dir(&log)
        .and_then(|entries| entries.map(|entry| entry.map(|e| e.path())).collect())
        .map_err(|e| refuse(&log, format!("the Delta log cannot be read: {e}")))?;
    commits.retain(|path| path.extension().is_some_and(|e| e == "json"));
    commits.sort();
    if commits.first().and_then(|path| path.file_stem()).is_none_or(|s| s != "00000000000000000000") {
        return Err(refuse(&log, "the Delta log does not begin at version 0".into()));
    }
    let mut live = BTreeSet::new();
    for commit in &commits {
        let text =
            std::fs::read_to_string(commit).map_err(|e| refuse(commit, format!("the commit cannot be read: {e}")))?;
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let action: Value =
                serde_json::from_str(line).map_err(|e| refuse(commit, format!("the commit is no JSON: {e}")))?;
            if let Some(path) = action.pointer("/add/path").and_then(Value::as_str) {
                if action.pointer("/add/deletionVector").is_some_and(|v| !v.is_null()) {
                    return Err(refuse(commit, "the table uses deletion vectors".into()));
                }
                live.insert(percent_decoded(path));
            } else if let Some(path) = action.pointer("/remove/path").and_then(Value::as_str) {
                live.remove(&percent_decoded(path));
            } else if action
                .pointer("/metaData/configuration/delta.columnMapping.mode")
                .is_some_and(|mode| mode != "none")
            {
                return Err(refuse(commit, "the table uses column mapping".into()));
            }
        }
    }
    Ok(live.into_iter().map(|path| folder.join(path)).collect())
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
