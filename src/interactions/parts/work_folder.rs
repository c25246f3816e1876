//! A folder that several processes reach, on this machine or in a store: files come into it as a whole, and what they
//! hold can be told by their names.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use xxhash_rust::xxh3::Xxh3;

use crate::error::{Error, Result};
use crate::storage::{Spool, Storage, private};

/// What the names of folders of parts begin with.
pub const PREFIX: &str = "rapport-parts-";
/// Bytes that are read of a file at a time.
const BLOCK: usize = 1 << 20;

/// A folder of parts below one that a run was given.
pub(super) struct WorkFolder {
    pub work: Storage,
    pub name: String,
    /// Where files lie on their way from and to a store.
    pub spool: Arc<Spool>,
}

impl WorkFolder {
    /// Makes it, for its owner alone. A store has no folders to make.
    pub(super) fn make(&self) -> Result<()> {
        let Storage::Local(work) = &self.work else { return Ok(()) };
        fs::create_dir_all(work).map_err(Error::storage(work))?;
        let folder = work.join(&self.name);
        private::folders_below(work, &folder).map_err(Error::storage(&folder))
    }

    /// A file for what is on its way there.
    fn temporary(&self) -> Result<(PathBuf, File)> {
        let Storage::Local(work) = &self.work else { return self.spool.file("part") };
        let folder = work.join(&self.name);
        let made = tempfile::Builder::new().prefix(".part-").rand_bytes(16).make_in(&folder, private::file);
        let (file, path) = made.map_err(Error::storage(&folder))?.into_parts();
        Ok((path.keep().map_err(|error| Error::storage(&folder)(error.error))?, file))
    }

    /// Puts a file there as a whole, under the name that its content gives it.
    pub(super) fn put(
        &self,
        write: impl FnOnce(&File) -> io::Result<()>,
        name: impl FnOnce(&str) -> String,
    ) -> Result<String> {
        let (path, file) = self.temporary()?;
        let put = || -> Result<String> {
            write(&file).and_then(|()| file.sync_all()).map_err(Error::storage(&path))?;
            let written = File::open(&path).and_then(|file| content(&file)).map_err(Error::storage(&path))?;
            let name = name(&written);
            match &self.work {
                Storage::Local(work) => {
                    let to = work.join(&self.name).join(&name);
                    fs::rename(&path, &to).map_err(Error::storage(&to))?;
                }
                Storage::Remote(work) => work.join(&self.name).overwrite(&name, &path)?,
            }
            Ok(name)
        };
        let put = put();
        // Of what was renamed nothing is left under this name.
        let _ = fs::remove_file(&path);
        put
    }

    /// A file to read; none where there is none.
    pub(super) fn open(&self, name: &str) -> Result<Option<File>> {
        let path = match &self.work {
            Storage::Local(work) => work.join(&self.name).join(name),
            Storage::Remote(work) => {
                let folder = work.join(&self.name);
                let Some(object) = folder.find(name)? else { return Ok(None) };
                let path = self.spool.path("part")?;
                folder.download(&object, &path)?;
                path
            }
        };
        let opened = File::open(&path);
        if let Storage::Remote(_) = &self.work {
            let _ = fs::remove_file(&path);
        }
        match opened {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::storage(&path)(error)),
        }
    }
}

/// Removes folders of parts whose names begin so, and says which.
///
/// # Errors
/// A folder that cannot be listed or removed.
pub fn clean(work: &Storage, prefix: &str) -> Result<Vec<String>> {
    let is_ours = |name: &String| name.starts_with(PREFIX) && name.starts_with(prefix);
    let mut removed: Vec<String> = match work {
        Storage::Local(work) => {
            let listed = match fs::read_dir(work) {
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
                listed => listed.map_err(Error::storage(work))?,
            };
            let names = listed.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
            names.filter(is_ours).map(|name| remove_folder(&work.join(&name)).map(|()| name)).collect::<Result<_>>()?
        }
        Storage::Remote(work) => {
            let folders: Vec<String> = work.list_here()?.folders.into_iter().filter(is_ours).collect();
            for folder in &folders {
                let folder = work.join(folder);
                folder.list()?.iter().try_for_each(|object| folder.remove(object))?;
            }
            folders
        }
    };
    removed.sort();
    Ok(removed)
}

fn remove_folder(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::storage(folder)(error)),
        _ => Ok(()),
    }
}

/// What a file holds, in 128 bits, as hexadecimal digits.
pub(super) fn content(mut file: &File) -> io::Result<String> {
    let (mut hash, mut block) = (Xxh3::new(), vec![0; BLOCK]);
    loop {
        match file.read(&mut block)? {
            0 => break,
            read => hash.update(&block[..read]),
        }
    }
    file.rewind()?;
    Ok(format!("{:032x}", hash.digest128()))
}
