//! Opens what a job reads and writes, as the environment allows.

use std::env;
use std::sync::Arc;
use std::time::Duration;

use super::memory_limit::Bounds;
use crate::config::Job;
use crate::context::Output;
use crate::error::Result;
use crate::publish::{Outputs, TablesAt};
use crate::scratch::Scratch;
use crate::sources::Lake;
use crate::sources::values::written_times::WrittenTimes;
use crate::storage::{Access, Environment, Location, Spool, Storage, Tally, Timeouts, Traffic};

pub(super) struct Places {
    pub lake: Lake,
    pub output: Output,
    traffic: Option<Arc<Traffic>>,
}

/// How long a store is waited for that has only to take the row of a failed run.
const SOON: Duration = Duration::from_secs(5);

/// Variables by which clouds are reached; the names are those of the clouds' own tools.
const PREFIXES: [&str; 3] = ["AWS_", "AZURE_", "GOOGLE_"];
const NAMES: [&str; 4] = ["IDENTITY_ENDPOINT", "IDENTITY_HEADER", "SERVICE_ACCOUNT", "STORAGE_EMULATOR_HOST"];

/// A folder for what comes from stores and goes to them, below that of temporary files. However a command
/// ends, it goes with it: others who know the spool, such as who waits for signals, never end.
pub(super) struct TemporaryFolder {
    pub spool: Arc<Spool>,
}

impl TemporaryFolder {
    pub(super) fn new() -> TemporaryFolder {
        TemporaryFolder { spool: Arc::new(Spool::below(env::temp_dir())) }
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        self.spool.clear_away();
    }
}

impl Places {
    pub(super) fn open(job: &Job, spool: &Arc<Spool>) -> Result<Places> {
        let (access, traffic) = access(job.timeouts, spool);
        let open = |location: &Location| Storage::open(location, &access);
        let input = &job.input;
        let lake =
            Lake::new(open(&input.root)?, open(&input.dataverse)?, open(&input.exchange)?, open(&input.control)?)?
                .with_times(WrittenTimes { us_dates: job.settings.us_dates, timezone: job.settings.timezone });
        let output = output_of(job, &access)?;
        let remote = lake.is_remote() || matches!(output.storage, Storage::Remote(_));
        Ok(Places { lake, output, traffic: remote.then_some(traffic) })
    }

    /// The same for a run that is held to bounds.
    ///
    /// # Errors
    /// Those of [`Places::open`].
    pub(super) fn open_within(bounds: &Bounds, job: &Job, spool: &Arc<Spool>) -> Result<Places> {
        let places = Places::open(job, spool)?;
        let Some(limit) = bounds.limit else { return Ok(places) };
        let mut scratch = Scratch::beyond(limit, Arc::clone(spool)).with_workers(bounds.workers);
        if let Some(work) = &bounds.work {
            scratch = scratch.with_work(open_work(work, job.timeouts, spool)?);
        }
        Ok(Places { lake: places.lake.with_scratch(scratch), ..places })
    }

    /// What went over the wire so far; none when everything is local.
    pub(super) fn traffic(&self) -> Option<Tally> {
        self.traffic.as_ref().map(|traffic| traffic.tally())
    }
}

/// The output alone, for who only looks at results.
///
/// # Errors
/// A URL or an environment that the store's client refuses.
pub(super) fn open_output(job: &Job, spool: &Arc<Spool>) -> Result<Output> {
    output_of(job, &access(job.timeouts, spool).0)
}

/// Where parts of interactions lie on their way from one process to another.
///
/// # Errors
/// A URL or an environment that the store's client refuses.
pub(super) fn open_work(work: &Location, timeouts: Timeouts, spool: &Arc<Spool>) -> Result<Storage> {
    Storage::open(work, &access(timeouts, spool).0)
}

/// Where a job's report lies.
///
/// # Errors
/// A URL or an environment that the store's client refuses.
pub(super) fn open_site(job: &Job, spool: &Arc<Spool>) -> Result<Storage> {
    Storage::open(&job.site, &access(job.timeouts, spool).0)
}

/// Where the tables of jobs lie, for who only looks at them.
///
/// # Errors
/// A URL or an environment that the store's client refuses.
pub(super) fn outputs(jobs: &[Job], spool: &Arc<Spool>) -> Result<Outputs> {
    let of_job = |job: &Job| Ok(TablesAt { storage: open_output(job, spool)?.storage, tables: job.kind.tables() });
    jobs.iter().map(of_job).collect::<Result<_>>().map(Outputs)
}

/// The output alone, of a store that is not waited for long: for a run that has failed, maybe by it.
///
/// # Errors
/// A URL or an environment that the store's client refuses.
pub(super) fn open_output_soon(job: &Job, spool: &Arc<Spool>) -> Result<(Output, Option<Arc<Traffic>>)> {
    let Timeouts { request, give_up_after } = job.timeouts;
    let soon = Timeouts { request: request.min(SOON), give_up_after: give_up_after.min(SOON) };
    let (access, traffic) = access(soon, spool);
    let output = output_of(job, &access)?;
    let remote = matches!(output.storage, Storage::Remote(_));
    Ok((output, remote.then_some(traffic)))
}

fn output_of(job: &Job, access: &Access) -> Result<Output> {
    Ok(Output { storage: Storage::open(&job.output, access)?, format: job.format, file_mode: job.file_mode })
}

fn access(timeouts: Timeouts, spool: &Arc<Spool>) -> (Access, Arc<Traffic>) {
    let traffic = Arc::new(Traffic::default());
    let access =
        Access { environment: environment(), timeouts, spool: Arc::clone(spool), traffic: Arc::clone(&traffic) };
    (access, traffic)
}

fn environment() -> Environment {
    let concerns = |name: &str| PREFIXES.iter().any(|prefix| name.starts_with(prefix)) || NAMES.contains(&name);
    let variables =
        env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    variables.filter(|(name, value)| concerns(name) && !value.is_empty()).collect()
}

/// Words in the names of variables whose values nobody is to see.
const SECRETS: [&str; 6] = ["SECRET", "KEY", "TOKEN", "PASSWORD", "CONNECTION_STRING", "HEADER"];
/// Endings of names of variables that say where to find a secret.
const PLACES: [&str; 4] = ["_FILE", "_URI", "_URL", "_ENDPOINT"];

/// Keys and tokens in the environment, each part of a connection string among them.
pub(super) fn secrets() -> Vec<String> {
    let is_secret = |name: &str| {
        SECRETS.iter().any(|word| name.contains(word)) && !PLACES.iter().any(|ending| name.ends_with(ending))
    };
    let mut secrets = Vec::new();
    for (name, value) in environment().into_iter().filter(|(name, _)| is_secret(name)) {
        if name.contains("CONNECTION_STRING") {
            let parts = value.split(';').filter_map(|part| part.split_once('='));
            let keys = parts.filter(|(key, _)| ["AccountKey", "SharedAccessSignature"].contains(&key.trim()));
            secrets.extend(keys.map(|(_, value)| value.to_string()));
        }
        secrets.push(value);
    }
    secrets
}
