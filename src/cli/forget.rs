//! `forget`: what becomes of published files, shown per table and partition, never per person.

use std::sync::Arc;

use super::events::{self, Run};
use super::job_files::load_all;
use super::msdyn_copies::MsdynCopies;
use super::options::ForgetOptions;
use super::places::{Places, TemporaryFolder};
use super::reporter::Reporter;
use super::run::new_run_id;
use super::session::{Session, Shown};
use super::stdout::print;
use super::{forget_reports, show, signals};
use crate::config::JobKind;
use crate::context::{Progress, RunContext};
use crate::error::{Error, Result};
use crate::jobs::{self, Copies, Outcome, SharedLake};
use crate::report::site;
use chrono::{NaiveDate, Utc};

/// One group's failure does not keep the others from being looked at; the first one decides the exit code.
pub(super) fn forget(options: &ForgetOptions, shown: &Shown<'_>) -> Result<u8> {
    let mut jobs = load_all(&options.source, &options.jobs)?;
    // Reports are followed when the tables are clean.
    jobs.retain(|job| job.kind != JobKind::Report);
    let folder = TemporaryFolder::new();
    let session = Session::new(&folder);
    signals::watch(&session, signals::GRACE).map_err(Error::storage("signal handler"))?;
    let interruption = &session.interruption;
    let mut code = 0;
    // Before anything is rewritten, so that a wrong folder is told at once.
    options.report.iter().try_for_each(|folder| site::check(folder))?;
    for shared_lake in jobs::shared_lakes(&jobs) {
        let name = names(&shared_lake);
        let now = Utc::now().with_timezone(&shared_lake.jobs[0].settings.timezone);
        let run_id = new_run_id(shared_lake.jobs[0], now.to_utc());
        let about = Run { job: &name, run_id: Some(&run_id) };
        let reporter = Reporter::new(about, false, shown.bars, Arc::default());
        let progress = |progress: Progress<'_>| reporter.take(progress);
        let outcome = Places::open(shared_lake.jobs[0], &folder.spool).and_then(|places| {
            let Places { lake, output, .. } = &places;
            let run = RunContext { run_id: run_id.clone(), now, output, progress: &progress, interruption };
            let copies = MsdynCopies::open(shared_lake.jobs[0], &options.msdyn, &session)?;
            let renew = |days: &[NaiveDate]| copies.renew(days, &jobs, &session, &run);
            let copies = Copies { folders: copies.folders()?, renew: &renew };
            jobs::forget(&shared_lake, lake, copies, options.apply, &run)
        });
        if outcome.is_ok() {
            reporter.finish();
        }
        reporter.clear();
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(error) => Outcome { errors: vec![error], ..Outcome::default() },
        };
        let errors = &outcome.errors;
        for error in errors {
            events::failure(Some(about), error);
        }
        if let Some(first) = errors.first() {
            code = if code == 0 { first.exit_code() } else { code };
        }
        if errors.is_empty() || !outcome.forgotten.is_empty() {
            print(&said(&shared_lake, &outcome, options.apply));
        }
        if let Some(signal) = interruption.signal() {
            return Ok(Error::Interrupted(signal).exit_code());
        }
    }
    // Also after a failure: a report that is gone shows nobody.
    let of_reports = forget_reports::follow(options, code == 0 && options.jobs.is_empty(), &session)?;
    Ok(if code == 0 { of_reports } else { code })
}

fn names(shared_lake: &SharedLake<'_>) -> String {
    let names: Vec<&str> = shared_lake.jobs.iter().map(|job| job.name.as_str()).collect();
    names.join(", ")
}

fn said(shared_lake: &SharedLake<'_>, Outcome { forgotten, computed, .. }: &Outcome, apply: bool) -> String {
    let place = format!("{}: {}", names(shared_lake), shared_lake.jobs[0].output);
    let again = match (&computed[..], apply) {
        ([], _) => String::new(),
        (days, true) => format!("{}: {} that rested on withdrawn mailboxes computed again\n", place, number(days)),
        (days, false) => {
            format!("{place}: {} that rest on withdrawn mailboxes would be computed again\n", number(days))
        }
    };
    if forgotten.is_empty() {
        return format!("{again}{place}: no published file holds an erased person\n");
    }
    let mut lines = vec![["table", "partition", "rows that go", "rows that change"].map(str::to_string)];
    lines.extend(forgotten.iter().map(|one| {
        let counts = [one.counts.gone, one.counts.changed].map(|count| count.to_string());
        let [gone, changed] = counts;
        [one.table.clone(), one.partition.clone(), gone, changed]
    }));
    let outcome = if apply {
        format!("{} files rewritten", forgotten.len())
    } else {
        format!("{} files would be rewritten; nothing was, add --apply", forgotten.len())
    };
    format!("{again}{place}\n{}{outcome}\n", show::aligned(&lines))
}

fn number(days: &[NaiveDate]) -> String {
    match days {
        [day] => format!("the day {day}"),
        [first, .., last] => format!("{} days from {first} to {last}", days.len()),
        [] => "no day".to_string(),
    }
}
