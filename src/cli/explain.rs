//! `explain`: how a published value came about, or all about a record.

use std::sync::Arc;
use std::time::Duration;

use chrono::{NaiveDate, Utc};

use super::computed::compute;
use super::diff_options::DataFormat;
use super::events::Run;
use super::explain_options::ExplainOptions;
use super::job_files::load_for_tables;
use super::places::{self, Places, TemporaryFolder};
use super::reporter::Reporter;
use super::run::new_run_id;
use super::session::{Session, Shown};
use super::signals;
use super::stdout::print;
use crate::config::{Job, JobKind};
use crate::context::{Progress, RunContext};
use crate::error::{Error, Result};
use crate::explain::lake::read::LakeOfDay;
use crate::explain::story::InteractionStory;
use crate::explain::{self, ExplanationSources, as_csv, question, record, words};
use crate::interactions::not_linked::NotLinked;
use crate::jobs::{self, Readings, Resolved};
use crate::publish::{Outputs, TablesAt};
use crate::table::Table;
use crate::time::AsOf;

/// What stands for all tables of a record.
const RECORD: &str = "record";
/// Tables that say which interactions count for a record.
const BEHIND: [&str; 2] = ["interactions", "interaction_records"];

pub(super) fn explain(options: &ExplainOptions, shown: &Shown<'_>) -> Result<u8> {
    let folder = TemporaryFolder::new();
    let session = Session::new(&folder);
    signals::watch(&session, Duration::ZERO).map_err(Error::storage("signal handler"))?;
    let dictionary = jobs::tables_with_subjects();
    let jobs = load_for_tables(&options.source)?;
    let mut outputs = places::outputs(&jobs, &folder.spool)?;
    if options.table == RECORD {
        return tell_record(options, &dictionary, &jobs, outputs, &session, shown);
    }
    let table = question::table(&dictionary, &options.table)?;
    let job = job_of(&jobs, table.name)?;
    let asked = day(options, &outputs, &[table.name], job)?;
    let file = outputs.file(table.name, asked)?;
    let (day, read_from) = match &file {
        Some((file, day)) => (*day, file.partition.clone()),
        None => (asked, "computed from the lake, not published".to_string()),
    };
    let mut missing: Vec<&'static str> = Vec::new();
    if file.is_none() {
        missing.push(table.name);
    }
    let is_of_record = table.key.contains(&"record_id") || table.name.ends_with("_kpis");
    if is_of_record {
        for behind in BEHIND {
            if outputs.file(behind, day)?.is_none() {
                missing.push(behind);
            }
        }
        if file.is_none() && table.name.ends_with("_kpis") {
            missing.push("relationship_health");
        }
    }
    add_computed(&mut outputs, &missing, &jobs, day, &session, shown)?;
    let found = question::row(table, &options.key, &outputs, day)?;
    let as_of = AsOf { date: day, timezone: job.settings.timezone };
    let without = ExplanationSources { outputs: &outputs, settings: &job.settings, as_of, lake: None };
    let mut story = explain::row(&found, &without, read_from.clone())?;
    if options.lake || explain::wants_lake(&found, &story) {
        let of_lake = if job.kind == JobKind::WhoKnowsWhom { job } else { job_of(&jobs, BEHIND[0])? };
        let told = from_lake(of_lake, day, &session, shown, |resolved| {
            let deals = || resolved.deals();
            let lake = LakeOfDay::of(resolved.context, resolved.interactions, resolved.erased, &deals)?;
            let mut story = explain::row(&found, &ExplanationSources { lake: Some(&lake), ..without }, read_from)?;
            if let (true, Some((record_type, id))) = (options.lake, &found.record) {
                let elsewhere = jobs::not_linked(resolved, *record_type, id)?;
                story.not_linked = elsewhere.into_iter().map(not_linked).collect();
            }
            Ok(story)
        });
        match told {
            Ok(told) => story = told,
            Err(error) if options.lake => return Err(error),
            // What is published may be all that somebody has.
            Err(error) => {
                story.notes.push(format!("what only the lake says is left out, for it could not be read: {error}"))
            }
        }
    }
    print(&match options.format {
        DataFormat::Text => words::text(&story, options.limit),
        DataFormat::Json => words::json(&story)?,
        DataFormat::Csv => as_csv::csv(&story, found.column.is_some())?,
    });
    Ok(0)
}

