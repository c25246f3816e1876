//! Which job files a command means: the folder they are in, what overrides them, and those that cannot be read.

use std::path::{Path, PathBuf};
use std::{env, fs};

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::events;
use super::options::SourceOptions;
use crate::config::{self, Job, JobKind, Overrides, Variables};
use crate::error::{Error, Result};
use crate::plain;
use crate::suggest::way_out;

/// The variable that names the folder of the job files.
pub(super) const FOLDER_VARIABLE: &str = "RAPPORT_JOBS";

/// Where job files are when nobody says: here or in a folder above.
const USUAL_FOLDER: &str = "jobs";

/// The jobs that could be read. One broken file does not hide the others.
pub(super) struct Loaded {
    pub jobs: Vec<Job>,
    /// What the first broken file ends the command with; 0 where there is none.
    pub code: u8,
}

/// The named jobs, or all of the folder. What is wrong with a file is told at once.
///
/// # Errors
/// Where no job is left, what is wrong with the first file.
pub(super) fn load(source: &SourceOptions, names: &[String]) -> Result<Loaded> {
    let (mut jobs, mut errors) = (Vec::new(), Vec::new());
    for job in each(source, names)? {
        match job {
            Ok(job) => jobs.push(job),
            Err(error) => errors.push(error),
        }
    }
    if jobs.is_empty() && !errors.is_empty() {
        let first = errors.remove(0);
        errors.iter().for_each(|error| events::failure(None, error));
        return Err(first);
    }
    errors.iter().for_each(|error| events::failure(None, error));
    Ok(Loaded { jobs, code: errors.first().map_or(0, Error::exit_code) })
}

/// The same for commands that must not leave a job out, such as the one that erases.
pub(super) fn load_all(source: &SourceOptions, names: &[String]) -> Result<Vec<Job>> {
    each(source, names)?.into_iter().collect()
}

/// The same for commands that only look at published tables: where nobody names job files and there are none, it is enough to
/// be told where the tables are. Then the jobs are those that come with the program, and `--set` says what differs.
pub(super) fn load_for_tables(source: &SourceOptions) -> Result<Vec<Job>> {
    match folder(source.dir.clone()) {
        Err(_) if source.output.is_some() => shipped(source),
        Err(Error::Config { file, key, message, remedy }) => {
            let remedy = format!("{remedy}. To read tables it is enough to say where they are: --output results");
            Err(Error::Config { file, key, message, remedy })
        }
        _ => load_all(source, &[]),
    }
}

fn shipped(source: &SourceOptions) -> Result<Vec<Job>> {
    let folder = tempfile::tempdir().map_err(Error::storage("temporary files"))?;
    let mut files = config::job_files(JobKind::ALL, Some(config::SHARED_TEXT.to_string()));
    files.retain(|(name, _)| name.ends_with(".toml"));
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::write(&path, text).map_err(Error::storage(path))?;
    }
    let source = SourceOptions { dir: Some(folder.path().to_path_buf()), ..source.clone() };
    load_all(&source, &[])
}

/// Every job of the folder that publishes tables, where one of these jobs makes a report of them; else none. A broken
/// file, which is told elsewhere, hides no other.
pub(super) fn without_reports(source: &SourceOptions, jobs: &[Job]) -> Result<Vec<Job>> {
    if jobs.iter().all(|job| job.kind != JobKind::Report) {
        return Ok(Vec::new());
    }
    let all = each(source, &[])?.into_iter().flatten();
    Ok(all.filter(|job| job.kind != JobKind::Report).collect())
}

/// One file, wherever it lies.
pub(super) fn load_file(path: &Path, source: &SourceOptions) -> Result<Job> {
    config::load(path, &overrides(source))
}

fn each(source: &SourceOptions, names: &[String]) -> Result<Vec<Result<Job>>> {
    let overrides = overrides(source);
    let folder = folder(source.dir.clone())?;
    Ok(config::find(&folder, names)?.iter().map(|path| config::load(path, &overrides)).collect())
}

fn overrides(source: &SourceOptions) -> Overrides {
    Overrides {
        set: source.set.clone(),
        input: source.input.clone(),
        output: source.output.clone(),
        variables: variables(),
    }
}

/// Only these tables of the jobs; a job that has none of them is left out.
pub(super) fn keep_tables(jobs: Vec<Job>, tables: &[String]) -> Result<Vec<Job>> {
    if tables.is_empty() {
        return Ok(jobs);
    }
    let known: Vec<&str> = jobs.iter().flat_map(|job| job.kind.tables()).copied().collect();
    if let Some(unknown) = tables.iter().find(|table| !known.contains(&table.as_str())) {
        return Err(Error::usage(
            "--tables",
            format!("these jobs have no table {}", plain::value(unknown)),
            way_out(unknown, &known, "Their tables are"),
        ));
    }
    let chosen = jobs.into_iter().map(|mut job| {
        let of_job = job.kind.tables().iter().filter(|table| tables.iter().any(|name| name == *table));
        job.tables = of_job.map(|table| table.to_string()).collect();
        job
    });
    Ok(chosen.filter(|job| !job.tables.is_empty()).collect())
}

/// The folder of the job files: as asked for, or as the environment says, or the next one upwards from here.
pub(super) fn folder(asked: Option<PathBuf>) -> Result<PathBuf> {
    if let Some(folder) =
        asked.or_else(|| env::var_os(FOLDER_VARIABLE).filter(|name| !name.is_empty()).map(PathBuf::from))
    {
        return Ok(folder);
    }
    let here = env::current_dir().map_err(Error::storage("."))?;
    for (above, folder) in here.ancestors().enumerate() {
        if config::find(&folder.join(USUAL_FOLDER), &[]).is_ok() {
            // As short as it was typed where it lies right here, since messages name it.
            return Ok(if above == 0 { PathBuf::from(USUAL_FOLDER) } else { folder.join(USUAL_FOLDER) });
        }
    }
    Err(Error::usage(
        "--jobs",
        format!("there is no folder {USUAL_FOLDER} with job files (*.toml), neither here nor above"),
        format!(
            "Name the folder that holds the job files, as in --jobs jobs or in {FOLDER_VARIABLE}, or begin with: rapport new"
        ),
    ))
}

/// What may stand in job files as `${NAME}`. What is no text cannot.
fn variables() -> Variables {
    env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?))).collect()
}

pub(super) fn yesterday(job: &Job, now: DateTime<Utc>) -> Option<NaiveDate> {
    let today = now.with_timezone(&job.settings.timezone).date_naive();
    today.checked_sub_days(Days::new(1))
}
