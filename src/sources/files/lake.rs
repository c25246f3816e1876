//! Where the lake's three systems lie, and its files on this machine.

use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::{Error, Result, stays};
use crate::scratch::Scratch;
use crate::sources::contract::{SourceTable, System};
use crate::sources::files::delta::DeltaTable;
use crate::sources::files::files_before::FilesBefore;
use crate::sources::files::mirror::{Fetched, Mirror};
use crate::sources::files::refusals;
use crate::sources::values::written_times::WrittenTimes;
use crate::storage::{FolderContents, Object, Storage};

/// Where reading a table stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableReading {
    /// It begins.
    Begun,
    /// The table is in memory.
    Done,
}

/// Who is told when reading a table begins and when it is done; several tables may be under way at once.
#[derive(Clone)]
pub struct Watch(Arc<dyn Fn(&'static str, TableReading) + Send + Sync>);

impl Watch {
    /// Tells the name of the table.
    pub fn new(tell: impl Fn(&'static str, TableReading) + Send + Sync + 'static) -> Watch {
        Watch(Arc::new(tell))
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Watch")
    }
}

/// The lake. Copies share what was mirrored.
#[derive(Clone, Debug)]
pub struct Lake {
    dataverse: Folder,
    exchange: Folder,
    control: Folder,
    times: WrittenTimes,
    /// Where tables go that are too large for memory.
    scratch: Scratch,
    watch: Option<Watch>,
    /// The folder in which they usually lie.
    root: Storage,
    /// What was read of local folders, as it was before.
    read: Arc<Mutex<Vec<FilesBefore>>>,
}

#[derive(Clone, Debug)]
enum Folder {
    Local(PathBuf),
    Mirrored(Arc<Mirror>),
}

impl Lake {
    /// A lake whose systems lie in these folders, usually in `root`.
    ///
    /// # Errors
    /// A spool folder that cannot be written.
    pub fn new(root: Storage, dataverse: Storage, exchange: Storage, control: Storage) -> Result<Lake> {
        let folder = |storage| {
            Ok(match storage {
                Storage::Local(path) => Folder::Local(path),
                Storage::Remote(remote) => Folder::Mirrored(Arc::new(Mirror::new(remote)?)),
            })
        };
        Ok(Lake::of(root, folder(dataverse)?, folder(exchange)?, folder(control)?))
    }

    /// A lake in a local folder, its systems in folders of their usual names.
    pub fn local(root: &Path) -> Lake {
        let folder = |name| Folder::Local(root.join(name));
        let root_folder = Storage::Local(root.to_path_buf());
        Lake::of(root_folder, folder("dataverse"), folder("exchange"), folder("control"))
    }

    fn of(root: Storage, dataverse: Folder, exchange: Folder, control: Folder) -> Lake {
        let (scratch, read) = (Scratch::default(), Arc::default());
        Lake { root, dataverse, exchange, control, times: WrittenTimes::default(), scratch, watch: None, read }
    }

    /// The lake, which writes days and times in such a way.
    pub fn with_times(self, times: WrittenTimes) -> Lake {
        Lake { times, ..self }
    }

    /// The lake, of which a run holds as much in memory as it may.
    pub fn with_scratch(self, scratch: Scratch) -> Lake {
        Lake { scratch, ..self }
    }

    /// The lake, of whose tables somebody is told as they are read.
    pub fn with_watch(self, watch: Watch) -> Lake {
        Lake { watch: Some(watch), ..self }
    }

    /// Tells where reading a table stands.
    pub(in crate::sources) fn tell(&self, table: &SourceTable, stands: TableReading) {
        if let Some(Watch(tell)) = &self.watch {
            tell(table.name, stands);
        }
    }

    /// Where tables go that are too large for memory.
    pub fn scratch(&self) -> &Scratch {
        &self.scratch
    }

    /// How it writes days and times.
    pub(in crate::sources) fn times(&self) -> WrittenTimes {
        self.times
    }

    /// The system's folder when it is one on this machine that others may write to.
    pub(in crate::sources) fn local_folder(&self, system: System) -> Option<&Path> {
        match self.place(system) {
            Folder::Local(path) => Some(path),
            Folder::Mirrored(_) => None,
        }
    }

    /// Keeps how files were before they were read.
    pub(in crate::sources) fn remember(&self, before: FilesBefore) {
        self.read.lock().unwrap_or_else(PoisonError::into_inner).push(before);
    }

    /// Shows what was kept.
    pub(in crate::sources) fn remembered<T>(&self, show: impl FnOnce(&[FilesBefore]) -> T) -> T {
        show(&self.read.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The system's folder on this machine.
    pub(in crate::sources) fn folder(&self, system: System) -> Result<&Path> {
        match self.place(system) {
            Folder::Local(path) => Ok(path),
            Folder::Mirrored(mirror) => mirror.root(),
        }
    }

    /// What lies right in the system's folder, in order; none where there is no such folder.
    pub(in crate::sources) fn entries(&self, system: System) -> Result<Option<Vec<Entry>>> {
        let here = match self.place(system) {
            Folder::Local(path) => return local_entries(path),
            Folder::Mirrored(mirror) => mirror.here()?,
        };
        let entries = store_entries(here);
        // A store knows no empty folder: what holds nothing is not there.
        Ok((!entries.is_empty()).then_some(entries))
    }

    /// Whether the folder of a system is there. Of a store, a folder that holds nothing is not.
    ///
    /// # Errors
    /// A folder that is there and cannot be listed.
    pub fn holds_anything_of(&self, system: System) -> Result<bool> {
        Ok(self.entries(system)?.is_some())
    }

    /// What lies right in the folder in which the systems usually lie, as far as it may be listed.
    pub(in crate::sources) fn entries_of_root(&self) -> Vec<Entry> {
        match &self.root {
            Storage::Local(path) => local_entries(path).ok().flatten(),
            Storage::Remote(remote) => remote.list_here().ok().map(store_entries),
        }
        .unwrap_or_default()
    }

    /// The system's folder as it is called in messages.
    pub(in crate::sources) fn called(&self, system: System) -> String {
        match self.place(system) {
            Folder::Local(path) => path.display().to_string(),
            Folder::Mirrored(mirror) => mirror.to_string(),
        }
    }

    fn place(&self, system: System) -> &Folder {
        match system {
            System::Dataverse => &self.dataverse,
            System::Exchange => &self.exchange,
            System::Control => &self.control,
        }
    }

    fn mirror(&self, system: System) -> Option<&Mirror> {
        match self.place(system) {
            Folder::Local(_) => None,
            Folder::Mirrored(mirror) => Some(mirror),
        }
    }

    /// Whether any of it lies in a store.
    pub fn is_remote(&self) -> bool {
        [System::Dataverse, System::Exchange, System::Control].iter().any(|system| self.mirror(*system).is_some())
    }

    /// Makes a table's files readable here, whichever of the names it bears, but for what is in their
    /// columns.
    pub(in crate::sources) fn bring_table(&self, table: &SourceTable, names: &[String]) -> Result<()> {
        self.mirror(table.system).map_or(Ok(()), |mirror| {
            mirror.bring_table(table.name, names)?;
            if table.system == System::Dataverse { mirror.bring_updates(table) } else { Ok(()) }
        })
    }

    /// What its log says of a mirrored folder that is a Delta table.
    pub(in crate::sources) fn mirrored_log(&self, table: &SourceTable, folder: &Path) -> Option<Arc<DeltaTable>> {
        self.mirror(table.system).and_then(|mirror| mirror.log(table.name, folder))
    }

    /// Makes those bytes of a table's files readable that `wanted` names; it is asked where it matters.
    pub(in crate::sources) fn bring_ranges(
        &self,
        table: &SourceTable,
        paths: &[PathBuf],
        wanted: &dyn Fn(&Path) -> Option<Vec<Range<u64>>>,
    ) -> Result<()> {
        self.mirror(table.system).map_or(Ok(()), |mirror| mirror.bring_ranges(table.name, paths, wanted))
    }

    /// Leaves what went wrong ahead of time to who asks for the table next.
    pub(in crate::sources) fn leave_failure(&self, table: &SourceTable, failure: Error) {
        if let Some(mirror) = self.mirror(table.system) {
            mirror.leave_failure(table.name, failure);
        }
    }

    /// What was read of a table's objects; none when it lies on this machine.
    pub(in crate::sources) fn fetched(&self, table: &SourceTable) -> Option<Fetched> {
        self.mirror(table.system).map(|mirror| mirror.fetched(table.name))
    }

    /// The name that a file has in the lake.
    pub(in crate::sources) fn named_file(&self, system: System, file: &str) -> String {
        self.mirror(system).map_or_else(|| file.to_string(), |mirror| mirror.named(file))
    }

    /// The error with the names that files have in the lake.
    pub(in crate::sources) fn named(&self, system: System, error: Error) -> Error {
        let Some(mirror) = self.mirror(system) else { return error };
        match error {
            Error::Input { table, column, file, message, remedy } => Error::Input {
                table,
                column,
                file: file.map(|file| mirror.named(&file)),
                message: mirror.named(&message),
                remedy,
            },
            // On this machine a name is a file or a folder.
            Error::Storage { path, source } if mirror.has(&path) && stays(&source) => Error::Input {
                table: system.name().to_string(),
                column: None,
                file: Some(mirror.named(&path.display().to_string())),
                message: "the store has an object and a folder of this name, or the name is too long".to_string(),
                remedy: "Name it otherwise, or move it out of the lake".to_string(),
            },
            other => other,
        }
    }
}

/// What lies in a folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::sources) struct Entry {
    pub name: String,
    pub is_folder: bool,
}

fn local_entries(folder: &Path) -> Result<Option<Vec<Entry>>> {
    let unreadable = |error| refusals::not_listed("control", folder, error);
    let listed = match fs::read_dir(folder) {
        Ok(listed) => listed,
        Err(error) if error.kind() == ErrorKind::NotFound && !folder.is_symlink() => return Ok(None),
        // Who asks for a table says so.
        Err(error) if error.kind() == ErrorKind::NotADirectory => return Ok(Some(Vec::new())),
        Err(error) => return Err(unreadable(error)),
    };
    let mut entries = Vec::new();
    for entry in listed {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        entries.push(Entry { name, is_folder: entry.path().is_dir() });
    }
    entries.sort();
    Ok(Some(entries))
}

fn store_entries(listing: FolderContents) -> Vec<Entry> {
    let FolderContents { folders, objects } = listing;
    let folders: Vec<Entry> = folders.into_iter().map(|name| Entry { name, is_folder: true }).collect();
    // What stands for a folder has its name.
    let is_mark = |object: &Object| object.size == 0 && folders.iter().any(|folder| folder.name == object.name);
    let files = objects.into_iter().filter(|object| !is_mark(object));
    let mut entries: Vec<Entry> = files.map(|object| Entry { name: object.name, is_folder: false }).collect();
    entries.extend(folders);
    entries.sort();
    entries
}
