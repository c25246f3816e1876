//! Whether the lists that the administrator keeps are where the job looks for them.

use crate::config::Job;
use crate::error::{Error, Result};
use crate::sources::Lake;
use crate::sources::control_folder::{self, Found};

/// What a person should know about the folder of control tables. Without any, nobody has opted out and
/// nobody is erased, so a folder that somebody names has to be there.
///
/// # Errors
/// A folder that is named and missing, or cannot be listed.
pub(super) fn look(job: &Job, lake: &Lake) -> Result<Vec<String>> {
    match control_folder::look(lake)? {
        Found::Nothing(_) if job.input.control_is_named => Err(Error::Config {
            file: Some(job.file.display().to_string()),
            key: Some("input.control".to_string()),
            message: format!("{} does not exist, or holds nothing", job.input.control),
            remedy: "Name the folder of the control tables here or with --set control=…: without them nobody has \
                     opted out and nobody is erased"
                .to_string(),
        }),
        Found::Nothing(warnings) | Found::Folder(warnings) => Ok(warnings),
    }
}
