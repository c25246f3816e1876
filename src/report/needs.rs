//! Why records need attention, for the overview and for their own pages.

use std::cmp::Ordering;

use super::book::Book;
use super::health_words::said;
use super::html::Html;
use super::record::Record;
use super::sheet::Row;

/// The table.
pub const TABLE: &str = "attention";
/// Its columns on the pages.
pub const COLUMNS: [&str; 3] = ["severity", "value_at_stake", "sentence"];

/// Why a record needs attention.
pub struct Why<'a> {
    /// The key of the row.
    pub key: String,
    /// The chance of what is feared.
    pub severity: Html,
    /// In the language of the report.
    pub sentence: &'a str,
}

/// Why a record needs attention, the most severe first.
pub fn whys<'a>(book: &Book<'a>, record: &Record<'_>) -> Vec<(Row<'a>, Why<'a>)> {
    let mut rows = book.published.of(TABLE, &record.key());
    rows.sort_by(|one, other| severest(*one, *other).then(one.text("reason").cmp(&other.text("reason"))));
    let why = |row: Row<'a>| {
        let key = format!("{} {}", record.key(), row.text("reason").unwrap_or_default());
        let severity = book.figures(Some(row), TABLE).per_cent("severity");
        (row, Why { key, severity, sentence: said(book.say, row, "sentence").unwrap_or_default() })
    };
    rows.into_iter().map(why).collect()
}

/// The more severe first, then the more valuable; what is unknown comes last.
pub fn severest(one: Row<'_>, other: Row<'_>) -> Ordering {
    let number = |row: Row<'_>, column| row.number(column).unwrap_or(-1.0);
    let by = |column| number(other, column).total_cmp(&number(one, column));
    by("severity").then(by("value_at_stake"))
}
