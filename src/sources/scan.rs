//! One lazy frame over the files of a table, whatever their schemas (rules I3, I4).

use std::path::Path;

use polars::prelude::*;

use super::contract::{EXPORT_COLUMNS, Kind, SourceColumn, SourceTable, System};
use super::files::{self, Format, TableFiles};
use super::misfits::{Misfits, Misread};
use super::open::{DataFile, Stored, attempt, data_file, is_hollow, may_join, open};
use super::parquet::{self, Names};
use super::text::{self, Tallies};
use super::{Lake, casts, diagnose};
use crate::error::{Error, Result};

/// Position of a row in its table: files in path order, rows in file order.
pub const POSITION: &str = "_position";

/// A table of the lake, columns in the types of their kinds.
pub struct Scan {
    /// Grain: one row per stored row, versions and deletes included.
    pub frame: LazyFrame,
    /// Whether any file has `versionnumber`, so that rule I1 applies.
    pub versioned: bool,
    /// Columns of the contract that no file has.
    pub lacking: Vec<&'static str>,
    /// The data files, in path order.
    pub files: TableFiles,
    /// Counts what cannot be read while the frame is.
    misfits: Misfits,
    /// What is in files of text, file by file, which are read already.
    tallies: Vec<Tallies>,
}

/// Scans `table`, or none when the lake lacks it. `shape` is applied to files of one schema at a
/// time, before they are put together, because nested columns differ in the spelling of their
/// fields (rule I7); what it returns must have one schema.
///
/// Values that cannot be what their column means read as null and are counted in `misfits`.
///
/// # Errors
/// Files that are unreadable or foreign, a required column that no file has, a type that a column
/// cannot have, a column that is there twice.
pub fn scan(
    lake: &Lake,
    table: &SourceTable,
    misfits: &Misfits,
    shape: impl Fn(LazyFrame) -> LazyFrame,
) -> Result<Option<Scan>> {
    let Some(files) = fetch(lake, table)? else { return Ok(None) };
    of_files(table, files, misfits.clone(), &shape).map(Some)
}

fn of_files(
    table: &SourceTable,
    files: TableFiles,
    misfits: Misfits,
    shape: &dyn Fn(LazyFrame) -> LazyFrame,
) -> Result<Scan> {
    if files.paths.is_empty() {
        return Ok(Scan {
            frame: shape(empty(table)),
            versioned: false,
            lacking: Vec::new(),
            files,
            misfits,
            tallies: Vec::new(),
        });
    }
    let columns = columns(table);
    let needed = |name: &str| columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
    let opened = (0..files.paths.len()).map(|at| data_file(table, &files, at, &needed)).collect::<Result<Vec<_>>>()?;
    for column in columns.iter().filter(|column| column.required) {
        if !opened.iter().any(|file| file.stored.has(column.name)) {
            return Err(Error::Input {
                table: table.name.into(),
                column: Some(column.name.into()),
                file: Some(files.place.display().to_string()),
                message: "the column is missing in every file".into(),
                remedy: "add it to the export".into(),
            });
        }
    }
    no_foreign_file(table, &files, &opened)?;
    let versioned = opened.iter().any(|file| file.stored.has("versionnumber"));

    let names = columns.iter().map(|column| column.name);
    let lacking = names.filter(|name| !opened.iter().any(|file| file.stored.has(name))).collect();

    let (mut frames, mut tallies) = (Vec::new(), Vec::new());
    let mut from = 0;
    if files.format != Format::Parquet {
        misfits.take();
        for (at, file) in opened.iter().enumerate() {
            let position = (at as u64) << 32;
            let (frame, tally) = text::shaped(table, (&files, at), file, position, &misfits, &shape)?;
            frames.push(frame.lazy());
            tallies.push(tally);
        }
        from = files.paths.len();
    }
    while from < files.paths.len() {
        let alike = |at: &usize| may_join(&files, *at) && opened[*at].stored == opened[from].stored;
        let more = if may_join(&files, from) { (from + 1..opened.len()).take_while(alike).count() } else { 0 };
        let which = from..from + 1 + more;
        let (path, position) = (&files.paths[from], (frames.len() as u64) << 32);
        let selection = selection(table, &columns, &opened[from].stored, path, position, &misfits)?;
        from = which.end;
        let frame = open(table, &files, which.clone(), &opened[which], &misfits)?;
        frames.push(shape(frame.select(selection)));
    }
    let frame = if frames.len() == 1 {
        frames.remove(0)
    } else {
        concat(frames, UnionArgs { rechunk: false, parallel: true, maintain_order: true, ..Default::default() })
            .map_err(Error::engine(format!("putting the files of table {} together", table.name)))?
    };
    Ok(Scan { frame, versioned, lacking, files, misfits, tallies })
}

/// Every file holds the key of its table; one that does not is no file of it (rule I4).
fn no_foreign_file(table: &SourceTable, files: &TableFiles, opened: &[DataFile]) -> Result<()> {
    let Some(key) = table.columns.iter().find(|column| column.required) else { return Ok(()) };
    let Some(at) = opened.iter().position(|file| !file.stored.has(key.name)) else { return Ok(()) };
    let message = "the file lacks the column, which every row of the table has, so it is foreign".to_string();
    Err(refuse(table, key.name, &files.paths[at], message, "move it out of the table's folder, or export it again"))
}

