//! Jobs that have their lake and their output in common.

use super::tables_with_subjects;
use crate::config::Job;
use crate::context::RunContext;
use crate::forget::{self, Folder};

/// Jobs that read the same lake and publish into the same output. They are forgotten in together:
/// the name of somebody whom one of them published tells who is meant in texts of another.
pub struct SharedLake<'a> {
    /// At least one.
    pub jobs: Vec<&'a Job>,
}

/// The jobs, those with the same lake and output together.
pub fn shared_lakes(jobs: &[Job]) -> Vec<SharedLake<'_>> {
    let mut shared_lakes: Vec<SharedLake<'_>> = Vec::new();
    let input = |job: &Job| (job.input.root.clone(), job.input.dataverse.clone(), job.input.control.clone());
    let alike = |one: &Job, other: &Job| {
        input(one) == input(other)
            && one.output == other.output
            && one.format == other.format
            && one.settings.company_domains == other.settings.company_domains
    };
    for job in jobs {
        match shared_lakes.iter_mut().find(|shared_lake| alike(shared_lake.jobs[0], job)) {
            Some(shared_lake) => shared_lake.jobs.push(job),
            None => shared_lakes.push(SharedLake { jobs: vec![job] }),
        }
    }
    shared_lakes
}

/// The output, with the tables that the jobs can publish and every column that settings add.
pub(super) fn own_folder(shared_lake: &SharedLake<'_>, run: &RunContext<'_>) -> Folder {
    let mut tables = tables_with_subjects();
    tables.retain(|table| shared_lake.jobs.iter().any(|job| job.kind.tables().contains(&table.name)));
    Folder { output: run.output.clone(), tables, personal_data: forget::personal_data }
}
