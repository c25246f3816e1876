//! How much history stays: what a job removes when it has published, and what `prune` does alone (O7).

use chrono::{DateTime, Utc};

use super::folders;
use crate::config::{Job, Keep};
use crate::context::{Progress, RunContext};
use crate::error::{Error, Result};
use crate::publish::{kept, remove, vacuum};

/// What becomes of a table.
#[derive(Debug)]
pub struct Pruned {
    /// The table.
    pub table: &'static str,
    /// Partitions that stay.
    pub stay: usize,
    /// Partitions that go.
    pub go: usize,
    /// Files of a Delta table that were deleted because they are no part of it any more.
    pub files: usize,
}

/// Removes what the tables that a job has just published no longer keep.
pub(super) fn remove_outdated(job: &Job, context: &RunContext<'_>) -> Result<()> {
    let mut told = false;
    for table in &job.tables {
        let keep = job.retention.of(table);
        if keep == Keep::All {
            continue;
        }
        let outdated = kept(context, table, keep)?.go;
        if !outdated.is_empty() && !told {
            context.report(Progress::Phase { name: "removing what is no longer kept", as_of: None });
            told = true;
        }
        match remove(context, table, &outdated) {
            // Whoever publishes an old partition anew removes it afterwards.
            Err(Error::PartitionBusy { .. }) => {}
            ended => ended?,
        }
    }
    Ok(())
}

/// Removes what every table of a job's kind no longer keeps. Without `apply` only counts.
///
/// # Errors
/// Another run that is publishing what goes, and what storage refuses.
pub fn prune(job: &Job, apply: bool, context: &RunContext<'_>) -> Result<Vec<Pruned>> {
    folders::check(job, context.output)?;
    let tables = job.kind.tables().iter().map(|table| {
        context.check_interrupted()?;
        let outdated = kept(context, table, job.retention.of(table))?;
        if apply {
            remove(context, table, &outdated.go)?;
        }
        Ok(Pruned { table, stay: outdated.stay, go: outdated.go.len(), files: 0 })
    });
    tables.collect()
}

/// Deletes the files that ceased to be part of these Delta tables before `before`, and counts them.
///
/// # Errors
/// What storage refuses.
pub fn delete_old_files(tables: &mut [Pruned], before: DateTime<Utc>, context: &RunContext<'_>) -> Result<()> {
    for pruned in tables {
        context.check_interrupted()?;
        pruned.files = vacuum(context, pruned.table, before)?;
    }
    Ok(())
}
