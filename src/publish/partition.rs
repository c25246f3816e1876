//! A partition: the rows of a table for one date or week, in one file.

use chrono::NaiveDate;

use crate::table::Table;

/// The rows of a table for one date or week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partition {
    /// `as_of_date` or `week`.
    pub column: &'static str,
    /// `2026-03-31` or `2026-W13`.
    pub value: String,
}

impl Partition {
    /// The partition of a day, in a table that is published daily.
    pub fn as_of(date: NaiveDate) -> Partition {
        Partition { column: "as_of_date", value: date.to_string() }
    }

    /// The partition of the ISO week of a day, in a table that is published weekly.
    pub fn week(day: NaiveDate) -> Partition {
        Partition { column: "week", value: day.format("%G-W%V").to_string() }
    }

    /// The folder's name.
    pub fn folder(&self) -> String {
        format!("{}={}", self.column, self.value)
    }

    /// The name of the one file in it.
    pub fn file(&self, table: &Table) -> String {
        format!("{}.parquet", table.name)
    }

    /// The day as of which its rows were computed.
    pub fn day(&self) -> Option<NaiveDate> {
        match self.column {
            "week" => NaiveDate::parse_from_str(&format!("{}-7", self.value), "%G-W%V-%u").ok(),
            _ => self.value.parse().ok(),
        }
    }

    /// Whether a path, such as `as_of_date=2026-03-31/…`, lies in a partition of the same kind that `current/` may show: one
    /// of today or before. Values are compared as texts, whose order is that of time.
    pub(super) fn may_follow(&self, path: &str, today: NaiveDate) -> bool {
        let latest = match self.column {
            "week" => Partition::week(today),
            _ => Partition::as_of(today),
        };
        let value = path.strip_prefix(self.column).and_then(|rest| rest.strip_prefix('='));
        value.is_some_and(|value| value.split('/').next().unwrap_or_default() <= latest.value.as_str())
    }
}
