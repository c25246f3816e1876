//! The folder of a Delta table, on this machine or in a store. Its log is read and written through one interface for all
//! storage; its data files are not.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use deltalake_core::logstore::{LogStoreRef, StorageConfig, default_logstore};
use object_store::local::LocalFileSystem;
use object_store::path::Path as StorePath;
use object_store::prefix::PrefixStore;
use object_store::{Error as StoreError, ObjectStore};
use tokio::runtime::Handle;
use url::Url;

use crate::error::{Error, Result};
use crate::storage::{self, Remote, Storage};

/// The folder in a table's folder that makes it a Delta table.
pub const LOG: &str = "_delta_log";

/// A table's folder in a store.
#[derive(Clone, Debug)]
pub struct DeltaFolder {
    store: Arc<dyn ObjectStore>,
    url: Url,
    runtime: Handle,
}

impl DeltaFolder {
    /// `store` begins where paths of the URL begin: at a bucket or container, or at the root of this
    /// machine's files. The runtime must have threads of its own.
    pub fn new(store: Arc<dyn ObjectStore>, mut url: Url, runtime: Handle) -> DeltaFolder {
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        DeltaFolder { store, url, runtime }
    }

    /// A folder on this machine, there or not.
    ///
    /// # Errors
    /// A path that cannot be made absolute, or threads that the system refuses.
    pub fn local(folder: &Path) -> Result<DeltaFolder> {
        let absolute = std::path::absolute(folder).map_err(Error::storage(folder))?;
        let url = Url::from_directory_path(&absolute)
            .map_err(|()| Error::storage(folder)(io::ErrorKind::InvalidFilename.into()))?;
        Ok(DeltaFolder::new(Arc::new(LocalFileSystem::new()), url, storage::threads()?))
    }

    /// A folder, there or not.
    ///
    /// # Errors
    /// Like [`DeltaFolder::local`] and [`DeltaFolder::remote`].
    pub fn of(folder: &Storage) -> Result<DeltaFolder> {
        match folder {
            Storage::Local(folder) => DeltaFolder::local(folder),
            Storage::Remote(folder) => DeltaFolder::remote(folder),
        }
    }

    /// A folder in an object store, there or not.
    ///
    /// # Errors
    /// Threads that the system refuses.
    pub fn remote(folder: &Remote) -> Result<DeltaFolder> {
        let url = Url::parse(&folder.to_string());
        let url = url.map_err(|error| Error::storage(folder.to_string())(io::Error::other(error.to_string())))?;
        Ok(DeltaFolder::new(folder.store(), url, storage::threads()?))
    }

    /// The table's URL; it ends with a slash.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// What runs requests.
    pub fn runtime(&self) -> &Handle {
        &self.runtime
    }

    /// The table's files, by their paths in the table's folder.
    ///
    /// # Errors
    /// A URL that is no path in a store.
    pub fn files(&self) -> Result<PrefixStore<Arc<dyn ObjectStore>>> {
        let prefix = StorePath::from_url_path(self.url.path()).map_err(|error| self.error(error.into()))?;
        Ok(PrefixStore::new(self.store.clone(), prefix))
    }

    /// The table's log. A commit is one conditional request: "create unless it exists" on Azure, S3 and
    /// Google, and a hard link on this machine.
    ///
    /// # Errors
    /// A URL that is no path in a store.
    pub fn log(&self) -> Result<LogStoreRef> {
        Ok(default_logstore(Arc::new(self.files()?), self.store.clone(), &self.url, &StorageConfig::default()))
    }

    /// What a person knows the table by: a path on this machine, else its URL.
    pub fn shown(&self) -> PathBuf {
        self.url.to_file_path().unwrap_or_else(|()| PathBuf::from(self.url.as_str().trim_end_matches('/')))
    }

    /// An error of the store: trouble of the storage, or of a remote one what waiting cannot mend.
    pub fn error(&self, error: StoreError) -> Error {
        match self.url.scheme() {
            "file" => Error::storage(self.shown())(system_error(&error)),
            _ => storage::store_error(self.shown().display().to_string())(error),
        }
    }
}

/// What the operating system or the store said, below all wrapping.
pub fn system_error(error: &StoreError) -> io::Error {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(io) = error.downcast_ref::<io::Error>() {
            return io::Error::new(io.kind(), io.to_string());
        }
        cause = error.source();
    }
    let kind = match error {
        StoreError::NotFound { .. } => io::ErrorKind::NotFound,
        StoreError::AlreadyExists { .. } => io::ErrorKind::AlreadyExists,
        StoreError::PermissionDenied { .. } | StoreError::Unauthenticated { .. } => io::ErrorKind::PermissionDenied,
        _ => io::ErrorKind::Other,
    };
    io::Error::new(kind, error.to_string())
}
