//! Lazy plans: putting them together and running them.

use polars::prelude::*;

use crate::error::{Error, Result};

/// How lists become rows: an empty one and a null one become no row.
pub const EXPLODE: ExplodeOptions = ExplodeOptions { empty_as_null: false, keep_nulls: false };

/// The rows of all frames, one after the other.
///
/// # Errors
/// Frames that differ in columns.
pub fn union(frames: impl AsRef<[LazyFrame]>) -> Result<LazyFrame> {
    concat(frames, UnionArgs { rechunk: false, ..Default::default() }).map_err(Error::engine("putting frames together"))
}

/// Runs a plan with the streaming engine, which keeps the order of rows where a plan asks for one. `doing` says in the
/// error what the plan was for.
///
/// # Errors
/// Whatever the engine runs into.
pub fn collect(frame: LazyFrame, doing: &'static str) -> Result<DataFrame> {
    frame.collect_with_engine(Engine::Streaming).map(|r| r.unwrap_single()).map_err(Error::engine(doing))
}
