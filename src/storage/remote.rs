//! A prefix in an object store, and what is done with it.

use std::fmt;
use std::fs::File;
use std::future::Future;
use std::io::Write;
use std::ops::Range;
use std::path::Path as LocalPath;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::TryStreamExt;
use memmap2::Mmap;
use object_store::path::Path;
use object_store::{
    Error as StoreError, GetOptions, GetRange, ObjectMeta, ObjectStore, ObjectStoreExt, PutMode, PutOptions,
    PutPayload, UpdateVersion,
};

use super::connect::connect;
use super::object::{FolderContents, Object};
use super::store_error::misconfigured;
use super::threads::block_on;
use super::trouble::passes;
use super::{Access, content_type, private, store_error};
use crate::error::{Error, Result};

/// Bytes that every connection carries in a second: what an upload takes longer than one request
/// may take is granted on top.
const SLOWEST: u64 = 1 << 20;

/// Before an answer that broke off is asked for again.
const PAUSE: Duration = Duration::from_millis(200);

/// Bytes per request of a download.
const PART: u64 = 8 << 20;

/// A folder in an object store. Copies share the connection.
#[derive(Clone)]
pub struct Remote {
    url: String,
    prefix: Path,
    store: Arc<dyn ObjectStore>,
    access: Arc<Access>,
}

/// How a conditional write ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// The object is ours.
    Done,
    /// Somebody else wrote it since the version that was seen.
    Conflict,
}

impl Remote {
    pub(super) fn open(url: &str, access: &Access) -> Result<Remote> {
        let (store, prefix) =
            connect(url, &access.environment, access.timeouts, &access.traffic).map_err(misconfigured(url))?;
        Ok(Remote { url: url.to_string(), prefix, store, access: Arc::new(access.clone()) })
    }

    /// The root of a store that a test has made.
    #[cfg(test)]
    pub fn of(store: Arc<dyn ObjectStore>) -> Remote {
        let access = Access {
            environment: super::Environment::new(),
            timeouts: super::Timeouts::default(),
            spool: Arc::new(super::Spool::below(std::env::temp_dir())),
            traffic: Arc::default(),
        };
        Remote { url: "s3://lake".to_string(), prefix: Path::default(), store, access: Arc::new(access) }
    }

    /// A folder in this one.
    pub fn join(&self, name: &str) -> Remote {
        let prefix = name.split('/').fold(self.prefix.clone(), |path, part| path.join(part));
        Remote { url: self.url_of(name), prefix, ..self.clone() }
    }

    /// The URL of an object in this folder.
    pub fn url_of(&self, name: &str) -> String {
        format!("{}/{name}", self.url)
    }

    /// What opened it.
    pub fn access(&self) -> &Access {
        &self.access
    }

    /// The client of the whole bucket or container.
    pub fn store(&self) -> Arc<dyn ObjectStore> {
        Arc::clone(&self.store)
    }

    fn path_of(&self, name: &str) -> Path {
        name.split('/').fold(self.prefix.clone(), |path, part| path.join(part))
    }

    /// All objects below the folder, in order of their names.
    pub fn list(&self) -> Result<Vec<Object>> {
        let listed = block_on(self.again(|| self.store.list(Some(&self.prefix)).try_collect::<Vec<_>>()))?;
        let mut objects: Vec<Object> =
            listed.map_err(store_error(&self.url))?.into_iter().filter_map(|meta| self.object(meta)).collect();
        objects.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(objects)
    }

    /// What lies right in this folder.
    pub fn list_here(&self) -> Result<FolderContents> {
        let listed = block_on(self.again(|| self.store.list_with_delimiter(Some(&self.prefix))))?;
        let listed = listed.map_err(store_error(&self.url))?;
        let folders = listed.common_prefixes.iter().filter_map(|path| path.filename().map(str::to_string));
        let objects = listed.objects.into_iter().filter_map(|meta| self.object(meta));
        Ok(FolderContents { folders: folders.collect(), objects: objects.collect() })
    }

    fn object(&self, meta: ObjectMeta) -> Option<Object> {
        let name = meta.location.prefix_match(&self.prefix)?.map(|part| part.as_ref().to_string());
        let name = name.collect::<Vec<_>>().join("/");
        let version = UpdateVersion { e_tag: meta.e_tag, version: meta.version };
        (!name.is_empty()).then_some(Object { name, size: meta.size, version, path: meta.location })
    }

    /// An object by its name; none when it is not there.
    pub fn find(&self, name: &str) -> Result<Option<Object>> {
        let path = self.path_of(name);
        match block_on(self.again(|| self.store.head(&path)))? {
            Ok(meta) => Ok(self.object(meta)),
            Err(StoreError::NotFound { .. }) => Ok(None),
            Err(error) => Err(store_error(self.url_of(name))(error)),
        }
    }

    /// Writes an object as it was listed to a local file.
    pub fn download(&self, object: &Object, to: &LocalPath) -> Result<()> {
        let mut file = private::file(to).map_err(Error::storage(to))?;
        for start in (0..object.size).step_by(PART as usize) {
            let part = self.read(object, start..object.size.min(start + PART));
            let bytes = block_on(part)?.map_err(store_error(self.url_of(&object.name)))?;
            file.write_all(&bytes).map_err(Error::storage(to))?;
        }
        Ok(())
    }

