//! A partition in a local folder: a file is written beside the old one and renamed over it, or, in a
//! Delta table, to a name of its own that a commit makes known.

use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::delta::{self, DataFile};
use super::parquet::OpenFile;
use super::temporary::Temporary;
use super::{CURRENT, Partition, lock, modes, temporary};
use crate::config::OutputFormat;
use crate::context::RunContext;
use crate::error::{Error, Result};
use crate::storage::DeltaFolder;
use crate::table::Table;

/// A partition that is ours to write, and its new file in the making.
pub(super) struct LocalPartition<'a> {
    folder: PathBuf,
    table: &'a Table,
    partition: &'a Partition,
    /// The log to which the new file is committed, where the table is a Delta table.
    log: Option<DeltaFolder>,
    context: &'a RunContext<'a>,
    temporary: Temporary<'a>,
    file: File,
    _lock: lock::Lock<'a>,
}

pub(super) fn begin<'a>(
    context: &'a RunContext<'_>,
    output: &Path,
    table: &'a Table,
    partition: &'a Partition,
) -> Result<LocalPartition<'a>> {
    let table_folder = output.join(table.name);
    let folder = table_folder.join(partition.folder());
    modes::make_folders(&folder, context.output.file_mode)?;
    let Some(lock) = lock::acquire(&folder, context.interruption)? else {
        return Err(Error::PartitionBusy { table: table.name.to_string(), partition: partition.folder() });
    };
    temporary::remove_leftovers(&folder)?;
    let log = match context.output.format {
        OutputFormat::Parquet => None,
        OutputFormat::Delta => Some(DeltaFolder::local(&table_folder)?),
    };
    let (temporary, file) = temporary::create(&folder, table.name, context)?;
    Ok(LocalPartition { folder, table, partition, log, context, temporary, file, _lock: lock })
}

impl LocalPartition<'_> {
    pub(super) fn file(&self) -> OpenFile<'_> {
        OpenFile { path: self.temporary.path(), file: &self.file }
    }

    /// From here on readers see the new file; the path it has.
    pub(super) fn publish(self, rows: u64) -> Result<String> {
        self.temporary.complete(&self.file)?;
        let Some(log) = self.log else {
            let name = self.partition.file(self.table);
            let path = self.folder.join(&name);
            self.temporary.take_place_of(&path)?;
            temporary::remove_files(&self.folder, |other| other.ends_with(".parquet") && other != name)?;
            return Ok(path.display().to_string());
        };
        let (name, data) = DataFile::of(self.temporary.path(), self.table, self.partition, rows)?;
        let path = self.folder.join(&name);
        self.temporary.take_place_of(&path)?;
        // The lock keeps other runs on this machine away, so what is there now was there before.
        delta::commit(&log, self.table, self.partition, &data, None, &self.context.run_id)?;
        modes::apply_to_log(self.folder.parent().unwrap_or(Path::new(".")), self.context.output.file_mode)?;
        Ok(path.display().to_string())
    }
}

/// Brings `current/<table>.parquet` to the newest partition there is: the same file under a second
/// name, or a copy where the file system knows no links.
pub(super) fn update_current(
    context: &RunContext<'_>,
    output: &Path,
    table: &Table,
    partition: &Partition,
) -> Result<()> {
    let folder = output.join(CURRENT);
    modes::make_folders(&folder, context.output.file_mode)?;
    let _lock = lock::wait(&folder, context, table.name)?;
    temporary::remove_leftovers(&folder)?;

    let newest = match context.output.format {
        OutputFormat::Parquet => newest(&output.join(table.name), table, partition, context.today())?,
        OutputFormat::Delta => {
            delta::newest(&DeltaFolder::local(&output.join(table.name))?, partition, context.today())?
        }
    };
    let Some(newest) = newest else { return Ok(()) };
    let source = output.join(table.name).join(newest);
    let place = folder.join(partition.file(table));
    if is_same_file(&source, &place) {
        return Ok(());
    }
    let temporary = temporary::link_or_copy(&source, &folder, table.name, context)?;
    temporary.take_place_of(&place)
}

/// The file of the newest partition that is not in the future, of a table of plain Parquet: its path in the table's folder.
fn newest(folder: &Path, table: &Table, partition: &Partition, today: NaiveDate) -> Result<Option<String>> {
    let mut newest = None;
    for entry in fs::read_dir(folder).map_err(Error::storage(folder))? {
        let name = entry.map_err(Error::storage(folder))?.file_name().to_string_lossy().into_owned();
        let file = format!("{name}/{}", partition.file(table));
        // A folder without a file is one that a run has made a moment ago.
        if partition.may_follow(&name, today) && folder.join(&file).exists() {
            newest = newest.max(Some(file));
        }
    }
    Ok(newest)
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    let identity = |path: &Path| fs::metadata(path).map(|file| (file.dev(), file.ino())).ok();
    identity(one).is_some_and(|one| identity(other) == Some(one))
}
