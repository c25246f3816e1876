//! `run` and `backfill`: the same work for one day or for many.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process;
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use super::args::{BackfillOptions, RunOptions, SourceOptions};
use super::log::Log;
use super::places::{Places, TemporaryFolder};
use super::reporter::Reporter;
use super::{show, signals};
use crate::config::{self, Job};
use crate::context::{Interruption, RunContext};
use crate::error::{Error, Result};
use crate::jobs;
use crate::plain;
use crate::publish::{PublishedTable, RunReport, write_report};
use crate::quality::measures::{Measure, State};
use crate::storage::Spool;

pub(super) fn run(options: &RunOptions, log: Log) -> Result<u8> {
    let now = Utc::now();
    let jobs = load(&options.source, &options.jobs)?;
    let days = jobs.iter().map(|job| options.as_of.or_else(|| yesterday(job, now)).into_iter().collect());
    let days: Vec<Vec<NaiveDate>> = days.collect();
    run_all(&jobs, &days, log)
}

pub(super) fn backfill(options: &BackfillOptions, log: Log) -> Result<u8> {
    let BackfillOptions { job, from, to, source } = options;
    if from > to {
        return Err(Error::usage(
            "--from",
            format!("{from} is after --to {to}"),
            "Give the first day as --from and the last as --to",
        ));
    }
    let jobs = load(source, std::slice::from_ref(job))?;
    let days: Vec<NaiveDate> = from.iter_days().take_while(|day| day <= to).collect();
    run_all(&jobs, &[days], log)
}

pub(super) fn load(source: &SourceOptions, names: &[String]) -> Result<Vec<Job>> {
    let (input, output) = (source.input.as_deref(), source.output.as_deref());
    config::find(&source.dir, names)?.iter().map(|path| config::load(path, &source.set, input, output)).collect()
}

pub(super) fn yesterday(job: &Job, now: DateTime<Utc>) -> Option<NaiveDate> {
    let today = now.with_timezone(&job.settings.timezone).date_naive();
    today.checked_sub_days(Days::new(1))
}

/// One job's failure does not keep the others from running; the first one decides the exit code.
fn run_all(jobs: &[Job], days: &[Vec<NaiveDate>], log: Log) -> Result<u8> {
    let interruption = Arc::new(Interruption::default());
    let folder = TemporaryFolder::new();
    let spool = &folder.spool;
    signals::watch(Arc::clone(&interruption), Arc::clone(spool), log, signals::GRACE)
        .map_err(Error::storage("signal handler"))?;
    Ok(run_each((jobs, days), spool, &interruption, log))
}

fn run_each(
    (jobs, days): (&[Job], &[Vec<NaiveDate>]),
    spool: &Arc<Spool>,
    interruption: &Interruption,
    log: Log,
) -> u8 {
    let mut code = 0;
    for (job, days) in jobs.iter().zip(days) {
        let places = Places::open(job, spool);
        match places.and_then(|places| run_job(job, &places, days, interruption, log)) {
            Ok(published) => show::published(job, days, &published),
            Err(error) => {
                log.failure(&error, &[("job", job.name.clone().into())]);
                if code == 0 {
                    code = error.exit_code();
                }
                if let Error::Interrupted(_) = error {
                    return error.exit_code();
                }
            }
        }
    }
    code
}

