//! Which file, column and row are to blame when a table cannot be read (rule R6).
//!
//! Tables are read in one go, and what goes wrong on the way names neither file nor row. So after a
//! failure or strange values, and only then, the files are read once more, one by one and column by
//! column. Values are never quoted: they may be personal (rule R5).

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::sources::contract::{SourceColumn, SourceTable, ValueKind};
use crate::sources::files::formats::Format;
use crate::sources::files::listing::TableFiles;
use crate::sources::files::needed_columns::{POSITION, needed_columns};
use crate::sources::files::open::{DataFile, attempt, broken, is_hollow};
use crate::sources::files::selection::StoredColumn;
use crate::sources::files::text::{ColumnCounts, Tallies};
use crate::sources::files::{casts, flattened, open, selection, text};
use crate::sources::values::misfits::{Misfits, Misread, first_misfit};

type Shape<'a> = &'a dyn Fn(LazyFrame) -> LazyFrame;

/// Of a column with more misfits than one in so many values, the column is misread and not the rows.
const FEW: u64 = 100;

/// The error for a table that could not be read.
pub fn culprit(table: &SourceTable, files: &TableFiles, shape: Shape<'_>) -> Error {
    // Whatever is wrong with files of text was said when they were read.
    let checked = if files.format == Format::Parquet { 0..files.paths.len() } else { 0..0 };
    let found = { checked }.find_map(|at| check_file(table, files, at, shape).err());
    found.unwrap_or_else(|| {
        // The files changed meanwhile, or the engine failed for reasons of its own, of which it speaks in terms
        // of its source and may quote values (rule R5).
        let cause = polars_err!(ComputeError: "its files can be read one by one, but not all of them at once");
        Error::engine(format!("reading table {}", table.name))(cause)
    })
}

fn check_file(table: &SourceTable, files: &TableFiles, at: usize, shape: Shape<'_>) -> Result<()> {
    let (format, path) = (files.format, files.paths[at].as_path());
    let (columns, misfits) = (needed_columns(table), Misfits::default());
    let file = needed_of(table, files, at)?;
    for column in &columns {
        let Some((name, StoredColumn::Read(dtype))) = selection::found(table, path, &file.stored, column.name)? else {
            continue;
        };
        if is_hollow(dtype) {
            continue;
        }
        let frame = open::open(table, files, at..at + 1, std::slice::from_ref(&file), &misfits)?;
        let one = frame.select([col(name.clone())]);
        attempt(|| one.collect()).map_err(|fault| match file.encoded.iter().find(|(encoded, _)| encoded == name) {
            Some((_, encoding)) => Error::Input {
                table: table.name.into(),
                column: Some(column.name.into()),
                file: Some(path.display().to_string()),
                message: format!("the column is encoded as {encoding}, which is not read for its type"),
                remedy: "write it with plain or dictionary encoding".into(),
            },
            None => in_column(broken(table, Some(path), format, fault), column.name),
        })?;
    }
    let frame = open::open(table, files, at..at + 1, std::slice::from_ref(&file), &misfits)?;
    let shaped = shape(frame.select(selection::selection(table, &columns, &file.stored, path, 0, &misfits)?));
    attempt(|| shaped.collect()).map(|_| ()).map_err(|fault| broken(table, Some(path), format, fault))
}

fn needed_of(table: &SourceTable, files: &TableFiles, at: usize) -> Result<DataFile> {
    let columns = needed_columns(table);
    open::data_file(table, files, at, &|name| flattened::is_needed(&columns, name))
}

/// The columns of a table that was read of which a few values could not be; `misfits` is what the scan
/// and its shape counted in. The files are read once more for those columns, and only where there are any.
///
/// # Errors
/// A column of which so many values cannot be read that it is misread as a whole.
pub fn misread(table: &SourceTable, files: &TableFiles, shape: Shape<'_>, misfits: &Misfits) -> Result<Vec<Misread>> {
    let counted = misfits.take();
    let counted = |column: &SourceColumn| counted.get(&column.name.to_ascii_lowercase()).copied();
    let tally = |column: &SourceColumn, at| tally(table, files, at, column, shape, misfits);
    judged(table, files, &counted, &tally)
}

