//! `compare`: what is published against the KPI items that the original has computed itself.

use std::time::Duration;

use super::diff_options::DataFormat;
use super::job_files::load_all;
use super::msdyn::{day, of_records};
use super::msdyn_options::CompareOptions;
use super::places::{self, Places, TemporaryFolder};
use super::session::Session;
use super::signals;
use super::stdout::print;
use crate::config::Job;
use crate::error::{Error, Result};
use crate::msdyn::compare::{self, words};
use crate::msdyn::ours::Ours;
use crate::storage::Location;

pub(super) fn compare(options: &CompareOptions) -> Result<u8> {
    let folder = TemporaryFolder::new();
    // Nothing is written that would have to be brought to an end.
    let session = Session::new(&folder);
    signals::watch(&session, Duration::ZERO).map_err(Error::storage("signal handler"))?;
    let jobs = load_all(&options.source, &[])?;
    let outputs = places::outputs(&jobs, &folder.spool)?;
    let job = of_records(&jobs)?;
    let as_of = day(options.as_of, &outputs, job)?;
    let mut job: Job = job.clone();
    if let Some(items) = &options.items {
        job.input.dataverse = Location::parse(items)
            .map_err(|reason| Error::usage("--items", reason, "Name a folder or a URL of a store"))?;
    }
    let lake = Places::open(&job, &folder.spool)?.lake;
    let found = compare::compare(&Ours { outputs: &outputs, as_of }, &lake, options.limit)?;
    print(&match options.format {
        DataFormat::Text => words::text(&found),
        DataFormat::Json => words::json(&found)?,
        DataFormat::Csv => words::csv(&found)?,
    });
    Ok(0)
}
