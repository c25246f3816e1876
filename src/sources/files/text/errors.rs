//! Errors about lines and rows of files of text.

use std::io;
use std::path::Path;

use crate::error::Error;
use crate::sources::contract::SourceTable;
use crate::sources::files::refusals;
use crate::sources::files::text::input;

/// The error for a line or a row of a file.
pub fn refuse(table: &SourceTable, path: &Path, column: Option<&str>, message: String, remedy: &str) -> Error {
    Error::Input {
        table: table.name.into(),
        column: column.map(str::to_string),
        file: Some(path.display().to_string()),
        message,
        remedy: remedy.into(),
    }
}

/// The error for a file of text that cannot be read on. What is wrong with a compressed file says its
/// decompressor.
pub fn broken_off(table: &SourceTable, path: &Path, error: io::Error) -> Error {
    let compressed = error.raw_os_error().is_none() && input::is_gzip(path).unwrap_or(false);
    if !compressed {
        return refusals::unreadable(table, path, error);
    }
    let message = match error.kind() {
        io::ErrorKind::UnexpectedEof => "the compressed file ends before its end".to_string(),
        _ => "the compressed file is damaged".to_string(),
    };
    refuse(table, path, None, message, "copy or export it again")
}
