//! `new` and `schema`: job files to begin with, and what editors know them by.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::options::NewOptions;
use super::stdout::print;
use crate::config::{self, JobKind, SCHEMA_FILE, SHARED, SHARED_TEXT, with_values};
use crate::error::{Error, Result};
use crate::plain;
use crate::suggest::way_out;

/// What is asked of a newcomer: the values of the shipped files are those of the sample lake.
const TO_FILL_IN: [(&str, &str); 5] = [
    ("root", "\"lake\""),
    ("path", "\"results\""),
    ("timezone", "\"UTC\""),
    ("company_domains", "[]"),
    ("consent", "false"),
];

pub(super) fn new(options: &NewOptions) -> Result<u8> {
    let kinds = kinds(&options.jobs)?;
    let folder = &options.folder;
    fs::create_dir_all(folder).map_err(Error::storage(folder.clone()))?;
    let is_shared = folder.join(SHARED).exists();
    let files = config::job_files(&kinds, (!is_shared).then(|| shared(options)).transpose()?);
    // All or none: a second call does not write half of what it was asked for.
    if let Some((name, _)) = files.iter().find(|(name, _)| name != SCHEMA_FILE && folder.join(name).exists()) {
        return Err(Error::usage(
            "JOB",
            format!("{} is there already", folder.join(name).display()),
            "Change that file, or name another folder with --jobs",
        ));
    }
    let mut written = String::new();
    for (name, text) in &files {
        let path = folder.join(name);
        write(&path, text)?;
        written.push_str(&format!("{}\n", path.display()));
    }
    print(&format!(
        "{written}Next: say in {} whose company it is, then rapport check --jobs {}\n",
        folder.join(SHARED).display(),
        folder.display()
    ));
    Ok(0)
}

pub(super) fn schema() -> Result<u8> {
    print(&config::schema());
    Ok(0)
}

fn kinds(names: &[String]) -> Result<Vec<JobKind>> {
    if names.is_empty() {
        return Ok(JobKind::ALL.to_vec());
    }
    names.iter().map(|name| JobKind::from_name(name).ok_or_else(|| unknown(name))).collect()
}

fn unknown(name: &str) -> Error {
    let known: Vec<&str> = JobKind::ALL.iter().map(|kind| kind.name()).collect();
    let message = format!("there is no kind of job {}", plain::value(name));
    Error::usage("JOB", message, way_out(name, &known, "The kinds there are"))
}

/// The shared file with the values that were given, and without those of the sample lake.
fn shared(options: &NewOptions) -> Result<String> {
    let mut values: Vec<(&str, String)> = TO_FILL_IN.map(|(key, value)| (key, value.to_string())).to_vec();
    for (place, given) in [("root", &options.input), ("path", &options.output)] {
        if let Some(given) = given {
            values.retain(|(key, _)| *key != place);
            values.push((place, format!("{:?}", from_here(given)?)));
        }
    }
    Ok(with_values(SHARED_TEXT, &values))
}

/// A place as the command line means it, from here; the file means places from where it lies.
fn from_here(typed: &str) -> Result<String> {
    if typed.contains("://") {
        return Ok(typed.to_string());
    }
    let absolute: PathBuf = std::path::absolute(typed).map_err(Error::storage(typed))?;
    Ok(absolute.display().to_string())
}

/// Never over a file of somebody's, except for the schema, which is ours.
fn write(path: &Path, text: &str) -> Result<()> {
    let mut file = match path.ends_with(SCHEMA_FILE) {
        true => fs::File::create(path),
        false => fs::File::create_new(path),
    }
    .map_err(Error::storage(path))?;
    file.write_all(text.as_bytes()).map_err(Error::storage(path))
}
