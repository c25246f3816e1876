//! What each kind of job does. Wiring only.

mod folders;
mod relationship_kpis;

use chrono::NaiveDate;

use crate::config::{Job, JobKind};
use crate::context::RunContext;
use crate::error::Result;
use crate::publish::{PublishedTable, runs_table};
use crate::table::Table;

/// Computes and publishes the days given, in ascending order.
pub fn run(job: &Job, as_of: &[NaiveDate], context: &RunContext<'_>) -> Result<Vec<PublishedTable>> {
    folders::check(job)?;
    match job.kind {
        JobKind::RelationshipKpis => relationship_kpis::run(job, as_of, context),
    }
}

/// Looks at the input as a run would, writes nothing, and returns what a person should know.
pub fn check(job: &Job, context: &RunContext<'_>) -> Result<Vec<String>> {
    folders::check(job)?;
    folders::check_writable(&job.output)?;
    match job.kind {
        JobKind::RelationshipKpis => relationship_kpis::check(job, context),
    }
}

/// Every table that any job publishes.
pub fn tables() -> Vec<Table> {
    let mut tables = relationship_kpis::tables();
    tables.push(runs_table());
    tables
}
