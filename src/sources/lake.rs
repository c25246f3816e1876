//! Where the lake's three systems lie, and its files on this machine.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::contract::System;
use super::mirror::Mirror;
use crate::error::{Error, Result};
use crate::storage::{Storage, Tally, Traffic};

/// The lake. Copies share what was mirrored.
#[derive(Clone, Debug)]
pub struct Lake {
    dataverse: Folder,
    exchange: Folder,
    control: Folder,
    traffic: Option<Arc<Traffic>>,
}

#[derive(Clone, Debug)]
enum Folder {
    Local(PathBuf),
    Mirrored(Arc<Mirror>),
}

impl Lake {
    /// A lake whose systems lie in these folders.
    ///
    /// # Errors
    /// A spool folder that cannot be written.
    pub fn new(dataverse: Storage, exchange: Storage, control: Storage) -> Result<Lake> {
        let traffic = [&dataverse, &exchange, &control].into_iter().find_map(|storage| match storage {
            Storage::Local(_) => None,
            Storage::Remote(remote) => Some(Arc::clone(&remote.access().traffic)),
        });
        let folder = |storage| {
            Ok(match storage {
                Storage::Local(path) => Folder::Local(path),
                Storage::Remote(remote) => Folder::Mirrored(Arc::new(Mirror::new(remote)?)),
            })
        };
        Ok(Lake { dataverse: folder(dataverse)?, exchange: folder(exchange)?, control: folder(control)?, traffic })
    }

    /// A lake in a local folder, its systems in folders of their usual names.
    pub fn local(root: &Path) -> Lake {
        let folder = |name| Folder::Local(root.join(name));
        Lake { dataverse: folder("dataverse"), exchange: folder("exchange"), control: folder("control"), traffic: None }
    }

    /// The system's folder on this machine.
    pub(super) fn folder(&self, system: System) -> &Path {
        match self.place(system) {
            Folder::Local(path) => path,
            Folder::Mirrored(mirror) => mirror.root(),
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

    /// Makes the files and folders of these names, which a table may lie under, readable here, but for
    /// what is in their columns.
    pub(super) fn bring_tables(&self, system: System, names: &[String]) -> Result<()> {
        self.mirror(system).map_or(Ok(()), |mirror| mirror.bring_tables(names))
    }

    /// Makes columns of Parquet files readable.
    pub(super) fn bring_columns(&self, system: System, paths: &[PathBuf], wanted: &dyn Fn(&str) -> bool) -> Result<()> {
        self.mirror(system).map_or(Ok(()), |mirror| mirror.bring_columns(paths, wanted))
    }

    /// The error with the names that files have in the lake.
    pub(super) fn named(&self, system: System, error: Error) -> Error {
        let Some(mirror) = self.mirror(system) else { return error };
        match error {
            Error::Input { table, column, file, message, remedy } => Error::Input {
                table,
                column,
                file: file.map(|file| mirror.named(&file)),
                message: mirror.named(&message),
                remedy,
            },
            other => other,
        }
    }

    /// What the lake's stores have sent so far; none of a local lake.
    pub fn traffic(&self) -> Option<Tally> {
        self.traffic.as_ref().map(|traffic| traffic.tally())
    }
}
