//! The hidden file a table is written to before it takes its place.
//!
//! It is made under a name of its own and never taken, and is its owner's alone until it is complete.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::modes;
use crate::context::{Interruption, RunContext};
use crate::error::{Error, Result};
use crate::storage::private;

pub(super) struct Temporary<'a> {
    path: PathBuf,
    /// What becomes of its mode.
    mode: u32,
    interruption: &'a Interruption,
}

/// Neither `*.parquet` nor visible: no reader's pattern matches it.
pub(super) const ENDING: &str = ".tmp";

pub(super) fn create<'a>(folder: &Path, name: &str, context: &'a RunContext<'_>) -> Result<(Temporary<'a>, File)> {
    let mode = match context.output.file_mode {
        Some(mode) => mode,
        None => modes::of_new_files(folder, &prefix(name, context), ENDING).map_err(Error::storage(folder))?,
    };
    let (path, file) = make(folder, name, context, private::file)?;
    Ok((Temporary { path, mode, interruption: context.interruption }, file))
}

/// A second name for a file, where the file system knows such; else a copy.
pub(super) fn link_or_copy<'a>(
    source: &Path,
    folder: &Path,
    name: &str,
    context: &'a RunContext<'_>,
) -> Result<Temporary<'a>> {
    if let Ok((path, ())) = make(folder, name, context, |path| fs::hard_link(source, path)) {
        return Ok(Temporary { path, mode: 0, interruption: context.interruption });
    }
    let (temporary, mut file) = create(folder, name, context)?;
    let copied = File::open(source).and_then(|mut source| io::copy(&mut source, &mut file));
    copied.map_err(Error::storage(temporary.path()))?;
    temporary.complete(&file)?;
    Ok(temporary)
}

fn prefix(name: &str, context: &RunContext<'_>) -> String {
    format!(".{name}.{}.", context.run_id)
}

/// Makes something under a hidden name that was free.
fn make<T>(
    folder: &Path,
    name: &str,
    context: &RunContext<'_>,
    make: impl Fn(&Path) -> io::Result<T>,
) -> Result<(PathBuf, T)> {
    let noted = |path: &Path| {
        context.interruption.begin(path);
        make(path).inspect_err(|_| context.interruption.end(path))
    };
    let prefix = prefix(name, context);
    let mut named = tempfile::Builder::new();
    let made = named.prefix(&prefix).suffix(ENDING).disable_cleanup(true).make_in(folder, noted);
    let (made, path) = made.map_err(Error::storage(folder.join(&prefix)))?.into_parts();
    Ok((path.to_path_buf(), made))
}

impl Temporary<'_> {
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// All is written: from now on others may read it, and it is on disk.
    pub(super) fn complete(&self, file: &File) -> Result<()> {
        let shown = file.set_permissions(Permissions::from_mode(self.mode));
        shown.and_then(|()| file.sync_all()).map_err(Error::storage(&self.path))
    }

    /// The file must be complete.
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
