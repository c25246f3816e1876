//! Local folders and object stores: what a lake is read from and results are written to (rule R3).
//!
//! All traffic with stores goes through `object_store`. It is asynchronous, which ends here:
//! everything above calls functions that return when the work is done.

mod azure_list_filter;
mod connect;
mod content_type;
pub mod delta_folder;
mod location;
mod object;
pub mod private;
mod remote;
mod spool;
mod states;
mod store_error;
mod threads;
mod traffic;
mod trouble;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

pub use connect::{Environment, Timeouts};
pub use delta_folder::{DeltaFolder, LOG as DELTA_LOG};
pub use location::Location;
pub use object::{FolderContents, Object};
pub use remote::{Put, Remote};
pub use spool::Spool;
pub use states::{FileState, States};
pub use store_error::store_error;
pub use threads::{block_on, threads};
pub use traffic::{Tally, Traffic};

use crate::error::Result;

/// A folder that can be read and written.
#[derive(Debug, Clone)]
pub enum Storage {
    /// On this machine.
    Local(PathBuf),
    /// In an object store.
    Remote(Remote),
}

/// What opening a location takes beside its name.
#[derive(Debug, Clone)]
pub struct Access {
    /// Variables of the clouds.
    pub environment: Environment,
    /// Time limits.
    pub timeouts: Timeouts,
    /// Where what comes from a store and goes to it lies meanwhile.
    pub spool: Arc<Spool>,
    /// Counts what goes over the wire.
    pub traffic: Arc<Traffic>,
}

impl Storage {
    /// Opens a location; a store is not asked anything yet.
    ///
    /// # Errors
    /// A URL or an environment that the store's client refuses.
    pub fn open(location: &Location, access: &Access) -> Result<Storage> {
        Ok(match location {
            Location::Local(path) => Storage::Local(path.clone()),
            Location::Remote(url) => Storage::Remote(Remote::open(url, access)?),
        })
    }

    /// A folder in this one.
    pub fn join(&self, name: &str) -> Storage {
        match self {
            Storage::Local(path) => Storage::Local(path.join(name)),
            Storage::Remote(remote) => Storage::Remote(remote.join(name)),
        }
    }
}

impl fmt::Display for Storage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Storage::Local(path) => write!(f, "{}", path.display()),
            Storage::Remote(remote) => write!(f, "{remote}"),
        }
    }
}
