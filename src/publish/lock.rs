//! One publisher per partition. The lock is the operating system's and ends with its process,
//! so a killed run never leaves a partition locked.

use std::fs::{self, File, TryLockError};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::context::{Interruption, RunContext};
use crate::error::{Error, Result};

/// How often, and how long, to wait for another run that holds a folder for an instant.
const WAITS: u32 = 250;
const WAIT: Duration = Duration::from_millis(20);

pub(super) struct Lock<'a> {
    path: PathBuf,
    interruption: &'a Interruption,
    _file: File,
}

/// `Ok(None)` when another process holds the folder.
pub(super) fn acquire<'a>(folder: &Path, interruption: &'a Interruption) -> Result<Option<Lock<'a>>> {
    let path = folder.join(".lock");
    loop {
        let mut opened = File::options();
        // A link in its place would have us make or lock a file elsewhere.
        let opened = opened.create(true).truncate(false).write(true).custom_flags(libc::O_NOFOLLOW);
        let file = opened.open(&path).map_err(Error::storage(&path))?;
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

/// Waits for a folder that all runs use, each for an instant.
pub(super) fn wait<'a>(folder: &Path, context: &'a RunContext<'_>, table: &str) -> Result<Lock<'a>> {
    for _ in 0..WAITS {
        match acquire(folder, context.interruption)? {
            Some(lock) => return Ok(lock),
            None => thread::sleep(WAIT),
        }
    }
    let folder = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Err(Error::PartitionBusy { table: table.to_string(), partition: folder })
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
