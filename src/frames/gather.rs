//! Rows of a frame by their numbers.

use polars::prelude::*;

use crate::error::{Error, Result};

/// Values of `column` of `frame` at the row numbers that `rows` gives.
///
/// # Errors
/// A column that the frame lacks.
pub fn gather(rows: Expr, frame: &DataFrame, column: &str) -> Result<Expr> {
    // Taking from many chunks would put them together again for every batch of rows.
    let values = frame.column(column).map_err(Error::engine("gathering"))?.as_materialized_series().rechunk();
    let dtype = values.dtype().clone();
    Ok(rows.map(
        move |rows| {
            let taken = values.take(&rows.cast(&IDX_DTYPE)?.idx()?.clone())?;
            Ok(taken.with_name(rows.name().clone()).into_column())
        },
        move |_, field| Ok(Field::new(field.name().clone(), dtype.clone())),
    ))
}

/// The rows of a frame sorted by a `column` of 32-bit numbers whose number is at least `from` and below `to`.
///
/// # Errors
/// A column that is absent, of another type, or in several chunks.
pub fn rows_between(frame: &DataFrame, column: &str, from: u32, to: u32) -> Result<DataFrame> {
    let doing = || Error::engine("cutting a table into chunks");
    let numbers = frame.column(column).map_err(doing())?.u32().map_err(doing())?;
    let numbers = numbers.cont_slice().map_err(doing())?;
    let begin = numbers.partition_point(|&number| number < from);
    let end = numbers.partition_point(|&number| number < to);
    Ok(frame.slice(begin as i64, end - begin))
}
