//! Delta tables by their transaction log (rule I6): which files are live, which of their rows are
//! deleted, under which names they store the table's columns, and the values that only the log has.

mod engine;
mod log;
mod odd_types;
mod stored;

pub use log::live;
pub use stored::deleted_rows;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::sources::contract::ValueKind;

/// The newest version of a Delta table, as far as its log tells.
#[derive(Clone, Debug)]
pub struct DeltaTable {
    /// What the version consists of, in order of paths.
    pub files: Vec<LiveFile>,
    /// How files name the table's columns.
    pub mapping: Mapping,
    /// The table's columns, in order.
    pub columns: Vec<DeltaColumn>,
    /// Whether its checkpoints cannot be read, so that commits were read from the first on.
    pub checkpoints_are_damaged: bool,
}

/// A data file of a Delta table.
#[derive(Clone, Debug)]
pub struct LiveFile {
    /// Path in the table's folder, as files are named, not as the log spells it.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// Positions of the rows that its deletion vector takes away, ascending; none without a vector.
    pub deleted: Option<Arc<[u64]>>,
    /// Values of the partition columns by their stored names; a value that is not there is null.
    pub partition_values: BTreeMap<String, String>,
}

/// How files name the columns of a Delta table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mapping {
    /// As the table does.
    None,
    /// By names of their own.
    Name,
    /// By the field ids of Parquet.
    Id,
}

/// A column of a Delta table.
#[derive(Clone, Debug)]
pub struct DeltaColumn {
    /// The table's name for it.
    pub name: String,
    /// The name in files and in partition values.
    pub stored: String,
    /// The field id in files, where columns are mapped.
    pub field_id: Option<i64>,
    /// What the values mean, for partition columns: their values are in the log, not in the files.
    pub partition: Option<ValueKind>,
    /// A word for what it is where its type is none that is read here, in a list or not.
    pub odd: Option<&'static str>,
    /// The fields inside of it, or of the elements of a list.
    pub inside: Vec<DeltaColumn>,
}