/// The files of `table` with all that is read of them on this machine, or none when the lake lacks it.
///
/// # Errors
/// Those of [`files::of_table`], and what a store says.
pub fn fetch(lake: &Lake, table: &SourceTable) -> Result<Option<TableFiles>> {
    let Some(files) = files::of_table(lake, table)? else { return Ok(None) };
    let columns = columns(table);
    let needed = |name: &str| columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
    let names = Names { needed: &needed, delta: files.delta.as_deref() };
    // A footer that cannot be read is left to who reads the file.
    lake.bring_ranges(table, &files.paths, &|path| Some(parquet::ranges(&parquet::footer(path).ok()?, &names)))?;
    Ok(Some(files))
}

/// What is read of a table: the columns of its contract and those of the export.
pub fn columns(table: &SourceTable) -> Vec<&'static SourceColumn> {
    let export: &[SourceColumn] = if table.system == System::Dataverse { EXPORT_COLUMNS } else { &[] };
    table.columns.iter().chain(export).collect()
}

/// Casts and renames the columns of files that are `stored` alike, positions counted from `position`;
/// nested columns that a file lacks are null booleans, which the kernels read as absent.
pub fn selection(
    table: &SourceTable,
    columns: &[&SourceColumn],
    stored: &Stored,
    path: &Path,
    position: u64,
    misfits: &Misfits,
) -> Result<Vec<Expr>> {
    let mut selection = vec![(col(POSITION).cast(DataType::UInt64) + lit(position)).alias(POSITION)];
    for column in columns {
        let absent = || lit(NULL).cast(casts::dtype(column.kind).unwrap_or(DataType::Boolean));
        let misfit = |stored: &dyn std::fmt::Display| {
            let message = format!("the column is stored as {stored}, expected {}", casts::expectation(column.kind));
            refuse(table, column.name, path, message, "export the column in its own type")
        };
        let expr = match found(table, path, stored, column.name)? {
            None => absent(),
            Some((_, Found::Read(dtype))) if is_hollow(dtype) && column.kind == Kind::Struct => absent(),
            Some((name, Found::Read(dtype))) => {
                casts::read_as(col(name.clone()), dtype, column.kind, stored.us_dates, misfits)
                    .ok_or_else(|| misfit(dtype))?
            }
            Some((_, Found::Odd(word))) => return Err(misfit(&word)),
        };
        selection.push(expr.alias(column.name));
    }
    Ok(selection)
}

/// A column that a file has.
pub enum Found<'a> {
    /// Of this type.
    Read(&'a DataType),
    /// Of none that can be read.
    Odd(&'static str),
}

/// A file's name for a column and how it is stored; names may differ in letter case.
///
/// # Errors
/// Two columns whose names differ in nothing else: nobody knows which one is meant.
pub fn found<'a>(
    table: &SourceTable,
    path: &Path,
    stored: &'a Stored,
    name: &str,
) -> Result<Option<(&'a PlSmallStr, Found<'a>)>> {
    let readable = stored.schema.iter().map(|(name, dtype)| (name, Found::Read(dtype)));
    let all = readable.chain(stored.odd.iter().map(|(name, word)| (name, Found::Odd(word))));
    let mut found = all.filter(|(stored, _)| stored.eq_ignore_ascii_case(name));
    match (found.next(), found.next()) {
        (Some((one, _)), Some((other, _))) => {
            let message = match one == other {
                true => format!("the column {one} is there twice"),
                false => format!("the columns {one} and {other} differ only in letter case"),
            };
            Err(refuse(table, name, path, message, "export the column once"))
        }
        (found, _) => Ok(found),
    }
}

fn refuse(table: &SourceTable, column: &str, path: &Path, message: String, remedy: &str) -> Error {
    Error::Input {
        table: table.name.into(),
        column: Some(column.into()),
        file: Some(path.display().to_string()),
        message,
        remedy: remedy.into(),
    }
}

/// Runs a scan's plan; `shape` is what the scan was made with. With the frame come the columns of which
/// a few values could not be read.
///
/// # Errors
/// What is wrong with the data, with the file, column and row that cause it.
pub fn collect(
    table: &SourceTable,
    scan: Scan,
    shape: &dyn Fn(LazyFrame) -> LazyFrame,
) -> Result<(DataFrame, Vec<Misread>)> {
    let Scan { mut frame, mut files, misfits, tallies, .. } = scan;
    let read = |frame: LazyFrame| {
        attempt(|| frame.collect_with_engine(Engine::Streaming).map(|result| result.unwrap_single()))
    };
    let mut outcome = read(frame);
    if outcome.is_err() && files.format == Format::Parquet {
        // To the engine, one text that is none is the end of a table, and of a row only to us.
        misfits.take();
        files.bytes_for_texts = true;
        Scan { frame, files, .. } = of_files(table, files, misfits.clone(), shape)?;
        outcome = read(frame);
    }
    let frame = outcome.map_err(|_| diagnose::culprit(table, &files, shape))?;
    let misread = match files.format {
        Format::Parquet => diagnose::misread(table, &files, shape, &misfits)?,
        Format::JsonLines | Format::Csv => diagnose::misread_in_text(table, &files, &tallies)?,
    };
    Ok((frame, misread))
}

/// A frame without rows, with the columns that a scan of `table` would have.
pub fn empty(table: &SourceTable) -> LazyFrame {
    let columns = table.columns.iter().chain(EXPORT_COLUMNS);
    let fields = columns.map(|c| Field::new(c.name.into(), casts::dtype(c.kind).unwrap_or(DataType::Boolean)));
    let position = Field::new(POSITION.into(), DataType::UInt64);
    DataFrame::empty_with_schema(&fields.chain([position]).collect()).lazy()
}
