//! Taking erased people out of what jobs have published.

use super::{folders, named_folders, tables_with_subjects};
use crate::config::{Job, JobKind};
use crate::context::{Progress, RunContext};
use crate::error::{Error, Result};
use crate::forget::{self, Forgotten, Request, traces::Traces};
use crate::publish::published_files;
use crate::sources;
use crate::sources::Lake;
use crate::sources::values::email_addresses::CompanyDomains;

/// Jobs that read the same lake and publish into the same output. They are forgotten in together:
/// the name of somebody whom one of them published tells who is meant in texts of another.
pub struct Lakeside<'a> {
    /// At least one.
    pub jobs: Vec<&'a Job>,
}

/// What was forgotten, and what went wrong besides.
pub type Outcome = (Vec<Forgotten>, Vec<Error>);

/// The jobs, those with the same lake and output together.
pub fn lakesides(jobs: &[Job]) -> Vec<Lakeside<'_>> {
    let mut lakesides: Vec<Lakeside<'_>> = Vec::new();
    let input = |job: &Job| (job.input.root.clone(), job.input.dataverse.clone(), job.input.control.clone());
    let alike = |one: &Job, other: &Job| {
        input(one) == input(other)
            && one.output == other.output
            && one.format == other.format
            && one.settings.company_domains == other.settings.company_domains
    };
    for job in jobs {
        match lakesides.iter_mut().find(|lakeside| alike(lakeside.jobs[0], job)) {
            Some(lakeside) => lakeside.jobs.push(job),
            None => lakesides.push(Lakeside { jobs: vec![job] }),
        }
    }
    lakesides
}

/// Takes those whom the lake's control table `erasures` names, and what belongs to them, out of all
/// tables that the jobs can publish. Without `apply` it only counts.
///
/// # Errors
/// Whatever is wrong with the small tables of the lake, before anything is written.
pub fn forget(lakeside: &Lakeside<'_>, lake: &Lake, apply: bool, run: &RunContext<'_>) -> Result<Outcome> {
    let job = lakeside.jobs[0];
    folders::check(job, run.output)?;
    run.report(Progress::Phase { name: "following erasures", as_of: None });
    let domains = CompanyDomains::new(&job.settings.company_domains);
    for warning in named_folders::look(job, lake)? {
        run.report(Progress::PrivacyWarning(&warning));
    }
    let (present, deleted) = sources::read_people(lake, &domains)?;
    let mut traces = Traces::of_lake(&present, &deleted, &domains)?;
    if traces.is_empty() {
        run.report(Progress::PrivacyWarning("erasures: the control table names nobody, so there is nobody to forget"));
        return Ok((Vec::new(), Vec::new()));
    }
    let mut tables = tables_with_subjects();
    tables.retain(|table| lakeside.jobs.iter().any(|job| job.kind.tables().contains(&table.name)));
    let mut published = tables.iter().map(|table| Ok(!published_files(run.output, table.name)?.is_empty()));
    if !published.any(|found: Result<bool>| found.unwrap_or(true)) {
        run.report(Progress::PrivacyWarning(&format!(
            "{}: nothing is published here, so nobody can be forgotten here; see whether it is where runs publish",
            job.output
        )));
    }
    let of_kpis = lakeside.jobs.iter().find(|job| job.kind == JobKind::RelationshipKpis);
    let request = Request {
        tables: &tables,
        emails_need_external_party: of_kpis.is_none_or(|job| job.settings.emails_need_external_party),
        apply,
    };
    forget::forget(&request, &mut traces, run)
}
