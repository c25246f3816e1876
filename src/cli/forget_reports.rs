//! Reports and erased people: a report is a copy of published tables, and is written anew once nobody erased is left in
//! them, or deleted where it cannot be.

use chrono::NaiveDate;

use super::events;
use super::job_files::load_all;
use super::options::ForgetOptions;
use super::pages::OfJob;
use super::places;
use super::session::Session;
use super::stdout::print;
use crate::config::{Job, JobKind};
use crate::error::Result;
use crate::plain;
use crate::report::{kept, site};
use crate::storage::Storage;

/// Follows erasures in the reports that are named and in those that jobs of the folder have written. `is_clean` is whether
/// the tables of all jobs were rewritten, without an error. The exit code of what went wrong.
///
/// # Errors
/// Job files that are broken, and reports that cannot be deleted.
pub(super) fn follow(options: &ForgetOptions, is_clean: bool, session: &Session<'_>) -> Result<u8> {
    let mut code = 0;
    for folder in &options.report {
        if options.apply {
            site::remove(folder)?;
        }
        tell(
            &Storage::Local(folder.clone()),
            if options.apply { "deleted; write it anew" } else { "would be deleted" },
        );
    }
    let all = load_all(&options.source, &[])?;
    let (reports, others): (Vec<Job>, Vec<Job>) = all.into_iter().partition(|job| job.kind == JobKind::Report);
    for job in &reports {
        let found = kept::reports(&places::open_site(job, &session.folder.spool)?)?;
        if found.is_empty() {
            continue;
        }
        if !options.apply {
            found.iter().for_each(|report| tell(report, "would be written anew"));
            continue;
        }
        match anew(job, &found, &others, is_clean, session) {
            Ok(true) => found.iter().for_each(|report| tell(report, "written anew")),
            Ok(false) => delete(&found)?,
            Err(error) => {
                events::failure(None, &error);
                code = if code == 0 { error.exit_code() } else { code };
                delete(&found)?;
            }
        }
    }
    Ok(code)
}

/// Writes the reports of a job again, as of the day that they are of. Tables that may still hold somebody are not shown.
fn anew(job: &Job, found: &[Storage], jobs: &[Job], is_clean: bool, session: &Session<'_>) -> Result<bool> {
    if !is_clean {
        return Ok(false);
    }
    let days: Vec<NaiveDate> = found.iter().map(kept::day).collect::<Result<Vec<_>>>()?.into_iter().flatten().collect();
    let Some(day) = days.into_iter().max() else { return Ok(false) };
    OfJob { job, day, jobs, spool: &session.folder.spool, check_interrupted: &|| Ok(()) }.write().map(|_| true)
}

fn delete(found: &[Storage]) -> Result<()> {
    for report in found {
        if !kept::reports(report)?.is_empty() {
            kept::remove(report)?;
            tell(report, "deleted; write it anew");
        }
    }
    Ok(())
}

fn tell(report: &Storage, what: &str) {
    print(&format!("report {}: {what}\n", plain::told(&report.to_string())));
}
