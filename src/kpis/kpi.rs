//! What a KPI is: its words and its formula in one place.

use polars::prelude::*;

use crate::table::{Column, ColumnType};

/// Where a KPI's value comes from.
#[derive(Clone, Copy)]
pub enum Formula {
    /// Over a record's interactions: an aggregation of the columns of [`super::activity`].
    Interactions(fn() -> Expr),
    /// Over a record's runs of emails that are due: an aggregation of the columns of [`super::turns`].
    Runs(fn() -> Expr),
    /// From KPIs before it.
    Kpis(fn() -> Expr),
    /// From the record's last held or next planned interaction.
    Extreme,
    /// The same for the whole run, or not computed by this job.
    Run,
}

/// One KPI: a column of the four KPI tables.
#[derive(Clone)]
pub struct Kpi {
    /// Name, type and words, as the dictionary has them.
    pub column: Column,
    /// How it is computed.
    pub formula: Formula,
}

impl Kpi {
    /// Counts of a record without interactions are 0, everything else is null.
    pub fn is_count(&self) -> bool {
        self.column.dtype == ColumnType::Int64
    }
}

/// Microseconds as minutes.
pub fn minutes(micros: Expr) -> Expr {
    micros.cast(DataType::Float64) / lit(60_000_000.0)
}

/// Microseconds as hours.
pub fn hours(micros: Expr) -> Expr {
    micros.cast(DataType::Float64) / lit(3_600_000_000.0)
}

/// A quotient, null when the divisor is 0.
pub fn ratio(numerator: &str, denominator: &str) -> Expr {
    when(col(denominator).gt(lit(0)))
        .then(col(numerator).cast(DataType::Float64) / col(denominator).cast(DataType::Float64))
        .otherwise(lit(NULL))
}

/// How many rows of a group meet a condition.
pub fn count(condition: Expr) -> Expr {
    condition.fill_null(lit(false)).sum().cast(DataType::Int64)
}

/// A sum that is null when nothing contributes. Sums are of integers, so that their order does not matter.
pub fn sum(values: Expr) -> Expr {
    when(values.clone().count().gt(lit(0))).then(values.sum()).otherwise(lit(NULL))
}
