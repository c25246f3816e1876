//! A system's folder in an object store, as local files with only the bytes that are needed.
//!
//! A mirrored file has the length of its object, and holes where nothing was asked for. First come
//! the footers, then the byte ranges of the columns that rules need: readers of local files work on
//! it as they are, and no other column crosses the network. Rows cannot be left out by the footers'
//! statistics: which version of a row is current is known only when all are seen (rules I1, I9).

mod fetched;
mod ranges;
mod updates;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::File;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{fmt, io};

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};

pub use self::fetched::Fetched;
use self::ranges::{footer, is_parquet, joined, missing, parts};
use crate::error::{Error, Result};
use crate::sources::files::delta::DeltaTable;
use crate::sources::files::{delta, formats};
use crate::storage::{DELTA_LOG, DeltaFolder, FolderContents, Object, Remote, block_on, private, store_error};

/// Objects up to this length come whole with the first request.
const WHOLE: u64 = 512 << 10;
/// What is asked for at the end of longer ones; few footers are longer.
const TAIL: u64 = 64 << 10;
/// What lies between two wanted ranges comes along when it is shorter than another request is worth.
const GAP: u64 = 1 << 20;
/// Requests under way at a time.
const REQUESTS: usize = 12;

/// Mirrors one system's folder, table by table. Several threads may ask for tables at a time.
#[derive(Debug)]
pub struct Mirror {
    remote: Remote,
    root: PathBuf,
    /// Folders and objects right in the system's folder.
    here: Mutex<Option<FolderContents>>,
    tables: Mutex<HashMap<&'static str, Arc<Mutex<MirroredTable>>>>,
    /// Whatever is below the folder, where incremental updates are, listed once.
    below: Mutex<Option<Arc<Vec<Object>>>>,
}

#[derive(Debug, Default)]
struct MirroredTable {
    /// Names of folders and files that are mirrored already.
    names: HashSet<String>,
    files: BTreeMap<PathBuf, MirroredFile>,
    /// What the logs of Delta tables say, by the tables' folders.
    logs: HashMap<PathBuf, Arc<DeltaTable>>,
    fetched: Fetched,
    /// What kept it from being fetched ahead.
    failure: Option<Error>,
}

#[derive(Debug)]
struct MirroredFile {
    object: Object,
    /// Ranges that are there, in order.
    present: Vec<Range<u64>>,
}

/// Bytes of an object and where they go.
type Wanted = (Object, PathBuf, Range<u64>);

impl Mirror {
    /// Of a folder; nothing is asked of the store yet.
    ///
    /// # Errors
    /// A spool folder that cannot be written.
    pub fn new(remote: Remote) -> Result<Mirror> {
        let root = remote.access().spool.path("mirror")?;
        Ok(Mirror { remote, root, here: Mutex::default(), tables: Mutex::default(), below: Mutex::default() })
    }

    /// The local folder; there when the store has something below the folder it mirrors.
    ///
    /// # Errors
    /// Whatever the store or the disk says.
    pub fn root(&self) -> Result<&Path> {
        self.here()?;
        Ok(&self.root)
    }

    /// What is right in the system's folder, listed once.
    ///
    /// # Errors
    /// Whatever the store or the disk says.
    pub fn here(&self) -> Result<FolderContents> {
        let mut here = lock(&self.here);
        if let Some(here) = &*here {
            return Ok(here.clone());
        }
        let listing = self.remote.list_here()?;
        if !listing.is_empty() {
            private::folder(&self.root).map_err(Error::storage(&self.root))?;
        }
        Ok(here.insert(listing).clone())
    }

    fn table(&self, table: &'static str) -> Arc<Mutex<MirroredTable>> {
        Arc::clone(lock(&self.tables).entry(table).or_default())
    }

