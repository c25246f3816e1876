//! Files of text: JSON lines and Synapse Link's CSV, read a batch of rows at a time.
//!
//! Of a batch only the needed columns are kept, and what is made of them; so a table takes the memory of
//! what is made of it, however long its files are. Rows are judged as they are read, so that errors name
//! the file and the line.

mod batch;
mod csv_forms;
mod csv_rows;
pub(super) mod errors;
pub(super) mod input;
mod json_lines;
mod json_mended;
mod json_row;
mod manifests;
pub(super) mod models;

use std::collections::BTreeMap;

use polars::prelude::*;

use self::batch::Batch;
use self::csv_rows::CsvRows;
use self::errors::broken_off;
use self::json_lines::JsonLines;
use crate::error::{Error, Result};
use crate::sources::contract::{SourceColumn, SourceTable};
use crate::sources::files::formats::Format;
use crate::sources::files::listing::TableFiles;
use crate::sources::files::needed_columns::{POSITION, needed_columns, no_rows};
use crate::sources::files::open::{DataFile, attempt, broken};
use crate::sources::files::selection::selection;
use crate::sources::files::{casts, shared_values};
use crate::sources::values::misfits::{Misfits, first_misfit};

/// What of a needed column is in a file.
#[derive(Clone, Copy, Debug, Default)]
pub struct ColumnCounts {
    /// Values that are not null, misfits among them.
    pub values: u64,
    /// Values that cannot be what their column means.
    pub misfits: u64,
}

/// What of each column is in a file, by names in lower case.
pub type Tallies = BTreeMap<String, ColumnCounts>;

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
    files: &TableFiles,
    at: usize,
    file: &DataFile,
    position: u64,
    misfits: &Misfits,
    shape: &dyn Fn(LazyFrame) -> LazyFrame,
) -> Result<(DataFrame, Tallies)> {
    let path = &files.paths[at];
    let columns = needed_columns(table);
    let selection = selection(table, &columns, &file.stored, path, position, misfits)?;
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
        None => shape(no_rows(table)).collect().map_err(Error::engine(format!("table {}", table.name)))?,
    };
    Ok((all, tallies))
}

/// The number, from 1, of the first row whose value in a column of text or numbers cannot be what it means.
///
/// # Errors
/// Those of reading the file.
pub fn row_of_first_misfit(
    table: &SourceTable,
    files: &TableFiles,
    at: usize,
    column: &SourceColumn,
) -> Result<Option<u64>> {
    let mut rows = Rows::of(table, files, at)?;
    let misfits = Misfits::default();
    while let Some(batch) = rows.next()? {
        let found = batch.frame.columns().iter().find(|c| c.name().eq_ignore_ascii_case(column.name));
        let Some(values) = found else { return Ok(None) };
        let cast = casts::read_as(col(values.name().clone()), values.dtype(), column.kind, files.times, &misfits);
        let Some(cast) = cast else { return Ok(None) };
        let fits = |rows: usize| {
            let some = values.head(Some(rows)).into_frame().lazy().select([cast.clone()]);
            attempt(|| some.collect()).is_ok() && misfits.take().is_empty()
        };
        let first = |row: usize| batch.frame.column(POSITION).ok()?.u64().ok()?.get(row);
        let by_value = (!fits(values.len())).then(|| first_misfit(values.len(), fits) - 1).and_then(first);
        let by_form = batch.strange.get(column.name).map(|(_, first)| *first);
        if let Some(first) = by_value.into_iter().chain(by_form).min() {
            return Ok(Some(first + 1));
        }
    }
    Ok(None)
}
