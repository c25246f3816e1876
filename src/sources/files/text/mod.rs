//! Files of text: JSON lines and Synapse Link's CSV, read a batch of rows at a time.
//!
//! Of a batch only the needed columns are kept, and what is made of them; so a table takes the memory of
//! what is made of it, however long its files are. Rows are judged as they are read, so that errors name
//! the file and the line.

mod csv_forms;
mod csv_rows;
mod input;
mod json_elements;
mod json_leaf;
mod json_lines;
mod json_row;
mod manifests;
mod models;
mod nested_json;
mod plain_people;

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use polars::prelude::*;

use self::csv_rows::CsvRows;
pub use self::input::is_blank;
use self::json_lines::JsonLines;
pub use self::models::{Model, Models};
pub use self::nested_json::{as_json_lists, column as nested_column, of_texts};
use crate::error::{Error, Result};
use crate::sources::contract::{SourceColumn, SourceTable};
use crate::sources::files::formats::Format;
use crate::sources::files::listing::TableFiles;
use crate::sources::files::open::{DataFile, attempt, broken};
use crate::sources::files::{casts, diagnose, refusals, scan, shared_values};
use crate::sources::values::misfits::Misfits;

/// What of a needed column is in a file.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// Values that are not null, misfits among them.
    pub values: u64,
    /// Values that cannot be what their column means.
    pub misfits: u64,
}

/// What of each column is in a file, by names in lower case.
pub type Tallies = BTreeMap<String, Tally>;

/// Rows of a file, and values among them that have the wrong form already in the text.
pub struct Batch {
    /// The needed columns that the file has, as texts or nested, and [`scan::POSITION`].
    pub frame: DataFrame,
    /// Such values, which are null in the frame: by column how many, and the position of the first.
    pub strange: BTreeMap<&'static str, (u64, u64)>,
}

enum Rows<'a> {
    Json(JsonLines<'a>),
    Csv(Box<CsvRows<'a>>),
}

impl Rows<'_> {
    fn of<'a>(table: &'a SourceTable, files: &'a TableFiles, at: usize) -> Result<Rows<'a>> {
        let path = &files.paths[at];
        let reader = input::open(path).map_err(|error| broken_off(table, path, error))?;
        Ok(match (files.format, files.models.get(at)) {
            (Format::Csv, Some(model)) => Rows::Csv(Box::new(CsvRows::new(table, path, model, reader)?)),
            _ => Rows::Json(JsonLines::new(table, path, reader)),
        })
    }

    fn next(&mut self) -> Result<Option<Batch>> {
        match self {
            Rows::Json(rows) => rows.next(),
            Rows::Csv(rows) => rows.next(),
        }
    }
}

/// A file's rows in the columns of its table and as `shape` makes them, positions counted from `position`;
/// and what was in it.
///
/// # Errors
/// The first line or row that is none of the table, by its number; a file that ends before its end.
pub fn shaped(
    table: &SourceTable,
    (files, at): (&TableFiles, usize),
    file: &DataFile,
    position: u64,
    misfits: &Misfits,
    shape: &dyn Fn(LazyFrame) -> LazyFrame,
) -> Result<(DataFrame, Tallies)> {
    let path = &files.paths[at];
    let columns = scan::columns(table);
    let selection = scan::selection(table, &columns, &file.stored, path, position, misfits)?;
    let made = |frame: DataFrame| {
        let plan = shape(frame.lazy().select(selection.clone()));
        attempt(|| plan.collect_with_engine(Engine::Streaming).map(|made| made.unwrap_single()))
            .map_err(|fault| broken(table, Some(path), files.format, fault))
    };
    let mut rows = Rows::of(table, files, at)?;
    let (mut tallies, mut all) = (Tallies::new(), None::<DataFrame>);
    let needed = |name: &str| columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
    let shared = shared_values::of_folders(&files.place, path, &needed);
    while let Some(mut batch) = rows.next()? {
        shared_values::filled(&mut batch.frame, &shared).map_err(Error::engine("names of folders"))?;
        for column in batch.frame.columns() {
            let values = (column.len() - column.null_count()) as u64;
            tallies.entry(column.name().to_ascii_lowercase()).or_default().values += values;
        }
        for (column, (strange, _)) in batch.strange {
            let tally = tallies.entry(column.to_ascii_lowercase()).or_default();
            tally.values += strange;
            tally.misfits += strange;
        }
        let frame = made(batch.frame)?;
        match &mut all {
            Some(all) => all.vstack_mut_owned(frame).map(|_| ()).map_err(Error::engine("putting rows together"))?,
            None => all = Some(frame),
        }
    }
    for (column, strange) in misfits.take() {
        tallies.entry(column).or_default().misfits += strange;
    }
    let all = match all {
        Some(all) => all,
        None => shape(scan::empty(table)).collect().map_err(Error::engine(format!("table {}", table.name)))?,
    };
    Ok((all, tallies))
}

/// The number, from 1, of the first row whose value in a column of text or numbers cannot be what it means.
///
/// # Errors
/// Those of reading the file.
pub fn first_misfit(table: &SourceTable, files: &TableFiles, at: usize, column: &SourceColumn) -> Result<Option<u64>> {
    let mut rows = Rows::of(table, files, at)?;
    let misfits = Misfits::default();
    while let Some(batch) = rows.next()? {
        let found = batch.frame.columns().iter().find(|c| c.name().eq_ignore_ascii_case(column.name));
        let Some(values) = found else { return Ok(None) };
        let cast = casts::read_as(col(values.name().clone()), values.dtype(), column.kind, files.us_dates, &misfits);
        let Some(cast) = cast else { return Ok(None) };
        let fits = |rows: usize| {
            let some = values.head(Some(rows)).into_frame().lazy().select([cast.clone()]);
            attempt(|| some.collect()).is_ok() && misfits.take().is_empty()
        };
        let first = |row: usize| batch.frame.column(scan::POSITION).ok()?.u64().ok()?.get(row);
        let by_value = (!fits(values.len())).then(|| diagnose::first_misfit(values.len(), fits) - 1).and_then(first);
        let by_form = batch.strange.get(column.name).map(|(_, first)| *first);
        if let Some(first) = by_value.into_iter().chain(by_form).min() {
            return Ok(Some(first + 1));
        }
    }
    Ok(None)
}

/// The error for a line or a row of a file.
fn refuse(table: &SourceTable, path: &Path, column: Option<&str>, message: String, remedy: &str) -> Error {
    Error::Input {
        table: table.name.into(),
        column: column.map(str::to_string),
        file: Some(path.display().to_string()),
        message,
        remedy: remedy.into(),
    }
}

/// The error for a file of text that cannot be read on. What is wrong with a compressed file says its
/// decompressor.
pub fn broken_off(table: &SourceTable, path: &Path, error: io::Error) -> Error {
    let compressed = error.raw_os_error().is_none() && input::is_gzip(path).unwrap_or(false);
    if !compressed {
        return refusals::unreadable(table, path, error);
    }
    let message = match error.kind() {
        io::ErrorKind::UnexpectedEof => "the compressed file ends before its end".to_string(),
        _ => "the compressed file is damaged".to_string(),
    };
    refuse(table, path, None, message, "copy or export it again")
}