    /// Mirrors a table, whichever of the names it bears: files and folders, with the footers of all
    /// Parquet.
    ///
    /// # Errors
    /// Whatever the store or the disk says.
    pub fn bring_table(&self, of: &'static str, names: &[String]) -> Result<()> {
        let table = self.table(of);
        let mut table = lock(&table);
        if let Some(failure) = table.failure.take() {
            return Err(failure);
        }
        let FolderContents { folders, objects } = self.here()?;
        let mut brought = Vec::new();
        let new: Vec<&String> = names.iter().filter(|name| !table.names.contains(*name)).collect();
        for name in new {
            if folders.contains(name) {
                let (folder, below) = (self.remote.join(name), self.remote.join(name).list()?);
                let here = self.root.join(name);
                private::folders_below(&self.root, &here).map_err(Error::storage(&here))?;
                let below = if below.iter().any(|object| object.name.starts_with(&format!("{DELTA_LOG}/"))) {
                    let place = DeltaFolder::remote(&folder)?;
                    // Whoever tidies up the log may have done so just now: then it reads well the next time.
                    let log = delta::live(&place, of).or_else(|_| delta::live(&place, of))?;
                    let live: HashSet<&str> = log.files.iter().map(|file| file.path.as_str()).collect();
                    let below = below.into_iter().filter(|object| live.contains(object.name.as_str())).collect();
                    table.logs.insert(here.clone(), Arc::new(log));
                    below
                } else {
                    data(below)
                };
                brought.extend(below.into_iter().map(|object| (here.join(&object.name), object)));
            } else if let Some(object) = objects.iter().find(|object| object.name == *name) {
                brought.push((self.root.join(name), object.clone()));
            }
        }
        self.keep(brought, &mut table)?;
        table.names.extend(names.iter().cloned());
        Ok(())
    }

    /// Makes files of objects, with what is read of them first.
    fn keep(&self, brought: Vec<(PathBuf, Object)>, table: &mut MirroredTable) -> Result<()> {
        for (path, object) in &brought {
            self.sparse(path, object.size).map_err(Error::storage(path))?;
        }
        let (files, fetched) = self.footers(brought)?;
        table.files.extend(files);
        table.fetched.add(fetched);
        Ok(())
    }

    /// Brings the bytes that `wanted` names by a file's footer, of Parquet files of a table that is mirrored.
    ///
    /// # Errors
    /// Whatever the store or the disk says. A footer that cannot be read is left to who reads the file.
    pub fn bring_ranges(
        &self,
        table: &'static str,
        paths: &[PathBuf],
        wanted: &dyn Fn(&Path) -> Option<Vec<Range<u64>>>,
    ) -> Result<()> {
        let table = self.table(table);
        let mut table = lock(&table);
        let (mut work, mut present) = (Vec::new(), Vec::new());
        for path in paths {
            let Some(file) = table.files.get(path) else { continue };
            if !is_parquet(&file.object.name) {
                continue;
            }
            let Some(ranges) = wanted(path) else { continue };
            let missing = missing(joined(ranges, GAP), &file.present);
            for range in &missing {
                work.extend(parts(range).map(|part| (file.object.clone(), path.clone(), part)));
            }
            present.push((path, missing));
        }
        let fetched = self.fetch(work, |_, _| {})?;
        table.fetched.add(fetched);
        for (path, ranges) in present {
            if let Some(file) = table.files.get_mut(path) {
                file.present = joined([std::mem::take(&mut file.present), ranges].concat(), 0);
            }
        }
        Ok(())
    }

    /// What the log says of a folder that is a Delta table.
    pub fn log(&self, table: &'static str, folder: &Path) -> Option<Arc<DeltaTable>> {
        lock(&self.table(table)).logs.get(folder).cloned()
    }

    /// Leaves what went wrong ahead of time to who asks for the table next, who need not try as long again.
    pub fn leave_failure(&self, table: &'static str, failure: Error) {
        lock(&self.table(table)).failure = Some(failure);
    }

    /// What was read of a table's objects so far.
    pub fn fetched(&self, table: &'static str) -> Fetched {
        lock(&self.table(table)).fetched
    }