fn tell_record(
    options: &ExplainOptions,
    dictionary: &[Table],
    jobs: &[Job],
    mut outputs: Outputs,
    session: &Session<'_>,
    shown: &Shown<'_>,
) -> Result<u8> {
    const OF_RECORDS: [&str; 4] = ["account_kpis", "contact_kpis", "lead_kpis", "opportunity_kpis"];
    let [id] = &options.key[..] else {
        let message = format!("a record has one id, and {} values were given", options.key.len());
        return Err(Error::usage("ID", message, "Name it as in rapport explain record ID"));
    };
    let day = day(options, &outputs, &OF_RECORDS, job_of(jobs, OF_RECORDS[0])?)?;
    let mut is_published = false;
    for table in OF_RECORDS {
        is_published |= outputs.file(table, day)?.is_some();
    }
    if !is_published {
        let all: Vec<&'static str> = jobs.iter().flat_map(|job| job.kind.tables()).copied().collect();
        add_computed(&mut outputs, &all, jobs, day, session, shown)?;
    }
    let story = record::story(dictionary, &outputs, id, day)?;
    print(&match options.format {
        DataFormat::Text => words::record_text(&story),
        DataFormat::Json => words::json(&story)?,
        DataFormat::Csv => as_csv::record_csv(&story)?,
    });
    Ok(0)
}

/// The job that publishes a table.
fn job_of<'a>(jobs: &'a [Job], table: &str) -> Result<&'a Job> {
    jobs.iter().find(|job| job.kind.tables().contains(&table)).ok_or_else(|| {
        let message = format!("no job file is of the kind that publishes {table}");
        Error::usage("--jobs", message, "Name the folder of the job files, as in --jobs jobs")
    })
}

/// The day that was asked for, else the newest that is published and not in the future.
fn day(options: &ExplainOptions, outputs: &Outputs, tables: &[&str], job: &Job) -> Result<NaiveDate> {
    if let Some(day) = options.as_of {
        return Ok(day);
    }
    let today = Utc::now().with_timezone(&job.settings.timezone).date_naive();
    let days = outputs.days(tables)?;
    let newest = days.iter().rev().find(|day| **day <= today).or(days.last());
    newest.copied().ok_or_else(|| {
        let message = format!("{} is not published in {}", tables.join(", "), job.output);
        Error::usage(
            "--output",
            message,
            "Publish it by rapport run, name the place where it is, or a day to compute with --as-of",
        )
    })
}

/// Computes what is not published, beside what is.
fn add_computed(
    outputs: &mut Outputs,
    tables: &[&'static str],
    jobs: &[Job],
    day: NaiveDate,
    session: &Session<'_>,
    shown: &Shown<'_>,
) -> Result<()> {
    for job in jobs {
        let of_job: Vec<String> =
            tables.iter().filter(|table| job.kind.tables().contains(*table)).map(ToString::to_string).collect();
        if !of_job.is_empty() {
            let job = Job { tables: of_job, ..job.clone() };
            let storage = compute(&job, day, &mut Readings::default(), session, shown)?;
            outputs.0.push(TablesAt { storage, tables: job.kind.tables() });
        }
    }
    Ok(())
}

/// Reads the lake as a job does, and says what comes of it.
fn from_lake<T>(
    job: &Job,
    day: NaiveDate,
    session: &Session<'_>,
    shown: &Shown<'_>,
    look: impl FnOnce(&Resolved<'_>) -> Result<T>,
) -> Result<T> {
    let now = Utc::now().with_timezone(&job.settings.timezone);
    let run_id = new_run_id(job, now.to_utc());
    let reporter = Reporter::new(Run { job: &job.name, run_id: Some(&run_id) }, false, shown.bars, Arc::default());
    let progress = |progress: Progress<'_>| reporter.take(progress);
    let outcome = Places::open(job, &session.folder.spool).and_then(|places| {
        let interruption = &session.interruption;
        let run = RunContext { run_id: run_id.clone(), now, output: &places.output, progress: &progress, interruption };
        jobs::with_lake(job, &places.lake, day, &run, look)
    });
    reporter.clear();
    outcome
}

fn not_linked(one: NotLinked) -> InteractionStory {
    InteractionStory { interaction_id: one.id, why_not: Some(one.why), ..InteractionStory::default() }
}
