//! In which formats tables lie in the lake, and how their files are called.

use std::path::Path;

use crate::sources::contract::{SourceTable, System};

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
