//! Typed views of the columns of small tables.

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::frames::keys::Keys;

/// A text column.
pub fn texts<'a>(frame: &'a DataFrame, name: &str) -> Result<&'a StringChunked> {
    frame.column(name).and_then(|c| c.str()).map_err(Error::engine(format!("column {name}")))
}

/// A column of hashed addresses.
pub fn addresses<'a>(frame: &'a DataFrame, name: &str) -> Result<&'a Keys> {
    frame.column(name).and_then(|c| c.i128()).map_err(Error::engine(format!("column {name}")))
}

/// A column of 64-bit integers.
pub fn integers<'a>(frame: &'a DataFrame, name: &str) -> Result<&'a Int64Chunked> {
    frame.column(name).and_then(|c| c.i64()).map_err(Error::engine(format!("column {name}")))
}

/// A column of join keys.
pub fn keys<'a>(frame: &'a DataFrame, name: &str) -> Result<&'a Keys> {
    frame.column(name).and_then(|c| c.i128()).map_err(Error::engine(format!("column {name}")))
}

/// A column of booleans.
pub fn booleans<'a>(frame: &'a DataFrame, name: &str) -> Result<&'a BooleanChunked> {
    frame.column(name).and_then(|c| c.bool()).map_err(Error::engine(format!("column {name}")))
}

/// A column of instants, in microseconds.
pub fn instants<'a>(frame: &'a DataFrame, name: &str) -> Result<&'a Int64Chunked> {
    let instants = frame.column(name).and_then(|c| c.datetime()).map_err(Error::engine(format!("column {name}")))?;
    Ok(&instants.phys)
}
