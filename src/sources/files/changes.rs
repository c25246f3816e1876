//! Whether a table changed while it was read: then nothing that was read of it is to be trusted, and what
//! is wrong with it is no fault of the lake. A run ends then in a way that says to run again (rule R4).
//!
//! In a store every request names the version that was listed; here the files are looked at before and after.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::error::{Error, Result};
use crate::sources::contract::SourceTable;
use crate::sources::files::lake::Lake;
use crate::sources::files::listing;
use crate::storage::{DELTA_LOG, States};

/// For how long a file that is being replaced may be away.
const AWAY: Duration = Duration::from_millis(100);

/// A file that changed that lately may still be on its way: its writer has emptied it, and was stopped.
const YOUNG: Duration = Duration::from_secs(2);
const ON_ITS_WAY: Duration = Duration::from_millis(700);

/// A table's files as they were before it was read.
#[derive(Debug)]
pub struct Before {
    /// The system's.
    folder: PathBuf,
    places: Vec<PathBuf>,
    states: States,
}

/// Reads what `read` reads of a table, and remembers its files for [`check`].
///
/// # Errors
/// Those of `read`; another one when files of the table changed meanwhile.
pub fn watched<T>(lake: &Lake, table: &SourceTable, read: impl FnOnce() -> Result<T>) -> Result<T> {
    let Some(folder) = lake.local_folder(table.system) else { return read() };
    let places = listing::places(folder, table);
    let before = Before { folder: folder.to_path_buf(), states: States::of(&places), places };
    match read() {
        Ok(read) => {
            before.check()?;
            lake.remember(before);
            Ok(read)
        }
        Err(error) => Err(before.cause(error)),
    }
}

/// Whether all tables that were read are still as they were.
///
/// # Errors
/// A file that changed.
pub fn check(lake: &Lake) -> Result<()> {
    lake.remembered(|all| all.iter().try_for_each(Before::check))
}

/// Whether something appears where nothing was, as when it is being replaced.
pub fn appears(place: &Path) -> bool {
    thread::sleep(AWAY);
    place.exists()
}

/// The error for what is not as it was.
pub fn changed(path: &Path) -> Error {
    Error::storage(path)(io::Error::new(ErrorKind::ResourceBusy, "it changed while it was being read"))
}

impl Before {
    fn check(&self) -> Result<()> {
        // What no longer belongs to a Delta table may go; what belongs to it never changes.
        let is_delta = self.states.paths().any(|path| path.components().any(|part| part.as_os_str() == DELTA_LOG));
        if let Some(path) = self.states.first_changed(|path| !self.is_hidden(path), is_delta) {
            return Err(changed(path));
        }
        let came = self.states.paths().next().is_none().then(|| self.places.iter().find(|place| place.exists()));
        came.flatten().map_or(Ok(()), |place| Err(changed(place)))
    }

    /// What a failure comes from: from a change where there was one.
    fn cause(&self, error: Error) -> Error {
        let file = match &error {
            Error::Input { file, .. } => file.as_deref().map(Path::new),
            Error::Engine { .. } => None,
            _ => return error,
        };
        for wait in [Duration::ZERO, AWAY, ON_ITS_WAY] {
            if wait == ON_ITS_WAY && !file.is_some_and(|file| self.states.is_younger(file, YOUNG)) {
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
