//! A partition in a local folder: a file is written beside the old one and renamed over it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::temporary::Temporary;
use super::{Partition, lock, temporary};
use crate::context::RunContext;
use crate::error::{Error, Result};
use crate::table::Table;

/// A partition that is ours to write, and its new file in the making.
pub(super) struct Place<'a> {
    folder: PathBuf,
    name: String,
    temporary: Temporary<'a>,
    file: File,
    _lock: lock::Lock<'a>,
}

pub(super) fn begin<'a>(
    context: &'a RunContext<'_>,
    output: &Path,
    table: &Table,
    partition: &Partition,
) -> Result<Place<'a>> {
    let folder = output.join(table.name).join(partition.folder());
    fs::create_dir_all(&folder).map_err(Error::storage(&folder))?;
    let Some(lock) = lock::acquire(&folder, context.interruption)? else {
        return Err(Error::PartitionBusy { table: table.name.to_string(), partition: partition.folder() });
    };
    temporary::remove_leftovers(&folder)?;
    let (temporary, file) = temporary::create(&folder, table.name, &context.run_id, context.interruption)?;
    Ok(Place { folder, name: partition.file(table), temporary, file, _lock: lock })
}

impl Place<'_> {
    pub(super) fn file(&self) -> (&Path, &File) {
        (self.temporary.path(), &self.file)
    }

    /// From here on readers see the new file; the path it has.
    pub(super) fn publish(self) -> Result<String> {
        let path = self.folder.join(&self.name);
        self.file.sync_all().map_err(Error::storage(self.temporary.path()))?;
        self.temporary.take_place_of(&path)?;
        temporary::remove_files(&self.folder, |other| other.ends_with(".parquet") && other != self.name)?;
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
    let folder = output.join(super::CURRENT);
    fs::create_dir_all(&folder).map_err(Error::storage(&folder))?;
    let _lock = lock::wait(&folder, context, table.name)?;
    temporary::remove_leftovers(&folder)?;

    let table_folder = output.join(table.name);
    let mut newest = String::new();
    for entry in fs::read_dir(&table_folder).map_err(Error::storage(&table_folder))? {
        let name = entry.map_err(Error::storage(&table_folder))?.file_name().to_string_lossy().into_owned();
        // A folder without a file is one that a run has made a moment ago.
        if partition.is_beside(&name) && table_folder.join(&name).join(partition.file(table)).exists() {
            newest = newest.max(name);
        }
    }
    let source = table_folder.join(newest).join(partition.file(table));
    let place = folder.join(partition.file(table));
    if is_same_file(&source, &place) {
        return Ok(());
    }
    let temporary = temporary::name(&folder, table.name, &context.run_id, context.interruption);
    if fs::hard_link(&source, temporary.path()).is_err() {
        fs::copy(&source, temporary.path()).map_err(Error::storage(temporary.path()))?;
        let copied = File::open(temporary.path()).and_then(|file| file.sync_all());
        copied.map_err(Error::storage(temporary.path()))?;
    }
    temporary.take_place_of(&place)
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |path: &Path| fs::metadata(path).map(|file| (file.dev(), file.ino())).ok();
    identity(one).is_some_and(|one| identity(other) == Some(one))
}
