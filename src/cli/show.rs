//! What goes to stdout.

use std::time::Duration;

use chrono::{NaiveDate, Utc};
use serde_json::json;

use super::events::{self, Run};
use super::job_files::{self, yesterday};
use super::options::{CheckFormat, CheckOptions, ListOptions, SourceOptions, TablesOptions};
use super::places::{Places, TemporaryFolder};
use super::session::Session;
use super::signals;
use super::stdout::print;
use crate::config::Job;
use crate::dictionary;
use crate::error::{Error, Result};
use crate::jobs::{self, Findings};
use crate::plain;
use crate::publish::PublishedTable;
use crate::quality::freshness::instant_text;
use crate::quality::measures::{MeasureState, QualityMeasure};

/// A run that is done.
pub(super) struct Finished<'a> {
    pub job: &'a Job,
    pub days: &'a [NaiveDate],
    pub published: Vec<PublishedTable>,
    /// Of a report: what it says.
    pub pages: Option<String>,
}

/// Where to look after a command: one table for all its runs. A table of many days is one line.
pub(super) fn finished(runs: &[Finished<'_>]) {
    let mut text = String::new();
    let mut lines = vec![["table", "rows", "path"].map(str::to_string)];
    let mut pages = String::new();
    for Finished { job, days, published, pages: of_job } in runs {
        if let Some(told) = of_job {
            pages.push_str(told);
            continue;
        }
        let period = match days {
            [first, .., last] => format!("from {first} to {last}"),
            [day] => format!("as of {day}"),
            [] => String::new(),
        };
        text.push_str(&format!("{} {period}: results in {}\n", job.name, job.output));
        for name in &job.tables {
            let parts: Vec<&PublishedTable> = published.iter().filter(|part| part.table == *name).collect();
            let rows: u64 = parts.iter().map(|part| part.rows).sum();
            let path = match parts.as_slice() {
                [] => continue,
                [part] => part.path.clone(),
                _ => format!("{}/{name}", job.output),
            };
            lines.push([name.clone(), rows.to_string(), path]);
        }
    }
    if !text.is_empty() {
        text.push_str(&aligned(&lines));
    }
    // The page to open comes last.
    text.push_str(&pages);
    if !text.is_empty() {
        print(&text);
    }
}

/// What is wrong goes to the log, all of it; the first decides the exit code. Jobs that read a lake alike are
/// looked at together.
pub(super) fn check(options: &CheckOptions) -> Result<u8> {
    let loaded = job_files::load(&options.source, &options.jobs)?;
    let (jobs, mut code) = (loaded.jobs, loaded.code);
    let mut fail = |errors: &[Error], job: &str| {
        for error in errors {
            events::failure(Some(Run { job, run_id: None }), error);
        }
        if let (0, Some(first)) = (code, errors.first()) {
            code = first.exit_code();
        }
    };
    let folder = TemporaryFolder::new();
    // A check changes nothing, so it need not be brought to an end.
    let session = Session::new(&folder);
    signals::watch(&session, Duration::ZERO).map_err(Error::storage("signal handler"))?;
    let now = Utc::now();
    for group in jobs::alike(&jobs) {
        let names = group.iter().map(|job| job.name.as_str()).collect::<Vec<_>>().join(", ");
        let mut lake = None;
        let mut refused = false;
        for job in &group {
            let places = Places::open(job, &folder.spool);
            match places.and_then(|places| jobs::check_folders(job, &places.output).map(|()| places)) {
                Ok(places) => lake = lake.or(Some(places)),
                Err(error) => {
                    // Nothing can be read through a path that is wrong; a disk that is full hides nothing.
                    refused |= matches!(error, Error::Config { .. });
                    lake = lake.or(Places::open(job, &folder.spool).ok());
                    fail(&[error], &job.name);
                }
            }
        }
        let Some(places) = lake.filter(|_| !refused) else { continue };
        let as_of = options.as_of.or_else(|| yesterday(group[0], now)).unwrap_or_default();
        match jobs::check(&group, &places.lake, as_of, now) {
            Ok(findings) => {
                print(&match options.format {
                    CheckFormat::Text => checked(&group, &findings),
                    CheckFormat::Json => checked_json(&group, &findings),
                });
                if let Some(warning) = findings.failed().and_then(QualityMeasure::warning) {
                    fail(&[Error::Checks { message: warning }], &names);
                }
            }
            Err(faults) => fail(&faults, &names),
        }
    }
    Ok(code)
}

fn checked_json(jobs: &[&Job], findings: &Findings) -> String {
    let jobs: Vec<_> = jobs.iter().map(|job| json!({"job": job.name, "config_hash": job.config_hash})).collect();
    format!("{}\n", json!({"jobs": jobs, "findings": findings}))
}

fn checked(jobs: &[&Job], findings: &Findings) -> String {
    let mut lines = vec![["table", "files", "rows", "current"].map(str::to_string)];
    lines.extend(findings.read.iter().map(|input| {
        let counts = [input.files, input.rows_read, input.rows_current].map(|count| count.to_string());
        let [files, rows, current] = counts;
        [input.table.to_string(), files, rows, current]
    }));
    let hashes: Vec<String> =
        jobs.iter().map(|job| format!("{}: configuration {}", job.name, job.config_hash)).collect();
    let mut text = format!("{}, input and access are fine\n{}", hashes.join("; "), aligned(&lines));
    if !findings.absent.is_empty() {
        text.push_str(&format!("not in the lake, read as empty: {}\n", findings.absent.join(", ")));
    }
    for taken_out in &findings.taken_out {
        text.push_str(&format!("{taken_out}\n"));
    }
    let shown =
        |measure: &&QualityMeasure| !matches!(measure.check, "rows" | "rows_stored") && measure.value != Some(0.0);
    let mut lines = vec![["measure", "of", "value", "unit", ""].map(str::to_string)];
    lines.extend(findings.measures.iter().filter(shown).map(|measure| {
        let value = measure.value.map_or_else(
            || "unknown".to_string(),
            |value| {
                if value.fract() == 0.0 { format!("{value}") } else { format!("{value:.2}") }
            },
        );
        let newest = measure.newest_at.map(|at| instant_text(Some(at)));
        let state = (measure.state != MeasureState::Fine).then(|| "beyond the limit, see below".to_string());
        let last = newest.into_iter().chain(state).collect::<Vec<_>>().join(" ");
        [measure.check.to_string(), measure.subject.clone(), value, measure.unit.to_string(), last]
    }));
    text.push_str(&format!("\nas of {}\n{}", findings.as_of, aligned(&lines)));
    for partial in &findings.partial {
        text.push_str(&format!("partial: {partial}\n"));
    }
    for warning in &findings.warnings {
        text.push_str(&format!("warning: {}\n", plain::told(warning)));
    }
    text
}

pub(super) fn list(options: &ListOptions) -> Result<u8> {
    let mut lines = vec![["job", "schedule", "kind", "file"].map(str::to_string)];
    let loaded = job_files::load(&SourceOptions::of_folder(options.jobs.clone()), &[])?;
    for job in loaded.jobs {
        let file = job.file.display().to_string();
        lines.push([job.name, job.schedule, job.kind.name().to_string(), file]);
    }
    print(&aligned(&lines));
    Ok(loaded.code)
}

pub(super) fn tables(options: &TablesOptions) -> Result<u8> {
    let tables = jobs::tables();
    let text = match &options.name {
        Some(name) => dictionary::describe(&tables, name)?,
        None if options.markdown => dictionary::markdown(&tables, &jobs::kpi_columns()),
        None => dictionary::overview(&tables),
    };
    print(&text);
    Ok(0)
}

/// Columns as wide as their widest cell; numbers to the right.
pub(super) fn aligned<const N: usize>(lines: &[[String; N]]) -> String {
    let mut widths = [0; N];
    for line in lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for line in lines {
        let cells: Vec<String> = line
            .iter()
            .zip(widths)
            .map(|(cell, width)| match cell.parse::<u64>() {
                Ok(_) => format!("{cell:>width$}"),
                Err(_) => format!("{cell:width$}"),
            })
            .collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}
