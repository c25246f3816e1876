//! Replacing one partition of one table.

use std::sync::mpsc;
use std::thread;

use chrono::NaiveDate;
use polars::prelude::{AnyValue, Column, DataType, Scalar};

use super::parquet::OpenFile;
use super::{Partition, local, parquet, remote};
use crate::config::Job;
use crate::context::{Progress, RunContext};
use crate::error::{Error, Result};
use crate::storage::Storage;
use crate::table::{AS_OF, Rows, Table};
use crate::time::days_since_epoch;

/// A partition that was replaced.
#[derive(Debug, Clone)]
pub struct PublishedTable {
    /// The table.
    pub table: String,
    /// `as_of_date=2026-03-31`.
    pub partition: String,
    /// Path or URL.
    pub path: String,
    /// Its rows.
    pub rows: u64,
    /// The length of its file.
    pub bytes: u64,
}

/// What every file says about itself (O5). Never the wall clock: a rerun gives the same bytes.
pub fn metadata(job: &Job, table: &Table, partition: &Partition) -> Vec<(String, String)> {
    [
        ("rapport.table", table.name),
        ("rapport.table_version", &table.version.to_string()),
        ("rapport.config_hash", &job.config_hash),
        ("rapport.program_version", env!("CARGO_PKG_VERSION")),
        (&format!("rapport.{}", partition.column), &partition.value),
    ]
    .map(|(name, value)| (name.to_string(), value.to_string()))
    .to_vec()
}

/// Writes the chunks, which come in the order of the key, aside and then over the old file, and brings
/// [`super::CURRENT`] up to date. Whatever goes wrong before that leaves the old partition as it was.
pub fn replace<R: Into<Rows>>(
    context: &RunContext<'_>,
    table: &Table,
    partition: &Partition,
    chunks: impl Iterator<Item = Result<R>> + Send,
    metadata: &[(String, String)],
) -> Result<PublishedTable> {
    // The first chunk comes before the first folder: a computation that fails leaves no trace.
    let (dated, day) = (table.clone().dated(), partition.day());
    let table = &dated;
    let mut chunks = chunks.map(|chunk| with_day(chunk?.into(), day));
    let first: Option<Rows> = chunks.next().transpose()?;
    let place = Place::begin(context, table, partition)?;

    let chunks = first.map(Ok).into_iter().chain(chunks);
    // While a chunk is written the next one is computed.
    let rows = thread::scope(|scope| {
        let (sender, computed) = mpsc::sync_channel(1);
        // A writer that has failed receives no more, which ends the work.
        scope.spawn(move || {
            let mut chunks = chunks;
            chunks.try_for_each(|chunk| sender.send(chunk))
        });
        let chunks = computed.into_iter().map(|chunk| context.check_interrupted().and(chunk));
        parquet::write_file(place.file(), table, chunks, metadata)
    })?;
    let OpenFile { path, file } = place.file();
    let bytes = file.metadata().map_err(Error::storage(path))?.len();
    let path = place.publish(rows)?;
    update_current(context, table, partition)?;
    let published = PublishedTable { table: table.name.to_string(), partition: partition.folder(), path, rows, bytes };
    context.report(Progress::Published { table: table.name, partition: &published.partition, rows });
    Ok(published)
}

/// The rows with the day as of which they were computed, as [`Table::dated`] declares it.
fn with_day(mut rows: Rows, day: Option<NaiveDate>) -> Result<Rows> {
    let days = day.map(|day| AnyValue::Date(days_since_epoch(day)));
    let day = Scalar::new(DataType::Date, days.unwrap_or(AnyValue::Null));
    let column = Column::new_scalar(AS_OF.into(), day, rows.frame.height());
    rows.frame.with_column(column).map_err(Error::engine("the day of rows"))?;
    Ok(rows)
}

/// Brings [`super::CURRENT`] up to date after a partition was published.
pub(super) fn update_current(context: &RunContext<'_>, table: &Table, partition: &Partition) -> Result<()> {
    match &context.output.storage {
        Storage::Local(output) => local::update_current(context, output, table, partition),
        Storage::Remote(output) => remote::update_current(context, output, table, partition),
    }
}

/// Where a partition lies.
pub(super) enum Place<'a> {
    Local(local::LocalPartition<'a>),
    Remote(remote::RemotePartition<'a>),
}

impl Place<'_> {
    pub(super) fn begin<'a>(
        context: &'a RunContext<'_>,
        table: &'a Table,
        partition: &'a Partition,
    ) -> Result<Place<'a>> {
        Ok(match &context.output.storage {
            Storage::Local(output) => Place::Local(local::begin(context, output, table, partition)?),
            Storage::Remote(output) => Place::Remote(remote::begin(context, output, table, partition)?),
        })
    }

    pub(super) fn file(&self) -> OpenFile<'_> {
        match self {
            Place::Local(place) => place.file(),
            Place::Remote(place) => place.file(),
        }
    }

    pub(super) fn publish(self, rows: u64) -> Result<String> {
        match self {
            Place::Local(place) => place.publish(rows),
            Place::Remote(place) => place.publish(rows),
        }
    }
}
