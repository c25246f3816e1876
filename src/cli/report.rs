//! `report`: a folder of pages from what is published.

use std::path::Path;
use std::time::Duration;

use indicatif::ProgressBar;

use super::job_files::load_all;
use super::options::ReportOptions;
use super::places::{self, TemporaryFolder};
use super::session::{Session, Shown};
use super::signals;
use super::stdout::print;
use crate::config::Job;
use crate::context::Output;
use crate::error::{Error, Result};
use crate::jobs;
use crate::language::Language;
use crate::plain;
use crate::report::published::Source;
use crate::report::record::Choice;
use crate::report::{self, Request, Written};

pub(super) fn report(options: &ReportOptions, shown: &Shown<'_>) -> Result<u8> {
    let folder = TemporaryFolder::new();
    // What is written aside goes with its folder; there is no run to bring to an end.
    let session = Session::new(&folder);
    signals::watch(&session, Duration::ZERO).map_err(Error::storage("signal handler"))?;
    let jobs = load_all(&options.source, &[])?;
    let outputs: Result<Vec<(&Job, Output)>> =
        jobs.iter().map(|job| Ok((job, places::open_output(job, &folder.spool)?))).collect();
    let outputs = outputs?;
    let sources: Vec<Source<'_>> =
        outputs.iter().map(|(job, output)| Source { job: &job.name, output, tables: job.kind.tables() }).collect();
    let choice = Choice { owner: options.owner.clone(), records: options.record.clone(), top: options.top };
    let request = Request {
        sources: &sources,
        date: options.date,
        choice: &choice,
        language: Language::from_code(&options.language).unwrap_or(Language::English),
        zone: zone(&jobs),
        dictionary: &jobs::tables_with_subjects(),
        site: &options.site,
        file_mode: options.file_mode,
    };
    let bar = shown.bars.map(|bars| bars.add(ProgressBar::new(0)));
    let written = report::write(&request, &|done, of| {
        if let Some(bar) = &bar {
            bar.set_length(of as u64);
            bar.set_position(done as u64);
        }
    });
    if let Some(bar) = &bar {
        bar.finish_and_clear();
    }
    let written = written?;
    if !shown.quiet {
        print(&said(&options.site, &written));
    }
    Ok(0)
}

/// The reporting time zone of the job that computes the records' figures, else of the first.
fn zone(jobs: &[Job]) -> chrono_tz::Tz {
    let of_kpis = jobs.iter().find(|job| job.kind.tables().contains(&"account_kpis"));
    of_kpis.or(jobs.first()).map_or(chrono_tz::UTC, |job| job.settings.timezone)
}

fn said(site: &Path, written: &Written) -> String {
    let Written { as_of, records, missing } = written;
    let mut text = format!("report as of {as_of}: an overview and pages of {records} records\n");
    if !missing.is_empty() {
        text.push_str(&format!("not published, and said so on the pages: {}\n", missing.join(", ")));
    }
    text.push_str("results describe relationships; they must not be used to rate, rank or monitor employees\n");
    text.push_str(&format!("open {}\n", plain::told(&site.join("index.html").display().to_string())));
    text
}