/// The same of files of text, of which is known what is in them.
///
/// # Errors
/// See [`misread`].
pub fn misread_in_text(table: &SourceTable, files: &TableFiles, tallies: &[Tallies]) -> Result<Vec<Misread>> {
    let of = |tallies: &Tallies, column: &SourceColumn| {
        tallies.get(&column.name.to_ascii_lowercase()).copied().unwrap_or_default()
    };
    let counted = |column: &SourceColumn| {
        let misfits: u64 = tallies.iter().map(|tallies| of(tallies, column).misfits).sum();
        (misfits > 0).then_some(misfits)
    };
    let tally =
        |column: &SourceColumn, at: usize| Ok(tallies.get(at).map_or(ColumnCounts::default(), |all| of(all, column)));
    judged(table, files, &counted, &tally)
}

/// Whether misfits of a column are a few bad rows, by their number and what is in each file.
fn judged(
    table: &SourceTable,
    files: &TableFiles,
    counted: &dyn Fn(&SourceColumn) -> Option<u64>,
    tally: &dyn Fn(&SourceColumn, usize) -> Result<ColumnCounts>,
) -> Result<Vec<Misread>> {
    let strange = needed_columns(table).into_iter().filter(|column| counted(column).is_some());
    let mut found = Vec::new();
    for column in strange {
        let mut tallies = Vec::new();
        for at in 0..files.paths.len() {
            tallies.push(tally(column, at)?);
        }
        let Some(first) = tallies.iter().position(|tally| tally.misfits > 0) else { continue };
        let all: u64 = tallies.iter().map(|tally| tally.values).sum();
        let values: u64 = tallies.iter().map(|tally| tally.misfits).sum();
        // A file may be in other words than all the others.
        let other = tallies.iter().position(|tally| tally.values >= FEW && tally.misfits > tally.values / 2);
        if let Some(at) = (values.saturating_mul(FEW) > all).then_some(first).or(other) {
            return Err(misfit(table, files, at, column)?);
        }
        found.push(Misread {
            table: table.name,
            column: column.name,
            values,
            file: files.paths[first].display().to_string(),
            expected: expected(column.kind),
        });
    }
    Ok(found)
}

/// What a value of a column should be.
fn expected(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Struct | ValueKind::Structs => {
            "a struct or its JSON as Graph Data Connect exports it, its times like 2026-03-31T09:00:00"
        }
        kind => casts::expectation(kind),
    }
}

/// Whether a column is nested in its file, rather than text that holds JSON.
fn is_nested(kind: ValueKind, stored: &DataType) -> bool {
    let is_text = |stored: &DataType| *stored == DataType::String;
    let holds_json = is_text(stored) || matches!(stored, DataType::List(inner) if is_text(inner));
    matches!(kind, ValueKind::Struct | ValueKind::Structs) && !holds_json
}

