//! What a job would publish, computed into a folder of temporary files that goes with the command.

use std::sync::Arc;

use chrono::{NaiveDate, Utc};

use super::events::Run;
use super::places::Places;
use super::reporter::Reporter;
use super::run::new_run_id;
use super::session::{Session, Shown};
use crate::config::{Job, OutputFormat};
use crate::context::{Progress, RunContext};
use crate::error::Result;
use crate::jobs::{self, Readings};
use crate::storage::{Location, Storage};

/// Computes the tables of a job as of a day; where they lie. What it reads of the lake as jobs before it did is shared.
///
/// # Errors
/// Whatever a run of the job ends with.
pub(super) fn compute(
    job: &Job,
    day: NaiveDate,
    readings: &mut Readings,
    session: &Session<'_>,
    shown: &Shown<'_>,
) -> Result<Storage> {
    let spool = &session.folder.spool;
    let folder = spool.path(&job.name)?;
    let output = Location::Local(folder.clone());
    let job = Job { output, format: OutputFormat::Parquet, file_mode: Some(0o600), ..job.clone() };
    let now = Utc::now().with_timezone(&job.settings.timezone);
    let run_id = new_run_id(&job, now.to_utc());
    let about = Run { job: &job.name, run_id: Some(&run_id) };
    let reporter = Reporter::new(about, false, shown.bars, Arc::default());
    let progress = |progress: Progress<'_>| reporter.take(progress);
    let outcome = Places::open(&job, spool).and_then(|places| {
        let interruption = &session.interruption;
        let run = RunContext { run_id: run_id.clone(), now, output: &places.output, progress: &progress, interruption };
        jobs::run_with(readings, &job, &places.lake.clone().with_watch(reporter.watch()), &[day], &run)
    });
    if outcome.is_ok() {
        reporter.finish();
    }
    reporter.clear();
    outcome.map(|_| Storage::Local(folder))
}
