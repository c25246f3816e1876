//! `stage` and `clean`: parts of interactions that processes build for the run that puts them together.

use std::sync::Arc;

use chrono::Utc;
use serde_json::json;

use super::events::Run;
use super::job_files::{self, yesterday};
use super::memory_limit::Bounds;
use super::places::{self, Places, TemporaryFolder};
use super::reporter::Reporter;
use super::run::new_run_id;
use super::session::{Session, Shown};
use super::signals;
use super::stage_options::{CleanOptions, StageOptions};
use super::stdout::print;
use crate::config::Job;
use crate::context::{Progress, RunContext};
use crate::error::{Error, Result};
use crate::interactions::parts;
use crate::jobs;
use crate::scratch::Limit;
use crate::storage::Timeouts;

pub(super) fn stage(options: &StageOptions, shown: &Shown<'_>) -> Result<u8> {
    let jobs = job_files::load_all(&options.source, std::slice::from_ref(&options.job))?;
    let [job] = jobs.as_slice() else {
        return Err(Error::usage("JOB", "names several jobs", "Name one job: each part is of one"));
    };
    let folder = TemporaryFolder::new();
    let limit = Some(Limit::Parts(options.part.count));
    let bounds = Bounds { limit, workers: 1, work: Some(options.work.clone()) };
    let session = Session { bounds, ..Session::new(&folder) };
    signals::watch(&session, signals::GRACE).map_err(Error::storage("signal handler"))?;
    let manifest = part(job, options, &session, shown)?;
    let line = serde_json::to_string(&manifest).map_err(|error| Error::storage("stdout")(error.into()))?;
    print(&format!("{line}\n"));
    Ok(0)
}

fn part(job: &Job, options: &StageOptions, session: &Session<'_>, shown: &Shown<'_>) -> Result<parts::Manifest> {
    let now = Utc::now();
    let Some(date) = options.as_of.or_else(|| yesterday(job, now)) else {
        return Err(Error::usage("--as-of", "is missing, and there was no yesterday", "Name the day"));
    };
    let places = Places::open_within(&session.bounds, job, &session.folder.spool)?;
    let run_id = new_run_id(job, now);
    let reporter = Reporter::new(Run { job: &job.name, run_id: Some(&run_id) }, false, shown.bars, Arc::default());
    let progress = |progress: Progress<'_>| reporter.take(progress);
    let context = RunContext {
        run_id: run_id.clone(),
        now: now.with_timezone(&job.settings.timezone),
        output: &places.output,
        progress: &progress,
        interruption: &session.interruption,
    };
    let manifest = jobs::stage(job, &places.lake, date, options.part, &context);
    reporter.clear();
    manifest
}

pub(super) fn clean(options: &CleanOptions) -> Result<u8> {
    let folder = TemporaryFolder::new();
    let work = places::open_work(&options.work, Timeouts::default(), &folder.spool)?;
    let removed = parts::clean(&work, parts::PREFIX)?;
    print(&format!("{}\n", json!({"work": options.work.to_string(), "removed": removed})));
    Ok(0)
}
