//! How values came about, as it is told and as JSON has it.

use serde::Serialize;
use serde_json::Value;

use super::sums::is_same;
use crate::table::cells::Fields;

/// How a row, or one value of it, came about.
#[derive(Debug, Serialize)]
pub struct Story {
    /// The table.
    pub table: String,
    /// The key of the row, by column.
    pub key: Fields,
    /// The day as of which the row is.
    pub as_of: String,
    /// Where it was read: the partition, or that it was computed from the lake.
    pub read_from: String,
    /// What a reader should know before anything else.
    pub notes: Vec<String>,
    /// The value asked for, or every value of the row.
    pub columns: Vec<ColumnStory>,
    /// The interactions of the record, where the whole row was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub interactions: Vec<InteractionStory>,
    /// What has to do with the record and does not count for it, where the lake was asked: interactions whose people do
    /// not link, and rows that were dropped.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_linked: Vec<InteractionStory>,
    /// Commands that tell more.
    pub see: Vec<String>,
}

/// How one value came about.
#[derive(Debug, Default, Serialize)]
pub struct ColumnStory {
    /// The column.
    pub column: String,
    /// Its published value.
    pub value: Value,
    /// What it counts.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// What the dictionary says of the column.
    pub means: String,
    /// The rules that define it, with their titles.
    pub rules: Vec<String>,
    /// The formula in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formula: Option<String>,
    /// The same with the numbers of this row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_numbers: Option<String>,
    /// What a value is made of that cannot be added up from what is published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comes_from: Option<String>,
    /// Of a value that is unknown, what is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
    /// The value that the rows below add up to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_rows: Option<Value>,
    /// Whether that is the published value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adds_up: Option<bool>,
    /// How many rows counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counted: Option<usize>,
    /// How many rows of the record did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_counted: Option<usize>,
    /// The rows, where this value was asked for: those that counted first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<InteractionStory>,
    /// Rows of published tables that the value is made of, where this value was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub from_tables: Vec<TableRow>,
}

/// A row of a published table that a value is made of, or that is left out of it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TableRow {
    /// The table.
    pub table: String,
    /// Its key.
    pub key: Fields,
    /// What of it matters.
    pub values: Fields,
    /// What it adds, in the unit of the column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<f64>,
    /// Why it does not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why_not: Option<String>,
}

impl ColumnStory {
    /// Says what a value comes to anew, in numbers, and whether that is what is published.
    pub fn recomputed(&mut self, value: Value, with_numbers: String) {
        self.adds_up = Some(is_same(&value, &self.value));
        self.from_rows = Some(value);
        self.with_numbers = Some(with_numbers);
    }
}

/// What an interaction, or a row that is none, has to do with a value.
#[derive(Clone, Debug, Default, Serialize)]
pub struct InteractionStory {
    /// Its id; of a source row that is no interaction its table and id.
    pub interaction_id: String,
    /// email, meeting, phone_call, task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// outbound, inbound; none where nobody knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<String>,
    /// held, planned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<String>,
    /// Its length.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_minutes: Option<f64>,
    /// Colleagues present.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub colleagues: Option<u32>,
    /// People of the other side present.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_people: Option<u32>,
    /// Why it counts for the record: regarding, participant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counts_for_record_by: Option<String>,
    /// Of an email, what it is in the turns of its thread.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub turn: Option<String>,
    /// Whether it counts for the value; none where the whole row was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counts: Option<bool>,
    /// What it adds, in the unit of the column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<f64>,
    /// Of a quotient, for which of its parts it counts; of other values what is special about it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<String>,
    /// Why it does not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why_not: Option<String>,
    /// The columns of the row that it counts for, where the whole row was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub counts_for: Vec<String>,
}

impl Story {
    /// Whether everything that was added up gave what is published.
    pub fn adds_up(&self) -> bool {
        self.columns.iter().all(|column| column.adds_up != Some(false))
    }
}
