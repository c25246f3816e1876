//! From a job file and the command line to a [`Job`]. The command line wins over the file,
//! the file over its profile.

use std::path::Path;

use super::assignment::{self, Assignment};
use super::choices::profile;
use super::find::job_name;
use super::keys::{Draft, KEYS, Key, USUAL_CONTROL, USUAL_EXCHANGE};
use super::settings::Profile;
use super::shipped::SHARED;
use super::variables::Variables;
use super::{Input, Job, JobKind, hash};
use crate::error::{Error, Result};
use crate::plain;
use crate::storage::Location;
use crate::suggest::way_out;

/// What changes a job file from outside.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// Keys by their names, with values in TOML; the last one of a key wins.
    pub set: Vec<(String, String)>,
    /// Where the lake lies, instead of `input.root`.
    pub input: Option<String>,
    /// Where results go, instead of `output.path`.
    pub output: Option<String>,
    /// What `${NAME}` in the files stands for.
    pub variables: Variables,
}

/// Reads a job file, with what it shares with the other jobs of its folder and what overrides it.
///
/// # Errors
/// Whatever in the files or the overrides is unknown, missing or out of its range, by key.
pub fn load(path: &Path, overrides: &Overrides) -> Result<Job> {
    let file = path.display().to_string();
    let Overrides { set, input, output, variables } = overrides;
    let mut assignments = shared(path, variables)?;
    assignments.extend(assignment::in_file(path, &file, variables)?);
    for (name, written) in set {
        assignments.push(assignment::on_command_line(name, written)?);
    }

    let mut draft = Draft::of_profile(chosen_profile(&assignments)?);
    for assignment in &assignments {
        (assignment.key.set)(&mut draft, &assignment.value).map_err(|reason| assignment.refuse(&reason))?;
    }
    if let Some(url) = input {
        draft.root = Some(Location::parse(url).map_err(|reason| refuse_path("--input", reason))?);
    }
    if let Some(url) = output {
        draft.output = Some(Location::parse(url).map_err(|reason| refuse_path("--output", reason))?);
    }
    finish(path, &file, draft)
}

/// What the jobs of the folder share, where they do.
fn shared(job: &Path, variables: &Variables) -> Result<Vec<Assignment>> {
    let path = job.with_file_name(SHARED);
    if !path.is_file() {
        return Ok(Vec::new());
    }
    let file = path.display().to_string();
    let assignments = assignment::in_file(&path, &file, variables)?;
    let of_one_job = |assignment: &&Assignment| matches!(assignment.key.name, "job" | "schedule" | "tables");
    match assignments.iter().find(of_one_job) {
        Some(assignment) => Err(Error::Config {
            file: Some(file),
            key: Some(assignment.key.path()),
            message: "jobs cannot share this key".to_string(),
            remedy: "Write it into the file of each job".to_string(),
        }),
        None => Ok(assignments),
    }
}

fn chosen_profile(assignments: &[Assignment]) -> Result<Profile> {
    match assignments.iter().rfind(|assignment| assignment.key.name == "profile") {
        Some(assignment) => profile(&assignment.value).map_err(|reason| assignment.refuse(&reason)),
        None => Ok(Profile::Default),
    }
}

fn refuse_path(argument: &str, reason: String) -> Error {
    Error::usage(argument, reason, "Name a local folder, or a URL with az://, abfss://, s3:// or gs://")
}

fn finish(path: &Path, file: &str, draft: Draft) -> Result<Job> {
    let missing = |name: &str| {
        let key = KEYS.iter().find(|key| key.name == name);
        Error::Config {
            file: Some(file.to_string()),
            key: key.map(Key::path),
            message: "is missing".to_string(),
            remedy: key.map_or_else(String::new, |key| format!("Write for example {name} = {}", key.example)),
        }
    };
    let kind = draft.kind.ok_or_else(|| missing("job"))?;
    let root = draft.root.ok_or_else(|| missing("root"))?;
    let system = |key: &str, name: &str| {
        root.join(name).map_err(|reason| Error::Config {
            file: Some(file.to_string()),
            key: Some(format!("input.{key}")),
            message: reason,
            remedy: "Name a folder in input.root, or a path or URL of its own".to_string(),
        })
    };
    let output = draft.output.ok_or_else(|| missing("path"))?;
    let site = output.join(&draft.site).map_err(|reason| Error::Config {
        file: Some(file.to_string()),
        key: Some("report.site".to_string()),
        message: reason,
        remedy: "Name a folder in output.path, or a path or URL of its own".to_string(),
    })?;
    Ok(Job {
        name: job_name(path),
        kind,
        file: path.to_path_buf(),
        input: Input {
            dataverse: system("dataverse", &draft.dataverse)?,
            exchange: system("exchange", &draft.exchange)?,
            control: system("control", &draft.control)?,
            control_is_named: draft.control.trim_matches('/') != USUAL_CONTROL,
            exchange_is_named: draft.exchange.trim_matches('/') != USUAL_EXCHANGE,
            root,
        },
        output,
        site,
        format: draft.format,
        file_mode: draft.file_mode,
        retention: draft.retention,
        fail_on_partial: draft.fail_on_partial,
        timeouts: draft.timeouts,
        schedule: draft.schedule.ok_or_else(|| missing("schedule"))?,
        tables: chosen_tables(file, kind, &draft.tables)?,
        config_hash: hash::of(kind, &draft.settings),
        settings: draft.settings,
    })
}

fn chosen_tables(file: &str, kind: JobKind, chosen: &[String]) -> Result<Vec<String>> {
    let known = kind.tables();
    if let Some(table) = chosen.iter().find(|table| !known.contains(&table.as_str())) {
        return Err(Error::Config {
            file: Some(file.to_string()),
            key: Some("tables".to_string()),
            message: format!("a {} job has no table {}", kind.name(), plain::value(table)),
            remedy: way_out(table, known, "Its tables are"),
        });
    }
    let publish = |table: &&&str| chosen.is_empty() || chosen.iter().any(|name| name == **table);
    Ok(known.iter().filter(publish).map(|table| table.to_string()).collect())
}
