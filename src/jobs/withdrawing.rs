//! What of Exchange was published and may no longer be used, and computing again the days that rest on it (rule C6).

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDate;
use polars::prelude::DataFrame;

use super::reading;
use super::shared_lakes::SharedLake;
use crate::config::{Job, JobKind};
use crate::context::{Output, Progress, RunContext};
use crate::error::{Error, Result};
use crate::forget::withdrawn::{Resting, Withdrawn, days_resting_on};
use crate::frames::typed_columns::texts;
use crate::interactions::event::{IN_EXCHANGE, INTERACTION_ID};
use crate::interactions::{self, Context};
use crate::people;
use crate::publish::published_files;
use crate::sources::{Lake, SmallTables, Sources, contract};
use crate::time::AsOf;

/// Of a day's other interactions the share that the lake may have lost before computing the day again would lose more
/// than it takes out.
const LOST: f64 = 0.1;

/// What may no longer be used, and which days rest on it.
#[derive(Default)]
pub(super) struct Found {
    /// What may no longer be used.
    pub withdrawn: Withdrawn,
    /// Days that can be computed again.
    pub days: Vec<NaiveDate>,
    /// Days whose interactions the lake does not hold any more.
    pub beyond: Vec<NaiveDate>,
    /// A day before which nothing was held of what may no longer be used.
    pub since: Option<NaiveDate>,
}

/// Days of a job that are due to be computed again, and the tables that are published of them.
struct Due {
    days: Vec<NaiveDate>,
    tables: Vec<String>,
}

/// Compares what the lake gives with what it gave when nobody had opted out, or, without consent, with nothing of
/// Exchange. `small` are the lake's small tables.
///
/// # Errors
/// Whatever is wrong with the lake, and what storage refuses.
pub(super) fn find(
    shared_lake: &SharedLake<'_>,
    lake: &Lake,
    small: &SmallTables,
    run: &RunContext<'_>,
) -> Result<Found> {
    let job = of_kpis(shared_lake);
    let partitions = partitions(run.output, shared_lake.jobs.iter().copied())?;
    let Some(&newest) = partitions.keys().last() else { return Ok(Found::default()) };
    let has_opt_outs = small[contract::OPT_OUTS.name].height() > 0;
    if !job.settings.consent {
        let withdrawn = Withdrawn { all: true, ..Withdrawn::default() };
        if days_resting_on(run.output, &withdrawn, &HashSet::new())?.is_empty() {
            return Ok(Found::default());
        }
        let sources = reading::read(job, lake, run)?;
        let given = given(&sources, job, newest)?;
        return found(withdrawn, &ids(&given)?, run);
    }
    if !has_opt_outs {
        return Ok(Found::default());
    }
    run.report(Progress::Phase { name: "following opt-outs", as_of: None });
    let sources = reading::read(job, lake, run)?;
    let now = given(&sources, job, newest)?;
    let mut without = sources;
    if let Some(opt_outs) = without.records.get_mut(contract::OPT_OUTS.name) {
        *opt_outs = opt_outs.clear();
    }
    let then = of_exchange(&given(&without, job, newest)?)?;
    let (given, still) = (ids(&now)?, of_exchange(&now)?);
    let mut withdrawn = Withdrawn::default();
    for id in then.into_iter().filter(|id| !still.contains(id)) {
        if given.contains(&id) {
            withdrawn.kept.insert(id)
        } else {
            withdrawn.gone.insert(id)
        };
    }
    found(withdrawn, &given, run)
}

fn found(withdrawn: Withdrawn, given: &HashSet<String>, run: &RunContext<'_>) -> Result<Found> {
    let resting = days_resting_on(run.output, &withdrawn, given)?;
    let since = resting.iter().map(|resting| resting.since).min();
    let is_lost = |day: &Resting| day.lost as f64 > LOST * day.others as f64;
    let (beyond, days): (Vec<Resting>, Vec<Resting>) = resting.into_iter().partition(is_lost);
    let dates = |days: Vec<Resting>| days.into_iter().map(|resting| resting.day).collect();
    Ok(Found { withdrawn, days: dates(days), beyond: dates(beyond), since })
}

