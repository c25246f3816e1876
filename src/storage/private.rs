//! Files and folders that nobody else reads, made beforehand or puts a link in the place of.
//!
//! Their modes are theirs whatever the umask says, for what lies in them is personal.

use std::fs::{self, DirBuilder, File, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

const FILE: u32 = 0o600;
const FOLDER: u32 = 0o700;

/// A new file to read and write. What is there already, a link to nothing included, is never taken.
///
/// # Errors
/// `AlreadyExists`, and what the system says.
pub fn file(path: &Path) -> io::Result<File> {
    let file = File::options().read(true).write(true).create_new(true).mode(FILE).open(path)?;
    // A umask that takes away from the owner would keep us from opening it again.
    if file.metadata()?.mode() & 0o777 != FILE {
        file.set_permissions(Permissions::from_mode(FILE))?;
    }
    Ok(file)
}

/// A new folder.
///
/// # Errors
/// `AlreadyExists`, and what the system says.
pub fn folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().mode(FOLDER).create(path)?;
    let made = fs::symlink_metadata(path)?;
    if made.is_dir() && made.mode() & 0o777 != FOLDER {
        fs::set_permissions(path, Permissions::from_mode(FOLDER))?;
    }
    Ok(())
}

/// The folders between `root`, which must be there, and `path`, as far as they are missing.
///
/// # Errors
/// A root that is gone, which is never made again: its owner may have removed it to end.
pub fn folders_below(root: &Path, path: &Path) -> io::Result<()> {
    let below = path.strip_prefix(root).map_err(|_| io::Error::from(ErrorKind::InvalidInput))?;
    let mut at = root.to_path_buf();
    for part in below.components() {
        at.push(part);
        match folder(&at) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn nothing_that_is_there_is_taken_and_no_link_followed() {
        let root = tempfile::TempDir::new().unwrap();
        let (victim, link) = (root.path().join("victim"), root.path().join("link"));
        fs::write(&victim, "kept").unwrap();
        symlink(&victim, &link).unwrap();
        let dangling = root.path().join("dangling");
        symlink(root.path().join("nowhere"), &dangling).unwrap();
        for path in [&victim, &link, &dangling] {
            assert_eq!(file(path).unwrap_err().kind(), ErrorKind::AlreadyExists);
            assert_eq!(folder(path).unwrap_err().kind(), ErrorKind::AlreadyExists);
        }
        assert_eq!(fs::read(&victim).unwrap(), b"kept");
        assert!(!root.path().join("nowhere").exists());
    }

    #[test]
    fn a_root_that_is_gone_stays_gone() {
        let root = tempfile::TempDir::new().unwrap();
        folders_below(root.path(), &root.path().join("a/b")).unwrap();
        assert_eq!(fs::metadata(root.path().join("a/b")).unwrap().mode() & 0o777, 0o700);
        let gone = root.path().join("gone");
        assert!(folders_below(&gone, &gone.join("a")).is_err() && !gone.exists());
    }
}
