//! `run` and `backfill`: the same work for one day or for many.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process;
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, NaiveDate, Utc};
use xxhash_rust::xxh3::xxh3_64;

use super::events;
use super::job_files::{self, yesterday};
use super::killed_runs;
use super::memory_limit::Bounds;
use super::ongoing::Begun;
use super::options::{BackfillOptions, RunOptions};
use super::pages::OfJob;
use super::places::{Places, TemporaryFolder};
use super::reporter::Reporter;
use super::session::{Session, Shown};
use super::show::{self, Finished};
use super::signals;
use crate::config::{Job, JobKind};
use crate::context::{Progress, RunContext};
use crate::error::{Error, Result};
use crate::jobs::{self, Readings};
use crate::publish::PublishedTable;
use crate::quality::measures::{MeasureState, QualityMeasure};

pub(super) fn run(options: &RunOptions, shown: &Shown<'_>) -> Result<u8> {
    let now = Utc::now();
    let loaded = job_files::load(&options.source, &options.jobs)?;
    let jobs = job_files::keep_tables(loaded.jobs, &options.tables)?;
    let days = jobs.iter().map(|job| options.as_of.or_else(|| yesterday(job, now)).into_iter().collect());
    let days: Vec<Vec<NaiveDate>> = days.collect();
    let all = job_files::without_reports(&options.source, &jobs)?;
    let bounds = Bounds { work: options.work.clone(), ..Bounds::of(&options.memory) };
    run_all(Asked { jobs: &jobs, days: &days, all: &all, bounds }, loaded.code, shown)
}

pub(super) fn backfill(options: &BackfillOptions, shown: &Shown<'_>) -> Result<u8> {
    let BackfillOptions { job, from, to, tables, memory, source } = options;
    if from > to {
        return Err(Error::usage(
            "--from",
            format!("{from} is after --to {to}"),
            "Give the first day as --from and the last as --to",
        ));
    }
    let jobs = job_files::load_all(source, std::slice::from_ref(job))?;
    let jobs = job_files::keep_tables(jobs, tables)?;
    let days: Vec<NaiveDate> = from.iter_days().take_while(|day| day <= to).collect();
    let all = job_files::without_reports(source, &jobs)?;
    run_all(Asked { jobs: &jobs, days: &[days], all: &all, bounds: Bounds::of(memory) }, 0, shown)
}

/// What a command is to run.
struct Asked<'a> {
    jobs: &'a [Job],
    /// Of each job.
    days: &'a [Vec<NaiveDate>],
    /// Every job of the folder but reports, where one of the jobs is a report: it shows what they have published.
    all: &'a [Job],
    bounds: Bounds,
}

/// One job's failure does not keep the others from running; the first one decides the exit code, unless something
/// was refused before.
fn run_all(asked: Asked<'_>, refused: u8, shown: &Shown<'_>) -> Result<u8> {
    let Asked { jobs, days, all, bounds } = asked;
    let started = Instant::now();
    let folder = TemporaryFolder::new();
    let session = Session::of_runs(&folder, bounds);
    signals::watch(&session, signals::GRACE).map_err(Error::storage("signal handler"))?;
    let (mut code, mut finished) = (refused, Vec::new());
    let order = Readings::order(jobs);
    // A report reads no lake, so nothing is kept for it.
    let readers = order.iter().filter(|&&at| jobs[at].kind != JobKind::Report);
    let mut readings = Readings::of(readers.map(|&at| (&jobs[at], days[at].as_slice())));
    for at in order {
        let (job, days) = (&jobs[at], &days[at]);
        match run_job(job, days, &mut readings, all, &session, shown) {
            Ok(done) => finished.push((at, Finished { job, days, published: done.published, pages: done.pages })),
            Err(error) => {
                code = if code == 0 { error.exit_code() } else { code };
                if let Error::Interrupted(_) = error {
                    code = error.exit_code();
                    break;
                }
            }
        }
    }
    finished.sort_by_key(|(at, _)| *at);
    let finished: Vec<Finished<'_>> = finished.into_iter().map(|(_, finished)| finished).collect();
    if !shown.quiet {
        show::finished(&finished);
    }
    events::ended(jobs.len() as u64, (jobs.len() - finished.len()) as u64, code, started.elapsed().as_secs_f64());
    Ok(code)
}

