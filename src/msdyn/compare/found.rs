//! What a comparison with the original has found, as it is told and as JSON has it.

use serde::Serialize;

/// What a comparison has found.
#[derive(Debug, Serialize)]
pub struct ComparisonResult {
    /// The day as of which ours are.
    pub as_of: String,
    /// Tables that both sides have.
    pub tables: Vec<TableCompared>,
    /// Tables of the original that the export does not have.
    pub not_exported: Vec<String>,
    /// Tables that are exported, for which nothing of ours is published.
    pub not_published: Vec<String>,
}

/// What differs in a table.
#[derive(Debug, Serialize)]
pub struct TableCompared {
    /// The table.
    pub table: String,
    /// Records that both sides have.
    pub records_in_both: usize,
    /// Records that only we have.
    pub only_ours: usize,
    /// Records that only the original has.
    pub only_theirs: usize,
    /// Its columns that are exported and that we fill, in the order of the reference.
    pub columns: Vec<ColumnCompared>,
    /// Columns that we fill and that are not exported, or hold nothing there.
    pub not_exported: Vec<String>,
}

/// What differs in a column, over the records of both sides. Differences are theirs minus ours, 0 where both are the same but
/// for rounding; of instants in hours.
#[derive(Debug, Serialize)]
pub struct ColumnCompared {
    /// The column.
    pub column: String,
    /// Records where both know a value.
    pub known_in_both: usize,
    /// Records where only we do.
    pub only_ours_known: usize,
    /// Records where only the original does.
    pub only_theirs_known: usize,
    /// Records where both know the same.
    pub equal: usize,
    /// Of the records where both know a value.
    pub share_equal: Option<f64>,
    /// The mean difference; of numbers and instants only.
    pub mean_difference: Option<f64>,
    /// The median of differences without their signs.
    pub median_distance: Option<f64>,
    /// The difference furthest from 0.
    pub largest_difference: Option<f64>,
    /// By what ours has to be multiplied so that most values agree; of numbers only, where at least three of both sides
    /// are not 0.
    pub best_scale: Option<f64>,
    /// What that would mean.
    pub scale_meaning: Option<&'static str>,
    /// Of the values of both sides that are not 0, the share that agrees after that.
    pub share_equal_at_best_scale: Option<f64>,
    /// The largest differences.
    pub listed: Vec<ListedValue>,
}

/// A value that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ListedValue {
    /// The record.
    pub record_id: String,
    /// Our value in the unit of the original.
    pub ours: serde_json::Value,
    /// Its value.
    pub theirs: serde_json::Value,
}
