//! A folder of this run for what is on its way from or to a store.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::error::{Error, Result};

const PREFIX: &str = "rapport-spool-";
const LOCK: &str = "lock";

/// Made when it is first needed and removed with its last user; what a killed run left behind is
/// removed by the next one.
#[derive(Debug)]
pub struct Spool {
    root: PathBuf,
    made: Mutex<Option<Made>>,
    files: AtomicU64,
}

#[derive(Debug)]
struct Made {
    folder: PathBuf,
    /// Locked as long as the process lives.
    _lock: File,
}

impl Spool {
    /// Below `root`, usually the folder of temporary files.
    pub fn below(root: PathBuf) -> Spool {
        Spool { root, made: Mutex::default(), files: AtomicU64::new(0) }
    }

    /// The folder.
    ///
    /// # Errors
    /// A root that cannot be written.
    pub fn folder(&self) -> Result<PathBuf> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(made) = &*made {
            return Ok(made.folder.clone());
        }
        remove_abandoned(&self.root);
        let folder = self.root.join(format!("{PREFIX}{}", process::id()));
        fs::create_dir_all(&folder).map_err(Error::storage(&folder))?;
        let path = folder.join(LOCK);
        let lock = File::create(&path).map_err(Error::storage(&path))?;
        lock.lock().map_err(Error::storage(&path))?;
        *made = Some(Made { folder: folder.clone(), _lock: lock });
        Ok(folder)
    }

    /// A path in the folder that nothing else uses.
    ///
    /// # Errors
    /// Like [`Spool::folder`].
    pub fn path(&self, name: &str) -> Result<PathBuf> {
        let number = self.files.fetch_add(1, Ordering::Relaxed);
        Ok(self.folder()?.join(format!("{number}-{name}")))
    }

    /// Removes everything; for a program that ends at once.
    pub fn clear_away(&self) {
        if let Some(made) = &*self.made.lock().unwrap_or_else(PoisonError::into_inner) {
            // What cannot be removed is removed by the next run.
            let _ = fs::remove_dir_all(&made.folder);
        }
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        self.clear_away();
    }
}

fn remove_abandoned(root: &Path) {
    let Ok(entries) = fs::read_dir(root) else { return };
    for folder in entries.flatten().map(|entry| entry.path()) {
        let is_spool = folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with(PREFIX));
        // Without a lock file another run is making it this very moment, or removing it.
        if is_spool && File::open(folder.join(LOCK)).is_ok_and(|lock| lock.try_lock().is_ok()) {
            let _ = fs::remove_dir_all(&folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_run_left_goes_and_what_is_in_use_stays() {
        let root = std::env::temp_dir().join(format!("spool-test-{}", process::id()));
        let abandoned = root.join("rapport-spool-dead");
        let used = root.join("rapport-spool-used");
        for folder in [&abandoned, &used] {
            fs::create_dir_all(folder).unwrap();
            fs::write(folder.join(LOCK), "").unwrap();
        }
        let lock = File::open(used.join(LOCK)).unwrap();
        lock.lock().unwrap();
        let spool = Spool::below(root.clone());
        let folder = spool.folder().unwrap();
        assert!(!abandoned.exists() && used.exists() && folder.exists());
        drop(spool);
        assert!(!folder.exists());
        fs::remove_dir_all(root).unwrap();
    }
}
