//! A part of the interactions of a job's day, built by itself, for the run that puts all of them together.

use chrono::NaiveDate;

use super::readings::Readings;
use super::resolving::Resolving;
use super::similar_won_deals;
use crate::config::{Job, JobKind};
use crate::connections;
use crate::context::RunContext;
use crate::error::{Error, Result};
use crate::interactions::parts::{Manifest, PartOf};
use crate::interactions::{self, Build};
use crate::sources::Lake;

/// Builds a part of what a job's day needs and puts it into the work folder of `lake`'s scratch.
///
/// # Errors
/// Whatever is wrong with the lake; a job without interactions; a folder or store that refuses.
pub fn stage(job: &Job, lake: &Lake, date: NaiveDate, part: PartOf, run: &RunContext<'_>) -> Result<Manifest> {
    let mut settings = job.settings.clone();
    let (build, date): (Build, NaiveDate) = match job.kind {
        JobKind::RelationshipKpis => (interactions::build, date),
        JobKind::SimilarWonDeals => (interactions::build, *similar_won_deals::weeks(&[date])?.last().unwrap_or(&date)),
        JobKind::WhoKnowsWhom => {
            settings = connections::settings(&settings);
            (interactions::build_unlinked, date)
        }
        JobKind::Report => {
            let message = format!("{} is a report, which has no parts", job.name);
            return Err(Error::usage("JOB", message, "Name a job that reads the lake; rapport list shows them"));
        }
    };
    let mut sources = Readings::default().sources(job, lake, run)?;
    let activities = std::mem::take(&mut sources.activities);
    Resolving { job, settings: &settings, sources: &sources, build, date }.stage(activities, part, lake, run)
}
