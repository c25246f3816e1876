//! What jobs have published about a person.

use std::io::Write;

use super::shared_lakes::{SharedLake, own_folder};
use super::{folders, named_folders};
use crate::context::{Progress, RunContext};
use crate::error::Result;
use crate::forget::Folder;
use crate::forget::export::{self, ExportRequest, Exported};
use crate::forget::traces::Traces;
use crate::people::erasures::{self, Erased};
use crate::sources;
use crate::sources::Lake;
use crate::sources::values::email_addresses::CompanyDomains;
use crate::sources::values::ids;

/// Writes every published row that names or concerns the people whom `subjects` name by id or address, and what belongs
/// to them as erasures follow it (rule C6). `copies` are folders with what was made of the jobs' tables.
///
/// # Errors
/// Whatever is wrong with the small tables of the lake, trouble of the storage, and a writer that fails.
pub fn export(
    shared_lake: &SharedLake<'_>,
    lake: &Lake,
    subjects: &[String],
    copies: Vec<Folder>,
    run: &RunContext<'_>,
    out: &mut dyn Write,
) -> Result<Exported> {
    let job = shared_lake.jobs[0];
    folders::check(job, run.output)?;
    run.report(Progress::Phase { name: "following the person", as_of: None });
    let domains = CompanyDomains::new(&job.settings.company_domains);
    for warning in named_folders::look(job, lake)? {
        run.report(Progress::PrivacyWarning(&warning));
    }
    let (present, deleted) = sources::read_people(lake, &domains)?;
    let mut named = Erased::default();
    for subject in subjects {
        if subject.contains('@') {
            named.addresses.extend(domains.address(subject));
        } else {
            named.ids.insert(ids::canonical(subject));
        }
    }
    let person = erasures::follow_from(named, &present, &domains)?;
    let mut traces = Traces::of(person, &present, &deleted, &domains)?;
    let names: Vec<&str> = shared_lake.jobs.iter().map(|job| job.name.as_str()).collect();
    let output = job.output.to_string();
    let folders: Vec<Folder> = std::iter::once(own_folder(shared_lake, run)).chain(copies).collect();
    let request = ExportRequest { jobs: &names, output: &output, folders: &folders };
    export::export(&request, &mut traces, run, out)
}
