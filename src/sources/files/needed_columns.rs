//! Which columns are read of a table, and how its rows are numbered.

use polars::prelude::*;

use crate::sources::contract::{EXPORT_COLUMNS, SourceColumn, SourceTable, System};
use crate::sources::files::casts;

/// Position of a row in its table: files in path order, rows in file order.
pub const POSITION: &str = "_position";

/// What is read of a table: the columns of its contract and those of the export.
pub fn needed_columns(table: &SourceTable) -> Vec<&'static SourceColumn> {
    let export: &[SourceColumn] = if table.system == System::Dataverse { EXPORT_COLUMNS } else { &[] };
    table.columns.iter().chain(export).collect()
}

/// A frame without rows, with the columns that a scan of `table` would have.
pub fn no_rows(table: &SourceTable) -> LazyFrame {
    let columns = table.columns.iter().chain(EXPORT_COLUMNS);
    let fields = columns.map(|c| Field::new(c.name.into(), casts::dtype(c.kind).unwrap_or(DataType::Boolean)));
    let position = Field::new(POSITION.into(), DataType::UInt64);
    DataFrame::empty_with_schema(&fields.chain([position]).collect()).lazy()
}
