//! Everything that is told while the program works: one function per event. Their names and fields are
//! a contract with who reads JSON logs; jobs/README.md has them all.
//!
//! What is told as `info` is a line of text in every run, `debug` only with `--verbose`; JSON has both.

use chrono::NaiveDate;
use tracing::{debug, error, info, warn};

use super::event_fields::TARGET;
use crate::config::Job;
use crate::error::Error;
use crate::publish::RunReport;
use crate::quality::freshness::{Freshness, instant_text};
use crate::sources::Fetched;

/// Whose event it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run<'a> {
    pub job: &'a str,
    /// None where nothing is run.
    pub run_id: Option<&'a str>,
}

/// What was done within a phase or day.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Work {
    pub tables: u64,
    pub rows: u64,
    pub seconds: f64,
}

/// What was read of an input table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Read {
    pub files: u64,
    pub rows: u64,
    /// Of a store.
    pub fetched: Option<Fetched>,
    /// None where it was in memory.
    pub seconds: Option<f64>,
}

pub(super) fn run_started(run: Run<'_>, job: &Job, days: &[NaiveDate]) {
    let (from, to) = (days.first().map(ToString::to_string), days.last().map(ToString::to_string));
    debug!(
        target: TARGET, event = "run_started", job = run.job, run_id = run.run_id,
        from, to, days = days.len() as u64, config_hash = job.config_hash, program_version = env!("CARGO_PKG_VERSION"),
        "{}: started, from {} to {}", run.job, job.input.root, job.output
    );
}

pub(super) fn phase_started(run: Run<'_>, phase: &str, as_of: Option<NaiveDate>) {
    debug!(
        target: TARGET, event = "phase_started", job = run.job, run_id = run.run_id, phase, as_of = date(as_of),
        "{}: {phase} …", about(run, as_of)
    );
}

/// A phase has ended. In a run of several days those of one day are details.
pub(super) fn phase(run: Run<'_>, phase: &str, as_of: Option<NaiveDate>, work: Work, is_detail: bool) {
    let Work { tables, rows, seconds } = work;
    macro_rules! tell {
        ($level:ident) => {
            $level!(
                target: TARGET, event = "phase", job = run.job, run_id = run.run_id, phase, as_of = date(as_of),
                tables, rows, seconds,
                "{}: {phase}{}", about(run, as_of), amount(work)
            )
        };
    }
    if is_detail { tell!(debug) } else { tell!(info) }
}

/// All of a day is published. Where it is the only one, the closing line says the same.
pub(super) fn day(run: Run<'_>, as_of: NaiveDate, work: Work, is_detail: bool) {
    let Work { tables, rows, seconds } = work;
    macro_rules! tell {
        ($level:ident) => {
            $level!(
                target: TARGET, event = "day", job = run.job, run_id = run.run_id, as_of = %as_of, tables, rows, seconds,
                "{}: published{}", about(run, Some(as_of)), amount(work)
            )
        };
    }
    if is_detail { tell!(debug) } else { tell!(info) }
}

pub(super) fn read(run: Run<'_>, table: &str, read: Read) {
    let Read { files, rows, fetched, seconds } = read;
    let (requests, bytes) = (fetched.map(|fetched| fetched.requests), fetched.map(|fetched| fetched.bytes));
    let time = seconds.map_or_else(String::new, |seconds| format!(", {seconds:.1} s"));
    debug!(
        target: TARGET, event = "read", job = run.job, run_id = run.run_id, table, files, rows, requests, bytes, seconds,
        "{}: read {table}: {}, {}{time}", run.job, counted(files, "file"), counted(rows, "row")
    );
}

pub(super) fn published(run: Run<'_>, table: &str, partition: &str, rows: u64, seconds: f64) {
    debug!(
        target: TARGET, event = "published", job = run.job, run_id = run.run_id, table, partition, rows, seconds,
        "{}: published {table}/{partition}: {}, {seconds:.1} s", run.job, counted(rows, "row")
    );
}

pub(super) fn dropped(run: Run<'_>, reason: &str, rows: u64, as_of: Option<NaiveDate>) {
    debug!(
        target: TARGET, event = "dropped", job = run.job, run_id = run.run_id, reason, rows, as_of = date(as_of),
        "{}: left out as {reason}: {}", about(run, as_of), counted(rows, "row")
    );
}

