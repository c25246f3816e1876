//! The folders a job names, before any work is done for it.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use rustix::fs::{Access, access};

use crate::config::Job;
use crate::error::{Error, Result};
use crate::publish::check_format;

/// The input must be a folder that can be listed, the output a folder or nothing yet.
pub(super) fn check(job: &Job) -> Result<()> {
    let refuse = |key: &str, message: String, remedy: &str| Error::Config {
        file: Some(job.file.display().to_string()),
        key: Some(key.to_string()),
        message,
        remedy: remedy.to_string(),
    };
    let root = &job.input.root;
    if let Err(error) = fs::read_dir(root) {
        let fault = match error.kind() {
            ErrorKind::NotFound => "does not exist",
            ErrorKind::NotADirectory => "is no folder",
            ErrorKind::PermissionDenied => "may not be read by this account",
            _ => return Err(Error::storage(root)(error)),
        };
        let remedy = "Name the folder of the lake here or with --input";
        return Err(refuse("input.root", format!("{} {fault}", root.display()), remedy));
    }
    if fs::metadata(&job.output).is_ok_and(|output| !output.is_dir()) {
        let message = format!("{} is no folder", job.output.display());
        return Err(refuse("output.path", message, "Name a folder here or with --output"));
    }
    job.tables.iter().try_for_each(|table| check_format(&job.output, job.format, table))
}

/// Whether results could be written, found out without writing.
pub(super) fn check_writable(output: &Path) -> Result<()> {
    let present = output.ancestors().find(|path| path.exists());
    let folder = match present {
        Some(path) if !path.as_os_str().is_empty() => path,
        _ => Path::new("."),
    };
    access(folder, Access::WRITE_OK | Access::EXEC_OK).map_err(|error| Error::storage(folder)(error.into()))
}
