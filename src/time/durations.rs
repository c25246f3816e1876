//! Spans of time in the units in which they are published.

use polars::prelude::*;

use super::{HOUR, MINUTE};

// The engine divides a column by a number by multiplying it with the number's reciprocal: what is computed outside of
// the engine does the same, so that both publish the same digits.
/// Minutes in a microsecond.
pub const MINUTES_PER_MICROSECOND: f64 = 1.0 / MINUTE as f64;
/// Hours in a microsecond.
pub const HOURS_PER_MICROSECOND: f64 = 1.0 / HOUR as f64;

/// A column of microseconds in minutes.
pub fn minutes(microseconds: Expr) -> Expr {
    microseconds.cast(DataType::Float64) / lit(MINUTE as f64)
}

/// A column of microseconds in hours.
pub fn hours(microseconds: Expr) -> Expr {
    microseconds.cast(DataType::Float64) / lit(HOUR as f64)
}
