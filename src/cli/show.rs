//! What goes to stdout.

use chrono::NaiveDate;

use super::args::{CheckOptions, ListOptions, TablesOptions};
use super::log::Log;
use super::print;
use super::reporter::Reporter;
use super::run::load;
use crate::config::{self, Job};
use crate::context::{Interruption, Progress, RunContext};
use crate::dictionary;
use crate::error::Result;
use crate::jobs;
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
            _ => job.output.join(name),
        };
        lines.push([name.clone(), rows.to_string(), path.display().to_string()]);
    }
    print(&format!("{} {period}: results in {}\n{}", job.name, job.output.display(), aligned(&lines)));
}

pub(super) fn check(options: &CheckOptions, log: Log) -> Result<u8> {
    let mut code = 0;
    for job in load(&options.source, &options.jobs)? {
        let reporter = Reporter::new(log, &job.name, "check");
        let progress = |progress: Progress<'_>| reporter.take(progress);
        let interruption = Interruption::default();
        let context = RunContext { run_id: "check".to_string(), progress: &progress, interruption: &interruption };
        let outcome = jobs::check(&job, &context);
        reporter.finish();
        match outcome {
            Ok(findings) => {
                print(&format!("{}: configuration {}, input and access are fine\n", job.name, job.config_hash));
                for finding in findings {
                    print(&format!("  {finding}\n"));
                }
            }
            Err(error) => {
                log.failure(&error, &[("job", job.name.clone().into())]);
                if code == 0 {
                    code = error.exit_code();
                }
            }
        }
    }
    Ok(code)
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
fn aligned<const N: usize>(lines: &[[String; N]]) -> String {
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
