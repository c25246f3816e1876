//! A lake resolved as a run does, handed to who asks what it says.

use chrono::NaiveDate;

use super::reading;
use crate::config::{Job, JobKind};
use crate::connections;
use crate::context::{Progress, RunContext};
use crate::error::Result;
use crate::forget::traces::Traces;
use crate::interactions::not_linked::{self, NotLinked};
use crate::interactions::{self, Context, Interactions};
use crate::people::{self, RecordType};
use crate::similar_deals::deals::{self, DealColumns};
use crate::sources::{Activities, Lake, Sources};
use crate::time::AsOf;

/// Who is who and what was held as of a day, and what that was made of.
pub struct Resolved<'a> {
    sources: &'a Sources,
    activities: &'a Activities,
    lake: &'a Lake,
    /// The day, its people and the settings of interactions.
    pub context: &'a Context<'a>,
    /// What was held or is planned.
    pub interactions: &'a Interactions,
    /// Whom nothing may tell of.
    pub erased: &'a Traces,
}

/// Resolves the lake as of a day and lets `look` at it.
///
/// # Errors
/// Whatever is wrong with the lake, and what `look` says.
pub fn with_lake<T>(
    job: &Job,
    lake: &Lake,
    day: NaiveDate,
    run: &RunContext<'_>,
    look: impl FnOnce(&Resolved<'_>) -> Result<T>,
) -> Result<T> {
    run.report(Progress::Phase { name: "reading the lake", as_of: None });
    let sources = reading::read(job, lake, run)?;
    let settings = match job.kind {
        JobKind::WhoKnowsWhom => connections::settings(&job.settings),
        _ => job.settings.clone(),
    };
    let as_of = AsOf { date: day, timezone: settings.timezone };
    run.report(Progress::Phase { name: "resolving people and interactions", as_of: Some(day) });
    let people = people::resolve(&sources, &settings, &as_of)?;
    let mut context = Context::new(&sources, sources.activities.clone(), &people, &settings, as_of)?;
    let interactions = interactions::build(&mut context)?;
    let (activities, erased) = (&sources.activities, reading::erased(job, &sources)?);
    look(&Resolved {
        sources: &sources,
        activities,
        lake,
        context: &context,
        interactions: &interactions,
        erased: &erased,
    })
}

impl Resolved<'_> {
    /// Columns by which deals are compared.
    ///
    /// # Errors
    /// What is wrong with these columns of the lake.
    pub fn deals(&self) -> Result<DealColumns> {
        deals::read(self.lake, &self.context.settings.similar_deals.custom_columns)
    }
}

/// What has to do with a record and does not count for it: interactions, then dropped rows.
///
/// # Errors
/// Only what the engine runs into.
pub fn not_linked(resolved: &Resolved<'_>, record_type: RecordType, id: &str) -> Result<Vec<NotLinked>> {
    let Resolved { sources, activities, context, interactions, .. } = *resolved;
    // A record that was there when the row was published may be gone.
    let Some(record) = context.people.records.number(record_type, id) else { return Ok(Vec::new()) };
    let mut found = not_linked::refused(context, interactions, record)?;
    let mut again = Context::new(sources, activities.clone(), context.people, context.settings, context.as_of)?;
    found.extend(not_linked::dropped_about(&mut again, record)?);
    Ok(found)
}
