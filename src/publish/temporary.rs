//! The hidden file a table is written to before it takes its place.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::context::Interruption;
use crate::error::{Error, Result};

pub(super) struct Temporary<'a> {
    path: PathBuf,
    interruption: &'a Interruption,
}

/// Neither `*.parquet` nor visible: no reader's pattern matches it.
const ENDING: &str = ".tmp";

pub(super) fn create<'a>(
    folder: &Path,
    name: &str,
    run_id: &str,
    interruption: &'a Interruption,
) -> Result<(Temporary<'a>, File)> {
    let temporary = self::name(folder, name, run_id, interruption);
    let file = File::create(&temporary.path).map_err(Error::storage(&temporary.path))?;
    Ok((temporary, file))
}

/// A name for a hidden file that is yet to be made.
pub(super) fn name<'a>(folder: &Path, name: &str, run_id: &str, interruption: &'a Interruption) -> Temporary<'a> {
    let path = folder.join(format!(".{name}.{run_id}{ENDING}"));
    interruption.begin(&path);
    Temporary { path, interruption }
}

impl Temporary<'_> {
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The file must be complete and on disk.
    pub(super) fn take_place_of(self, place: &Path) -> Result<()> {
        fs::rename(&self.path, place).map_err(Error::storage(place))?;
        let folder = place.parent().unwrap_or(Path::new("."));
        let synced = File::open(folder).and_then(|folder| folder.sync_all());
        synced.map_err(Error::storage(folder))
    }
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        // After a rename there is nothing to remove.
        let _ = fs::remove_file(&self.path);
        self.interruption.end(&self.path);
    }
}

/// Removes what runs that were killed have left. Only for who holds the folder's lock.
pub(super) fn remove_leftovers(folder: &Path) -> Result<()> {
    remove_files(folder, |name| name.starts_with('.') && name.ends_with(ENDING))
}

pub(super) fn remove_files(folder: &Path, unwanted: impl Fn(&str) -> bool) -> Result<()> {
    for entry in fs::read_dir(folder).map_err(Error::storage(folder))? {
        let entry = entry.map_err(Error::storage(folder))?;
        let is_file = entry.file_type().map_err(Error::storage(entry.path()))?.is_file();
        if is_file && unwanted(&entry.file_name().to_string_lossy()) {
            fs::remove_file(entry.path()).map_err(Error::storage(entry.path()))?;
        }
    }
    Ok(())
}
