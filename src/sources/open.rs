//! One data file: its schema, and the frame that reads it.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use polars::prelude::*;

use super::contract::SourceTable;
use super::diagnose;
use super::files::{self, Format};
use super::scan::POSITION;
use crate::error::{Error, Result};
use crate::guard::guarded;

/// Files that share `schema` as one frame, rows numbered in [`POSITION`].
pub fn open(table: &SourceTable, paths: &[PathBuf], format: Format, schema: &Schema) -> Result<LazyFrame> {
    let row_index = Some(RowIndex { name: POSITION.into(), offset: 0 });
    let refs = paths.iter().map(|path| pl_path(path)).collect();
    let frame = match format {
        Format::Parquet => {
            let args = ScanArgsParquet { row_index, glob: false, cache: false, ..Default::default() };
            LazyFrame::scan_parquet_sources(ScanSources::Paths(refs), args)
        }
        Format::JsonLines => LazyJsonLineReader::new_paths(refs)
            .with_row_index(row_index)
            .with_schema(Some(Arc::new(schema.clone())))
            .finish(),
    };
    frame.map_err(|error| broken(table, paths.first().map(PathBuf::as_path), format, Fault::Error(error)))
}

fn pl_path(path: &Path) -> PlRefPath {
    PlRefPath::new(path.to_string_lossy())
}

/// The schema by the file's footer, or by all lines of JSON.
///
/// # Errors
/// A file that cannot be opened, or is not what its name says.
pub fn schema(table: &SourceTable, path: &Path, format: Format) -> Result<Schema> {
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
