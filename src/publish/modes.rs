//! Who may read what is published in a local folder.

use std::fs::{self, File, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::storage::DELTA_LOG;

/// The mode that the system gives a new file in a folder. It depends on the umask and on access lists of the folder, so an
/// empty file, whose name begins and ends as given, is made to see it.
pub(super) fn of_new_files(folder: &Path, prefix: &str, suffix: &str) -> io::Result<u32> {
    let create = |path: &Path| File::options().write(true).create_new(true).mode(0o666).open(path);
    // Empty, and removed as it is dropped.
    let probe = tempfile::Builder::new().prefix(prefix).suffix(suffix).make_in(folder, create)?;
    Ok(probe.as_file().metadata()?.mode() & 0o666)
}

/// The mode of a folder whose files have a mode: who may read a file has to get to it.
fn of_folder(file_mode: u32) -> u32 {
    file_mode | (file_mode & 0o444) >> 2
}

/// Makes a folder and those it lies in, as far as they are missing. Where the mode of files is set, who may
/// read or write them may do so with the new folders.
pub(super) fn make_folders(folder: &Path, file_mode: Option<u32>) -> Result<()> {
    let missing: Vec<PathBuf> = folder
        .ancestors()
        .take_while(|path| !path.as_os_str().is_empty() && !path.exists())
        .map(Path::to_path_buf)
        .collect();
    fs::create_dir_all(folder).map_err(|error| match error.kind() {
        // The folders above it were made, as far as that goes here: in /proc, behind a link to nothing.
        ErrorKind::NotFound => Error::storage(folder)(ErrorKind::NotADirectory.into()),
        _ => Error::storage(folder)(error),
    })?;
    let Some(mode) = file_mode else { return Ok(()) };
    let mode = Permissions::from_mode(of_folder(mode));
    missing.iter().try_for_each(|path| fs::set_permissions(path, mode.clone()).map_err(Error::storage(path)))
}

/// Gives the files of a Delta log the mode that is set.
pub(super) fn apply_to_log(table_folder: &Path, file_mode: Option<u32>) -> Result<()> {
    let Some(mode) = file_mode else { return Ok(()) };
    let log = table_folder.join(DELTA_LOG);
    let apply = |path: &Path, mode: u32| match fs::symlink_metadata(path) {
        Ok(found) if !found.is_symlink() && found.mode() & 0o777 != mode => {
            fs::set_permissions(path, Permissions::from_mode(mode)).map_err(Error::storage(path))
        }
        // Another run has tidied up.
        _ => Ok(()),
    };
    apply(&log, of_folder(mode))?;
    for entry in fs::read_dir(&log).map_err(Error::storage(&log))? {
        apply(&entry.map_err(Error::storage(&log))?.path(), mode)?;
    }
    Ok(())
}
