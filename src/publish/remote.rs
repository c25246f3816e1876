//! A partition in an object store: one object, replaced by one conditional request.
//!
//! The store replaces an object whole or not at all, so that readers never see part of one. The
//! condition is the version that was there when the publication began: of two runs at once the
//! second to finish finds another version and gives way, unless it has the same bytes to say.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::{CURRENT, Partition};
use crate::error::{Error, Result};
use crate::storage::{Object, Put, Remote};
use crate::table::Table;

/// What a store takes in one request; AWS and Google name the same limit.
const LARGEST: u64 = 5 << 30;

/// A partition as it was found, and its new file in the making.
pub(super) struct Place {
    folder: Remote,
    table: &'static str,
    partition: String,
    name: String,
    found: Vec<Object>,
    path: PathBuf,
    file: File,
}

pub(super) fn begin(output: &Remote, table: &Table, partition: &Partition) -> Result<Place> {
    let folder = output.join(table.name).join(&partition.folder());
    let found = folder.list()?;
    let name = partition.file(table);
    let path = output.access().spool.path(&name)?;
    let file = File::create(&path).map_err(Error::storage(&path))?;
    Ok(Place { folder, table: table.name, partition: partition.folder(), name, found, path, file })
}

impl Place {
    pub(super) fn file(&self) -> (&Path, &File) {
        (&self.path, &self.file)
    }

    /// From here on readers see the new object; the URL it has.
    pub(super) fn publish(self) -> Result<String> {
        let bytes = self.file.metadata().map_err(Error::storage(&self.path))?.len();
        if bytes > LARGEST {
            return Err(Error::Checks {
                message: format!(
                    "table {}, {}: {bytes} bytes are more than a store takes in one request, which replacing a \
                     partition whole needs. Publish this table with format = \"delta\", or leave it out of tables",
                    self.table, self.partition
                ),
            });
        }
        let seen = self.found.iter().find(|object| object.name == self.name).map(|object| &object.version);
        match self.folder.put(&self.name, &self.path, seen)? {
            Put::Done => {}
            Put::Conflict => {
                return Err(Error::PartitionBusy { table: self.table.to_string(), partition: self.partition.clone() });
            }
        }
        for other in self.found.iter().filter(|object| object.name.ends_with(".parquet") && object.name != self.name) {
            self.folder.remove(other)?;
        }
        Ok(self.folder.url_of(&self.name))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // The spool goes with the run; this only frees the space earlier.
        let _ = fs::remove_file(&self.path);
    }
}

/// Brings `current/<table>.parquet` to this partition if it is the newest, by a copy within the store.
///
/// The partitions are listed again after the copy: a run that publishes a newer one meanwhile copies
/// after its own listing, so whoever copies last has seen the newest.
pub(super) fn update_current(output: &Remote, table: &Table, partition: &Partition) -> Result<()> {
    let table_folder = output.join(table.name);
    let newest = || -> Result<Option<String>> {
        let (folders, _) = table_folder.list_here()?;
        Ok(folders.into_iter().filter(|folder| partition.is_beside(folder)).max())
    };
    let mut copied = None;
    let mut found = newest()?;
    while let Some(folder) = found.filter(|found| copied.as_ref() != Some(found)) {
        if copied.is_none() && folder != partition.folder() {
            break;
        }
        let name = partition.file(table);
        output.join(CURRENT).copy(&table_folder.join(&folder), &name, &name)?;
        copied = Some(folder);
        found = newest()?;
    }
    Ok(())
}
