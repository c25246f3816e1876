//! Pages of what is published, for the command `report` and for jobs of the kind.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;

use super::places;
use crate::config::{Job, JobKind, OutputFormat};
use crate::context::Output;
use crate::error::{Error, Result};
use crate::jobs;
use crate::language::Language;
use crate::plain;
use crate::publish::stored_format;
use crate::report::published::Source;
use crate::report::record::{RecordChoice, owner_folder};
use crate::report::{self, Request, Written, kept};
use crate::storage::{Spool, Storage};

/// Which pages, and the folder that they are written to.
pub(super) struct Pages {
    /// None for the day of `current/`.
    pub date: Option<NaiveDate>,
    pub choice: RecordChoice,
    pub language: Language,
    pub site: PathBuf,
    pub file_mode: u32,
}

/// Writes pages of the tables of these jobs. `progress` is told how many of how many are done, and may end it.
pub(super) fn write(
    jobs: &[Job],
    pages: &Pages,
    spool: &Arc<Spool>,
    progress: &dyn Fn(usize, usize) -> Result<()>,
) -> Result<Written> {
    let jobs: Vec<&Job> = jobs.iter().filter(|job| job.kind != JobKind::Report).collect();
    let outputs: Result<Vec<(&Job, Output)>> =
        jobs.iter().map(|job| Ok((*job, as_stored(job, places::open_output(job, spool)?)?))).collect();
    let outputs = outputs?;
    let sources: Vec<Source<'_>> =
        outputs.iter().map(|(job, output)| Source { job: &job.name, output, tables: job.kind.tables() }).collect();
    let request = Request {
        sources: &sources,
        date: pages.date,
        choice: &pages.choice,
        language: pages.language,
        zone: zone(&jobs),
        dictionary: &jobs::tables_with_subjects(),
        site: &pages.site,
        file_mode: pages.file_mode,
    };
    report::write(&request, progress)
}

/// In a folder of this machine tables are read in the format that they are in, whatever the job would write.
fn as_stored(job: &Job, output: Output) -> Result<Output> {
    let Storage::Local(_) = output.storage else { return Ok(output) };
    let stored = job.kind.tables().iter().map(|table| stored_format(&output.storage, table));
    let stored: Vec<OutputFormat> = stored.collect::<Result<_>>()?;
    let format = if stored.contains(&OutputFormat::Delta) { OutputFormat::Delta } else { OutputFormat::Parquet };
    Ok(Output { format, ..output })
}

/// What a job of the kind `report` is made of.
pub(super) struct OfJob<'a> {
    pub job: &'a Job,
    /// The day of the tables.
    pub day: NaiveDate,
    /// The jobs that publish them.
    pub jobs: &'a [Job],
    pub spool: &'a Arc<Spool>,
    /// May end it.
    pub check_interrupted: &'a dyn Fn() -> Result<()>,
}

impl OfJob<'_> {
    /// Writes what the job asks for. What it says for people.
    ///
    /// # Errors
    /// What keeps a report from being written; those of other owners are written all the same.
    pub(super) fn write(&self) -> Result<String> {
        let site = places::open_site(self.job, self.spool)?;
        let asked: Vec<(Storage, Option<&String>)> = match self.job.settings.pages.owners.as_slice() {
            [] => vec![(site.clone(), None)],
            owners => owners.iter().map(|owner| (site.join(&owner_folder(owner)), Some(owner))).collect(),
        };
        // Reports that the job no longer asks for would show people for ever.
        for old in kept::reports(&site)? {
            let is_asked = asked.iter().any(|(place, _)| kept::is_same(place, &old));
            if !is_asked && !kept::reports(&old)?.is_empty() {
                kept::remove(&old)?;
            }
        }
        let (mut said, mut failed) = (String::new(), None);
        for (place, owner) in &asked {
            match self.write_to(place, *owner) {
                Ok(written) => said.push_str(&told(place, &written)),
                Err(error @ Error::Interrupted(_)) => return Err(error),
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        failed.map_or(Ok(said), Err)
    }

    /// One report, of an owner or of all; for a store by way of a local folder.
    fn write_to(&self, place: &Storage, owner: Option<&String>) -> Result<Written> {
        let settings = &self.job.settings.pages;
        let (site, file_mode) = match place {
            Storage::Local(folder) => (folder.clone(), settings.file_mode),
            Storage::Remote(_) => (self.spool.path("report")?, 0o600),
        };
        let pages = Pages {
            date: Some(self.day),
            choice: RecordChoice {
                owner: owner.cloned(),
                reader: None,
                records: settings.records.clone(),
                top: settings.top.map(|top| top as usize),
            },
            language: settings.language,
            site,
            file_mode,
        };
        let written = write(self.jobs, &pages, self.spool, &|_, _| (self.check_interrupted)())?;
        if let Storage::Remote(remote) = place {
            let uploaded = kept::upload(&pages.site, remote, self.check_interrupted);
            // The spool goes with the command; this only frees the space earlier.
            let _ = fs::remove_dir_all(&pages.site);
            uploaded?;
        }
        Ok(written)
    }
}

/// The reporting time zone of the job that computes the records' figures, else of the first.
fn zone(jobs: &[&Job]) -> chrono_tz::Tz {
    let of_kpis = jobs.iter().find(|job| job.kind.tables().contains(&"account_kpis"));
    of_kpis.or(jobs.first()).map_or(chrono_tz::UTC, |job| job.settings.timezone)
}

/// What was written, and which page to open.
pub(super) fn told(site: &Storage, written: &Written) -> String {
    let Written { as_of, records, missing } = written;
    let mut text = format!("report as of {as_of}: an overview and pages of {records} records\n");
    if !missing.is_empty() {
        text.push_str(&format!("not published, and said so on the pages: {}\n", missing.join(", ")));
    }
    text.push_str("results describe relationships; they must not be used to rate, rank or monitor employees\n");
    text.push_str(&format!("open {}\n", plain::told(&site.join("index.html").to_string())));
    text
}
