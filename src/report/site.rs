//! The folder of a report: written aside and put in the place of the one before as a whole, so that no page of
//! somebody who is no longer in the tables stays behind.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};
use serde_json::json;

use crate::error::{Error, Result};

/// The file by which a folder is known as a report of this program.
pub const MANIFEST: &str = "report.json";

/// How folders of reports in the making are called.
const ASIDE: &str = ".report-";

/// A report in the making.
pub struct Site {
    folder: PathBuf,
    aside: tempfile::TempDir,
    /// Held while it is written, so that others know it from what a killed program left.
    _lock: Option<File>,
    file_mode: u32,
    files: BTreeSet<String>,
}

impl Site {
    /// Begins a report that will lie in `folder`.
    ///
    /// # Errors
    /// A folder that holds something else than a report, and what the system refuses.
    pub fn begin(folder: &Path, file_mode: u32) -> Result<Site> {
        may_be_replaced(folder)?;
        let above = folder.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(above).map_err(Error::storage(above))?;
        // Beside it, so that it is the same file system and a rename is all it takes.
        let aside = tempfile::Builder::new().prefix(ASIDE).tempdir_in(above).map_err(Error::storage(above))?;
        let lock = hold(aside.path());
        clear_away(above);
        let site = Site { folder: folder.to_path_buf(), aside, _lock: lock, file_mode, files: BTreeSet::new() };
        site.set_folder_mode(site.aside.path())?;
        Ok(site)
    }

    /// Whoever may read a file may look into its folder.
    fn set_folder_mode(&self, folder: &Path) -> Result<()> {
        let mode = self.file_mode | (self.file_mode & 0o444) >> 2;
        fs::set_permissions(folder, Permissions::from_mode(mode)).map_err(Error::storage(folder))
    }

    /// Adds a file by its place in the site.
    ///
    /// # Errors
    /// What the system refuses.
    pub fn add(&mut self, path: &str, content: &str) -> Result<()> {
        if !self.files.insert(path.to_string()) {
            return Ok(());
        }
        let place = self.aside.path().join(path);
        if let Some(folder) = place.parent().filter(|folder| !folder.exists()) {
            fs::create_dir(folder).map_err(Error::storage(folder))?;
            self.set_folder_mode(folder)?;
        }
        let failed = || Error::storage(&place);
        let mut file =
            OpenOptions::new().write(true).create_new(true).mode(self.file_mode).open(&place).map_err(failed())?;
        file.write_all(content.as_bytes()).map_err(failed())?;
        file.set_permissions(Permissions::from_mode(self.file_mode)).map_err(failed())
    }

    /// Puts the report in its place, with a list of its files.
    ///
    /// # Errors
    /// What the system refuses.
    pub fn finish(mut self, as_of: &str, language: &str) -> Result<()> {
        let files: Vec<&String> = self.files.iter().collect();
        let manifest = json!({"program": "rapport", "report": 1, "as_of": as_of, "language": language, "files": files});
        let manifest = format!("{manifest:#}\n");
        self.add(MANIFEST, &manifest)?;
        may_be_replaced(&self.folder)?;
        let Site { folder, aside, .. } = self;
        let new = aside.keep();
        let failed = || Error::storage(&folder);
        if folder.exists() {
            let old = new.with_extension("old");
            let _lock = hold(&folder);
            fs::rename(&folder, &old).map_err(failed())?;
            fs::rename(&new, &folder).map_err(failed())?;
            return fs::remove_dir_all(&old).map_err(Error::storage(old));
        }
        fs::rename(&new, &folder).map_err(failed())
    }
}

/// The reports in a folder: itself, and those of owners in folders below it.
///
/// # Errors
/// What the system refuses.
pub fn reports(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if folder.join(MANIFEST).is_file() {
        found.push(folder.to_path_buf());
    }
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(found),
        Err(error) => return Err(Error::storage(folder)(error)),
    };
    for entry in entries {
        let below = entry.map_err(Error::storage(folder))?.path();
        if below.join(MANIFEST).is_file() {
            found.push(below);
        }
    }
    found.sort();
    Ok(found)
}

/// Holds a folder for as long as the file is open; none where the file system knows no locks, or another holds it.
fn hold(folder: &Path) -> Option<File> {
    let file = File::open(folder).ok()?;
    flock(&file, FlockOperation::NonBlockingLockExclusive).ok()?;
    Some(file)
}

/// Removes what programs that were killed have left beside a report: it shows people, and nobody would look for it.
fn clear_away(above: &Path) {
    for entry in fs::read_dir(above).into_iter().flatten().flatten() {
        let is_aside = entry.file_name().to_str().is_some_and(|name| name.starts_with(ASIDE));
        if is_aside && entry.path().is_dir() && hold(&entry.path()).is_some() {
            // What cannot be removed now is removed by the next one.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Refuses a folder that is no report.
///
/// # Errors
/// A folder without the manifest of a report.
pub fn check(folder: &Path) -> Result<()> {
    match folder.join(MANIFEST).is_file() {
        true => Ok(()),
        false => Err(Error::usage(
            "--report",
            format!("{} is no report: there is no {MANIFEST} in it", folder.display()),
            "Name the folder that rapport report wrote",
        )),
    }
}

/// Deletes a report, its manifest last, so that one whose deletion was cut short is still known.
///
/// # Errors
/// A folder that is no report, and what the system refuses.
pub fn remove(folder: &Path) -> Result<()> {
    check(folder)?;
    for entry in fs::read_dir(folder).map_err(Error::storage(folder))? {
        let path = entry.map_err(Error::storage(folder))?.path();
        let is_folder = path.is_dir() && !path.is_symlink();
        match path.file_name().is_some_and(|name| name == MANIFEST) {
            true => continue,
            false if is_folder => fs::remove_dir_all(&path),
            false => fs::remove_file(&path),
        }
        .map_err(Error::storage(&path))?;
    }
    fs::remove_dir_all(folder).map_err(Error::storage(folder))
}

/// Only a report, or nothing, is ever replaced.
fn may_be_replaced(folder: &Path) -> Result<()> {
    let mut entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Error::storage(folder)(error)),
    };
    match entries.next().is_none() || folder.join(MANIFEST).is_file() {
        true => Ok(()),
        false => Err(Error::usage(
            "--site",
            format!("{} holds other files than a report, which would be lost", folder.display()),
            "Name an empty folder, a new one, or one with an earlier report",
        )),
    }
}
