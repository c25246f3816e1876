//! Which files make up a table of the lake (rules I6, R6).
//!
//! A table is a folder of its name, a Delta folder `<table>_partitioned`, or one file named after
//! it. Whatever lies there counts: a file of a foreign kind, a link to nothing or a folder that may
//! not be listed is an error, since skipping it would publish numbers that lack its rows.

use std::fs::{self, Metadata};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Lake;
use super::contract::{SourceTable, System};
use super::delta::{self, DeltaTable};
use super::json_lines;
use crate::delta::{LOG, Place};
use crate::error::{Error, Result};

/// The format of a table's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Parquet.
    Parquet,
    /// One JSON object per line, as Graph Data Connect lands its data sets (rule I11).
    JsonLines,
}

/// The data files of one table.
#[derive(Clone, Debug)]
pub struct TableFiles {
    /// The table's folder, or its one file.
    pub place: PathBuf,
    /// Format of all files.
    pub format: Format,
    /// Paths in order; none when the table is there and has no rows.
    pub paths: Vec<PathBuf>,
    /// What its log says of a Delta table, file by file beside `paths`.
    pub delta: Option<Arc<DeltaTable>>,
}

const ENDINGS: [(&str, Format); 4] = [
    ("parquet", Format::Parquet),
    ("json", Format::JsonLines),
    ("jsonl", Format::JsonLines),
    ("ndjson", Format::JsonLines),
];

/// The files of `table`, or none when the lake has no such table.
///
/// # Errors
/// A folder that cannot be read, a file of a foreign kind, an empty file, a folder without data, or
/// a table that lies in the lake twice.
pub fn of_table(lake: &Lake, table: &SourceTable) -> Result<Option<TableFiles>> {
    let Some((place, metadata)) = place_of(lake, table)? else { return Ok(None) };
    if let Some(delta) = lake.mirrored_log(table, &place) {
        return Ok(Some(of_delta_table(place, delta)));
    }
    if metadata.is_dir() && inspect(table, &place.join(LOG))?.is_some() {
        let delta = delta::live(&Place::local(&place)?, table.name)?;
        return Ok(Some(of_delta_table(place, Arc::new(delta))));
    }
    let mut paths = Vec::new();
    if metadata.is_dir() {
        walk(&place, table, &mut paths)?;
    } else {
        take(place.clone(), &metadata, table, &mut paths)?;
    }
    paths.sort();
    let Some(first) = paths.first() else {
        let remedy = "export the table again, or remove the empty folder if the table is not exported";
        return Err(refuse(table, &place, "the folder holds no data file", remedy));
    };
    let format = format_of(first).unwrap_or(Format::Parquet);
    if let Some(other) = paths.iter().find(|path| format_of(path) != Some(format)) {
        return Err(foreign(table, other, "the table mixes Parquet and JSON lines"));
    }
    if format == Format::JsonLines {
        // A file without lines has no rows; polars would not know its columns.
        let mut filled = Vec::new();
        for path in paths {
            if !json_lines::is_blank(&path).map_err(|error| unreadable(table, &path, error))? {
                filled.push(path);
            }
        }
        paths = filled;
    }
    Ok(Some(TableFiles { place, format, paths, delta: None }))
}

/// The live files of a Delta table whose data lies in `folder`.
fn of_delta_table(folder: PathBuf, delta: Arc<DeltaTable>) -> TableFiles {
    let paths = delta.files.iter().map(|file| folder.join(&file.path)).collect();
    TableFiles { place: folder, format: Format::Parquet, paths, delta: Some(delta) }
}

/// The names that a table may bear in its system's folder.
pub fn names(table: &SourceTable) -> Vec<String> {
    let mut names = vec![table.name.to_string()];
    if table.system == System::Dataverse {
        names.push(format!("{}_partitioned", table.name));
    }
    names.extend(ENDINGS.map(|(ending, _)| format!("{}.{ending}", table.name)));
    let compressed = ENDINGS.iter().filter(|(_, format)| *format == Format::JsonLines);
    names.extend(compressed.map(|(ending, _)| format!("{}.{ending}.gz", table.name)));
    names
}

fn place_of(lake: &Lake, table: &SourceTable) -> Result<Option<(PathBuf, Metadata)>> {
    let names = names(table);
    lake.bring_table(table, &names)?;
    let system = lake.folder(table.system)?;
    match inspect(table, system)? {
        None => return Ok(None),
        Some(metadata) if metadata.is_dir() => {}
        Some(_) => return Err(refuse(table, system, "a folder of tables is expected", "correct it in the job file")),
    }
    let mut found: Option<(PathBuf, Metadata)> = None;
    for place in names.iter().map(|name| system.join(name)) {
        let Some(metadata) = inspect(table, &place)? else { continue };
        if let Some((other, _)) = &found {
            let message = format!("the table lies in the lake twice, the other time in {}", other.display());
            return Err(refuse(table, &place, &message, "move one of the two out of the lake"));
        }
        found = Some((place, metadata));
    }
    Ok(found)
}

