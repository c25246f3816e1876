//! What a KPI is: the column it fills, and how it is measured.

use polars::prelude::*;

use super::measuring::Measuring;
use crate::table::{Column, ColumnType};

/// One KPI: a column of the four KPI tables.
#[derive(Clone)]
pub struct Kpi {
    /// Name, type and description, as the dictionary prints them.
    pub column: Column,
    /// How its value comes about.
    pub measure: Measure,
}

/// A condition or an amount, of the columns of `measuring` and of the settings.
pub type Definition = fn(&Measuring) -> Expr;

/// How the value of a KPI comes about. What is counted or added up is stated for a single interaction, so that it can
/// be computed once per interaction and added up in any parts.
#[derive(Clone, Copy)]
pub enum Measure {
    /// How many interactions meet a condition.
    Count(Definition),
    /// How many interactions meet a condition that the settings may leave undefined: null where they do.
    CountIfDefined(fn(&Measuring) -> Option<Expr>),
    /// How many response runs that are due meet a condition of the email that begins them.
    CountRuns(Definition),
    /// The sum of times, published in minutes: null without held interactions, or where the time of every interaction
    /// that takes any is unknown.
    Minutes {
        /// Microseconds that an interaction takes: null where unknown, 0 where it takes none.
        time: Definition,
        /// Whether it takes time at all.
        takes: Definition,
    },
    /// A statistic of the hours from the beginning of a run to the answer of a side; null where none was answered.
    ResponseHours {
        /// The side that answered.
        answered_by: Side,
        /// What is made of the hours.
        statistic: Statistic,
    },
    /// One KPI divided by another; null where the divisor is 0.
    Ratio {
        /// Name of the KPI above the line.
        numerator: &'static str,
        /// Name of the KPI below it.
        denominator: &'static str,
    },
    /// One KPI as a share of itself and another; null where both are 0.
    Share {
        /// Name of the KPI.
        of: &'static str,
        /// Name of the other.
        beside: &'static str,
    },
    /// A field of the first or last held or of the next planned interaction, see
    /// [`super::definitions::first_last_next`].
    FirstLastNext,
    /// Filled by another step.
    Given,
}

/// One of the two sides of a relationship.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Our colleagues.
    Us,
    /// The customer's people.
    Them,
}

/// What is made of many response times.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Statistic {
    /// The arithmetic mean.
    Mean,
    /// The value at this share (0 to 1) of the way from the shortest to the longest, between two by their distance.
    Quantile(f64),
}

impl Kpi {
    /// A column that counts; 0 for records without interactions.
    pub fn is_count(&self) -> bool {
        self.column.dtype == ColumnType::Int64
    }
}

/// A column as a share of itself and another, null where both are 0.
pub fn share(of: &str, beside: &str) -> Expr {
    let number = |name: &str| col(name).cast(DataType::Float64);
    when((col(of) + col(beside)).gt(lit(0))).then(number(of) / (number(of) + number(beside))).otherwise(lit(NULL))
}

/// A quotient of two columns, null where the divisor is 0.
pub fn ratio(numerator: &str, denominator: &str) -> Expr {
    when(col(denominator).gt(lit(0)))
        .then(col(numerator).cast(DataType::Float64) / col(denominator).cast(DataType::Float64))
        .otherwise(lit(NULL))
}
