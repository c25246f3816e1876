//! Rewriting a published partition: as safe as publishing it, but from what lies there.

use chrono::{DateTime, Utc};
use polars::prelude::DataFrame;

use super::published::{LocalFile, PublishedFile, file_of, published_files};
use super::replace::{Place, update_current};
use super::retention::vacuum;
use super::{Partition, parquet};
use crate::context::RunContext;
use crate::error::Result;
use crate::table::{Rows, Table};

/// What takes the place of a published file.
pub struct Rewriting<'a> {
    /// The table as it is in the file.
    pub table: Table,
    /// What the file says about itself.
    pub metadata: Vec<(String, String)>,
    /// Its rows, in the order of the key.
    pub frames: Box<dyn Iterator<Item = Result<DataFrame>> + 'a>,
}

/// Replaces a published partition by what `rewriting` makes of its file, which it gets once the
/// partition is ours to write, so that nothing that is published meanwhile is lost.
///
/// # Errors
/// Another run that is publishing the partition, and what storage refuses; the file is then as it was.
pub fn rewrite<'a>(
    context: &RunContext<'_>,
    table: &Table,
    partition: &Partition,
    rewriting: impl FnOnce(LocalFile) -> Result<Rewriting<'a>>,
) -> Result<()> {
    let place = Place::begin(context, table, partition)?;
    let Some(file) = file_of(context.output, table.name, partition)? else { return Ok(()) };
    let Rewriting { table: stored, metadata, frames } = rewriting(file.bring()?)?;
    let chunks = frames.map(|frame| context.check_interrupted().and(frame).map(Rows::from));
    let rows = parquet::write_file(place.file(), &stored, chunks, &metadata)?;
    place.publish(rows)?;
    update_current(context, table, partition)
}

/// Brings the current file of a table to its newest partition, whatever that is.
///
/// # Errors
/// What storage refuses.
pub fn renew_current(context: &RunContext<'_>, table: &Table) -> Result<()> {
    let files = published_files(context.output, table.name)?;
    let partitions = files.iter().filter_map(PublishedFile::partition);
    let known = partitions.filter(|partition| partition.may_follow(&partition.folder(), context.today()));
    match known.max_by(|one, other| one.value.cmp(&other.value)) {
        Some(newest) => update_current(context, table, &newest),
        None => Ok(()),
    }
}

/// Deletes every file that was replaced in a Delta table, also those replaced a moment ago, so that nothing of the erased is
/// left in older versions. Plain Parquet keeps no replaced files. No other run may be publishing the table.
///
/// # Errors
/// What storage refuses.
pub fn purge(context: &RunContext<'_>, table: &Table) -> Result<()> {
    vacuum(context, table.name, DateTime::<Utc>::MAX_UTC).map(|_| ())
}
