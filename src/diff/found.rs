//! What a comparison has found, as it is told and as JSON has it.

use serde::Serialize;
use serde_json::Value;

use crate::table::cells::Fields;

/// What differs between two sides.
#[derive(Debug, Serialize)]
pub struct Difference {
    /// What is before.
    pub a: String,
    /// What is after.
    pub b: String,
    /// Tables that both sides have, in the order of the dictionary.
    pub tables: Vec<TableDifference>,
    /// Tables that only A has.
    pub tables_only_in_a: Vec<String>,
    /// Tables that only B has.
    pub tables_only_in_b: Vec<String>,
}

/// What differs between two files of a table.
#[derive(Debug, Serialize)]
pub struct TableDifference {
    /// The table.
    pub table: String,
    /// The partition of A.
    pub partition_a: String,
    /// The partition of B.
    pub partition_b: String,
    /// Rows of A.
    pub rows_a: u64,
    /// Rows of B.
    pub rows_b: u64,
    /// Rows whose key B does not have.
    pub only_in_a: u64,
    /// Rows whose key A does not have.
    pub only_in_b: u64,
    /// Rows of both in which a cell differs.
    pub rows_changed: u64,
    /// Cells of both that differ.
    pub cells_changed: u64,
    /// Columns in which cells differ, in the order of the table.
    pub columns: Vec<ColumnDifference>,
    /// Columns that only the file of A has, being of another version.
    pub columns_only_in_a: Vec<String>,
    /// Columns that only the file of B has.
    pub columns_only_in_b: Vec<String>,
    /// The first differences in the order of the key.
    pub listed: Vec<ListedDifference>,
    /// How many more there are.
    pub not_listed: u64,
}

/// What differs in a column of rows that both sides have.
#[derive(Debug, Serialize)]
pub struct ColumnDifference {
    /// The column.
    pub column: String,
    /// Cells that differ.
    pub cells: u64,
    /// Those of them that are unknown in A.
    pub unknown_in_a: u64,
    /// Those of them that are unknown in B.
    pub unknown_in_b: u64,
    /// Of numbers, days (in days) and instants (in hours) known in both: the mean of B − A over cells that differ.
    pub mean_difference: Option<f64>,
    /// The same, furthest from 0.
    pub largest_difference: Option<f64>,
}

/// One difference.
#[derive(Debug, Serialize)]
pub struct ListedDifference {
    /// Of what kind.
    pub what: DifferenceKind,
    /// The key of the row, by column.
    pub key: Fields,
    /// The column of a cell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Its value in A.
    pub before: Value,
    /// Its value in B.
    pub after: Value,
    /// Their distance, as in [`ColumnDifference`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub difference: Option<f64>,
}

/// Kinds of difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKind {
    /// A row whose key B does not have.
    OnlyInA,
    /// A row whose key A does not have.
    OnlyInB,
    /// A cell with another value.
    Changed,
}

impl Difference {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.tables_only_in_a.is_empty()
            && self.tables_only_in_b.is_empty()
            && self.tables.iter().all(TableDifference::is_empty)
    }
}

impl TableDifference {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        let columns_differ = !self.columns_only_in_a.is_empty() || !self.columns_only_in_b.is_empty();
        !columns_differ && self.only_in_a + self.only_in_b + self.cells_changed == 0
    }
}
