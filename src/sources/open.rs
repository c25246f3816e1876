//! One data file: its schema, and the frame that reads it.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use polars::prelude::*;

use super::contract::SourceTable;
use super::delta::{Mapping, Stored, deleted_rows};
use super::diagnose;
use super::files::{self, Format, TableFiles};
use super::scan::POSITION;
use crate::error::{Error, Result};
use crate::guard::guarded;

/// Files that hold their columns alike as one frame, rows numbered in [`POSITION`], those taken away
/// by deletion vectors left out. Files of a table may be read as one where [`may_join`] says so.
pub fn open(table: &SourceTable, files: &TableFiles, which: Range<usize>, stored: &Stored) -> Result<LazyFrame> {
    let row_index = Some(RowIndex { name: POSITION.into(), offset: 0 });
    let (format, deleted) = (files.format, deleted(files, which.start));
    let paths = &files.paths[which];
    let refs = paths.iter().map(|path| pl_path(path)).collect();
    let frame = match format {
        Format::Parquet => {
            let args = ScanArgsParquet { row_index, glob: false, cache: false, ..Default::default() };
            LazyFrame::scan_parquet_sources(ScanSources::Paths(refs), args)
        }
        Format::JsonLines => LazyJsonLineReader::new_paths(refs)
            .with_row_index(row_index)
            .with_schema(Some(Arc::new(stored.schema.clone())))
            .finish(),
    };
    let path = paths.first().map(|path| path.as_path());
    let mut frame = frame.map_err(|error| broken(table, path, format, Fault::Error(error)))?;
    if let Some(deleted) = deleted {
        frame = frame.filter(deleted_rows(col(POSITION), deleted).not());
    }
    Ok(stored.with_table_columns(frame, POSITION))
}

/// Whether a file may be read together with others that hold their columns alike: rows are counted over
/// all of them, and deletion vectors count them file by file.
pub fn may_join(files: &TableFiles, at: usize) -> bool {
    deleted(files, at).is_none()
}

fn deleted(files: &TableFiles, at: usize) -> Option<&Arc<[u64]>> {
    files.delta.as_ref()?.files.get(at)?.deleted.as_ref()
}

fn pl_path(path: &Path) -> PlRefPath {
    PlRefPath::new(path.to_string_lossy())
}

/// How a file holds its table's columns, by its footer and the log of a Delta table, or by all lines of
/// JSON; of partition columns only those that are needed.
///
/// # Errors
/// A file that cannot be opened, or is not what its name says.
pub fn stored(table: &SourceTable, files: &TableFiles, at: usize, needed: &dyn Fn(&str) -> bool) -> Result<Stored> {
    let path = &files.paths[at];
    let schema = schema(table, path, files.format)?;
    let Some(delta) = &files.delta else { return Ok(Stored::as_named(schema)) };
    let ids = if delta.mapping == Mapping::Id { field_ids(table, path)? } else { Vec::new() };
    Stored::in_table(delta, &delta.files[at], (schema, &ids), needed).map_err(|column| Error::Input {
        table: table.name.into(),
        column: Some(column),
        file: Some(path.display().to_string()),
        message: "fields inside of it are stored under mapped names, which are not read".into(),
        remedy: "rewrite the Delta table without column mapping, or export it as plain Parquet".into(),
    })
}

/// The ids that a Parquet file gives to its columns, in order.
fn field_ids(table: &SourceTable, path: &Path) -> Result<Vec<Option<i64>>> {
    let file = File::open(path).map_err(|error| files::unreadable(table, path, error))?;
    let ids = attempt(|| {
        let mut reader = ParquetReader::new(file);
        let fields = reader.get_metadata()?.schema_descr.fields().iter();
        Ok(fields.map(|field| field.get_field_info().id.map(i64::from)).collect())
    });
    ids.map_err(|fault| broken(table, Some(path), Format::Parquet, fault))
}

fn schema(table: &SourceTable, path: &Path, format: Format) -> Result<Schema> {
    let file = File::open(path).map_err(|error| files::unreadable(table, path, error))?;
    let schema = attempt(|| match format {
        Format::Parquet => parquet_schema(file),
        Format::JsonLines => LazyJsonLineReader::new(pl_path(path))
            .with_infer_schema_length(None)
            .finish()
            .and_then(|mut frame| frame.collect_schema())
            .map(|schema| (*schema).clone()),
    });
    schema.map_err(|fault| match format {
        Format::Parquet => broken(table, Some(path), format, fault),
        Format::JsonLines => match diagnose::json_lines(table, path) {
            Err(error) => error,
            Ok(()) => broken(table, Some(path), format, fault),
        },
    })
}

fn parquet_schema(file: File) -> PolarsResult<Schema> {
    let bytes = file.metadata()?.len();
    let mut reader = ParquetReader::new(file);
    let schema = reader.schema()?;
    // polars takes the footer's word for where columns lie, and would read beyond the file.
    let mut ranges = reader.get_metadata()?.row_groups.iter().flat_map(|group| group.byte_ranges_iter());
    if !ranges.all(|range| range.start <= range.end && range.end <= bytes) {
        polars_bail!(ComputeError: "its footer names bytes beyond its end");
    }
    Ok(Schema::from_arrow_schema(&schema))
}

/// Why polars did not do what it was asked for.
pub enum Fault {
    /// It says so.
    Error(PolarsError),
    /// It panicked at a place in its source.
    Panic(String),
}

/// Runs the engine on data of the lake.
pub fn attempt<T>(f: impl FnOnce() -> PolarsResult<T>) -> std::result::Result<T, Fault> {
    guarded(f).map_err(Fault::Panic)?.map_err(Fault::Error)
}

/// A file that polars cannot read.
pub fn broken(table: &SourceTable, path: Option<&Path>, format: Format, fault: Fault) -> Error {
    let message = match (fault, format) {
        (Fault::Error(PolarsError::IO { error, .. }), _) if error.raw_os_error().is_some() => {
            let path = path.unwrap_or(Path::new(table.name));
            return files::unreadable(table, path, io::Error::new(error.kind(), error.to_string()));
        }
        (Fault::Error(error), Format::Parquet) => {
            // Only the first line is about the file; the rest is about the engine's plan.
            let said = error.to_string();
            format!("the file is no readable Parquet: {}", said.lines().next().unwrap_or_default())
        }
        (Fault::Panic(place), Format::Parquet) => {
            format!("the file is no readable Parquet: decoding stopped at {place}")
        }
        // What polars says about a line of JSON quotes it, and it may be personal (rule R5).
        (_, Format::JsonLines) => "the file is no readable JSON lines".to_string(),
    };
    Error::Input {
        table: table.name.into(),
        column: None,
        file: path.map(|path| path.display().to_string()),
        message,
        remedy: "copy or export the file again".into(),
    }
}