/// What is at `path`, links followed; none when there is nothing.
fn inspect(table: &SourceTable, path: &Path) -> Result<Option<Metadata>> {
    match fs::symlink_metadata(path) {
        Ok(_) => fs::metadata(path).map(Some).map_err(|error| unreadable(table, path, error)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(table, path, error)),
    }
}

/// The format that a file's name says, that of compressed JSON lines among them.
fn format_of(path: &Path) -> Option<Format> {
    let name = path.file_name()?.to_str()?.to_ascii_lowercase();
    let (name, is_compressed) = name.strip_suffix(".gz").map_or((name.as_str(), false), |name| (name, true));
    let (_, ending) = name.rsplit_once('.')?;
    let format = ENDINGS.iter().find(|(known, _)| *known == ending).map(|(_, format)| *format);
    format.filter(|format| !is_compressed || *format == Format::JsonLines)
}

/// Collects data files below `folder`. Names that begin with `_` or `.` and checksums are marks of
/// the writer (`_SUCCESS`, `.part-0.parquet.crc`) by the convention of Hadoop and Spark, and hold no rows.
fn walk(folder: &Path, table: &SourceTable, found: &mut Vec<PathBuf>) -> Result<()> {
    let denied = |error: io::Error| unreadable(table, folder, error);
    for entry in fs::read_dir(folder).map_err(denied)? {
        let path = entry.map_err(denied)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with(['_', '.']) || name.ends_with(".crc") {
            continue;
        }
        let metadata = fs::metadata(&path).map_err(|error| unreadable(table, &path, error))?;
        if metadata.is_dir() {
            let before = found.len();
            walk(&path, table, found)?;
            // Spark names folders of parts like files; without parts, data was lost.
            if found.len() == before && format_of(&path).is_some() {
                return Err(foreign(table, &path, "a folder is named like a data file and holds none"));
            }
        } else {
            take(path, &metadata, table, found)?;
        }
    }
    Ok(())
}

fn take(path: PathBuf, metadata: &Metadata, table: &SourceTable, found: &mut Vec<PathBuf>) -> Result<()> {
    let format = format_of(&path).filter(|f| *f == Format::Parquet || table.system == System::Exchange);
    let Some(format) = format else {
        return Err(foreign(table, &path, "a file that is no Parquet lies among the table's files"));
    };
    if !metadata.is_file() || path.to_str().is_none() {
        return Err(foreign(table, &path, "this is no regular file with a name in UTF-8"));
    }
    if format == Format::Parquet && metadata.len() == 0 {
        return Err(foreign(table, &path, "the file is empty (0 bytes), so it is no Parquet"));
    }
    if format == Format::JsonLines && path.to_string_lossy().contains(['*', '?', '[']) {
        return Err(foreign(table, &path, "JSON lines cannot be read from a path with *, ? or ["));
    }
    found.push(path);
    Ok(())
}

fn foreign(table: &SourceTable, path: &Path, message: &str) -> Error {
    refuse(table, path, message, "move it out of the table's folder, or export it again")
}

fn refuse(table: &SourceTable, path: &Path, message: &str, remedy: &str) -> Error {
    Error::Input {
        table: table.name.into(),
        column: None,
        file: Some(path.display().to_string()),
        message: message.into(),
        remedy: remedy.into(),
    }
}

/// What the operating system says about a file of the lake: a missing or forbidden one breaks the
/// contract, anything else is trouble of the storage and worth a retry (rule R4).
pub fn unreadable(table: &SourceTable, path: &Path, error: io::Error) -> Error {
    use ErrorKind::{
        InvalidData, InvalidInput, IsADirectory, NotADirectory, NotFound, PermissionDenied, UnexpectedEof,
    };
    let message = match error.kind() {
        NotFound if path.is_symlink() => "this is a link to nothing".to_string(),
        NotFound | PermissionDenied | NotADirectory | IsADirectory | InvalidData | InvalidInput | UnexpectedEof => {
            format!("this cannot be read: {error}")
        }
        _ => return Error::storage(path)(error),
    };
    refuse(table, path, &message, "check that it is there and that this account may read it, or export it again")
}
