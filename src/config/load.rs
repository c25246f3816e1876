//! From a job file and the command line to a [`Job`]. The command line wins over the file,
//! the file over its profile.

use std::path::Path;

use super::assignment::{self, Assignment};
use super::find::job_name;
use super::keys::{Draft, KEYS, Key, USUAL_CONTROL, USUAL_EXCHANGE, profile};
use super::settings::Profile;
use super::{Input, Job, JobKind, hash};
use crate::error::{Error, Result};
use crate::plain;
use crate::storage::Location;
use crate::suggest::nearest;

/// Reads a job file, with what the command line overrides: keys, where the lake lies, where results go.
///
/// # Errors
/// Whatever in the file or the overrides is unknown, missing or out of its range, by key.
pub fn load(path: &Path, overrides: &[(String, String)], input: Option<&str>, output: Option<&str>) -> Result<Job> {
    let file = path.display().to_string();
    let mut assignments = assignment::in_file(path, &file)?;
    for (name, written) in overrides {
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
        output: draft.output.ok_or_else(|| missing("path"))?,
        format: draft.format,
        file_mode: draft.file_mode,
        fail_on_partial: draft.fail_on_partial,
        patience: draft.patience,
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
            remedy: match nearest(table, known.iter().copied()) {
                Some(name) => format!("Did you mean {name}?"),
                None => format!("Its tables are: {}", known.join(", ")),
            },
        });
    }
    let publish = |table: &&&str| chosen.is_empty() || chosen.iter().any(|name| name == **table);
    Ok(known.iter().filter(publish).map(|table| table.to_string()).collect())
}
