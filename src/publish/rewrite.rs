//! Rewriting a published file: as safe as publishing it, but from what lies there.

use std::path::Path;

use polars::prelude::DataFrame;

use super::{lock, parquet, temporary};
use crate::context::RunContext;
use crate::error::{Error, Result};
use crate::table::Table;

/// What takes the place of a published file.
pub struct Rewriting<'a> {
    /// The table as it is in the file.
    pub table: Table,
    /// What the file says about itself.
    pub metadata: Vec<(String, String)>,
    /// Its rows, in the order of the key.
    pub frames: Box<dyn Iterator<Item = Result<DataFrame>> + 'a>,
}

/// Replaces a published file by what `rewriting` makes of it.
/// `rewriting` reads under the lock of the folder, so that nothing that is published meanwhile is lost.
///
/// # Errors
/// Another run that is publishing the partition, and what storage refuses; the file is then as it was.
pub fn rewrite<'a>(
    context: &RunContext<'_>,
    (table, partition, path): (&str, &str, &Path),
    rewriting: impl FnOnce() -> Result<Rewriting<'a>>,
) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let Some(_lock) = lock::acquire(folder, context.interruption)? else {
        return Err(Error::PartitionBusy { table: table.to_string(), partition: partition.to_string() });
    };
    let Rewriting { table, metadata, frames } = rewriting()?;
    temporary::remove_leftovers(folder)?;
    let (temporary, file) = temporary::create(folder, table.name, &context.run_id, context.interruption)?;
    let frames = frames.map(|frame| context.go_on().and(frame));
    parquet::write_file((temporary.path(), &file), &table, frames, &metadata)?;
    temporary.take_place_of(path)
}
