//! Types of published columns: what engines call them, and what the dictionary does.

use polars::prelude::*;

/// Types of published columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// UTF-8.
    Text,
    /// Whole numbers.
    Int64,
    /// Other numbers.
    Float64,
    /// Yes or no.
    Boolean,
    /// A day.
    Date,
    /// Microseconds in UTC.
    Timestamp,
    /// Numbers with [`DECIMAL_PLACES`] digits behind the point, exactly.
    Decimal,
}

/// Digits of decimals, and how many of them stand behind the point: what exports of Dataverse write.
pub const DECIMAL_DIGITS: usize = 38;
/// See [`DECIMAL_DIGITS`].
pub const DECIMAL_PLACES: usize = 18;

impl ColumnType {
    /// The engine's type.
    pub fn to_polars(self) -> DataType {
        match self {
            ColumnType::Text => DataType::String,
            ColumnType::Int64 => DataType::Int64,
            ColumnType::Float64 => DataType::Float64,
            ColumnType::Boolean => DataType::Boolean,
            ColumnType::Date => DataType::Date,
            ColumnType::Timestamp => DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)),
            ColumnType::Decimal => DataType::Decimal(DECIMAL_DIGITS, DECIMAL_PLACES),
        }
    }

    /// As the dictionary prints it.
    pub fn name(self) -> &'static str {
        match self {
            ColumnType::Text => "text",
            ColumnType::Int64 => "int64",
            ColumnType::Float64 => "float64",
            ColumnType::Boolean => "boolean",
            ColumnType::Date => "date",
            ColumnType::Timestamp => "timestamp",
            ColumnType::Decimal => "decimal(38,18)",
        }
    }
}
