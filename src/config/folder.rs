//! What a folder of job files holds when it is made.

use super::JobKind;
use super::schema::{SCHEMA_FILE, schema};
use super::shipped::{SHARED, job_text};

/// The files by their names: the schema, what the jobs share unless that is there already, and a file per kind.
pub fn job_files(kinds: &[JobKind], shared: Option<String>) -> Vec<(String, String)> {
    let mut files = vec![(SCHEMA_FILE.to_string(), schema())];
    files.extend(shared.map(|text| (SHARED.to_string(), text)));
    files.extend(kinds.iter().map(|kind| (format!("{}.toml", kind.name()), job_text(*kind).to_string())));
    files
}
