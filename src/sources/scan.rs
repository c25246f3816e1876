//! One lazy frame over the files of a table, whatever their schemas (rules I3, I4).

use std::fs::File;
use std::path::{Path, PathBuf};

use polars::prelude::*;

use super::contract::{EXPORT_COLUMNS, Kind, SourceColumn, SourceTable, System};
use super::files::{self, Format};
use super::{Lake, casts};
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
    pub paths: Vec<PathBuf>,
}

/// Scans `table`, or none when the lake lacks it. `shape` is applied to files of one schema at a
/// time, before they are put together, because nested columns differ in the spelling of their
/// fields (rule I7); what it returns must have one schema.
///
/// # Errors
/// Files that are unreadable or foreign, a required column that no file has, a type that a column
/// cannot have.
pub fn scan(lake: &Lake, table: &SourceTable, shape: impl Fn(LazyFrame) -> LazyFrame) -> Result<Option<Scan>> {
    let Some(files) = files::of_table(lake, table)? else { return Ok(None) };
    let schemas = files.paths.iter().map(|path| schema(table, path, files.format)).collect::<Result<Vec<_>>>()?;
    let export: &[SourceColumn] = if table.system == System::Dataverse { EXPORT_COLUMNS } else { &[] };
    let columns: Vec<&SourceColumn> = table.columns.iter().chain(export).collect();
    for column in columns.iter().filter(|column| column.required) {
        if !schemas.iter().any(|schema| stored(schema, column.name).is_some()) {
            return Err(Error::Input {
                table: table.name.into(),
                column: Some(column.name.into()),
                file: None,
                message: "the column is missing in every file".into(),
                remedy: "add it to the export".into(),
            });
        }
    }
    let versioned = schemas.iter().any(|schema| stored(schema, "versionnumber").is_some());

    let mut frames = Vec::new();
    let mut from = 0;
    while from < files.paths.len() {
        let same = schemas[from..].iter().take_while(|schema| **schema == schemas[from]).count();
        let paths = &files.paths[from..from + same];
        let position = (frames.len() as u64) << 32;
        let exprs = projection(table, &columns, &schemas[from], paths)?;
        let mut selection = vec![(col(POSITION).cast(DataType::UInt64) + lit(position)).alias(POSITION)];
        selection.extend(exprs);
        frames.push(shape(open(paths, files.format)?.select(selection)));
        from += same;
    }
    let frame = if frames.len() == 1 {
        frames.remove(0)
    } else {
        concat(frames, UnionArgs { rechunk: false, parallel: true, maintain_order: true, ..Default::default() })
            .map_err(Error::engine(format!("putting the files of table {} together", table.name)))?
    };
    Ok(Some(Scan { frame, versioned, paths: files.paths }))
}

/// Casts and renames the columns of files that share `schema`; nested columns that a file lacks
/// are null booleans, which the kernels read as absent.
fn projection(table: &SourceTable, columns: &[&SourceColumn], schema: &Schema, paths: &[PathBuf]) -> Result<Vec<Expr>> {
    columns
        .iter()
        .map(|column| {
            let Some((name, dtype)) = stored(schema, column.name) else {
                let dtype = casts::dtype(column.kind).unwrap_or(DataType::Boolean);
                return Ok(lit(NULL).cast(dtype).alias(column.name));
            };
            casts::read_as(col(name.clone()), dtype, column.kind)
                .map(|expr| if column.kind == Kind::Nested { expr } else { expr.alias(column.name) })
                .map(|expr| expr.alias(column.name))
                .ok_or_else(|| Error::Input {
                    table: table.name.into(),
                    column: Some(column.name.into()),
                    file: paths.first().map(|path| path.display().to_string()),
                    message: format!("the column is stored as {dtype}, expected {}", casts::expectation(column.kind)),
                    remedy: "export the column in its own type".into(),
                })
        })
        .collect()
}

fn stored<'a>(schema: &'a Schema, name: &str) -> Option<(&'a PlSmallStr, &'a DataType)> {
    schema.iter().find(|(stored, _)| stored.eq_ignore_ascii_case(name))
}

fn open(paths: &[PathBuf], format: Format) -> Result<LazyFrame> {
    let row_index = Some(RowIndex { name: POSITION.into(), offset: 0 });
    let context = || "opening data files".to_string();
    match format {
        Format::Parquet => {
            let sources = ScanSources::Paths(paths.iter().map(|path| pl_path(path)).collect());
            let args = ScanArgsParquet { row_index, glob: false, cache: false, ..Default::default() };
            LazyFrame::scan_parquet_sources(sources, args).map_err(Error::engine(context()))
        }
        Format::JsonLines => {
            let paths: Vec<PlRefPath> = paths.iter().map(|path| pl_path(path)).collect();
            LazyJsonLineReader::new_paths(paths.into())
                .with_row_index(row_index)
                .with_infer_schema_length(None)
                .finish()
                .map_err(Error::engine(context()))
        }
    }
}

fn pl_path(path: &Path) -> PlRefPath {
    PlRefPath::new(path.to_string_lossy())
}

/// The schema by the file's footer, or by all lines of JSON.
fn schema(table: &SourceTable, path: &Path, format: Format) -> Result<Schema> {
    let broken = |message: String| Error::Input {
        table: table.name.into(),
        column: None,
        file: Some(path.display().to_string()),
        message,
        remedy: "copy or export the file again".into(),
    };
    match format {
        Format::Parquet => {
            let file = File::open(path).map_err(|e| broken(format!("the file cannot be opened: {e}")))?;
            let schema = ParquetReader::new(file)
                .schema()
                .map_err(|e| broken(format!("the file is no readable Parquet: {e}")))?;
            Ok(Schema::from_arrow_schema(&schema))
        }
        Format::JsonLines => open(std::slice::from_ref(&path.to_path_buf()), format)?
            .collect_schema()
            .map(|schema| (*schema).clone())
            .map_err(|e| broken(format!("the file is no readable JSON lines: {e}"))),
    }
}

/// Runs a scan's plan.
///
/// # Errors
/// What the engine finds wrong with the data, with the file that causes it where one does by itself.
pub fn collect(table: &SourceTable, scan: Scan) -> Result<DataFrame> {
    let broken = |file: Option<String>, source: PolarsError| Error::Input {
        table: table.name.into(),
        column: None,
        file,
        message: format!("the data cannot be read: {source}"),
        remedy: "copy or export the file again".into(),
    };
    let collected = scan.frame.collect_with_engine(Engine::Streaming);
    collected.map(|result| result.unwrap_single()).map_err(|error| {
        let culprit = scan.paths.iter().find_map(|path| {
            let file = File::open(path).ok()?;
            let error = ParquetReader::new(file).finish().err()?;
            Some((path, error))
        });
        match culprit {
            Some((path, error)) => broken(Some(path.display().to_string()), error),
            None => broken(None, error),
        }
    })
}

/// A frame without rows, with the columns that a scan of `table` would have.
pub fn empty(table: &SourceTable) -> LazyFrame {
    let columns = table.columns.iter().chain(EXPORT_COLUMNS);
    let fields = columns.map(|c| Field::new(c.name.into(), casts::dtype(c.kind).unwrap_or(DataType::Boolean)));
    let position = Field::new(POSITION.into(), DataType::UInt64);
    DataFrame::empty_with_schema(&fields.chain([position]).collect()).lazy()
}
