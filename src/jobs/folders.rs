//! The folders a job names, before any work is done for it.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use rustix::fs::{Access, access};

use crate::config::Job;
use crate::context::Output;
use crate::error::{Error, Result};
use crate::publish::check_format;
use crate::storage::{Location, Storage};

/// The input must be a folder that can be listed, the output a folder or nothing yet. What lies in a
/// store is found out by using it.
pub(super) fn check(job: &Job, output: &Output) -> Result<()> {
    let refuse = |key: &str, message: String, remedy: &str| Error::Config {
        file: Some(job.file.display().to_string()),
        key: Some(key.to_string()),
        message,
        remedy: remedy.to_string(),
    };
    if let Location::Local(root) = &job.input.root
        && let Err(error) = fs::read_dir(root)
    {
        let fault = match error.kind() {
            ErrorKind::NotFound => "does not exist",
            ErrorKind::NotADirectory => "is no folder",
            ErrorKind::PermissionDenied => "may not be read by this account",
            _ => return Err(Error::storage(root)(error)),
        };
        let remedy = "Name the folder of the lake here or with --input";
        return Err(refuse("input.root", format!("{} {fault}", root.display()), remedy));
    }
    if let Location::Local(output) = &job.output
        && fs::metadata(output).is_ok_and(|output| !output.is_dir())
    {
        let message = format!("{} is no folder", output.display());
        return Err(refuse("output.path", message, "Name a folder here or with --output"));
    }
    if let Some((system, folder)) = entangled(job) {
        let message = format!("{} and the folder of {system} tables, {folder}, lie in each other", job.output);
        let remedy = "Write results beside the lake: what lies among its tables is read as input by the next run";
        return Err(refuse("output.path", message, remedy));
    }
    job.tables.iter().try_for_each(|table| check_format(output, table))
}

/// Whether a run that failed may leave its row there: the output is there already, and no part of the lake.
///
/// # Errors
/// A store that does not say what it has.
pub(super) fn takes_rows_of_failed_runs(job: &Job, output: &Storage) -> Result<bool> {
    if entangled(job).is_some() {
        return Ok(false);
    }
    match output {
        Storage::Local(output) => Ok(output.is_dir()),
        Storage::Remote(output) => output.list_here().map(|listing| !listing.is_empty()),
    }
}

/// A folder of the lake that holds the output or lies in it.
fn entangled(job: &Job) -> Option<(&'static str, &Location)> {
    systems(job).into_iter().find(|(_, folder)| folder.holds(&job.output) || job.output.holds(folder))
}

/// The folders of the lake that are read.
fn systems(job: &Job) -> [(&'static str, &Location); 3] {
    let input = &job.input;
    [("dataverse", &input.dataverse), ("exchange", &input.exchange), ("control", &input.control)]
}

/// Whether results could be written, found out without writing: of a store only whether it lets us
/// look.
pub(super) fn check_writable(output: &Storage) -> Result<()> {
    let output = match output {
        Storage::Local(output) => output,
        Storage::Remote(output) => return output.list_here().map(|_| ()),
    };
    let present = output.ancestors().find(|path| path.exists());
    let folder = match present {
        Some(path) if !path.as_os_str().is_empty() => path,
        _ => Path::new("."),
    };
    access(folder, Access::WRITE_OK | Access::EXEC_OK).map_err(|error| Error::storage(folder)(error.into()))
}