    /// Bytes of an object as it was listed.
    ///
    /// # Errors
    /// `Precondition` when it changed or went meanwhile, for which a new run is worth while.
    pub async fn read(&self, object: &Object, range: Range<u64>) -> object_store::Result<Bytes> {
        let read = self.again(async || {
            let options = GetOptions {
                range: Some(GetRange::Bounded(range.clone())),
                if_match: object.version.e_tag.clone(),
                ..GetOptions::default()
            };
            self.store.get_opts(&object.path, options).await?.bytes().await
        });
        match read.await {
            // It was there when it was listed.
            Err(StoreError::NotFound { path, source }) => Err(StoreError::Precondition { path, source }),
            read => read,
        }
    }

    /// Writes an object whole from a local file: over the version that was seen, or where none was.
    ///
    /// A request whose answer was lost is sent again and then meets its own work. So a conflict is
    /// only one when what lies there differs.
    pub fn put(&self, name: &str, file: &LocalPath, seen: Option<&UpdateVersion>) -> Result<Put> {
        let url = self.url_of(name);
        let (payload, bytes) = payload(file)?;
        let mode = seen.map_or(PutMode::Create, |version| PutMode::Update(version.clone()));
        let options = PutOptions { mode, ..PutOptions::default() };
        let store = self.store_for(bytes.len() as u64)?;
        let path = self.path_of(name);
        match block_on(self.again(|| store.put_opts(&path, payload.clone(), options.clone())))? {
            Ok(_) => Ok(Put::Done),
            Err(StoreError::AlreadyExists { .. } | StoreError::Precondition { .. }) => {
                let same = block_on(self.again(|| self.holds(&path, &bytes)))?.map_err(store_error(url))?;
                Ok(if same { Put::Done } else { Put::Conflict })
            }
            Err(error) => Err(store_error(url)(error)),
        }
    }

    /// Writes an object whole, whatever was there.
    pub fn overwrite(&self, name: &str, file: &LocalPath) -> Result<()> {
        let (payload, bytes) = payload(file)?;
        let (store, path) = (self.store_for(bytes.len() as u64)?, self.path_of(name));
        let options = PutOptions { attributes: content_type::of(name), ..PutOptions::default() };
        let put = block_on(self.again(|| store.put_opts(&path, payload.clone(), options.clone())))?;
        put.map(|_| ()).map_err(store_error(self.url_of(name)))
    }

    async fn holds(&self, path: &Path, bytes: &Bytes) -> object_store::Result<bool> {
        let found = match self.store.get(path).await {
            Ok(found) => found,
            Err(StoreError::NotFound { .. }) => return Ok(false),
            Err(error) => return Err(error),
        };
        if found.meta.size != bytes.len() as u64 {
            return Ok(false);
        }
        let mut at = 0;
        let mut stream = found.into_stream();
        while let Some(part) = stream.try_next().await? {
            if bytes.get(at..at + part.len()) != Some(&part[..]) {
                return Ok(false);
            }
            at += part.len();
        }
        Ok(at == bytes.len())
    }

    /// Copies within the store, whole or not at all.
    pub fn copy(&self, from: &Remote, name: &str, to: &str) -> Result<()> {
        let (from, target) = (from.path_of(name), self.path_of(to));
        block_on(self.again(|| self.store.copy(&from, &target)))?.map_err(store_error(self.url_of(to)))
    }

    /// Asks again for as long as was promised. object_store does so by itself, but neither where an answer
    /// broke off amid its body, but for an object's bytes, nor longer than a signature lasts.
    async fn again<T, F>(&self, ask: impl Fn() -> F) -> object_store::Result<T>
    where
        F: Future<Output = object_store::Result<T>>,
    {
        let begun = Instant::now();
        loop {
            match ask().await {
                Err(error) if passes(&error) && begun.elapsed() < self.access.timeouts.give_up_after => {
                    tokio::time::sleep(PAUSE).await;
                }
                ended => return ended,
            }
        }
    }

    /// Removes an object, which may be gone already.
    pub fn remove(&self, object: &Object) -> Result<()> {
        match block_on(self.again(|| self.store.delete(&object.path)))? {
            Ok(()) | Err(StoreError::NotFound { .. }) => Ok(()),
            Err(error) => Err(store_error(self.url_of(&object.name))(error)),
        }
    }

    /// A client whose requests may take as long as so many bytes need.
    fn store_for(&self, bytes: u64) -> Result<Arc<dyn ObjectStore>> {
        let needed = Duration::from_secs(bytes / SLOWEST);
        let mut timeouts = self.access.timeouts;
        if needed < timeouts.request {
            return Ok(Arc::clone(&self.store));
        }
        timeouts.request += needed;
        timeouts.give_up_after += needed;
        let connected = connect(&self.url, &self.access.environment, timeouts, &self.access.traffic);
        connected.map(|(store, _)| store).map_err(misconfigured(&self.url))
    }
}

/// A file's bytes as a request sends them, without holding them all in memory.
#[expect(unsafe_code, reason = "a request takes slices, and a table of results may be larger than what memory is left")]
fn payload(file: &LocalPath) -> Result<(PutPayload, Bytes)> {
    /// A chunk is what the client keeps of a request at a time.
    const CHUNK: usize = 1 << 20;
    let opened = File::open(file).map_err(Error::storage(file))?;
    // SAFETY: the file lies in the spool of this process, which is closed to others, and is whole: nobody writes to
    // it any more. Should its disk fail, the program ends; see `cli::lost_input`.
    let mapped = unsafe { Mmap::map(&opened) }.map_err(Error::storage(file))?;
    let bytes = Bytes::from_owner(mapped);
    let chunks = (0..bytes.len()).step_by(CHUNK).map(|at| bytes.slice(at..bytes.len().min(at + CHUNK)));
    Ok((PutPayload::from_iter(chunks), bytes))
}

impl fmt::Display for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.url)
    }
}

impl fmt::Debug for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Remote({})", self.url)
    }
}
