//! What tells the states of files on this machine apart: whether something changed between two looks.

use std::collections::HashSet;
use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What file systems may give as one instant to two changes.
const TICK: Duration = Duration::from_millis(20);

/// A file's identity, length and times. The second of these no program sets at will.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileState {
    device: u64,
    inode: u64,
    bytes: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

/// All files at some places, as they were at one moment, in order of their paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct States {
    files: Vec<(PathBuf, FileState)>,
}

impl States {
    /// Looks at files and at folders with all that is below them; links are followed. What is not there
    /// or cannot be looked at has no state.
    pub fn of(places: &[PathBuf]) -> States {
        let states = States::now(places);
        // A change within the same tick as the last one would not show.
        if states.files.iter().any(|(_, state)| state.is_fresh()) {
            thread::sleep(TICK);
            return States::now(places);
        }
        states
    }

    fn now(places: &[PathBuf]) -> States {
        let (mut files, mut folders) = (Vec::new(), HashSet::new());
        for place in places {
            if let Ok(found) = fs::metadata(place) {
                look(place.clone(), &found, &mut files, &mut folders);
            }
        }
        files.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        States { files }
    }

    /// The paths of all files.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(|(path, _)| path.as_path())
    }

    /// Whether a file is in both, and the same.
    pub fn is_same_in(&self, other: &States, path: &Path) -> bool {
        let state = self.get(path);
        state.is_some() && state == other.get(path)
    }

    /// The first file, of those that `counts`, that is no longer as it was. All of them may go or none.
    pub fn first_changed(&self, counts: impl Fn(&Path) -> bool, may_go: bool) -> Option<&Path> {
        let changed = |(path, state): &&(PathBuf, FileState)| match fs::metadata(path) {
            Ok(now) => FileState::of(&now) != *state,
            Err(_) => !may_go,
        };
        self.files.iter().filter(|(path, _)| counts(path)).find(changed).map(|(path, _)| path.as_path())
    }

    /// Whether a file was changed that lately, so that its writer may still be at work.
    pub fn is_younger(&self, path: &Path, than: Duration) -> bool {
        self.get(path).is_some_and(|state| state.is_younger(than))
    }

    fn get(&self, path: &Path) -> Option<&FileState> {
        let at = self.files.binary_search_by(|(other, _)| other.as_path().cmp(path)).ok()?;
        self.files.get(at).map(|(_, state)| state)
    }
}

/// Folders that were seen are not looked at again: links may lead in circles.
fn look(path: PathBuf, found: &Metadata, files: &mut Vec<(PathBuf, FileState)>, folders: &mut HashSet<(u64, u64)>) {
    if !found.is_dir() {
        files.push((path, FileState::of(found)));
        return;
    }
    if !folders.insert((found.dev(), found.ino())) {
        return;
    }
    for entry in fs::read_dir(&path).into_iter().flatten().flatten() {
        let is_link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
        let found = if is_link { fs::metadata(entry.path()) } else { entry.metadata() };
        if let Ok(found) = found {
            look(entry.path(), &found, files, folders);
        }
    }
}

impl FileState {
    /// By what the system says of a file.
    pub fn of(found: &Metadata) -> FileState {
        FileState {
            device: found.dev(),
            inode: found.ino(),
            bytes: found.size(),
            modified: (found.mtime(), found.mtime_nsec()),
            changed: (found.ctime(), found.ctime_nsec()),
        }
    }

    fn is_fresh(&self) -> bool {
        self.is_younger(TICK)
    }

    fn is_younger(&self, than: Duration) -> bool {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let of = |(seconds, nanos): (i64, i64)| {
            Duration::new(u64::try_from(seconds).unwrap_or_default(), u32::try_from(nanos).unwrap_or_default())
        };
        let age = |time| now.checked_sub(of(time)).unwrap_or(than);
        age(self.modified) < than || age(self.changed) < than
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    /// A folder with a file, and what may become of the file.
    fn changed_by(change: impl Fn(&Path)) -> bool {
        let root = tempfile::TempDir::new().unwrap();
        let file = root.path().join("table/part.parquet");
        fs::create_dir(root.path().join("table")).unwrap();
        fs::write(&file, "before").unwrap();
        let before = States::of(&[root.path().join("table")]);
        assert_eq!(before.paths().collect::<Vec<_>>(), [file.as_path()]);
        change(&file);
        let changed = before.first_changed(|_| true, false).is_some();
        assert_eq!(before != States::of(&[root.path().join("table")]), changed);
        changed
    }

    #[test]
    fn every_kind_of_change_shows_and_none_does_not() {
        assert!(!changed_by(|_| {}));
        assert!(!changed_by(|file| assert!(fs::read(file).is_ok())));
        assert!(changed_by(|file| fs::write(file, "after!").unwrap()), "in place, with the same length");
        assert!(changed_by(|file| fs::remove_file(file).unwrap()));
        assert!(changed_by(|file| {
            let other = file.with_extension("new");
            fs::write(&other, "before").unwrap();
            fs::rename(&other, file).unwrap();
        }));
        assert!(changed_by(|file| {
            let written = fs::metadata(file).unwrap().modified().unwrap();
            fs::write(file, "after!").unwrap();
            fs::File::options().write(true).open(file).unwrap().set_modified(written).unwrap();
        }));
    }

    #[test]
    fn links_that_lead_in_circles_end() {
        let root = tempfile::TempDir::new().unwrap();
        for name in ["a", "b", "c"] {
            symlink(root.path(), root.path().join(name)).unwrap();
        }
        fs::write(root.path().join("file"), "").unwrap();
        assert_eq!(States::of(&[root.path().to_path_buf()]).paths().count(), 1);
    }
}
