//! In which formats tables lie in the lake, and how their files are called.

use std::path::Path;

use crate::sources::contract::{SourceTable, System};
use crate::storage::DELTA_LOG;

/// The format of a table's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Parquet.
    Parquet,
    /// One JSON object per line, as Graph Data Connect lands its data sets (rule I11).
    JsonLines,
    /// CSV without header, as Synapse Link writes it unless told otherwise (rule I6).
    Csv,
}

const ENDINGS: [(&str, Format); 5] = [
    ("parquet", Format::Parquet),
    ("csv", Format::Csv),
    ("json", Format::JsonLines),
    ("jsonl", Format::JsonLines),
    ("ndjson", Format::JsonLines),
];

/// What tells that a folder is a table of another format, by the name of a file or folder in it: which of its data
/// files count says the log of that format alone.
const LOGS: [(&str, &str); 3] =
    [(DELTA_LOG, "Delta"), (".hoodie", "Apache Hudi"), (".metadata.json", "Apache Iceberg")];

/// The format whose log bears a name.
pub fn log_of(name: &str) -> Option<&'static str> {
    let is_it = |log: &str| name == log || log.ends_with(".json") && name.ends_with(log);
    LOGS.iter().find(|(log, _)| is_it(log)).map(|(_, format)| *format)
}

/// The same of a path, in parts of which a reader of folders comes by it.
pub fn log_in(path: &str) -> Option<&'static str> {
    let mut parts = path.split('/').map(|part| (log_of(part), part.starts_with(['_', '.'])));
    parts.find(|(log, is_hidden)| log.is_some() || *is_hidden).and_then(|(log, _)| log)
}

/// The names that a table may bear in its system's folder.
pub fn names(table: &SourceTable) -> Vec<String> {
    let mut names = vec![table.name.to_string()];
    if table.system == System::Dataverse {
        names.push(format!("{}_partitioned", table.name));
    }
    for (ending, _) in ENDINGS.iter().filter(|(_, format)| may_be(table.system, *format)) {
        names.push(format!("{}.{ending}", table.name));
        if *ending != "parquet" {
            names.push(format!("{}.{ending}.gz", table.name));
        }
    }
    names
}

/// Whether something is called nearly as a table is: in other letters, in the plural, as a set of the Web API is, with the
/// schema of a database or the version of a data set (`dbo.appointment`, `BasicDataSet_v0.Message_v1`).
pub fn is_nearly(table: &SourceTable, name: &str) -> bool {
    let names = names(table);
    let is_own = names.iter().any(|own| own == name);
    !is_own && names.iter().any(|own| letters(table, own) == letters(table, name))
}

/// The letters of a name in the singular, without what says nothing of what it names.
fn letters(table: &SourceTable, name: &str) -> String {
    let name = name.to_ascii_lowercase();
    let mut name = name.strip_suffix(".gz").unwrap_or(&name);
    for (ending, _) in ENDINGS.iter().filter(|(_, format)| may_be(table.system, *format)) {
        name = name.strip_suffix(ending).and_then(|name| name.strip_suffix('.')).unwrap_or(name);
    }
    let name = name.rsplit('.').next().unwrap_or_default();
    let name = name.strip_prefix("dbo_").unwrap_or(name);
    let (stem, version) = name.rsplit_once("_v").unwrap_or((name, ""));
    let is_version = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit());
    let name = if is_version { stem } else { name }.replace(['_', '-', ' '], "");
    match name.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => name.trim_end_matches('s').to_string(),
    }
}

/// Whether files of a system may be of a format.
pub fn may_be(system: System, format: Format) -> bool {
    match format {
        Format::Parquet => true,
        Format::JsonLines => system == System::Exchange,
        Format::Csv => system == System::Dataverse,
    }
}

/// The format of a file, by its name; none where it is no data file.
pub fn format_of(path: &Path) -> Option<Format> {
    let name = path.file_name()?.to_str()?.to_ascii_lowercase();
    let (name, compressed) = name.strip_suffix(".gz").map_or((name.as_str(), false), |name| (name, true));
    let (_, ending) = name.rsplit_once('.')?;
    let format = ENDINGS.iter().find(|(known, _)| *known == ending).map(|(_, format)| *format)?;
    // Parquet is compressed within.
    (format != Format::Parquet || !compressed).then_some(format)
}
