//! The files of a table as they were before it was read, and whether they are so still.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::error::{Error, Result};
use crate::storage::{DELTA_LOG, States};

/// For how long a file that is being replaced may be away.
pub const REPLACED_WITHIN: Duration = Duration::from_millis(100);

/// A file that changed that lately may still be on its way: its writer has emptied it, and was stopped.
const YOUNG: Duration = Duration::from_secs(2);
const WRITTEN_WITHIN: Duration = Duration::from_millis(700);

/// A table's files as they were before it was read.
#[derive(Debug)]
pub struct FilesBefore {
    /// The system's folder.
    folder: PathBuf,
    places: Vec<PathBuf>,
    states: States,
}

/// The error for what is not as it was.
pub fn changed(path: &Path) -> Error {
    Error::storage(path)(io::Error::new(ErrorKind::ResourceBusy, "it changed while it was being read"))
}

impl FilesBefore {
    /// The files in `places` of a system's folder as they are now.
    pub fn of(folder: &Path, places: Vec<PathBuf>) -> FilesBefore {
        FilesBefore { folder: folder.to_path_buf(), states: States::of(&places), places }
    }

    /// # Errors
    /// A file that is no longer as it was.
    pub fn check(&self) -> Result<()> {
        // What no longer belongs to a Delta table may go; what belongs to it never changes.
        let is_delta = self.states.paths().any(|path| path.components().any(|part| part.as_os_str() == DELTA_LOG));
        if let Some(path) = self.states.first_changed(|path| !self.is_hidden(path), is_delta) {
            return Err(changed(path));
        }
        let came = self.states.paths().next().is_none().then(|| self.places.iter().find(|place| place.exists()));
        came.flatten().map_or(Ok(()), |place| Err(changed(place)))
    }

    /// What a failure comes from: from a change where there was one.
    pub fn cause(&self, error: Error) -> Error {
        let file = match &error {
            Error::Input { file, .. } => file.as_deref().map(Path::new),
            Error::Engine { .. } => None,
            _ => return error,
        };
        for wait in [Duration::ZERO, REPLACED_WITHIN, WRITTEN_WITHIN] {
            if wait == WRITTEN_WITHIN && !file.is_some_and(|file| self.states.is_younger(file, YOUNG)) {
                break;
            }
            thread::sleep(wait);
            let now = States::of(&self.places);
            if file.is_some_and(|file| self.states.is_same_in(&now, file)) {
                continue;
            }
            if now != self.states {
                return changed(file.unwrap_or_else(|| self.differs(&now)));
            }
        }
        error
    }

    /// Whether it is a mark of its writer, or what that is still at work on, and holds no rows.
    fn is_hidden(&self, path: &Path) -> bool {
        let below = path.strip_prefix(&self.folder).unwrap_or(path);
        below.iter().any(|part| part.as_encoded_bytes().starts_with(b"_") || part.as_encoded_bytes().starts_with(b"."))
    }

    /// A file that is not the same in both.
    fn differs<'a>(&'a self, now: &'a States) -> &'a Path {
        let mut paths = self.states.paths().chain(now.paths());
        paths.find(|path| !self.states.is_same_in(now, path)).unwrap_or(Path::new(""))
    }
}