/// How new each source is as of a day.
pub(super) fn sources(run: Run<'_>, freshness: &Freshness) {
    for age in freshness.sources() {
        let instant = |at: Option<i64>| at.map(|at| instant_text(Some(at)));
        debug!(
            target: TARGET, event = "source", job = run.job, run_id = run.run_id, source = age.source,
            as_of = %freshness.as_of, state = age.state.name(), newest_row_at = instant(age.newest_row_at),
            newest_event_at = instant(age.newest_event_at), age_hours = age.age_hours.map(|hours| rounded(hours, 10.0)),
            "{}: {} is {}, newest row {}, newest event {}", about(run, Some(freshness.as_of)), age.source,
            age.state.name(), instant_text(age.newest_row_at), instant_text(age.newest_event_at)
        );
    }
}

pub(super) fn warning(run: Run<'_>, message: &str) {
    warn!(target: TARGET, event = "warning", job = run.job, run_id = run.run_id, "{message}");
}

/// What concerns no single run.
pub(super) fn general_warning(message: &str) {
    warn!(target: TARGET, event = "warning", "{message}");
}

/// About people who opted out or are erased.
pub(super) fn privacy_warning(run: Run<'_>, message: &str) {
    warn!(target: TARGET, event = "warning", job = run.job, run_id = run.run_id, about = "privacy", "{message}");
}

pub(super) fn failure(run: Option<Run<'_>>, failed: &Error) {
    let (job, run_id) = (run.map(|run| run.job), run.and_then(|run| run.run_id));
    error!(
        target: TARGET, event = "error", job, run_id, error_class = failed.class(), exit_code = failed.exit_code(),
        "{failed}"
    );
}

pub(super) fn internal_error(place: &str) {
    error!(target: TARGET, event = "error", error_class = "internal", place, "internal error at {place}");
}

/// The closing line of a run. `phase` is where one that failed was.
pub(super) fn run_ended(report: &RunReport, run_id: &str, dropped: u64, phase: Option<&str>) {
    let seconds = rounded((report.finished_at - report.started_at).as_seconds_f64(), 1000.0);
    let newest =
        |of: fn(&Freshness) -> Option<i64>| report.freshness.as_ref().and_then(of).map(|at| instant_text(Some(at)));
    let dataverse = newest(|freshness| freshness.dataverse.newest_event_at);
    let exchange = newest(|freshness| freshness.exchange.newest_event_at);
    let RunReport { job, status, exit_code, rows_read, rows_out, computation_accuracy, .. } = report;
    let warnings = report.warnings.len() as u64;
    let ended = match (*status, exit_code) {
        ("done", _) => format!("{job}: done in {seconds:.1} s"),
        (status, code) => format!("{job}: {status} after {seconds:.1} s with exit code {code}"),
    };
    let newest = match (&dataverse, &exchange) {
        (None, None) => String::new(),
        (dataverse, exchange) => {
            let told = [("Dataverse", dataverse), ("Exchange", exchange)];
            let told = told.into_iter().filter_map(|(source, at)| Some(format!("{source} {}", at.as_ref()?)));
            format!("; newest data: {}", told.collect::<Vec<_>>().join(", "))
        }
    };
    let accuracy = computation_accuracy.map_or_else(String::new, |accuracy| format!("; {accuracy}"));
    info!(
        target: TARGET, event = "run_ended", job, run_id, status, exit_code, error_class = report.error_class,
        phase, seconds, rows_read, rows_out, dropped, warnings, computation_accuracy,
        dataverse_newest_event_at = dataverse, exchange_newest_event_at = exchange,
        "{ended}; {rows_read} rows read, {rows_out} published, {dropped} left out{accuracy}{newest}"
    );
}

/// The end of a command that ran jobs. Of one job its own closing line says all.
pub(super) fn ended(jobs: u64, failed: u64, exit_code: u8, seconds: f64) {
    macro_rules! tell {
        ($level:ident) => {
            $level!(
                target: TARGET, event = "ended", jobs, failed, exit_code, seconds = rounded(seconds, 1000.0),
                "{} of {jobs} jobs done in {seconds:.1} s, exit code {exit_code}", jobs - failed
            )
        };
    }
    if jobs > 1 { tell!(info) } else { tell!(debug) }
}

fn about(run: Run<'_>, as_of: Option<NaiveDate>) -> String {
    as_of.map_or_else(|| run.job.to_string(), |day| format!("{} as of {day}", run.job))
}

fn amount(work: Work) -> String {
    match work {
        Work { tables: 0, seconds, .. } => format!(", {seconds:.1} s"),
        Work { tables, rows, seconds } => {
            format!(", {}, {}, {seconds:.1} s", counted(tables, "table"), counted(rows, "row"))
        }
    }
}

fn counted(number: u64, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}

fn date(day: Option<NaiveDate>) -> Option<String> {
    day.map(|day| day.to_string())
}

pub(super) fn rounded(value: f64, steps: f64) -> f64 {
    (value * steps).round() / steps
}
