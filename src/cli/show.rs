//! What goes to stdout.

use std::sync::Arc;
use std::time::Duration;

use chrono::{NaiveDate, Utc};

use super::args::{CheckOptions, ListOptions, TablesOptions};
use super::log::Log;
use super::places::{Places, TemporaryFolder};
use super::run::load;
use super::{print, signals};
use crate::config::{self, Job};
use crate::dictionary;
use crate::error::{Error, Result};
use crate::jobs::{self, Findings};
use crate::plain;
use crate::publish::PublishedTable;

/// Where to look after a run. A table of many days is one line.
pub(super) fn published(job: &Job, days: &[NaiveDate], published: &[PublishedTable]) {
    let period = match days {
        [first, .., last] => format!("from {first} to {last}"),
        [day] => format!("as of {day}"),
        [] => String::new(),
    };
    let mut lines = vec![["table".to_string(), "rows".to_string(), "path".to_string()]];
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
    print(&format!("{} {period}: results in {}\n{}", job.name, job.output, aligned(&lines)));
}

/// What is wrong goes to the log, all of it; the first decides the exit code.
pub(super) fn check(options: &CheckOptions, log: Log) -> Result<u8> {
    let mut code = 0;
    let folder = TemporaryFolder::new();
    // A check changes nothing, so it need not be brought to an end.
    let watched = signals::watch(Arc::default(), Arc::clone(&folder.spool), log, Duration::ZERO);
    watched.map_err(Error::storage("signal handler"))?;
    for job in load(&options.source, &options.jobs)? {
        let places = Places::open(&job, &folder.spool).map_err(|fault| vec![fault]);
        match places.and_then(|places| jobs::check(&job, &places.lake, &places.output, Utc::now())) {
            Ok(findings) => print(&checked(&job, &findings)),
            Err(faults) => {
                for fault in &faults {
                    log.failure(fault, &[("job", job.name.clone().into())]);
                }
                if code == 0 {
                    code = faults.first().map_or(0, Error::exit_code);
                }
            }
        }
    }
    Ok(code)
}

fn checked(job: &Job, findings: &Findings) -> String {
    let mut lines = vec![["table", "files", "rows", "current"].map(str::to_string)];
    lines.extend(findings.read.iter().map(|input| {
        let counts = [input.files, input.rows_read, input.rows_current].map(|count| count.to_string());
        let [files, rows, current] = counts;
        [input.table.to_string(), files, rows, current]
    }));
    let mut text =
        format!("{}: configuration {}, input and access are fine\n{}", job.name, job.config_hash, aligned(&lines));
    if !findings.absent.is_empty() {
        text.push_str(&format!("not in the lake, read as empty: {}\n", findings.absent.join(", ")));
    }
    for taken_out in &findings.taken_out {
        text.push_str(&format!("{taken_out}\n"));
    }
    for warning in &findings.warnings {
        text.push_str(&format!("warning: {}\n", plain::told(warning)));
    }
    text
}

pub(super) fn list(options: &ListOptions) -> Result<u8> {
    let mut lines = vec![["job", "schedule", "kind", "file"].map(str::to_string)];
    for job in config::load_all(&options.jobs)? {
        let file = job.file.display().to_string();
        lines.push([job.name, job.schedule, job.kind.name().to_string(), file]);
    }
    print(&aligned(&lines));
    Ok(0)
}

pub(super) fn tables(options: &TablesOptions) -> Result<u8> {
    let tables = jobs::tables();
    let text = match &options.name {
        Some(name) => dictionary::describe(&tables, name)?,
        None if options.markdown => dictionary::markdown(&tables),
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
