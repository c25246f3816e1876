//! A batch of rows of a file of text.

use std::collections::BTreeMap;

use polars::prelude::*;

/// Rows of a file, and values among them that have the wrong form already in the text.
pub struct Batch {
    /// The needed columns that the file has, as texts or nested, and [`POSITION`](crate::sources::files::needed_columns::POSITION).
    pub frame: DataFrame,
    /// Such values, which are null in the frame: by column how many, and the position of the first.
    pub strange: BTreeMap<&'static str, (u64, u64)>,
}
