//! Replacing one partition of one table.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::UNIX_EPOCH;

use chrono::NaiveDate;
use polars::prelude::DataFrame;

use super::delta::{self, DataFile};
use super::{lock, parquet, temporary};
use crate::config::{Job, OutputFormat};
use crate::context::{Progress, RunContext};
use crate::delta::{LOG, Place};
use crate::error::{Error, Result};
use crate::table::Table;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partition {
    pub column: &'static str,
    pub value: String,
}

#[derive(Debug, Clone)]
pub struct PublishedTable {
    pub table: String,
    pub partition: String,
    pub path: PathBuf,
    pub rows: u64,
    pub bytes: u64,
}

impl Partition {
    pub fn as_of(date: NaiveDate) -> Partition {
        Partition { column: "as_of_date", value: date.to_string() }
    }

    /// The ISO week of a day.
    pub fn week(day: NaiveDate) -> Partition {
        Partition { column: "week", value: day.format("%G-W%V").to_string() }
    }

    /// The folder's name.
    pub fn folder(&self) -> String {
        format!("{}={}", self.column, self.value)
    }
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

/// Writes the chunks, which come in the order of the key, beside the old file and then over it.
/// Whatever goes wrong before the rename leaves the old partition as it was.
pub fn replace(
    context: &RunContext<'_>,
    (output, format): (&Path, OutputFormat),
    table: &Table,
    partition: &Partition,
    frames: impl Iterator<Item = Result<DataFrame>> + Send,
    metadata: &[(String, String)],
) -> Result<PublishedTable> {
    // The first chunk comes before the first folder: a computation that fails leaves no trace.
    let mut frames = frames;
    let first = frames.next().transpose()?;

    check_format(output, format, table.name)?;
    let folder = output.join(table.name).join(partition.folder());
    fs::create_dir_all(&folder).map_err(Error::storage(&folder))?;
    let Some(_lock) = lock::acquire(&folder, context.interruption)? else {
        return Err(Error::PartitionBusy { table: table.name.to_string(), partition: partition.folder() });
    };
    temporary::remove_leftovers(&folder)?;

    let (temporary, file) = temporary::create(&folder, table.name, &context.run_id, context.interruption)?;
    let frames = first.map(Ok).into_iter().chain(frames);
    // While a chunk is written the next one is computed.
    let rows = thread::scope(|scope| {
        let (sender, chunks) = mpsc::sync_channel(1);
        // A writer that has failed receives no more, which ends the work.
        scope.spawn(move || {
            let mut frames = frames;
            frames.try_for_each(|frame| sender.send(frame))
        });
        let chunks = chunks.into_iter().map(|frame| context.go_on().and(frame));
        parquet::write_file((temporary.path(), &file), table, chunks, metadata)
    })?;
    let written = file.metadata().map_err(Error::storage(temporary.path()))?;
    let bytes = written.len();

    let name = match format {
        OutputFormat::Parquet => format!("{}.parquet", table.name),
        OutputFormat::Delta => delta::file_name(table, temporary.path())?,
    };
    let path = folder.join(&name);
    temporary.take_place_of(&path)?;
    match format {
        OutputFormat::Parquet => {
            temporary::remove_files(&folder, |other| other.ends_with(".parquet") && other != name)?;
        }
        OutputFormat::Delta => {
            let since_1970 = written.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
            let written = since_1970.map_or(0, |time| time.as_millis() as i64);
            let file = DataFile { path: format!("{}/{name}", partition.folder()), bytes, rows, written };
            let place = Place::local(&output.join(table.name))?;
            delta::commit(&place, (table, partition), &file, None, &context.run_id)?;
        }
    }

    let published = PublishedTable { table: table.name.to_string(), partition: partition.folder(), path, rows, bytes };
    context.report(Progress::Published { table: table.name, partition: &published.partition, rows });
    Ok(published)
}

/// A table stays in the format it was begun in: readers of the one would not see what the other adds.
///
/// # Errors
/// A folder of that table in the other format.
pub fn check_format(output: &Path, format: OutputFormat, table: &str) -> Result<()> {
    let folder = output.join(table);
    let has_log = folder.join(LOG).is_dir();
    let fault = match format {
        OutputFormat::Parquet if has_log => "is a Delta table, and the job writes plain Parquet",
        OutputFormat::Delta if !has_log && holds_partitions(&folder, table) => {
            "holds plain Parquet, and the job writes Delta tables"
        }
        _ => return Ok(()),
    };
    Err(Error::Config {
        file: None,
        key: Some("output.format".to_string()),
        message: format!("{} {fault}", folder.display()),
        remedy: "Move that folder away, name another output folder, or set the format to what lies there".to_string(),
    })
}

/// Whether there are results in plain Parquet; the leftovers of a first Delta commit that failed are none.
fn holds_partitions(folder: &Path, table: &str) -> bool {
    let partitions = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files = partitions.map(|partition| partition.path().join(format!("{table}.parquet")));
    files.any(|file| file.exists())
}
