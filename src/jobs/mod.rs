//! What each kind of job does. Wiring only.
//!
//! - `relationship_kpis` (with `published_records` and `coverage_and_changes`), `who_knows_whom` and `similar_won_deals`
//!   publish the tables of their jobs.
//! - Before that, `reading` and `readings` read the lake, `resolving` finds people and interactions of one day, `backfill`
//!   of many, and `staging` a part of a day for another process.
//! - `checking`, `warnings`, `absent` and `unmatched_lookups` say what is wrong with a lake or missing in it.
//! - `forgetting`, `withdrawing`, `exporting` and `keeping` work on what was published.

mod absent;
mod backfill;
mod checking;
mod coverage_and_changes;
mod exporting;
mod folders;
mod forgetting;
mod keeping;
mod lake_evidence;
mod named_folders;
mod published_day;
mod published_records;
mod reading;
mod readings;
mod record_sums;
mod record_tables;
mod relationship_kpis;
mod resolving;
mod shared_lakes;
mod similar_won_deals;
mod staging;
mod unmatched_lookups;
mod warnings;
mod who_knows_whom;
mod who_may_see;
mod withdrawing;

pub use checking::{Findings, alike, check, check_folders};
pub use exporting::export;
pub use forgetting::{Copies, Outcome, forget};
pub use keeping::{Pruned, delete_old_files, prune};
pub use lake_evidence::{Resolved, not_linked, with_lake};
pub use readings::Readings;
pub use shared_lakes::{SharedLake, shared_lakes};
pub use staging::stage;

use chrono::NaiveDate;

use crate::config::{Job, JobKind};
use crate::context::{Output, Progress, RunContext};
use crate::dictionary::SharedColumns;
use crate::error::Result;
use crate::health;
use crate::kpi_tables::record_kpis;
use crate::people::RecordType;
use crate::publish::{PublishedTable, runs_table};
use crate::sources::Lake;
use crate::table::Table;

/// Computes and publishes the days given, in ascending order.
pub fn run(job: &Job, lake: &Lake, as_of: &[NaiveDate], context: &RunContext<'_>) -> Result<Vec<PublishedTable>> {
    run_with(&mut Readings::default(), job, lake, as_of, context)
}

/// The same, sharing with the other jobs of a command what they read alike.
pub fn run_with(
    readings: &mut Readings,
    job: &Job,
    lake: &Lake,
    as_of: &[NaiveDate],
    context: &RunContext<'_>,
) -> Result<Vec<PublishedTable>> {
    readings.begin(job);
    folders::check(job, context.output)?;
    if let Some(future) = as_of.last().filter(|&&day| day > context.today()) {
        context.report(Progress::Warning(&format!(
            "{future} lies in the future, and nothing is known of it but plans: its results are published under its \
             date, and current/ stays as it is. Check --as-of"
        )));
    }
    let published = match job.kind {
        JobKind::RelationshipKpis => relationship_kpis::run(readings, job, lake, as_of, context),
        JobKind::WhoKnowsWhom => who_knows_whom::run(readings, job, lake, as_of, context),
        JobKind::SimilarWonDeals => similar_won_deals::run(readings, job, lake, as_of, context),
        // It reads no lake and publishes no table; the command line makes it of the other jobs of the folder.
        JobKind::Report => Ok(Vec::new()),
    }?;
    keeping::remove_outdated(job, context)?;
    Ok(published)
}

/// Whether a run of the job that failed may leave its row in the output.
///
/// # Errors
/// A store that does not say what it has.
pub fn takes_rows_of_failed_runs(job: &Job, output: &Output) -> Result<bool> {
    folders::takes_rows_of_failed_runs(job, &output.storage)
}

/// Every table that any job publishes.
pub fn tables() -> Vec<Table> {
    let mut tables = record_tables::tables();
    tables.extend(who_knows_whom::tables());
    tables.extend(similar_won_deals::tables());
    let mut tables: Vec<Table> = tables.into_iter().map(Table::dated).collect();
    tables.push(runs_table());
    tables
}

/// The same, with the columns that `publish_subjects` adds.
pub fn tables_with_subjects() -> Vec<Table> {
    let mut tables = tables();
    for record_type in RecordType::ALL {
        let with_subjects = record_tables::kpi_table(record_type, true).dated();
        tables
            .iter_mut()
            .filter(|table| table.name == with_subjects.name)
            .for_each(|table| *table = with_subjects.clone());
    }
    tables
}

/// The columns that the tables of every record type have in common.
pub fn kpi_columns() -> SharedColumns {
    SharedColumns {
        heading: "Columns of every KPI table",
        columns: record_kpis::shared_columns(&health::columns::declared()),
    }
}
