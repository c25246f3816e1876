//! Which job files there are.

use std::fs;
use std::path::{Path, PathBuf};

use super::shipped::SHARED;
use crate::error::{Error, Result};
use crate::plain;
use crate::suggest::way_out;

/// The files of the named jobs, of all jobs when none is named.
pub fn find(dir: &Path, names: &[String]) -> Result<Vec<PathBuf>> {
    let all = job_files(dir)?;
    if names.is_empty() {
        return Ok(all);
    }
    let known: Vec<String> = all.iter().map(|path| job_name(path)).collect();
    names
        .iter()
        .map(|name| match all.iter().find(|path| job_name(path) == *name) {
            Some(path) => Ok(path.clone()),
            None => Err(Error::usage(
                "JOB",
                format!("there is no {}.toml in {}", plain::cut(name, 100), dir.display()),
                way_out(name, &known.iter().map(String::as_str).collect::<Vec<_>>(), "The jobs there are"),
            )),
        })
        .collect()
}

fn job_files(dir: &Path) -> Result<Vec<PathBuf>> {
    let refuse = |message: String| {
        Error::usage(
            "--jobs",
            format!("{}: {message}", dir.display()),
            "Name the folder that holds the job files, as in --jobs jobs",
        )
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).map_err(|error| refuse(error.to_string()))? {
        let path = entry.map_err(|error| refuse(error.to_string()))?.path();
        let is_job =
            path.extension().is_some_and(|ending| ending == "toml") && path.file_name() != Some(SHARED.as_ref());
        if is_job {
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(refuse("there is no job file (*.toml) in it".to_string()));
    }
    files.sort();
    Ok(files)
}

pub(super) fn job_name(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}