fn tally(
    table: &SourceTable,
    files: &TableFiles,
    at: usize,
    column: &SourceColumn,
    shape: Shape<'_>,
    counted: &Misfits,
) -> Result<ColumnCounts> {
    let (path, misfits) = (files.paths[at].as_path(), Misfits::default());
    let file = needed_of(table, files, at)?;
    let Some((name, StoredColumn::Read(dtype))) = selection::found(table, path, &file.stored, column.name)? else {
        return Ok(ColumnCounts::default());
    };
    if is_hollow(dtype) {
        return Ok(ColumnCounts::default());
    }
    let open = || open::open(table, files, at..at + 1, std::slice::from_ref(&file), &misfits);
    let read = |frame: LazyFrame| {
        attempt(|| frame.collect_with_engine(Engine::Streaming).map(|result| result.unwrap_single()))
            .map_err(|fault| broken(table, Some(path), files.format, fault))
    };
    // What comes from bytes that hold text may be less than what is there; that is so few that it may be left out.
    let values = read(open()?.select([col(name.clone()).count().cast(DataType::UInt64)]))?;
    let values = values.columns().first().and_then(|count| count.u64().ok()?.get(0)).unwrap_or_default();
    let of_form = misfits.take();
    let found = match casts::read_as(col(name.clone()), dtype, column.kind, files.times, &misfits) {
        Some(_) if is_nested(column.kind, dtype) => {
            let columns = needed_columns(table);
            read(shape(open()?.select(selection::selection(table, &columns, &file.stored, path, 0, &misfits)?)))?;
            let mut found = counted.take();
            // What a plan reads twice it counts twice.
            of_form.into_iter().for_each(|(column, values)| *found.entry(column).or_default() += values);
            found
        }
        Some(cast) => {
            read(open()?.select([cast.is_null().sum()]))?;
            misfits.take()
        }
        None => return Ok(ColumnCounts::default()),
    };
    let misfits = found.get(&column.name.to_ascii_lowercase()).copied().unwrap_or_default();
    Ok(ColumnCounts { values: values + misfits, misfits })
}

/// The error for a file with values that a column cannot have.
fn misfit(table: &SourceTable, files: &TableFiles, at: usize, column: &SourceColumn) -> Result<Error> {
    let (path, misfits) = (files.paths[at].as_path(), Misfits::default());
    let file = needed_of(table, files, at)?;
    let refuse = |message| Error::Input {
        table: table.name.into(),
        column: Some(column.name.into()),
        file: Some(path.display().to_string()),
        message,
        remedy: "correct it at its source and export the table again".into(),
    };
    let general = || refuse(format!("it holds what is not {}", expected(column.kind)));
    if files.format != Format::Parquet {
        let row = match column.kind {
            ValueKind::Struct | ValueKind::Structs => None,
            _ => text::row_of_first_misfit(table, files, at, column)?,
        };
        let of_row = |row| refuse(format!("row {row} holds what is not {}", casts::expectation(column.kind)));
        return Ok(row.map_or_else(general, of_row));
    }
    let Some((name, StoredColumn::Read(dtype))) = selection::found(table, path, &file.stored, column.name)? else {
        return Ok(general());
    };
    if is_nested(column.kind, dtype) {
        return Ok(general());
    }
    let cast = casts::read_as(col(name.clone()), dtype, column.kind, files.times, &misfits);
    let Some(cast) = cast else { return Ok(general()) };
    let frame = open::open(table, files, at..at + 1, std::slice::from_ref(&file), &misfits)?;
    let one = frame.select([col(POSITION), col(name.clone())]);
    let raw = attempt(|| one.collect())
        .map_err(|fault| in_column(broken(table, Some(path), files.format, fault), column.name))?;
    let of_form = misfits.take();
    let fits = |rows: usize| {
        let read = attempt(|| raw.head(Some(rows)).lazy().select([cast.clone()]).collect());
        read.is_ok() && misfits.take().is_empty()
    };
    if !of_form.is_empty() || fits(raw.height()) {
        let form = if files.bytes_for_texts && *dtype == DataType::String { " in UTF-8" } else { "" };
        return Ok(refuse(format!("it holds what is not {}{form}", casts::expectation(column.kind))));
    }
    let misfit = first_misfit(raw.height(), fits);
    // As the file counts: rows that a deletion vector takes away are rows of the file.
    let position = raw.column(POSITION).and_then(|positions| positions.cast(&DataType::UInt64));
    let position = position.ok().and_then(|positions| positions.u64().ok()?.get(misfit - 1));
    let row = position.map_or(misfit as u64, |position| position + 1);
    Ok(refuse(format!("row {row} holds what is not {}", casts::expectation(column.kind))))
}

fn in_column(error: Error, name: &str) -> Error {
    match error {
        Error::Input { table, file, message, remedy, .. } => {
            Error::Input { table, column: Some(name.into()), file, message, remedy }
        }
        other => other,
    }
}
