//! Which files make up a table of the lake (rules I6, R6).

use std::path::{Path, PathBuf};

use super::contract::{SourceTable, System};
use super::{Lake, delta};
use crate::error::{Error, Result};

/// The format of a table's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Parquet.
    Parquet,
    /// One JSON object per line, as Graph Data Connect lands its data sets (rule I11).
    JsonLines,
}

/// The data files of one table, sorted by path.
#[derive(Clone, Debug)]
pub struct TableFiles {
    /// Format of all of them.
    pub format: Format,
    /// Paths in order.
    pub paths: Vec<PathBuf>,
}

/// The files of `table`, or none when the lake has no such table.
///
/// # Errors
/// A folder that cannot be read, a file of a foreign kind, an empty file, or a folder without data.
pub fn of_table(lake: &Lake, table: &SourceTable) -> Result<Option<TableFiles>> {
    let system = lake.folder(table.system);
    let plain = system.join(table.name);
    let partitioned = system.join(format!("{}_partitioned", table.name));
    let folder = if plain.is_dir() {
        plain
    } else if table.system == System::Dataverse && partitioned.is_dir() {
        partitioned
    } else {
        return Ok(None);
    };
    if folder.join("_delta_log").is_dir() {
        let paths = delta::live_files(&folder, table.name)?;
        return Ok((!paths.is_empty()).then_some(TableFiles { format: Format::Parquet, paths }));
    }
    let mut paths = Vec::new();
    walk(&folder, table, &mut paths)?;
    paths.sort();
    let Some(first) = paths.first() else {
        return Err(Error::Input {
            table: table.name.into(),
            column: None,
            file: Some(folder.display().to_string()),
            message: "the folder holds no data file".into(),
            remedy: "export the table again, or remove the empty folder if the table is not exported".into(),
        });
    };
    let format = format_of(first);
    if let Some(other) = paths.iter().find(|path| format_of(path) != format) {
        return Err(foreign(table, other, "the table mixes Parquet and JSON lines"));
    }
    Ok(format.map(|format| TableFiles { format, paths }))
}

fn format_of(path: &Path) -> Option<Format> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "parquet" => Some(Format::Parquet),
        "json" | "jsonl" | "ndjson" => Some(Format::JsonLines),
        _ => None,
    }
}

/// Collects data files below `folder`. Names that begin with `_` or `.` are marks of the writer
/// (`_SUCCESS`, `.crc`) by the convention of Hadoop and Spark, and hold no rows.
fn walk(folder: &Path, table: &SourceTable, found: &mut Vec<PathBuf>) -> Result<()> {
    let unreadable = |source: std::io::Error| Error::Input {
        table: table.name.into(),
        column: None,
        file: Some(folder.display().to_string()),
        message: format!("the folder cannot be read: {source}"),
        remedy: "check its permissions".into(),
    };
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let hidden = path.file_name().and_then(|n| n.to_str()).is_none_or(|n| n.starts_with(['_', '.']));
        if hidden {
            continue;
        }
        if path.is_dir() {
            walk(&path, table, found)?;
            continue;
        }
        let json_allowed = table.system == System::Exchange;
        match format_of(&path) {
            Some(Format::Parquet) => {}
            Some(Format::JsonLines) if json_allowed => {}
            _ => return Err(foreign(table, &path, "a file that is no Parquet lies among the table's files")),
        }
        let bytes = std::fs::metadata(&path).map_err(unreadable)?.len();
        if bytes == 0 && format_of(&path) == Some(Format::Parquet) {
            return Err(foreign(table, &path, "the file is empty (0 bytes), so it is no Parquet"));
        }
        found.push(path);
    }
    Ok(())
}

fn foreign(table: &SourceTable, path: &Path, message: &str) -> Error {
    Error::Input {
        table: table.name.into(),
        column: None,
        file: Some(path.display().to_string()),
        message: message.into(),
        remedy: "move it out of the table's folder, or export it again".into(),
    }
}
