//! A folder of this run for what is on its way from or to a store.
//!
//! It lies where others may write, and holds personal data. So it has a name that nobody can guess, is
//! made and never taken from somebody, and is for its owner alone. As long as its run lives, a file in it
//! is locked. By that others, in this machine's containers too, know it from what a killed run left,
//! which the next run of the same account removes.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use rustix::fs::{Mode, OFlags, open, openat};

use super::private;
use crate::error::{Error, Result, SPOOL};

const LOCK: &str = "lock";
/// How often a folder is made anew that another run took for abandoned before it was locked.
const TRIES: usize = 100;

/// Made when it is first needed and removed with its last user.
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
    /// A root that is not there or cannot be written.
    pub fn folder(&self) -> Result<PathBuf> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(made) = &*made {
            return Ok(made.folder.clone());
        }
        let new = make(&self.root).map_err(|error| refused(&self.root, error))?;
        remove_abandoned(&self.root, &new.folder);
        Ok(made.insert(new).folder.clone())
    }

    /// A path in the folder that nothing else uses.
    ///
    /// # Errors
    /// Like [`Spool::folder`].
    pub fn path(&self, name: &str) -> Result<PathBuf> {
        let number = self.files.fetch_add(1, Ordering::Relaxed);
        Ok(self.folder()?.join(format!("{number}-{name}")))
    }

    /// A new file in the folder.
    ///
    /// # Errors
    /// Like [`Spool::folder`], and a disk that is full.
    pub fn file(&self, name: &str) -> Result<(PathBuf, File)> {
        let path = self.path(name)?;
        let file = private::file(&path).map_err(Error::storage(&path))?;
        Ok((path, file))
    }

    /// Removes everything; for a program that ends.
    pub fn clear_away(&self) {
        if let Some(made) = &*self.made.lock().unwrap_or_else(PoisonError::into_inner) {
            // Under another name nothing can be added by those who are still at work. What cannot be
            // removed is removed by the next run.
            let away = made.folder.with_extension("gone");
            let folder = if fs::rename(&made.folder, &away).is_ok() { &away } else { &made.folder };
            let _ = fs::remove_dir_all(folder);
        }
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        self.clear_away();
    }
}

/// A folder that is ours, locked.
fn make(root: &Path) -> io::Result<Made> {
    if !fs::metadata(root)?.is_dir() {
        return Err(ErrorKind::NotADirectory.into());
    }
    for _ in 0..TRIES {
        let mut named = tempfile::Builder::new();
        let named = named.prefix(SPOOL).rand_bytes(16).disable_cleanup(true).make_in(root, private::folder);
        let made = named.and_then(|named| {
            let folder = named.path().to_path_buf();
            match locked(&folder) {
                Ok(lock) => Ok(lock.map(|lock| Made { folder, _lock: lock })),
                Err(error) => {
                    let _ = fs::remove_dir_all(&folder);
                    Err(error)
                }
            }
        });
        match made {
            Ok(Some(made)) => return Ok(made),
            Ok(None) => {}
            // Removed by another run, or the root was.
            Err(error) if error.kind() == ErrorKind::NotFound && root.is_dir() => {}
            Err(error) => return Err(error),
        }
    }
    Err(ErrorKind::ResourceBusy.into())
}

/// Locks a new folder. None when another run, which saw it without a lock, was quicker to remove it.
fn locked(folder: &Path) -> io::Result<Option<File>> {
    let path = folder.join(LOCK);
    let lock = private::file(&path)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    let (held, there) = (lock.metadata()?, fs::symlink_metadata(&path)?);
    Ok(((held.dev(), held.ino()) == (there.dev(), there.ino())).then_some(lock))
}

/// Removes what killed runs of this account left, as far as it can be told that they did. `ours` is in use.
fn remove_abandoned(root: &Path, ours: &Path) {
    let (Ok(entries), Ok(us)) = (fs::read_dir(root), fs::symlink_metadata(ours)) else { return };
    for folder in entries.flatten().map(|entry| entry.path()) {
        let is_spool = folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with(SPOOL));
        if is_spool && folder != ours {
            // One that cannot be judged or removed is left to the next run.
            let _ = remove_if_abandoned(&folder, us.uid());
        }
    }
}

fn remove_if_abandoned(folder: &Path, user: u32) -> io::Result<()> {
    let no_link = OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let opened = File::from(open(folder, no_link | OFlags::DIRECTORY, Mode::empty())?);
    if opened.metadata()?.uid() != user {
        return Ok(());
    }
    let lock: OwnedFd = match openat(&opened, LOCK, no_link, Mode::empty()) {
        Ok(lock) => lock,
        // A run that was killed before it had a lock left an empty folder; one that lives makes another.
        Err(rustix::io::Errno::NOENT) => return fs::remove_dir(folder),
        Err(error) => return Err(error.into()),
    };
    let lock = File::from(lock);
    let found = lock.metadata()?;
    if found.is_file() && found.uid() == user && lock.try_lock().is_ok() {
        // Links in it are removed, not followed.
        fs::remove_dir_all(folder)?;
    }
    Ok(())
}