    fn footers(&self, files: Vec<(PathBuf, Object)>) -> Result<(Vec<(PathBuf, MirroredFile)>, Fetched)> {
        let begin = |object: &Object| match &object.name {
            name if is_parquet(name) && object.size > WHOLE => object.size - TAIL,
            // It is told that it lies there, and no more.
            name if !is_parquet(name) && formats::no_data(name).is_some() => object.size,
            _ => 0,
        };
        let first = files.iter().flat_map(|(path, object)| {
            let range = begin(object)..object.size;
            parts(&range).map(|part| (object.clone(), path.clone(), part)).collect::<Vec<_>>()
        });
        let longer = Mutex::new(Vec::new());
        let mut fetched = self.fetch(first.collect(), |(object, path, range), bytes| {
            if begin(object) > 0
                && let Some(footer) = footer(bytes, object.size)
                && footer < range.start
            {
                lock(&longer).push((object.clone(), path.clone(), footer..range.start));
            }
        })?;
        let longer = longer.into_inner().unwrap_or_else(PoisonError::into_inner);
        let rests: BTreeMap<PathBuf, u64> = longer.iter().map(|(_, path, range)| (path.clone(), range.start)).collect();
        fetched.add(self.fetch(longer, |_, _| {})?);
        let mirrored = files.into_iter().map(|(path, object)| {
            let begin = rests.get(&path).copied().unwrap_or_else(|| begin(&object));
            let present = std::iter::once(begin..object.size).collect();
            (path, MirroredFile { object, present })
        });
        Ok((mirrored.collect(), fetched))
    }

    /// Writes each range into its file, and shows it to `seen`.
    fn fetch(&self, work: Vec<Wanted>, seen: impl Fn(&Wanted, &Bytes)) -> Result<Fetched> {
        let mut fetched = Fetched::default();
        let fetch = async |wanted: Wanted| {
            let (object, path, range) = &wanted;
            let bytes = self.remote.read(object, range.clone()).await.map_err(store_error(self.url_of(path)))?;
            let file = File::options().write(true).open(path);
            file.and_then(|file| file.write_all_at(&bytes, range.start)).map_err(Error::storage(path))?;
            seen(&wanted, &bytes);
            Ok::<_, Error>(bytes.len() as u64)
        };
        let requests = work.into_iter().filter(|(_, _, range)| !range.is_empty()).map(fetch);
        let mut under_way = stream::iter(requests).buffer_unordered(REQUESTS);
        block_on(async {
            while let Some(bytes) = under_way.try_next().await? {
                fetched.add(Fetched { requests: 1, bytes });
            }
            Ok(fetched)
        })?
    }

    fn sparse(&self, path: &Path, size: u64) -> io::Result<()> {
        private::folders_below(&self.root, path.parent().unwrap_or(&self.root))?;
        private::file(path)?.set_len(size)
    }

    /// The URL of a mirrored file.
    fn url_of(&self, path: &Path) -> String {
        match path.strip_prefix(&self.root) {
            Ok(name) if !name.as_os_str().is_empty() => self.remote.url_of(&name.display().to_string()),
            _ => self.remote.to_string(),
        }
    }

    /// Whether a path is one of its files or folders.
    pub fn has(&self, path: &Path) -> bool {
        path.starts_with(&self.root)
    }

    /// `text` with URLs where it names mirrored files.
    pub fn named(&self, text: &str) -> String {
        text.replace(&self.root.display().to_string(), &self.remote.to_string())
    }
}

impl fmt::Display for Mirror {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.remote)
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The objects that may hold data: neither what stands for a folder, nor what a reader of folders
/// passes over anyway. What tells that it is a table of another format is kept.
fn data(objects: Vec<Object>) -> Vec<Object> {
    let mut told = HashSet::new();
    let is_mark =
        |object: &Object| object.size == 0 && !object.name.rsplit('/').next().unwrap_or_default().contains('.');
    let is_mark_of = |file: &str| formats::no_data(file) == Some(formats::NoData::Mark);
    let is_hidden =
        |name: &str| name.split('/').any(formats::is_hidden) || name.rsplit('/').next().is_some_and(is_mark_of);
    let mut is_data = |name: &str| formats::log_in(name).map_or(!is_hidden(name), |log| told.insert(log));
    objects.into_iter().filter(|object| !is_mark(object) && is_data(&object.name)).collect()
}
