//! A partition in an object store: one object, replaced by one conditional request, or, in a Delta
//! table, an object under a name of its own that a commit makes known.
//!
//! The store replaces an object whole or not at all, so that readers never see part of one. The
//! condition is what was there when the publication began: of two runs at once the second to finish
//! finds something else and gives way, unless it has the same bytes to say.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::delta::{self, DataFile};
use super::{CURRENT, Partition};
use crate::config::OutputFormat;
use crate::context::RunContext;
use crate::delta::Place as DeltaFolder;
use crate::error::{Error, Result};
use crate::storage::{Object, Put, Remote};
use crate::table::Table;

/// What a store takes in one request; AWS and Google name the same limit.
const LARGEST: u64 = 5 << 30;

/// A partition as it was found, and its new file in the making.
pub(super) struct Place<'a> {
    folder: Remote,
    table: &'a Table,
    partition: &'a Partition,
    found: Found,
    run_id: &'a str,
    path: PathBuf,
    file: File,
}

/// What made up the partition when its publication began.
enum Found {
    Objects(Vec<Object>),
    Delta(DeltaFolder, Vec<String>),
}

pub(super) fn begin<'a>(
    context: &'a RunContext<'_>,
    output: &Remote,
    table: &'a Table,
    partition: &'a Partition,
) -> Result<Place<'a>> {
    let table_folder = output.join(table.name);
    let folder = table_folder.join(&partition.folder());
    let found = match context.output.format {
        OutputFormat::Parquet => Found::Objects(folder.list()?),
        OutputFormat::Delta => {
            let log = DeltaFolder::remote(&table_folder)?;
            let before = delta::active_files(&log, partition)?;
            Found::Delta(log, before)
        }
    };
    let (path, file) = output.access().spool.file(&partition.file(table))?;
    Ok(Place { folder, table, partition, found, run_id: &context.run_id, path, file })
}

impl Place<'_> {
    pub(super) fn file(&self) -> (&Path, &File) {
        (&self.path, &self.file)
    }

    /// From here on readers see the new object; the URL it has.
    pub(super) fn publish(self, rows: u64) -> Result<String> {
        let bytes = self.file.metadata().map_err(Error::storage(&self.path))?.len();
        let (table, partition) = (self.table.name, self.partition.folder());
        if bytes > LARGEST {
            return Err(Error::Checks {
                message: format!(
                    "table {table}, {partition}: {bytes} bytes are more than a store takes in one request, which \
                     replacing a partition whole needs. Leave the table out of this job's tables, or write it to a \
                     local folder"
                ),
            });
        }
        let busy = || Error::PartitionBusy { table: table.to_string(), partition: partition.clone() };
        match &self.found {
            Found::Objects(found) => {
                let name = self.partition.file(self.table);
                let seen = found.iter().find(|object| object.name == name).map(|object| &object.version);
                if self.folder.put(&name, &self.path, seen)? == Put::Conflict {
                    return Err(busy());
                }
                for other in found.iter().filter(|object| object.name.ends_with(".parquet") && object.name != name) {
                    self.folder.remove(other)?;
                }
                Ok(self.folder.url_of(&name))
            }
            Found::Delta(log, before) => {
                let (name, data) = DataFile::of(&self.path, (self.table, self.partition), rows)?;
                // The name says what is in it: an object of that name is the one we mean.
                if self.folder.put(&name, &self.path, None)? == Put::Conflict {
                    return Err(busy());
                }
                delta::commit(log, (self.table, self.partition), &data, Some(before.clone()), self.run_id)?;
                Ok(self.folder.url_of(&name))
            }
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        // The spool goes with the run; this only frees the space earlier.
        let _ = fs::remove_file(&self.path);
    }
}

/// Brings `current/<table>.parquet` to this partition if it is the newest, by a copy within the store.
///
/// What is newest is looked up again after the copy: a run that publishes a newer partition meanwhile
/// copies after its own look, so whoever copies last has seen the newest.
pub(super) fn update_current(
    context: &RunContext<'_>,
    output: &Remote,
    table: &Table,
    partition: &Partition,
) -> Result<()> {
    let table_folder = output.join(table.name);
    let newest = || match context.output.format {
        OutputFormat::Parquet => {
            let (folders, _) = table_folder.list_here()?;
            let newest = folders.into_iter().filter(|folder| partition.is_beside(folder)).max();
            Ok(newest.map(|folder| format!("{folder}/{}", partition.file(table))))
        }
        OutputFormat::Delta => delta::newest(&DeltaFolder::remote(&table_folder)?, partition),
    };
    let ours = format!("{}/", partition.folder());
    let mut copied = None;
    while let Some(file) = newest()?.filter(|newest| copied.as_ref() != Some(newest)) {
        if copied.is_none() && !file.starts_with(&ours) {
            break;
        }
        output.join(CURRENT).copy(&table_folder, &file, &partition.file(table))?;
        copied = Some(file);
    }
    Ok(())
}
