//! Taking erased people out of what jobs have published.

use super::shared_lakes::{SharedLake, own_folder};
use super::withdrawing::{self, Found};
use super::{folders, named_folders};
use crate::config::JobKind;
use crate::context::{Progress, RunContext};
use crate::error::{Error, Result};
use crate::forget::{self, Folder, ForgetRequest, Forgotten, traces::Traces};
use crate::publish::published_files;
use crate::sources;
use crate::sources::Lake;
use crate::sources::values::email_addresses::CompanyDomains;
use chrono::NaiveDate;

/// What was forgotten, and what went wrong besides.
#[derive(Default)]
pub struct Outcome {
    /// What was found in files, or done to them.
    pub forgotten: Vec<Forgotten>,
    /// Days that were computed again, or would be, since they rest on what of Exchange may no longer be used (rule C6).
    pub computed: Vec<NaiveDate>,
    /// What went wrong.
    pub errors: Vec<Error>,
}

/// What was made of the jobs' tables and is published beside them.
pub struct Copies<'a> {
    /// Where it lies.
    pub folders: Vec<Folder>,
    /// Makes that of some days again, once their tables were computed again.
    pub renew: &'a dyn Fn(&[NaiveDate]) -> Result<()>,
}

/// Takes those whom the lake's control table `erasures` names or Dataverse opts out, and what belongs to them, out of
/// all tables that the jobs can publish and the copies of them, and what only mailboxes gave that may no longer be used. Days that rest on
/// the latter are computed again. Without `apply` it only counts.
///
/// # Errors
/// Whatever is wrong with the lake, before anything is written.
pub fn forget(
    shared_lake: &SharedLake<'_>,
    lake: &Lake,
    copies: Copies<'_>,
    apply: bool,
    run: &RunContext<'_>,
) -> Result<Outcome> {
    let job = shared_lake.jobs[0];
    folders::check(job, run.output)?;
    run.report(Progress::Phase { name: "following erasures", as_of: None });
    let domains = CompanyDomains::new(&job.settings.company_domains);
    for warning in named_folders::look(job, lake)? {
        run.report(Progress::PrivacyWarning(&warning));
    }
    let (present, deleted) = sources::read_people(lake, &domains)?;
    let mut traces = Traces::of_lake(&present, &deleted, &domains)?;
    let own = own_folder(shared_lake, run);
    let mut published = own.tables.iter().map(|table| Ok(!published_files(run.output, table.name)?.is_empty()));
    if !published.any(|found: Result<bool>| found.unwrap_or(true)) {
        run.report(Progress::PrivacyWarning(&format!(
            "{}: nothing is published here, so nobody can be forgotten here; see whether it is where runs publish",
            job.output
        )));
    }
    let mut errors = Vec::new();
    let mut found = match withdrawing::find(shared_lake, lake, &present, run) {
        Ok(found) => found,
        Err(error @ Error::Interrupted(_)) => return Err(error),
        // Erasures need no more of the lake than its people.
        Err(error) => {
            errors.push(error);
            Found::default()
        }
    };
    if traces.is_empty() && found.withdrawn.is_nothing() {
        run.report(Progress::PrivacyWarning("erasures: the control table names nobody, so there is nobody to forget"));
        return Ok(Outcome { errors, ..Outcome::default() });
    }
    tell(&found, run);
    if apply && !found.days.is_empty() {
        match withdrawing::compute_again(shared_lake, &found, copies.renew, lake, run) {
            Ok(()) => {}
            Err(error @ Error::Interrupted(_)) => return Err(error),
            Err(error) => {
                // What is left tells a later call what to do.
                found = Found::default();
                errors.push(error);
            }
        }
    }
    let of_kpis = shared_lake.jobs.iter().find(|job| job.kind == JobKind::RelationshipKpis);
    let folders: Vec<Folder> = std::iter::once(own).chain(copies.folders).collect();
    let request = ForgetRequest {
        folders: &folders,
        emails_need_external_party: of_kpis.is_none_or(|job| job.settings.emails_need_external_party),
        withdrawn: &found.withdrawn,
        apply,
    };
    let (forgotten, further) = forget::forget(&request, &mut traces, run)?;
    errors.extend(further);
    Ok(Outcome { forgotten, computed: found.days, errors })
}

/// What a person has to know of days that rest on what may no longer be used.
fn tell(found: &Found, run: &RunContext<'_>) {
    if let (Some(first), Some(last)) = (found.beyond.first(), found.beyond.last()) {
        run.report(Progress::PrivacyWarning(&format!(
            "{} published days from {first} to {last} rest on mailboxes that may no longer be used, but the lake no longer \
             holds the rest of what they are made of: emails and meetings of these mailboxes go, numbers stay. Remove \
             the partitions, or give the lake its history back and run rapport backfill",
            found.beyond.len()
        )));
    }
}
