//! `msdyn`: tables of Dynamics 365 Sales from what is published.

use chrono::{NaiveDate, TimeDelta, Utc};

use super::events::{self, Run};
use super::job_files::load_for_tables;
use super::msdyn_options::MsdynOptions;
use super::places::{self, TemporaryFolder};
use super::run::new_run_id;
use super::session::{Session, Shown};
use super::show::aligned;
use super::signals;
use super::stdout::print;
use crate::config::Job;
use crate::context::{Progress, RunContext};
use crate::error::{Error, Result};
use crate::msdyn::ours::Ours;
use crate::msdyn::page;
use crate::msdyn::{self, FillOutcome};
use crate::publish::Outputs;
use crate::storage::Location;
use crate::time::AsOf;

/// For how long files stay that are no part of a Delta table any more, as in `prune`.
pub(super) const VACUUM_AFTER: TimeDelta = TimeDelta::hours(168);

pub(super) fn msdyn(options: &MsdynOptions, shown: &Shown<'_>) -> Result<u8> {
    if options.markdown {
        let tables: Vec<_> = msdyn::tables().iter().map(|filled| filled.original.clone()).collect();
        print(&page::markdown(&tables));
        return Ok(0);
    }
    let folder = TemporaryFolder::new();
    let session = Session::new(&folder);
    signals::watch(&session, signals::GRACE).map_err(Error::storage("signal handler"))?;
    let jobs = load_for_tables(&options.source)?;
    let outputs = places::outputs(&jobs, &folder.spool)?;
    let job = of_records(&jobs)?;
    let as_of = day(options.as_of, &outputs, job)?;
    let to = destination(options, job)?;
    let job = Job { output: to, ..job.clone() };
    let output = places::open_output(&job, &folder.spool)?;
    let now = Utc::now();
    let run_id = new_run_id(&job, now);
    let about = Run { job: &job.name, run_id: Some(&run_id) };
    let progress = |progress: Progress<'_>| {
        if let Progress::Published { table, partition, rows } = progress {
            events::published(about, table, partition, rows, 0.0);
        }
    };
    let context = RunContext {
        run_id: run_id.clone(),
        now: now.with_timezone(&job.settings.timezone),
        output: &output,
        progress: &progress,
        interruption: &session.interruption,
    };
    let outcome = msdyn::fill(&Ours { outputs: &outputs, as_of }, &job, &context, now - VACUUM_AFTER)?;
    if outcome.published.is_empty() {
        return Err(nothing(&job, Some(as_of.date)));
    }
    if !shown.quiet {
        print(&said(&job, as_of.date, &outcome));
    }
    Ok(0)
}

/// Where the tables go: nowhere among those of the lake, for who compares takes what lies there for the original's own.
fn destination(options: &MsdynOptions, job: &Job) -> Result<Location> {
    let refuse = |reason: String| Error::usage("--to", reason, "Name a folder or a URL outside of the lake");
    let to = match &options.to {
        Some(to) => Location::parse(to),
        None => job.output.join(msdyn::FOLDER),
    };
    let to = to.map_err(refuse)?;
    let input = &job.input;
    let lake = [&input.dataverse, &input.exchange, &input.control];
    match lake.into_iter().find(|folder| folder.holds(&to) || to.holds(folder)) {
        Some(folder) => Err(refuse(format!("{to} and the folder {folder} of the lake lie in each other"))),
        None => Ok(to),
    }
}

/// The job that publishes the KPIs of records: its zone and its output are those of the tables.
pub(super) fn of_records(jobs: &[Job]) -> Result<&Job> {
    let of_kpis = jobs.iter().find(|job| job.kind.tables().contains(&"account_kpis"));
    of_kpis.or(jobs.first()).ok_or_else(|| {
        Error::usage("--jobs", "there is no job", "Name the folder of the job files, or begin with: rapport new")
    })
}

/// The day that was asked for, else the newest as of which KPIs are published.
pub(super) fn day(asked: Option<NaiveDate>, outputs: &Outputs, job: &Job) -> Result<AsOf> {
    let tables = ["account_kpis", "contact_kpis", "lead_kpis", "opportunity_kpis"];
    let day = match asked {
        Some(day) => Some(day),
        None => outputs.days(&tables)?.last().copied(),
    };
    let date = day.ok_or_else(|| nothing(job, None))?;
    Ok(AsOf { date, timezone: job.settings.timezone })
}

fn nothing(job: &Job, day: Option<NaiveDate>) -> Error {
    let of_day = day.map(|day| format!(" as of {day}")).unwrap_or_default();
    let option = day.map(|day| format!(" --as-of {day}")).unwrap_or_default();
    Error::usage(
        "--output",
        format!("no table of KPIs is published{of_day} by the job {}", job.name),
        format!("Publish them by rapport run{option}, or name the place where they are"),
    )
}

fn said(job: &Job, day: NaiveDate, outcome: &FillOutcome) -> String {
    let mut lines = vec![["table", "rows", "path"].map(str::to_string)];
    lines.extend(outcome.published.iter().map(|one| [one.table.clone(), one.rows.to_string(), one.path.clone()]));
    let mut text = format!("tables of Dynamics 365 Sales as of {day}: in {}\n{}", job.output, aligned(&lines));
    for (table, needed) in &outcome.missing {
        text.push_str(&format!("left as it is: {table}, for {needed} is not published as of {day}\n"));
    }
    text
}
