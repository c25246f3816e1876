//! Errors about files and folders of the lake (rules R4, R6).

use std::io::{self, ErrorKind};
use std::path::Path;

use crate::error::{Error, is_loop};
use crate::sources::contract;
use crate::sources::contract::SourceTable;

/// A file that does not belong where it lies.
pub fn foreign(table: &SourceTable, path: &Path, message: &str) -> Error {
    refuse(table, path, message, "move it out of the table's folder, or export it again")
}

/// An error about a file of a table.
pub fn refuse(table: &SourceTable, path: &Path, message: &str, remedy: &str) -> Error {
    Error::Input {
        table: table.name.into(),
        column: None,
        file: Some(path.display().to_string()),
        message: message.into(),
        remedy: remedy.into(),
    }
}

/// What the operating system says about a folder of the lake that cannot be listed.
pub fn not_listed(table: &'static str, folder: &Path, error: io::Error) -> Error {
    unreadable(&SourceTable { name: table, ..contract::OPT_OUTS }, folder, error)
}

/// What the operating system says about a file of the lake: a missing or forbidden one breaks the
/// contract, anything else is trouble of the storage and worth a retry (rule R4).
pub fn unreadable(table: &SourceTable, path: &Path, error: io::Error) -> Error {
    use ErrorKind::{
        InvalidData, InvalidFilename, InvalidInput, IsADirectory, NotADirectory, NotFound, PermissionDenied,
        UnexpectedEof,
    };
    let mut path = path;
    let message = match error.kind() {
        _ if is_loop(&error) => {
            // The first of the names by which it goes round and round.
            while let Some(above) = path.parent().filter(|above| above.file_name() == path.file_name()) {
                path = above;
            }
            "links lead in a circle".to_string()
        }
        NotFound if path.is_symlink() => "this is a link to nothing".to_string(),
        NotFound | PermissionDenied | NotADirectory | IsADirectory | InvalidData | InvalidFilename | InvalidInput
        | UnexpectedEof => {
            format!("this cannot be read: {error}")
        }
        _ => return Error::storage(path)(error),
    };
    refuse(table, path, &message, "check that it is there and that this account may read it, or export it again")
}
