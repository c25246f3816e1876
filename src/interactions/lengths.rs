//! How long an interaction takes, as its rows say (rule N4).

use polars::prelude::*;

use crate::frames::typed;
use crate::time::MINUTE;

/// Longer than anything that is a length: a thousand years.
const BEYOND_LENGTH: i64 = 1000 * 366 * 24 * 60 * MINUTE;

/// A length that can be: a negative one is none (rule N4), and neither is one beyond all calendars.
pub(super) fn possible(length: Expr) -> Expr {
    let can_be = length.clone().gt_eq(lit(0)).and(length.clone().lt(lit(BEYOND_LENGTH)));
    when(can_be).then(length).otherwise(lit(NULL))
}

/// Minutes as a length in microseconds, where it can be one.
pub(super) fn length_of(minutes: Expr) -> Expr {
    possible(micros(minutes))
}

/// Minutes in microseconds; those that have none are negative, which is no length either.
pub(super) fn micros(minutes: Expr) -> Expr {
    let minutes = minutes.cast(DataType::Int64);
    let can_be = minutes.clone().gt_eq(lit(0)).and(minutes.clone().lt(lit(BEYOND_LENGTH / MINUTE)));
    let absurd = when(minutes.clone().is_null()).then(lit(NULL)).otherwise(typed(-1i64));
    when(can_be).then(minutes * typed(MINUTE)).otherwise(absurd)
}
