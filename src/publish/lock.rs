//! One publisher per partition. The lock is the operating system's and ends with its process,
//! so a killed run never leaves a partition locked.

use std::fs::{self, File, TryLockError};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::context::Interruption;
use crate::error::{Error, Result};

pub(super) struct Lock<'a> {
    path: PathBuf,
    interruption: &'a Interruption,
    _file: File,
}

/// `Ok(None)` when another process holds the folder.
pub(super) fn acquire<'a>(folder: &Path, interruption: &'a Interruption) -> Result<Option<Lock<'a>>> {
    let path = folder.join(".lock");
    loop {
        let file =
            File::options().create(true).truncate(false).write(true).open(&path).map_err(Error::storage(&path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(Error::storage(&path)(error)),
        }
        // The holder before us removes the file as it leaves; a lock on the removed file guards nothing.
        if is_at(&file, &path).map_err(Error::storage(&path))? {
            interruption.begin(&path);
            return Ok(Some(Lock { path, interruption, _file: file }));
        }
    }
}

fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    let held = file.metadata()?;
    match fs::metadata(path) {
        Ok(there) => Ok((there.dev(), there.ino()) == (held.dev(), held.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

impl Drop for Lock<'_> {
    fn drop(&mut self) {
        // Left behind, the file is merely untidy: nobody holds it.
        let _ = fs::remove_file(&self.path);
        self.interruption.end(&self.path);
    }
}