fn refused(root: &Path, error: io::Error) -> Error {
    let fault = match error.kind() {
        ErrorKind::NotFound => "does not exist",
        ErrorKind::NotADirectory => "is no folder",
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => "may not be written by this account",
        _ => return Error::storage(root.join(SPOOL))(error),
    };
    Error::Config {
        file: None,
        key: Some("TMPDIR".to_string()),
        message: format!("{} {fault}", root.display()),
        remedy: "Point TMPDIR at a folder on local disk that this account may write: what comes from a store and \
                 goes to it lies there meanwhile"
            .to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::sync::Barrier;

    use super::*;

    fn spool_of(root: &Path, name: &str) -> (PathBuf, File) {
        let folder = root.join(format!("{SPOOL}{name}"));
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("0-mirror"), "personal").unwrap();
        let lock = File::create(folder.join(LOCK)).unwrap();
        (folder, lock)
    }

    #[test]
    fn what_a_killed_run_left_goes_and_what_is_in_use_stays() {
        let root = tempfile::TempDir::new().unwrap();
        let ((abandoned, _), (used, lock)) = (spool_of(root.path(), "dead"), spool_of(root.path(), "used"));
        let unmade = root.path().join(format!("{SPOOL}unmade"));
        fs::create_dir(&unmade).unwrap();
        lock.lock().unwrap();
        let spool = Spool::below(root.path().to_path_buf());
        let folder = spool.folder().unwrap();
        assert!(!abandoned.exists() && !unmade.exists() && used.exists() && folder.exists());
        drop(spool);
        assert!(!folder.exists());
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1);
    }

    #[test]
    fn it_is_its_owners_alone() {
        let root = tempfile::TempDir::new().unwrap();
        let spool = Spool::below(root.path().to_path_buf());
        let (path, _) = spool.file("a").unwrap();
        for (path, mode) in [(spool.folder().unwrap(), 0o700), (path, 0o600)] {
            assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, mode);
        }
        let other = Spool::below(root.path().to_path_buf());
        assert_ne!(spool.folder().unwrap(), other.folder().unwrap(), "the same process, as in two containers");
    }

    /// Whatever stands where a spool could be: nothing behind a link is touched, nor what somebody else made.
    #[test]
    fn links_in_its_place_or_in_place_of_its_lock_are_not_followed() {
        let root = tempfile::TempDir::new().unwrap();
        let treasure = root.path().join("treasure");
        fs::create_dir(&treasure).unwrap();
        fs::write(treasure.join("kept"), "kept").unwrap();
        fs::write(treasure.join(LOCK), "kept").unwrap();
        symlink(&treasure, root.path().join(format!("{SPOOL}link"))).unwrap();
        let trap = root.path().join(format!("{SPOOL}trap"));
        fs::create_dir(&trap).unwrap();
        symlink(treasure.join("kept"), trap.join(LOCK)).unwrap();
        let (left, _) = spool_of(root.path(), "left");
        symlink(&treasure, left.join("inside")).unwrap();
        let spool = Spool::below(root.path().to_path_buf());
        spool.folder().unwrap();
        assert!(trap.exists() && !left.exists());
        for name in ["kept", LOCK] {
            assert_eq!(fs::read(treasure.join(name)).unwrap(), b"kept");
        }
    }

    /// A folder is without a lock for a moment, in which another run may take it for abandoned.
    #[test]
    fn runs_that_start_together_never_take_each_others_folder() {
        let root = tempfile::TempDir::new().unwrap();
        let start = Barrier::new(8);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    start.wait();
                    for _ in 0..50 {
                        let spool = Spool::below(root.path().to_path_buf());
                        let (path, _) = spool.file("a").unwrap();
                        std::thread::yield_now();
                        assert!(path.exists() && spool.folder().unwrap().join(LOCK).exists());
                    }
                });
            }
        });
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_root_that_is_missing_or_no_folder_is_refused_and_not_made() {
        let root = tempfile::TempDir::new().unwrap();
        let file = root.path().join("file");
        fs::write(&file, "").unwrap();
        for (root, fault) in [(root.path().join("none/x"), "does not exist"), (file, "is no folder")] {
            let error = Spool::below(root.clone()).folder().unwrap_err();
            assert_eq!(error.exit_code(), 2);
            assert!(error.to_string().contains("TMPDIR") && error.to_string().contains(fault), "{error}");
        }
        assert!(!root.path().join("none").exists());
    }

    #[test]
    fn nothing_is_left_by_those_who_are_at_work_when_it_is_cleared_away() {
        let root = tempfile::TempDir::new().unwrap();
        let spool = Spool::below(root.path().to_path_buf());
        let folder = spool.folder().unwrap();
        spool.clear_away();
        assert!(private::folders_below(&folder, &folder.join("mirror")).is_err());
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
    }
}