fn of_kpis<'a>(shared_lake: &SharedLake<'a>) -> &'a Job {
    shared_lake.jobs.iter().find(|job| job.kind == JobKind::RelationshipKpis).unwrap_or(&shared_lake.jobs[0])
}

/// The interactions as of a day, as far as they name themselves.
fn given(sources: &Sources, job: &Job, day: NaiveDate) -> Result<DataFrame> {
    let as_of = AsOf { date: day, timezone: job.settings.timezone };
    let people = people::resolve(sources, &job.settings, &as_of)?;
    let mut context = Context::new(sources, sources.activities.clone(), &people, &job.settings, as_of)?;
    let table = interactions::build_unlinked(&mut context)?.table;
    table.select([INTERACTION_ID, IN_EXCHANGE]).map_err(Error::engine("interactions of the lake"))
}

fn ids(interactions: &DataFrame) -> Result<HashSet<String>> {
    Ok(texts(interactions, INTERACTION_ID)?.iter().flatten().map(str::to_string).collect())
}

fn of_exchange(interactions: &DataFrame) -> Result<HashSet<String>> {
    let flags = interactions.column(IN_EXCHANGE).and_then(|flags| flags.bool().cloned());
    let flags = flags.map_err(Error::engine("interactions of the lake"))?;
    let ids = texts(interactions, INTERACTION_ID)?;
    let held = ids.iter().zip(flags.iter()).filter(|(_, flag)| *flag == Some(true));
    Ok(held.filter_map(|(id, _)| id.map(str::to_string)).collect())
}

/// The tables that are published of each day, of weekly ones of the last day of the week.
fn partitions<'a>(
    output: &Output,
    jobs: impl Iterator<Item = &'a Job>,
) -> Result<BTreeMap<NaiveDate, Vec<&'static str>>> {
    let mut found: BTreeMap<NaiveDate, Vec<&'static str>> = BTreeMap::new();
    for table in jobs.flat_map(|job| job.kind.tables()) {
        for day in published_files(output, table)?.iter().filter_map(|file| file.partition()?.day()) {
            found.entry(day).or_default().push(table);
        }
    }
    Ok(found)
}

/// What of a job rests on the same: its partitions of these days, and those since then of which no table of
/// interactions says what they rest on. Days with the same tables together.
fn due(job: &Job, found: &Found, output: &Output) -> Result<Vec<Due>> {
    let Some(since) = found.since else { return Ok(Vec::new()) };
    let told: HashSet<NaiveDate> =
        published_files(output, "interactions")?.iter().filter_map(|file| file.partition()?.day()).collect();
    let mut due: BTreeMap<Vec<&'static str>, Vec<NaiveDate>> = BTreeMap::new();
    for (day, tables) in partitions(output, std::iter::once(job))? {
        if found.days.contains(&day) || (day >= since && !told.contains(&day)) {
            due.entry(tables).or_default().push(day);
        }
    }
    let owned = |tables: Vec<&'static str>| tables.into_iter().map(str::to_string).collect();
    Ok(due.into_iter().map(|(tables, days)| Due { days, tables: owned(tables) }).collect())
}

/// Computes again what rests on these days. `renew` makes again what was made of these tables. The tables of interactions
/// come last: until
/// then they tell what is left to do, also to a later call where this one is killed.
///
/// # Errors
/// Whatever a run meets.
pub(super) fn compute_again(
    shared_lake: &SharedLake<'_>,
    found: &Found,
    renew: &dyn Fn(&[NaiveDate]) -> Result<()>,
    lake: &Lake,
    run: &RunContext<'_>,
) -> Result<()> {
    for last in [false, true] {
        if last {
            renew(&found.days)?;
        }
        for job in &shared_lake.jobs {
            for Due { days, mut tables } in due(job, found, run.output)? {
                tables.retain(|table| (table == "interactions") == last);
                if !tables.is_empty() {
                    let job = Job { tables, ..(*job).clone() };
                    super::run(&job, lake, &days, run)?;
                }
            }
        }
    }
    Ok(())
}
