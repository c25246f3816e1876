//! Which file, column and row are to blame when a table cannot be read (rule R6).
//!
//! Tables are read in one go, and what goes wrong on the way names neither file nor row. So after a
//! failure, and only then, the files are read once more, one by one and column by column. Values
//! are never quoted: they may be personal (rule R5).

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use polars::prelude::*;
use serde::de::IgnoredAny;

use super::contract::SourceTable;
use super::files::{self, Format, TableFiles};
use super::open::{self, Fault, attempt, broken};
use super::{casts, scan};
use crate::error::{Error, Result};

type Shape<'a> = &'a dyn Fn(LazyFrame) -> LazyFrame;

/// The error for a table that could not be read; `cause` is what the engine said.
pub fn culprit(table: &SourceTable, files: &TableFiles, shape: Shape<'_>, cause: Fault) -> Error {
    let found = (0..files.paths.len()).find_map(|at| check_file(table, files, at, shape).err());
    found.unwrap_or_else(|| {
        // Found fine one by one: the files changed meanwhile, or the engine failed for reasons of its own.
        let cause = match cause {
            Fault::Error(error) => error,
            Fault::Panic(place) => polars_err!(ComputeError: "the engine stopped at {place}"),
        };
        Error::engine(format!("reading table {}", table.name))(cause)
    })
}

fn check_file(table: &SourceTable, files: &TableFiles, at: usize, shape: Shape<'_>) -> Result<()> {
    let (format, path) = (files.format, files.paths[at].as_path());
    if format == Format::JsonLines {
        json_lines(table, path)?;
    }
    let columns = scan::columns(table);
    let needed = |name: &str| columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
    let stored_in = open::stored(table, files, at, &needed)?;
    for column in &columns {
        let Some((name, stored)) = scan::stored(table, path, &stored_in.schema, column.name)? else { continue };
        let one = open::open(table, files, at..at + 1, &stored_in)?.select([col(scan::POSITION), col(name.clone())]);
        let raw = attempt(|| one.collect())
            .map_err(|fault| in_column(broken(table, Some(path), format, fault), column.name))?;
        let Some(cast) = casts::read_as(col(name.clone()), stored, column.kind) else { continue };
        let fits = |rows: usize| attempt(|| raw.head(Some(rows)).lazy().select([cast.clone()]).collect()).is_ok();
        if !fits(raw.height()) {
            let misfit = first_misfit(raw.height(), fits);
            // As the file counts: rows that a deletion vector takes away are rows of the file.
            let position = raw.column(scan::POSITION).and_then(|positions| positions.cast(&DataType::UInt64));
            let position = position.ok().and_then(|positions| positions.u64().ok()?.get(misfit - 1));
            return Err(Error::Input {
                table: table.name.into(),
                column: Some(column.name.into()),
                file: Some(path.display().to_string()),
                message: format!(
                    "row {} holds what is not {}",
                    position.map_or(misfit as u64, |position| position + 1),
                    casts::expectation(column.kind)
                ),
                remedy: "correct it at its source and export the table again".into(),
            });
        }
    }
    let frame = open::open(table, files, at..at + 1, &stored_in)?;
    let shaped = shape(frame.select(scan::selection(table, &columns, &stored_in.schema, path, 0)?));
    attempt(|| shaped.collect()).map(|_| ()).map_err(|fault| broken(table, Some(path), format, fault))
}

/// The first row, counted from 1, with which the rows so far no longer fit.
fn first_misfit(rows: usize, fits: impl Fn(usize) -> bool) -> usize {
    let (mut good, mut bad) = (0, rows);
    while good + 1 < bad {
        let middle = good.midpoint(bad);
        if fits(middle) {
            good = middle;
        } else {
            bad = middle;
        }
    }
    bad
}

fn in_column(error: Error, name: &str) -> Error {
    match error {
        Error::Input { table, file, message, remedy, .. } => {
            Error::Input { table, column: Some(name.into()), file, message, remedy }
        }
        other => other,
    }
}

/// Every line is one JSON object or blank.
///
/// # Errors
/// The first line that is not, by its number.
pub fn json_lines(table: &SourceTable, path: &Path) -> Result<()> {
    let file = File::open(path).map_err(|error| files::unreadable(table, path, error))?;
    for (number, line) in (1..).zip(BufReader::new(file).split(b'\n')) {
        let line = line.map_err(|error| files::unreadable(table, path, error))?;
        let line = line.trim_ascii();
        let object = line.starts_with(b"{") && serde_json::from_slice::<IgnoredAny>(line).is_ok();
        if !object && !line.is_empty() {
            return Err(Error::Input {
                table: table.name.into(),
                column: None,
                file: Some(path.display().to_string()),
                message: format!("line {number} is no JSON object"),
                remedy: "the file must hold one JSON object per line; copy or export it again".into(),
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::first_misfit;

    #[test]
    fn the_first_misfit_is_found_wherever_it_is() {
        for bad in 1..=9 {
            assert_eq!(first_misfit(9, |rows| rows < bad), bad);
        }
    }
}