fn run_job(
    job: &Job,
    places: &Places,
    days: &[NaiveDate],
    interruption: &Interruption,
    log: Log,
) -> Result<Vec<PublishedTable>> {
    let started_at = Utc::now();
    let run_id = new_run_id(job, started_at);
    let reporter = Reporter::new(log, &job.name, &run_id);
    let progress = |progress: crate::context::Progress<'_>| reporter.take(progress);
    let now = started_at.with_timezone(&job.settings.timezone);
    let context = RunContext { run_id: run_id.clone(), now, output: &places.output, progress: &progress, interruption };
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        context.go_on()?;
        jobs::run(job, &places.lake, days, &context)
    }));
    let outcome = outcome.unwrap_or_else(|_| {
        Err(Error::Checks {
            message: format!(
                "job {}: internal error at the place logged above. \
                 Nothing half-written was published; please report it",
                job.name
            ),
        })
    });
    reporter.finish();
    let outcome = outcome.and_then(|published| partial(job, &reporter, log).map_or(Ok(published), Err));

    let mut report = report(job, days, started_at, &reporter, outcome.as_ref().err());
    report.traffic = places.traffic();
    // A run that published nothing leaves the output as it was.
    if report.status == "done" || report.tables_json != "{}" {
        let written = write_report(&context, &report);
        match (&outcome, written) {
            (Ok(_), Err(error)) => return Err(error),
            (Err(_), Err(error)) => log.failure(&error, &[]),
            (_, Ok(_)) => {}
        }
    }
    outcome
}

/// Says why results are partial, and whether that is an error. They are published all the same.
fn partial(job: &Job, reporter: &Reporter<'_>, log: Log) -> Option<Error> {
    let tally = reporter.tally();
    for warning in tally.freshness.iter().flat_map(|freshness| freshness.warnings(&job.settings)) {
        log.warn(&warning, &[("job", job.name.clone().into())]);
    }
    for warning in tally.beyond_limits.iter().filter_map(Measure::warning) {
        log.warn(&warning, &[("job", job.name.clone().into())]);
    }
    let failed = tally.beyond_limits.iter().find(|measure| measure.state == State::Failed);
    if let Some(warning) = failed.and_then(Measure::warning) {
        let message = format!("job {}: results are published, but beyond a limit of the settings: {warning}", job.name);
        return Some(Error::Checks { message });
    }
    (job.fail_on_partial && tally.partial_days > 0).then(|| Error::Checks {
        message: format!(
            "job {}: results are published, but partial, and fail_on_partial is true. Bring the export up to date and \
             run again, or set fail_on_partial to false",
            job.name
        ),
    })
}

fn report(
    job: &Job,
    days: &[NaiveDate],
    started_at: DateTime<Utc>,
    reporter: &Reporter<'_>,
    error: Option<&Error>,
) -> RunReport {
    let tally = reporter.tally();
    let rows = |rows: u64| i64::try_from(rows).unwrap_or(i64::MAX);
    RunReport {
        job: job.name.clone(),
        from_date: days.first().copied().unwrap_or_default(),
        as_of_date: days.last().copied().unwrap_or_default(),
        started_at,
        finished_at: Utc::now(),
        status: match error {
            None => "done",
            Some(Error::Interrupted(_)) => "interrupted",
            Some(_) => "failed",
        },
        error: error.map(|error| plain::told(&error.to_string())),
        config_hash: job.config_hash.clone(),
        rows_read: rows(tally.inputs.values().map(|input| input.rows).sum()),
        rows_out: rows(tally.tables.values().map(|output| output.rows).sum()),
        inputs_json: json_text(&tally.inputs),
        tables_json: json_text(&tally.tables),
        dropped_json: json_text(&tally.dropped),
        computation_accuracy: tally.freshness.as_ref().map(|_| match tally.partial_days {
            0 => "complete",
            _ => "partial",
        }),
        freshness: tally.freshness.clone(),
        traffic: None,
    }
}

fn json_text(counts: &impl Serialize) -> String {
    // Maps of text to numbers always have a JSON form.
    serde_json::to_string(counts).unwrap_or_default()
}

pub(super) fn new_run_id(job: &Job, now: DateTime<Utc>) -> String {
    let nanos = now.timestamp_nanos_opt().unwrap_or_default();
    let seed = format!("{} {} {nanos}", job.name, process::id());
    let suffix = xxh3_64(seed.as_bytes()) >> 32;
    format!("{}-{suffix:08x}", now.format("%Y%m%dT%H%M%SZ"))
}
