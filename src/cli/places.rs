//! Opens what a job reads and writes, as the environment allows.

use std::env;
use std::sync::Arc;

use crate::config::Job;
use crate::error::Result;
use crate::publish::Output;
use crate::sources::Lake;
use crate::storage::{Access, Environment, Location, Spool, Storage, Tally, Traffic};

pub(super) struct Places {
    pub lake: Lake,
    pub output: Output,
    traffic: Option<Arc<Traffic>>,
}

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
        let traffic = Arc::new(Traffic::default());
        let access = Access {
            environment: environment(),
            patience: job.patience,
            spool: Arc::clone(spool),
            traffic: Arc::clone(&traffic),
        };
        let open = |location: &Location| Storage::open(location, &access);
        let input = &job.input;
        let lake =
            Lake::new(open(&input.root)?, open(&input.dataverse)?, open(&input.exchange)?, open(&input.control)?)?
                .with_us_dates(job.settings.us_dates);
        let output = Output { storage: open(&job.output)?, format: job.format, file_mode: job.file_mode };
        let remote = lake.is_remote() || matches!(output.storage, Storage::Remote(_));
        Ok(Places { lake, output, traffic: remote.then_some(traffic) })
    }

    /// What went over the wire so far; none when everything is local.
    pub(super) fn traffic(&self) -> Option<Tally> {
        self.traffic.as_ref().map(|traffic| traffic.tally())
    }
}

fn environment() -> Environment {
    let concerns = |name: &str| PREFIXES.iter().any(|prefix| name.starts_with(prefix)) || NAMES.contains(&name);
    let variables =
        env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    variables.filter(|(name, value)| concerns(name) && !value.is_empty()).collect()
}