fn run_job(
    job: &Job,
    days: &[NaiveDate],
    readings: &mut Readings,
    all: &[Job],
    session: &Session<'_>,
    shown: &Shown<'_>,
) -> Result<Done> {
    let started_at = Utc::now();
    let tally = Arc::default();
    let run_id = new_run_id(job, started_at);
    let begun = Begun { job: job.clone(), days: days.to_vec(), run_id, started_at, tally: Arc::clone(&tally) };
    session.ongoing.begin(begun.clone());
    events::run_started(begun.run(), job, days);
    let reporter = Reporter::new(begun.run(), days.len() > 1, shown.bars, tally);
    let (spool, interruption) = (&session.folder.spool, &session.interruption);
    let mut note = None;
    let (places, outcome) = match Places::open_within(&session.bounds, job, spool) {
        Ok(mut places) => {
            places.lake = places.lake.with_watch(reporter.watch());
            // Until the run has its row.
            note = killed_runs::note(&begun, &places, &reporter, interruption);
            let outcome = publish(&begun, readings, all, &places, &reporter, session);
            (Some(places), outcome)
        }
        Err(error) => (None, Err(error)),
    };
    reporter.clear();
    let ended = match (&places, &outcome) {
        (Some(places), Ok(_)) => Ok(places),
        (_, Err(error)) => Err(error),
        // Without places nothing succeeds.
        (None, Ok(_)) => return outcome,
    };
    session.ongoing.end(ended, spool, interruption)?;
    drop(note);
    outcome
}

fn publish(
    begun: &Begun,
    readings: &mut Readings,
    all: &[Job],
    places: &Places,
    reporter: &Reporter<'_>,
    session: &Session<'_>,
) -> Result<Done> {
    let Begun { job, days, run_id, started_at, .. } = begun;
    let progress = |progress: Progress<'_>| reporter.take(progress);
    let now = started_at.with_timezone(&job.settings.timezone);
    let interruption = &session.interruption;
    let context = RunContext { run_id: run_id.clone(), now, output: &places.output, progress: &progress, interruption };
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        context.check_interrupted()?;
        match (job.kind, days.last()) {
            (JobKind::Report, Some(day)) => write_pages(job, *day, all, &context, session),
            _ => Ok(Done { published: jobs::run_with(readings, job, &places.lake, days, &context)?, pages: None }),
        }
    }));
    let done = outcome.unwrap_or_else(|_| {
        Err(Error::Checks {
            message: format!(
                "job {}: internal error at the place logged above. \
                 Nothing half-written was published; please report it",
                job.name
            ),
        })
    })?;
    reporter.finish();
    match partial(job, reporter) {
        Some(error) => Err(error),
        None => Ok(done),
    }
}

/// What came of a run.
struct Done {
    published: Vec<PublishedTable>,
    /// Of a report: what it says for people.
    pages: Option<String>,
}

fn write_pages(
    job: &Job,
    day: NaiveDate,
    all: &[Job],
    context: &RunContext<'_>,
    session: &Session<'_>,
) -> Result<Done> {
    context.report(Progress::Phase { name: "writing pages", as_of: Some(day) });
    let check_interrupted = || context.check_interrupted();
    let told =
        OfJob { job, day, jobs: all, spool: &session.folder.spool, check_interrupted: &check_interrupted }.write()?;
    Ok(Done { published: Vec::new(), pages: Some(told) })
}

/// Says why results are partial, and whether that is an error. They are published all the same.
fn partial(job: &Job, reporter: &Reporter<'_>) -> Option<Error> {
    let (freshness, beyond_limits, partial_days) = {
        let tally = reporter.tally();
        (tally.freshness.clone(), tally.beyond_limits.clone(), tally.partial_days)
    };
    let of_sources = freshness.iter().flat_map(|freshness| freshness.warnings(&job.settings));
    for warning in of_sources.chain(beyond_limits.iter().filter_map(QualityMeasure::warning)) {
        reporter.take(Progress::Warning(&warning));
    }
    let failed = beyond_limits.iter().find(|measure| measure.state == MeasureState::Failed);
    if let Some(warning) = failed.and_then(QualityMeasure::warning) {
        let message = format!("job {}: results are published, but beyond a limit of the settings: {warning}", job.name);
        return Some(Error::Checks { message });
    }
    (job.fail_on_partial && partial_days > 0).then(|| Error::Checks {
        message: format!(
            "job {}: results are published, but partial, and fail_on_partial is true. Bring the export up to date and \
             run again, or set fail_on_partial to false",
            job.name
        ),
    })
}

pub(super) fn new_run_id(job: &Job, now: DateTime<Utc>) -> String {
    let nanos = now.timestamp_nanos_opt().unwrap_or_default();
    let seed = format!("{} {} {nanos}", job.name, process::id());
    let suffix = xxh3_64(seed.as_bytes()) >> 32;
    format!("{}-{suffix:08x}", now.format("%Y%m%dT%H%M%SZ"))
}
