//! Whether the folders that a job names for itself are where it looks for them: those of the administrator's lists and
//! of Exchange. Dataverse has tables without which nothing can be computed, and these are asked for by name.

use crate::config::Job;
use crate::error::{Error, Result};
use crate::sources::Lake;
use crate::sources::contract::System;
use crate::sources::files::control_folder;
use crate::sources::files::control_folder::ControlFolder;
use crate::storage::Location;

/// What a person should know about the folder of control tables. Without any, nobody has opted out and
/// nobody is erased, so a folder that somebody names has to be there. So has one that is named for Exchange: without
/// it, every number of emails and meetings is smaller.
///
/// # Errors
/// A folder that is named and missing, or cannot be listed.
pub(super) fn look(job: &Job, lake: &Lake) -> Result<Vec<String>> {
    if job.input.exchange_is_named && !lake.holds_anything_of(System::Exchange)? {
        let remedy = "Name the folder of the tables of Exchange here or with --set exchange=…: without them only what \
                      Dataverse holds is counted";
        return Err(missing(job, "input.exchange", &job.input.exchange, remedy));
    }
    match control_folder::look(lake)? {
        ControlFolder::Nothing(_) if job.input.control_is_named => {
            let remedy = "Name the folder of the control tables here or with --set control=…: without them nobody has \
                          opted out and nobody is erased";
            Err(missing(job, "input.control", &job.input.control, remedy))
        }
        ControlFolder::Nothing(warnings) | ControlFolder::Folder(warnings) => Ok(warnings),
    }
}

fn missing(job: &Job, key: &str, folder: &Location, remedy: &str) -> Error {
    Error::Config {
        file: Some(job.file.display().to_string()),
        key: Some(key.to_string()),
        message: format!("{folder} does not exist, or holds nothing"),
        remedy: remedy.to_string(),
    }
}
