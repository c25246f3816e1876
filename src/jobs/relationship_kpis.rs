//! The daily job: KPI tables, daily activity, top contacts, and the interactions behind them.

use std::iter::once_with;
use std::panic::resume_unwind;
use std::thread;

use chrono::NaiveDate;

use super::published_day::{Day, collect, publishes};
use super::readings::{Readings, Resolved};
use super::record_sums::{OfDay, Settled, Shared};
use super::record_tables;
use super::resolving::{Resolution, Resolving};
use super::{backfill, reading, who_may_see};
use crate::access;
use crate::attention;
use crate::changes::{self, Change};
use crate::config::Job;
use crate::context::{Progress, RunContext};
use crate::error::Result;
use crate::forget::traces::Traces;
use crate::interactions::history::{DayOfHistory, Wanted};
use crate::interactions::tables::Dictionaries;
use crate::interactions::{
    self, Build, Context, Interactions, dropped_counts, record_links, tables as interaction_tables,
};
use crate::publish::{self, Partition, PublishedTable};
use crate::quality::freshness::Freshness;
use crate::quality::{self, measures};
use crate::similar_deals::deals::{self, DealColumns};
use crate::sources::{Lake, Shares, Sources};
use crate::summaries;
use crate::table::Rows;
use crate::time::AsOf;

/// Rows that are formatted for publishing at a time.
const CHUNK: usize = publish::ROWS_PER_GROUP;

/// Reads the lake once and publishes each day's tables.
///
/// # Errors
/// Whatever is wrong with the lake, before anything is written; what storage refuses, table by table.
pub fn run(
    readings: &mut Readings,
    job: &Job,
    lake: &Lake,
    as_of: &[NaiveDate],
    run: &RunContext<'_>,
) -> Result<Vec<PublishedTable>> {
    run.report(Progress::Steps(1 + as_of.len() as u64 * (2 + job.tables.len() as u64)));
    let mut sources = readings.sources(job, lake, run)?;
    let deals = if publishes(job, &summaries::table()) || publishes(job, &attention::table::table()) {
        Some(deals::read(lake, &job.settings.similar_deals.custom_columns)?)
    } else {
        None
    };
    let shares =
        if publishes(job, &access::table()) { Some(who_may_see::shares(job, lake, &sources, run)?) } else { None };
    let erased = reading::erased(job, &sources)?;
    let beside = Beside { deals: deals.as_ref(), shares: shares.as_ref(), erased: &erased };
    let activities = std::mem::take(&mut sources.activities);
    if let [date] = as_of {
        let (settings, build) = (&job.settings, interactions::build);
        let resolving = Resolving { job, settings, sources: &sources, build, date: *date };
        let Resolution { people, freshness, interactions, staged } = resolving.resolve(activities, lake, run)?;
        let resolved = Resolved { job: job.clone(), date: *date, people, freshness, interactions };
        let Resolved { people, freshness, interactions, .. } = &resolved;
        let dropped = &dropped_counts::count(&interactions.dropped)?;
        let of_day = OfDay { people, freshness, interactions, dropped, shared: None };
        let published = publish_day(job, &sources, &beside, &of_day, *date, run)?;
        staged.map_or(Ok(()), |staged| staged.remove())?;
        readings.keep(resolved);
        return Ok(published);
    }
    let wanted = if record_tables::are_made_of_sums(job) { Wanted::Described } else { Wanted::All };
    let how: (Build, Wanted) = (interactions::build, wanted);
    let mut days = backfill::Days::of(&sources, activities, &job.settings, how, as_of, lake.scratch());
    let (mut published, mut settled) = (Vec::new(), None);
    for &date in as_of {
        settled.take_if(|_| days.begins_period(date));
        let (day, freshness) = days.resolve(date, run)?;
        if let (None, Some(period)) = (&settled, days.period()) {
            settled = Some((Settled::of(job, &sources, period)?, period.first));
        }
        let shared = settled.as_ref().map(|(settled, first)| Shared { settled, first: *first, day: &day });
        let DayOfHistory { people, interactions, dropped, .. } = &day;
        let of_day = OfDay { people, freshness: &freshness, interactions, dropped, shared: shared.as_ref() };
        let publish = || publish_day(job, &sources, &beside, &of_day, date, run);
        published.extend(days.beside_next(date, publish)?);
    }
    Ok(published)
}

