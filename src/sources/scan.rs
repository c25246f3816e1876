//! One lazy frame over the files of a table, whatever their schemas (rules I3, I4).

use std::path::Path;

use polars::prelude::*;

use super::contract::{EXPORT_COLUMNS, SourceColumn, SourceTable, System};
use super::delta::Stored;
use super::files::{self, TableFiles};
use super::open::{attempt, may_join, open, stored as stored_in};
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
    /// The data files, in path order.
    pub files: TableFiles,
}

/// Scans `table`, or none when the lake lacks it. `shape` is applied to files of one schema at a
/// time, before they are put together, because nested columns differ in the spelling of their
/// fields (rule I7); what it returns must have one schema.
///
/// # Errors
/// Files that are unreadable or foreign, a required column that no file has, a type that a column
/// cannot have, a column that is there twice.
pub fn scan(lake: &Lake, table: &SourceTable, shape: impl Fn(LazyFrame) -> LazyFrame) -> Result<Option<Scan>> {
    let Some(files) = fetch(lake, table)? else { return Ok(None) };
    if files.paths.is_empty() {
        return Ok(Some(Scan { frame: shape(empty(table)), versioned: false, files }));
    }
    let columns = columns(table);
    let needed = |name: &str| columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
    let stored = (0..files.paths.len()).map(|at| stored_in(table, &files, at, &needed)).collect::<Result<Vec<_>>>()?;
    let has = |stored: &Stored, name: &str| stored.schema.iter_names().any(|own| own.eq_ignore_ascii_case(name));
    for column in columns.iter().filter(|column| column.required) {
        if !stored.iter().any(|stored| has(stored, column.name)) {
            return Err(Error::Input {
                table: table.name.into(),
                column: Some(column.name.into()),
                file: Some(files.place.display().to_string()),
                message: "the column is missing in every file".into(),
                remedy: "add it to the export".into(),
            });
        }
    }
    let versioned = stored.iter().any(|stored| has(stored, "versionnumber"));

    let mut frames = Vec::new();
    let mut from = 0;
    while from < files.paths.len() {
        let alike = |at: &usize| may_join(&files, *at) && stored[*at] == stored[from];
        let more = if may_join(&files, from) { (from + 1..stored.len()).take_while(alike).count() } else { 0 };
        let which = from..from + 1 + more;
        let (path, position) = (&files.paths[from], (frames.len() as u64) << 32);
        let selection = selection(table, &columns, &stored[from].schema, path, position)?;
        from = which.end;
        frames.push(shape(open(table, &files, which.clone(), &stored[which.start])?.select(selection)));
    }
    let frame = if frames.len() == 1 {
        frames.remove(0)
    } else {
        concat(frames, UnionArgs { rechunk: false, parallel: true, maintain_order: true, ..Default::default() })
            .map_err(Error::engine(format!("putting the files of table {} together", table.name)))?
    };
    Ok(Some(Scan { frame, versioned, files }))
}

/// The files of `table` with all that is read of them on this machine, or none when the lake lacks it.
///
/// # Errors
/// Those of [`files::of_table`], and what a store says.
pub fn fetch(lake: &Lake, table: &SourceTable) -> Result<Option<TableFiles>> {
    let Some(files) = files::of_table(lake, table)? else { return Ok(None) };
    let columns = columns(table);
    let needed = |name: &str| columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
    lake.bring_columns(table, &files.paths, &|stored| match &files.delta {
        Some(delta) => delta.may_hold(stored, &needed),
        None => needed(stored),
    })?;
    Ok(Some(files))
}

/// What is read of a table: the columns of its contract and those of the export.
pub fn columns(table: &SourceTable) -> Vec<&'static SourceColumn> {
    let export: &[SourceColumn] = if table.system == System::Dataverse { EXPORT_COLUMNS } else { &[] };
    table.columns.iter().chain(export).collect()
}

/// Casts and renames the columns of files that share `schema`, positions counted from `position`;
/// nested columns that a file lacks are null booleans, which the kernels read as absent.
pub fn selection(
    table: &SourceTable,
    columns: &[&SourceColumn],
    schema: &Schema,
    path: &Path,
    position: u64,
) -> Result<Vec<Expr>> {
    let mut selection = vec![(col(POSITION).cast(DataType::UInt64) + lit(position)).alias(POSITION)];
    for column in columns {
        let expr = match stored(table, path, schema, column.name)? {
            None => lit(NULL).cast(casts::dtype(column.kind).unwrap_or(DataType::Boolean)),
            Some((name, dtype)) => casts::read_as(col(name.clone()), dtype, column.kind).ok_or_else(|| {
                let message = format!("the column is stored as {dtype}, expected {}", casts::expectation(column.kind));
                refuse(table, column.name, path, message, "export the column in its own type")
            })?,
        };
        selection.push(expr.alias(column.name));
    }
    Ok(selection)
}

/// Name and type in which a file stores a column; names may differ in letter case.
///
/// # Errors
/// Two columns whose names differ in nothing else: nobody knows which one is meant.
pub fn stored<'a>(
    table: &SourceTable,
    path: &Path,
    schema: &'a Schema,
    name: &str,
) -> Result<Option<(&'a PlSmallStr, &'a DataType)>> {
    let mut found = schema.iter().filter(|(stored, _)| stored.eq_ignore_ascii_case(name));
    match (found.next(), found.next()) {
        (Some((one, _)), Some((other, _))) => {
            let message = format!("the columns {one} and {other} differ only in letter case");
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

/// Runs a scan's plan; `shape` is what the scan was made with.
///
/// # Errors
/// What is wrong with the data, with the file, column and row that cause it.
pub fn collect(table: &SourceTable, scan: Scan, shape: &dyn Fn(LazyFrame) -> LazyFrame) -> Result<DataFrame> {
    let Scan { frame, files, .. } = scan;
    attempt(|| frame.collect_with_engine(Engine::Streaming).map(|result| result.unwrap_single()))
        .map_err(|fault| diagnose::culprit(table, &files, shape, fault))
}

/// A frame without rows, with the columns that a scan of `table` would have.
pub fn empty(table: &SourceTable) -> LazyFrame {
    let columns = table.columns.iter().chain(EXPORT_COLUMNS);
    let fields = columns.map(|c| Field::new(c.name.into(), casts::dtype(c.kind).unwrap_or(DataType::Boolean)));
    let position = Field::new(POSITION.into(), DataType::UInt64);
    DataFrame::empty_with_schema(&fields.chain([position]).collect()).lazy()
}
