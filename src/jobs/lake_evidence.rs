//! What only the lake says of interactions: read and resolved as a run does, and handed to who asks.

use chrono::NaiveDate;
use polars::prelude::*;

use super::reading;
use crate::config::Job;
use crate::context::{Progress, RunContext};
use crate::error::{Error, Result};
use crate::interactions::event::{ENGAGEMENT, FOLLOWED, INTERACTION_ID};
use crate::interactions::not_linked::{self, NotLinked};
use crate::interactions::{self, Context, Interactions};
use crate::people::{self, RecordType};
use crate::sources::{Activities, Lake, Sources};
use crate::time::AsOf;

/// Resolves the lake as of a day and lets `look` at it, and at the activities that it was made of.
fn resolved<T>(
    job: &Job,
    lake: &Lake,
    day: NaiveDate,
    run: &RunContext<'_>,
    look: impl FnOnce((&Sources, &Activities), &Context, &Interactions) -> Result<T>,
) -> Result<T> {
    run.report(Progress::Phase { name: "reading the lake", as_of: None });
    let sources = reading::read(job, lake, run)?;
    let as_of = AsOf { date: day, timezone: job.settings.timezone };
    run.report(Progress::Phase { name: "resolving people and interactions", as_of: Some(day) });
    let people = people::resolve(&sources, &job.settings, &as_of)?;
    let mut context = Context::new(&sources, sources.activities.clone(), &people, &job.settings, as_of)?;
    let interactions = interactions::build(&mut context)?;
    look((&sources, &sources.activities), &context, &interactions)
}

/// What readers did with followed emails, of interactions by their ids: [`INTERACTION_ID`], [`FOLLOWED`], [`ENGAGEMENT`].
///
/// # Errors
/// Whatever is wrong with the lake.
pub fn engagement(job: &Job, lake: &Lake, day: NaiveDate, ids: &[String], run: &RunContext<'_>) -> Result<DataFrame> {
    resolved(job, lake, day, run, |_, _, interactions| {
        let ids = Series::new("ids".into(), ids);
        let mut columns = vec![col(INTERACTION_ID), col(FOLLOWED)];
        columns.extend(ENGAGEMENT.map(col));
        let own = interactions.table.clone().lazy().filter(col(INTERACTION_ID).is_in(lit(ids).implode(false), false));
        own.select(columns).collect().map_err(Error::engine("engagement of emails"))
    })
}

/// What has to do with a record and does not count for it: interactions, then dropped rows.
///
/// # Errors
/// Whatever is wrong with the lake.
pub fn not_linked(
    job: &Job,
    lake: &Lake,
    day: NaiveDate,
    record_type: RecordType,
    id: &str,
    run: &RunContext<'_>,
) -> Result<Vec<NotLinked>> {
    resolved(job, lake, day, run, |(sources, activities), context, interactions| {
        // A record that was there when the row was published may be gone.
        let Some(record) = context.people.records.number(record_type, id) else { return Ok(Vec::new()) };
        let mut found = not_linked::refused(context, interactions, record)?;
        let mut again = Context::new(sources, activities.clone(), context.people, context.settings, context.as_of)?;
        found.extend(not_linked::dropped_about(&mut again, record)?);
        Ok(found)
    })
}
