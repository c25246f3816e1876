//! What lies in an output already, for who looks at it again.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::{CURRENT, Partition, delta};
use crate::config::OutputFormat;
use crate::context::Output;
use crate::error::{Error, Result};
use crate::storage::{DeltaFolder, Remote, Storage};

/// A published file of a table: a partition, or the current one.
#[derive(Clone, Debug)]
pub struct PublishedFile {
    /// The partition's folder name, or [`CURRENT`].
    pub partition: String,
    place: FilePlace,
}

#[derive(Clone, Debug)]
enum FilePlace {
    Local(PathBuf),
    /// By its name in a folder.
    Remote(Remote, String),
}

/// A published file on this machine; what was brought from a store goes with it.
#[derive(Debug)]
pub struct LocalFile {
    path: PathBuf,
    brought: bool,
}

/// The files of a table: its partitions in order, then the current one. An output that is not there
/// has none.
///
/// # Errors
/// What storage refuses, and a Delta table whose partition is several files: another program's.
pub fn published_files(output: &Output, table: &str) -> Result<Vec<PublishedFile>> {
    let name = format!("{table}.parquet");
    let mut files = match (&output.storage, output.format) {
        (storage, OutputFormat::Delta) => of_delta_table(storage, table)?,
        (Storage::Local(output), OutputFormat::Parquet) => {
            let partitions = folders(&output.join(table))?.into_iter().map(|partition| {
                let path = output.join(table).join(&partition).join(&name);
                PublishedFile { partition, place: FilePlace::Local(path) }
            });
            partitions.collect()
        }
        (Storage::Remote(output), OutputFormat::Parquet) => {
            let folder = output.join(table);
            let partitions = folder.list()?.into_iter().filter_map(|object| {
                let (partition, file) = object.name.split_once('/')?;
                let partition = (file == name && partition.contains('=')).then(|| partition.to_string())?;
                Some(PublishedFile { partition, place: FilePlace::Remote(folder.clone(), object.name) })
            });
            partitions.collect()
        }
    };
    files.sort_by(|one, other| one.partition.cmp(&other.partition));
    let current = match &output.storage {
        Storage::Local(output) => Some(FilePlace::Local(output.join(CURRENT).join(&name))),
        Storage::Remote(output) => {
            let folder = output.join(CURRENT);
            folder.find(&name)?.map(|object| FilePlace::Remote(folder, object.name))
        }
    };
    files.extend(current.map(|place| PublishedFile { partition: CURRENT.to_string(), place }));
    files.retain(|file| match &file.place {
        FilePlace::Local(path) => path.is_file(),
        FilePlace::Remote(..) => true,
    });
    Ok(files)
}

fn of_delta_table(storage: &Storage, table: &str) -> Result<Vec<PublishedFile>> {
    let folder = storage.join(table);
    let log = DeltaFolder::of(&folder)?;
    let mut files: Vec<PublishedFile> = Vec::new();
    for path in delta::files(&log)? {
        let Some((partition, _)) = path.split_once('/') else { continue };
        if files.iter().any(|file| file.partition == partition) {
            let message = format!("{folder}: {partition} is several files, as this program never writes it");
            return Err(Error::Checks { message: format!("{message}; publish the partition again") });
        }
        let place = match &folder {
            Storage::Local(folder) => FilePlace::Local(folder.join(&path)),
            Storage::Remote(folder) => FilePlace::Remote(folder.clone(), path.clone()),
        };
        files.push(PublishedFile { partition: partition.to_string(), place });
    }
    Ok(files)
}

/// Partitions of a table; hidden folders are none.
fn folders(table: &Path) -> Result<Vec<String>> {
    let entries = match fs::read_dir(table) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::storage(table)(error)),
    };
    let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let names: std::io::Result<Vec<String>> = names.collect();
    let is_partition = |name: &String| name.contains('=') && !name.starts_with('.');
    Ok(names.map_err(Error::storage(table))?.into_iter().filter(is_partition).collect())
}

/// The file of a partition as it is now; none when there is none.
pub(super) fn file_of(output: &Output, table: &str, partition: &Partition) -> Result<Option<PublishedFile>> {
    let folder = partition.folder();
    let place = match (&output.storage, output.format) {
        (storage, OutputFormat::Delta) => {
            return Ok(of_delta_table(storage, table)?.into_iter().find(|file| file.partition == folder));
        }
        (Storage::Local(output), OutputFormat::Parquet) => {
            let path = output.join(table).join(&folder).join(format!("{table}.parquet"));
            path.is_file().then_some(FilePlace::Local(path))
        }
        (Storage::Remote(output), OutputFormat::Parquet) => {
            let (partition, name) = (output.join(table).join(&folder), format!("{table}.parquet"));
            partition.find(&name)?.map(|object| FilePlace::Remote(partition, object.name))
        }
    };
    Ok(place.map(|place| PublishedFile { partition: folder, place }))
}

impl PublishedFile {
    /// The file on this machine.
    ///
    /// # Errors
    /// What storage refuses.
    pub fn bring(&self) -> Result<LocalFile> {
        match &self.place {
            FilePlace::Local(path) => Ok(LocalFile { path: path.clone(), brought: false }),
            FilePlace::Remote(folder, name) => {
                let last = name.rsplit('/').next().unwrap_or_default();
                let file = LocalFile { path: folder.access().spool.path(last)?, brought: true };
                // What is there now: it may have been replaced since it was listed, by ourselves for one.
                let object = folder.find(name)?;
                let object = object.ok_or_else(|| Error::storage(folder.url_of(name))(ErrorKind::NotFound.into()))?;
                folder.download(&object, &file.path)?;
                Ok(file)
            }
        }
    }

    /// The partition; none of the current file.
    pub fn partition(&self) -> Option<Partition> {
        let (column, value) = self.partition.split_once('=')?;
        let column = ["as_of_date", "week"].into_iter().find(|known| *known == column)?;
        Some(Partition { column, value: value.to_string() })
    }
}

impl LocalFile {
    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for LocalFile {
    fn drop(&mut self) {
        if self.brought {
            // The spool goes with the run; this only frees the space earlier.
            let _ = fs::remove_file(&self.path);
        }
    }
}