/// What is read beside what all jobs read, where a table asks for it, and by what the erased are recognised.
struct Beside<'a> {
    deals: Option<&'a DealColumns>,
    shares: Option<&'a Shares>,
    erased: &'a Traces,
}

fn publish_day(
    job: &Job,
    sources: &Sources,
    Beside { deals, shares, erased }: &Beside<'_>,
    of_day: &OfDay<'_>,
    date: NaiveDate,
    run: &RunContext<'_>,
) -> Result<Vec<PublishedTable>> {
    let &OfDay { people, freshness, interactions, dropped, shared } = of_day;
    let settings = &job.settings;
    let as_of = AsOf { date, timezone: settings.timezone };
    let context = Context::without_activities(sources, people, settings, as_of);
    reading::report_dropped(dropped, run);
    run.check_interrupted()?;
    run.report(Progress::Phase { name: "computing and publishing", as_of: Some(date) });
    let lists = Dictionaries::of(&context)?;
    let earlier = changes::compared_to(settings, &as_of).filter(|_| publishes(job, &changes::table()));
    let day = Day { job, run, erased, earlier, partition: Partition::as_of(date), scratch: &interactions.scratch };
    let interactions_and_coverage = || match shared {
        // Nothing asks for more of the interactions than what was added up.
        Some(_) if record_tables::are_made_of_sums(job) => Ok((Vec::new(), Vec::new())),
        _ => day.publish_interactions(&context, interactions, &lists, freshness),
    };
    // Neither computing nor writing keeps all cores busy; both at once do, where memory has room for both.
    let (of_records, of_interactions) = thread::scope(|scope| {
        let beside = (!interactions.scratch.is_limited()).then(|| scope.spawn(interactions_and_coverage));
        let records = day.publish_records(&context, of_day, &lists, *deals);
        let beside = beside.map(|beside| beside.join().unwrap_or_else(|panic| resume_unwind(panic)));
        (records, beside)
    });
    let (records, mut changed) = of_records?;
    let (of_interactions, of_connections) = of_interactions.unwrap_or_else(interactions_and_coverage)?;
    changed.extend(of_connections);
    let access = shares.map(|shares| day.publish_access(&context, &lists, shares)).transpose()?;
    let access: Vec<PublishedTable> = access.into_iter().flatten().collect();
    Ok([records, of_interactions, day.publish_changes(&context, changed)?, access].concat())
}

impl Day<'_> {
    /// Publishes the interactions, what is none, and how well relationships are covered. Says which connections changed.
    fn publish_interactions(
        &self,
        context: &Context,
        interactions: &Interactions,
        lists: &Dictionaries,
        freshness: &Freshness,
    ) -> Result<(Vec<PublishedTable>, Vec<Change>)> {
        let mut published = Vec::new();
        let ids = &interaction_tables::ids(interactions)?;
        let mut chunks = offsets(interactions.table.height())
            .map(|offset| interaction_tables::interactions(interactions, ids, lists, offset, CHUNK));
        published.extend(self.replace(&interaction_tables::interactions_table(), &mut chunks)?);
        let mut chunks = record_links::whole_interactions(&interactions.links, CHUNK)?
            .into_iter()
            .map(|rows| interaction_tables::interaction_records(context, interactions, ids, lists, rows));
        published.extend(self.replace(&interaction_tables::interaction_records_table(), &mut chunks)?);
        let table = interaction_tables::dropped_activities_table();
        let rows = || collect(&table, Ok(interaction_tables::dropped_activities(interactions)));
        published.extend(self.replace(&table, &mut once_with(rows))?);
        let measures = measures::measures(context, interactions, freshness)?;
        measures.iter().for_each(|measure| self.run.report(Progress::Quality(measure)));
        let rows = || quality::data_quality::data_quality(&measures).map(Rows::from);
        published.extend(self.replace(&quality::data_quality::table(), &mut once_with(rows))?);
        let (coverage, changed) = self.publish_coverage(context, interactions)?;
        published.extend(coverage);
        Ok((published, changed))
    }
}

/// Where chunks begin; a table without rows is one empty chunk.
fn offsets(rows: usize) -> impl Iterator<Item = usize> {
    (0..rows.max(1)).step_by(CHUNK)
}
