//! What all jobs do first: read the lake, and take the days one by one.

use chrono::NaiveDate;

use super::{named_folders, warnings};
use crate::config::Job;
use crate::context::{Progress, RunContext};
use crate::error::Result;
use crate::forget::traces::Traces;
use crate::interactions::dropped_counts::DroppedCounts;
use crate::publish::PublishedTable;
use crate::sources::values::automated_subjects::Beginnings;
use crate::sources::values::email_addresses::CompanyDomains;
use crate::sources::values::seen_domains::SeenDomains;
use crate::sources::{self, Activities, Fetched, InputTable, Lake, Reading, Sources};

pub(super) fn read(job: &Job, lake: &Lake, run: &RunContext<'_>) -> Result<Sources> {
    for warning in named_folders::look(job, lake)? {
        run.report(Progress::PrivacyWarning(&warning));
    }
    let sources = sources::read(lake, &how(job))?;
    report(job, &sources, |input| input.fetched, run)?;
    Ok(sources)
}

/// Says of what an earlier job read what [`read`] would say of it. Nothing is fetched for it again.
pub(super) fn report_again(job: &Job, lake: &Lake, sources: &Sources, run: &RunContext<'_>) -> Result<()> {
    for warning in named_folders::look(job, lake)? {
        run.report(Progress::PrivacyWarning(&warning));
    }
    report(job, sources, |_| None, run)
}

fn report(
    job: &Job,
    sources: &Sources,
    fetched: impl Fn(&InputTable) -> Option<Fetched>,
    run: &RunContext<'_>,
) -> Result<()> {
    for input in &sources.inputs {
        let (files, rows) = (input.files as u64, input.rows_read as u64);
        run.report(Progress::Read { table: input.table, files, rows, fetched: fetched(input) });
    }
    for warning in warnings::of(&job.settings, sources, run.past_until())? {
        run.report(Progress::Warning(&warning));
    }
    run.check_interrupted()
}

/// How the settings of a job want the lake to be read.
pub(super) fn how(job: &Job) -> Reading {
    Reading {
        domains: CompanyDomains::new(&job.settings.company_domains).noting(SeenDomains::default()),
        subjects: job.settings.publish_subjects,
        automated: Beginnings::with(&job.settings.automated_subjects),
    }
}

/// By what the erased are recognised in texts that are about to be published (rule C4).
pub(super) fn erased(job: &Job, sources: &Sources) -> Result<Traces> {
    let domains = CompanyDomains::new(&job.settings.company_domains);
    Traces::of_lake(&sources.records, &sources.deleted, &domains)
}

/// Publishes each day of the lake. The last one may use up what the others share.
pub(super) fn each_day(
    mut sources: Sources,
    days: &[NaiveDate],
    mut publish: impl FnMut(&Sources, Activities, NaiveDate) -> Result<Vec<PublishedTable>>,
) -> Result<Vec<PublishedTable>> {
    let mut published = Vec::new();
    for (at, &day) in days.iter().enumerate() {
        let last = at + 1 == days.len();
        let activities = if last { std::mem::take(&mut sources.activities) } else { sources.activities.clone() };
        published.extend(publish(&sources, activities, day)?);
    }
    Ok(published)
}

pub(super) fn report_dropped(dropped: &DroppedCounts, run: &RunContext<'_>) {
    for (reason, &rows) in dropped {
        run.report(Progress::Dropped { reason, rows });
    }
}
