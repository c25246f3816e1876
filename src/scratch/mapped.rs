//! A table as a file without a name that is mapped into memory.

use std::fs::{self, File};
use std::io::{self, Read, Seek};
use std::path::Path;

use polars::prelude::*;
use polars_io::ipc::{IpcReader, IpcWriter};

use crate::error::{Error, Result};
use crate::storage::Spool;

/// Where values of keys have to begin to be used where they lie; all others may begin at every eighth byte, as all do.
const ALIGNMENT: u64 = align_of::<i128>() as u64;
/// What is added to the name of the first column in the file, so that values begin elsewhere.
const PADDINGS: [&str; 3] = ["", "________", "____"];
/// What a file begins with.
const MAGIC: u64 = 8;

/// The same table on disk, in one piece.
///
/// # Errors
/// A disk that is full.
#[expect(unsafe_code, reason = "only what is mapped can be given back by the system when memory runs short")]
pub(super) fn on_disk(mut table: DataFrame, spool: &Spool) -> Result<DataFrame> {
    let (path, file) = spool.file("table")?;
    table.rechunk_mut();
    let name = table.get_column_names_owned().into_iter().next().unwrap_or_default();
    write(&mut table, &name, &file).map_err(|error| refused(&path, error))?;
    drop(table);
    // Much was freed that nobody asks for again.
    crate::memory::make_room();
    let file = File::open(&path).map_err(Error::storage(&path))?;
    fs::remove_file(&path).map_err(Error::storage(&path))?;
    // SAFETY: this process has just written the file, nobody else may enter its folder, and it has no name any more, so
    // that nobody can write to it. Should its disk fail, the program ends; see `cli::lost_input`.
    let mapped = unsafe { IpcReader::new(file).memory_mapped(Some(path)) };
    let mut mapped = mapped.set_rechunk(false).finish().map_err(Error::engine("a table on disk"))?;
    if let Some(first) = mapped.get_column_names_owned().into_iter().next() {
        mapped.rename(&first, name).map_err(Error::engine("a table on disk"))?;
    }
    Ok(mapped)
}

/// Writes a table, whose first column is `name`, so that keys lie where they can be used: the engine copies those that do
/// not. Where they lie is told by the length of the description before them, which a table has in common with its first
/// row, but for texts.
fn write(table: &mut DataFrame, name: &str, mut file: &File) -> PolarsResult<()> {
    let has_keys = table.columns().iter().any(|column| holds_keys(column.dtype()));
    let mut likely = None;
    for padding in PADDINGS.iter().filter(|_| has_keys) {
        let mut first = io::Cursor::new(Vec::new());
        written(&mut table.head(Some(1)), &format!("{name}{padding}"), &mut first)?;
        if values_begin(&mut first)?.is_multiple_of(ALIGNMENT) {
            likely = Some(*padding);
            break;
        }
    }
    for padding in likely.into_iter().chain(PADDINGS) {
        file.rewind()?;
        file.set_len(0)?;
        written(table, &format!("{name}{padding}"), &mut file)?;
        if !has_keys || values_begin(&mut file)?.is_multiple_of(ALIGNMENT) {
            break;
        }
    }
    Ok(())
}

/// Writes a table whose first column is called so.
fn written(table: &mut DataFrame, name: &str, to: impl io::Write) -> PolarsResult<()> {
    let first = table.get_column_names_owned().into_iter().next().unwrap_or_default();
    table.rename(&first, name.into())?;
    IpcWriter::new(to).finish(table)
}

fn holds_keys(dtype: &DataType) -> bool {
    match dtype {
        DataType::List(inner) => holds_keys(inner),
        other => *other == DataType::Int128,
    }
}

/// Where the values of the first batch begin: behind the descriptions of the table and of the batch, each of which
/// begins with four bytes of ones and its length.
fn values_begin(file: &mut (impl Read + Seek)) -> io::Result<u64> {
    let mut at = MAGIC;
    for _ in ["table", "batch"] {
        let mut head = [0; 8];
        file.seek(io::SeekFrom::Start(at))?;
        file.read_exact(&mut head)?;
        let [.., a, b, c, d] = head;
        at += 8 + u64::from(u32::from_le_bytes([a, b, c, d]));
    }
    Ok(at)
}

/// What the disk said, so that who reads it knows that it is full.
fn refused(path: &Path, error: PolarsError) -> Error {
    match error {
        PolarsError::IO { error, .. } => Error::storage(path)(io::Error::new(error.kind(), error.to_string())),
        other => Error::engine("a table on disk")(other),
    }
}
