//! What lies in the folder of a table: its data files, what is known to be none, and whatever is refused (rules I6, R6).

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::sources::contract::{SourceTable, System};
use crate::sources::files::formats::{
    Format, NoData, format_of, forms, is_hidden, log_of, may_be, may_hold_rows, no_data,
};
use crate::sources::files::incremental;
use crate::sources::files::refusals::{foreign, refuse, unreadable};

/// What was found in a table's folder.
#[derive(Debug, Default)]
pub struct Walked {
    /// Data files.
    pub data: Vec<PathBuf>,
    /// What is known to be no data, and still may be missed by somebody.
    pub passed_over: Vec<PassedOver>,
}

/// A file among a table's that is not read.
#[derive(Clone, Debug)]
pub struct PassedOver {
    pub file: PathBuf,
    pub why: &'static str,
}

/// Collects what lies below `folder`. Names that begin with `_` or `.` and checksums are marks of
/// the writer (`_SUCCESS`, `.part-0.parquet.crc`) by the convention of Hadoop and Spark, and hold no rows.
pub fn walk(folder: &Path, table: &SourceTable, found: &mut Walked) -> Result<()> {
    let denied = |error: io::Error| unreadable(table, folder, error);
    for entry in fs::read_dir(folder).map_err(denied)? {
        let path = entry.map_err(denied)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if let Some(format) = log_of(&name) {
            return Err(of_other_format(table, folder, format));
        }
        if is_hidden(&name) || no_data(&name) == Some(NoData::Mark) {
            continue;
        }
        let metadata = fs::metadata(&path).map_err(|error| unreadable(table, &path, error))?;
        if metadata.is_dir() {
            let before = found.data.len();
            walk(&path, table, found)?;
            // Spark names folders of parts like files; without parts, data was lost.
            if found.data.len() == before && format_of(&path).is_some() {
                return Err(foreign(table, &path, "a folder is named like a data file and holds none"));
            }
        } else if let Some(why) = passed_over(table, &path, &name) {
            found.passed_over.push(PassedOver { file: path, why });
        } else if table.system != System::Dataverse || !incremental::is_description(&name) {
            take(path, &metadata, table, found)?;
        }
    }
    Ok(())
}

/// Why a file is not read although it is no mark. A list of the administrator is read whole or not at all: somebody may
/// stand in what is left.
fn passed_over(table: &SourceTable, path: &Path, name: &str) -> Option<&'static str> {
    match no_data(name).filter(|_| table.system != System::Control)? {
        NoData::Unfinished => Some("by its name its writer has not finished it"),
        NoData::CopyOf(other) if path.with_file_name(&other).is_file() => {
            Some("by its name it is a copy that somebody kept of the file beside it")
        }
        _ => None,
    }
}

/// Takes a file as one of data.
pub fn take(path: PathBuf, metadata: &Metadata, table: &SourceTable, found: &mut Walked) -> Result<()> {
    let Some(format) = format_of(&path).filter(|format| may_be(table.system, *format)) else {
        if let Some((form, ending)) = by_content(&path, table.system) {
            let message = format!("the file begins as {form} does, and its name has no ending");
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            return Err(refuse(table, &path, &message, &format!("call it {name}.{ending}")));
        }
        let no_form = forms(table.system).replace(" or ", " and no ");
        let message = format!("a file that is no {no_form} lies among the table's files");
        return Err(match may_hold_rows(&path) {
            true => {
                let remedy = format!("move it out of the table's folder, or write its rows as {}", forms(table.system));
                refuse(table, &path, &message, &remedy)
            }
            false => foreign(table, &path, &message),
        });
    };
    if !metadata.is_file() || path.to_str().is_none() {
        return Err(foreign(table, &path, "this is no regular file with a name in UTF-8"));
    }
    if format == Format::Parquet && metadata.len() == 0 {
        return Err(foreign(table, &path, "the file is empty (0 bytes), so it is no Parquet"));
    }
    found.data.push(path);
    Ok(())
}

/// What a file without an ending is by its first bytes, and which ending it should have.
fn by_content(path: &Path, system: System) -> Option<(&'static str, &'static str)> {
    if path.extension().is_some() {
        return None;
    }
    let mut head = [0; 4];
    File::open(path).and_then(|mut file| file.read_exact(&mut head)).ok()?;
    match &head {
        b"PAR1" => Some(("Parquet", "parquet")),
        [b'{', ..] if may_be(system, Format::JsonLines) => Some(("JSON lines", "json")),
        _ => None,
    }
}

/// A table of another format, or one of Delta further down: all of its files together are more than its rows.
fn of_other_format(table: &SourceTable, folder: &Path, format: &str) -> Error {
    let message = format!("this is a table of {format}, and not every file in it counts");
    refuse(table, folder, &message, "make a Delta table the table's folder itself; export others as Parquet")
}
