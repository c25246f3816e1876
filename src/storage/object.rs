//! What a listing of a store shows.

use object_store::UpdateVersion;
use object_store::path::Path;

/// An object as a listing shows it.
#[derive(Debug, Clone)]
pub struct Object {
    /// Below the folder that was listed, `/` between parts.
    pub name: String,
    /// Length in bytes.
    pub size: u64,
    /// What changes when the object does.
    pub version: UpdateVersion,
    /// Where the store keeps it.
    pub path: Path,
}

/// What lies right in a folder.
#[derive(Debug, Clone)]
pub struct FolderContents {
    /// Names of its folders.
    pub folders: Vec<String>,
    /// Its objects.
    pub objects: Vec<Object>,
}

impl FolderContents {
    /// Whether nothing lies in it: a store knows no empty folder, so it is not there.
    pub fn is_empty(&self) -> bool {
        self.folders.is_empty() && self.objects.is_empty()
    }
}
