//! What went wrong with a Delta table, and whether it is worth another try.

use delta_kernel::Error as LogError;
use deltalake_core::DeltaTableError;
use deltalake_core::kernel::transaction::TransactionError;

use crate::error::Error;
use crate::storage::DeltaFolder;

/// Whether another commit came first, so that ours is to be tried anew.
pub(super) fn lost_a_race(error: &DeltaTableError) -> bool {
    use TransactionError::{CommitConflict, MaxCommitAttempts, VersionAlreadyExists};
    match error {
        DeltaTableError::VersionAlreadyExists(_) => true,
        DeltaTableError::Transaction { source } => {
            matches!(source, VersionAlreadyExists(_) | MaxCommitAttempts(_) | CommitConflict(_))
        }
        error => error.to_string().contains("already exists"),
    }
}

/// A table whose log breaks its format or is nothing that we may write to is a matter of the
/// configuration; anything else is trouble of the storage and worth a retry.
pub(super) fn failed(place: &DeltaFolder, error: DeltaTableError) -> Error {
    match error {
        DeltaTableError::ObjectStore { source }
        | DeltaTableError::KernelError(LogError::ObjectStore(source))
        | DeltaTableError::Kernel { source: deltalake_core::kernel::Error::ObjectStore(source) } => place.error(source),
        DeltaTableError::Transaction { source: TransactionError::ObjectStore { source } } => place.error(source),
        DeltaTableError::KernelError(LogError::Backtraced { source, .. }) => {
            failed(place, DeltaTableError::KernelError(*source))
        }
        DeltaTableError::KernelError(LogError::IOError(source)) => Error::storage(place.shown())(source),
        DeltaTableError::Io { source } => Error::storage(place.shown())(source),
        error => foreign(place, error.to_string().lines().next().unwrap_or_default()),
    }
}

/// A folder that holds what this program may not write to.
pub(super) fn foreign(place: &DeltaFolder, message: &str) -> Error {
    Error::Config {
        file: None,
        key: Some("output.path".into()),
        message: format!("{} cannot be written as a Delta table: {message}", place.shown().display()),
        remedy: "Move that folder away, or name another output folder".into(),
    }
}
