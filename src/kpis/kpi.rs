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
    /// Over the times to answer of a record's runs, see [`Each::Response`].
    Responses,
    /// From KPIs before it.
    Kpis(fn() -> Expr),
    /// From the record's first or last held or next planned interaction.
    Extreme,
    /// The same for the whole run, or not computed by this job.
    Run,
}

/// What one interaction brings to a KPI of its records: what depends on the interaction alone is
/// computed once, however many records it counts for.
#[derive(Clone, Copy)]
pub enum Each {
    /// One, where a condition on the columns of [`super::activity`] holds.
    One(fn() -> Expr),
    /// Microseconds, which are published in minutes, null where their length is unknown, 0 where it takes none;
    /// and whether it takes any.
    Time { time: fn() -> Expr, takes: fn() -> Expr },
    /// One, where a condition on the columns of [`super::turns`] holds and a run begins that is due.
    Run(fn() -> Expr),
    /// The time until a side answered, ours or theirs, for a function of all times of a record.
    Response(bool, fn(Responses<'_>) -> f64),
}

/// Times to answer of one record and side, at least one.
#[derive(Clone, Copy)]
pub struct Responses<'a> {
    /// Microseconds, ascending.
    pub times: &'a [i64],
    /// Runs of the record that are due, those of the other side and unanswered ones among them.
    pub due: usize,
}

/// One KPI: a column of the four KPI tables.
#[derive(Clone)]
pub struct Kpi {
    /// Name, type and words, as the dictionary has them.
    pub column: Column,
    /// How it is computed of many interactions.
    pub formula: Formula,
    /// How it is made up of each of them, where it is.
    pub each: Option<Each>,
}

/// Formulas of a KPI that counts interactions under a condition: over many, and of each.
macro_rules! counted {
    ($condition:expr) => {
        (Formula::Interactions(|| count($condition)), Each::One(|| $condition))
    };
}

/// Formulas of a KPI that counts runs under a condition: over many, and of each.
macro_rules! counted_runs {
    ($condition:expr) => {
        (Formula::Runs(|| count($condition)), Each::Run(|| $condition))
    };
}

/// Formulas of a KPI that adds up microseconds: over many, and of each.
macro_rules! timed {
    ($takes:expr, $time:expr) => {
        (
            Formula::Interactions(|| minutes(time_spent_of($takes, $time))),
            Each::Time { time: || $time, takes: || $takes },
        )
    };
}

pub(super) use {counted, counted_runs, timed};

impl Kpi {
    /// Counts of a record without interactions are 0, everything else is null.
    pub fn is_count(&self) -> bool {
        self.column.dtype == ColumnType::Int64
    }
}

// Dividing a column by a number, the engine multiplies by one divided by it: kernels that publish the
// same digits do as well.
/// Minutes in a microsecond.
pub const MINUTE: f64 = 1.0 / 60_000_000.0;
/// Hours in a microsecond.
pub const HOUR: f64 = 1.0 / 3_600_000_000.0;

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

/// The sum of times of held interactions: null where there are none, or where the length of every one that takes
/// time is unknown.
pub fn time_spent_of(takes: Expr, time: Expr) -> Expr {
    let takes = takes.fill_null(lit(false));
    let known = count(takes.clone().and(time.clone().is_not_null()));
    let unknown = count(takes.and(time.clone().is_null()));
    let is_unknown = count(col(super::activity::HELD)).eq(lit(0)).or(known.eq(lit(0)).and(unknown.gt(lit(0))));
    when(is_unknown).then(lit(NULL)).otherwise(time.fill_null(lit(0)).sum())
}
