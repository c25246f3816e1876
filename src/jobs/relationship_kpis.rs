//! The KPI tables of accounts, contacts, leads and opportunities, and what they are made of.

use chrono::NaiveDate;

use crate::config::Job;
use crate::context::RunContext;
use crate::error::{Error, Result};
use crate::publish::PublishedTable;
use crate::table::Table;

pub fn run(
    job: &Job,
    _as_of: &[NaiveDate],
    _context: &RunContext<'_>,
) -> Result<Vec<PublishedTable>> {
    Err(Error::Checks {
        message: format!("job {}: not wired yet", job.name),
    })
}

pub fn check(_job: &Job, _context: &RunContext<'_>) -> Result<Vec<String>> {
    Ok(Vec::new())
}

pub fn tables() -> Vec<Table> {
    Vec::new()
}
