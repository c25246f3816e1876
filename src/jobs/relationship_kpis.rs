//! The daily job: KPI tables, daily activity, top contacts, and the interactions behind them.

use std::collections::HashMap;
use std::iter::once_with;
use std::panic::resume_unwind;
use std::thread;

use chrono::NaiveDate;
use polars::prelude::DataFrame;

use super::coverage_and_changes::HealthOfDay;
use super::published_day::{Day, collect, publishes};
use super::readings::{Readings, Resolved};
use super::record_sums::{Needs, RecordSums, Settled, Shared};
use super::record_tables::{self, kpi_table};
use super::resolving::{Resolution, Resolving};
use super::{backfill, reading, who_may_see};
use crate::access;
use crate::attention;
use crate::chances::{self, Calibration};
use crate::changes::{self, Change};
use crate::config::Job;
use crate::connections;
use crate::context::{Progress, RunContext};
use crate::dimensions;
use crate::error::{Error, Result};
use crate::forget::traces::Traces;
use crate::health::{self, chance};
use crate::interactions::history::{DayOfHistory, Wanted};
use crate::interactions::tables::Dictionaries;
use crate::interactions::{self, Build, Context, Interactions, record_links, tables as interaction_tables};
use crate::kpi_tables::{daily_activity, record_kpis, top_contacts};
use crate::people::{People, RecordType, record_details};
use crate::publish::{self, Partition, PublishedTable};
use crate::quality::freshness::Freshness;
use crate::quality::{self, measures};
use crate::similar_deals::at_same_age;
use crate::similar_deals::deals::{self, DealColumns};
use crate::sources::{Lake, Shares, Sources};
use crate::summaries::{self, main_people::MainPeople, response_times};
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
        let resolving = Resolving { job, settings: &job.settings, build: interactions::build, date: *date };
        let Resolution { people, freshness, interactions, staged } =
            resolving.resolve((&sources, activities), lake, run)?;
        let resolved = Resolved { job: job.clone(), date: *date, people, freshness, interactions };
        let Resolved { people, freshness, interactions, .. } = &resolved;
        let published =
            publish_day(job, &sources, &beside, &OfDay { people, freshness, interactions, shared: None }, *date, run)?;
        staged.map_or(Ok(()), |staged| staged.remove())?;
        readings.keep(resolved);
        return Ok(published);
    }
    let wanted = if record_tables::are_made_of_sums(job) { Wanted::Described } else { Wanted::All };
    let how: (Build, Wanted) = (interactions::build, wanted);
    let mut days = backfill::Days::of((&sources, activities), &job.settings, how, as_of, lake.scratch())?;
    let (mut published, mut settled) = (Vec::new(), None);
    for &date in as_of {
        settled.take_if(|_| days.begins_period(date));
        let (day, freshness) = days.resolve(date, run)?;
        if let (None, Some(period)) = (&settled, days.period()) {
            settled = Some((Settled::of(job, &sources, period)?, period.first));
        }
        let shared = settled.as_ref().map(|(settled, first)| Shared { settled, first: *first, day: &day });
        let DayOfHistory { people, interactions, .. } = &day;
        let of_day = OfDay { people, freshness: &freshness, interactions, shared: shared.as_ref() };
        let publish = || publish_day(job, &sources, &beside, &of_day, date, run);
        published.extend(days.beside_next(date, publish)?);
    }
    Ok(published)
}

/// What is known of a day.
struct OfDay<'a> {
    people: &'a People,
    freshness: &'a Freshness,
    interactions: &'a Interactions,
    /// What it has in common with other days.
    shared: Option<&'a Shared<'a>>,
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
    &OfDay { people, freshness, interactions, shared }: &OfDay<'_>,
    date: NaiveDate,
    run: &RunContext<'_>,
) -> Result<Vec<PublishedTable>> {
    let settings = &job.settings;
    let as_of = AsOf { date, timezone: settings.timezone };
    let context = Context::without_activities(sources, people, settings, as_of);
    let accuracy = freshness.accuracy();
    reading::report_dropped(interactions, run)?;
    run.go_on()?;
    run.report(Progress::Phase { name: "computing and publishing", as_of: Some(date) });
    let lists = Dictionaries::of(&context, interactions)?;
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
        let records = day.publish_records(&context, (interactions, shared), (&lists, accuracy), *deals);
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
    /// Publishes the tables about records. Says what of them changed.
    fn publish_records(
        &self,
        context: &Context,
        (interactions, shared): (&Interactions, Option<&Shared>),
        (lists, accuracy): (&Dictionaries, &'static str),
        deals: Option<&DealColumns>,
    ) -> Result<(Vec<PublishedTable>, Vec<Change>)> {
        let needs = Needs::of(self.job);
        // Histories are one pass after the other, which leaves a core to the KPIs.
        let (of_health, kpis) = interactions.scratch.join(
            || if needs.health { self.health(context, interactions, shared) } else { Ok(HealthOfDay::none(context)) },
            || {
                let sums = RecordSums::of(context, interactions, shared)?;
                let kpis = || record_kpis::by_record(context, &interactions.table, &sums.added()?, accuracy);
                Ok((if needs.kpis { kpis()? } else { context.people.records.table.clone() }, sums))
            },
        );
        let (of_health, (kpis, sums)) = (of_health?, kpis?);
        let HealthOfDay { health, histories, mut changed, two_way } = of_health;
        let mut by_record = kpis;
        let records = &context.people.records;
        let details = &context.settings.dataverse_url;
        let details = record_details::of(context.sources, context.people, &context.as_of, details.as_deref())?;
        let mut joined = health::columns::columns_of_kpi_tables(records, &health);
        joined.extend(health::columns::columns_of_accounts(records, &health)?);
        joined.extend(two_way.as_ref().map(|two_way| chance::column(records, &health, two_way)));
        joined.extend(details.columns().iter().cloned());
        by_record.hstack_mut(&joined).map_err(Error::engine("what other steps know of records"))?;
        drop(joined);
        // The largest table of records: all that follows looks at a few of its columns.
        let by_record = interactions.scratch.keep_columns(by_record)?;

        let mut published = self.publish_dimensions(context, interactions, &details)?;
        drop(details);
        for record_type in RecordType::ALL {
            let table = kpi_table(record_type, context.settings.publish_subjects);
            let rows = || collect(&table, Ok(record_kpis::publishable(&by_record, context, record_type, &table)));
            published.extend(self.replace(&table, &mut once_with(rows))?);
        }
        let rows = || daily_activity::daily_activity(context, &sums.counted()?, lists);
        published.extend(self.replace(&daily_activity::table(), &mut once_with(rows))?);
        let mut main_people = HashMap::new();
        if publishes(self.job, &top_contacts::table()) || deals.is_some() {
            let rows = top_contacts::top_contacts(context, sums.ranked(lists)?, lists)?;
            if deals.is_some() {
                main_people = MainPeople::of(&rows.frame, &by_record)?;
            }
            published.extend(self.replace(&top_contacts::table(), &mut std::iter::once(Ok(rows)))?);
        }
        drop(sums);
        let table = health::table::table();
        let rows = || collect(&table, health::table::relationship_health(context, &health));
        published.extend(self.replace(&table, &mut once_with(rows))?);
        let similar = deals.map(|deals| at_same_age::of_open_deals(context, interactions, deals));
        let similar = similar.transpose()?.unwrap_or_default();
        if let Some(histories) = histories {
            let table = attention::table::table();
            let known =
                attention::Known { by_record: &by_record, health: &health, histories: &histories, similar: &similar };
            let rows = || collect(&table, attention::attention(context, interactions, &known));
            published.extend(self.replace(&table, &mut once_with(rows))?);
        }
        if publishes(self.job, &summaries::table()) {
            let response_times = response_times::apart(interactions, by_record.height())?;
            let known = summaries::Known {
                by_record: &by_record,
                health: &health,
                similar: &similar,
                response_times: &response_times,
                main_people: &main_people,
            };
            let mut chunks = summaries::summaries(context, &known, lists, &interactions.scratch);
            published.extend(self.replace(&summaries::table(), &mut chunks)?);
        }
        // What follows is made of interactions alone.
        drop((by_record, health, similar, main_people));
        if let Some(earlier) = &self.earlier {
            changed.extend(changes::of_deals(context, earlier)?);
            let order = |person: u32| lists.records.rank(person);
            changed.extend(changes::of_top_contacts(context, interactions, earlier, &order)?);
        }
        let table = chances::table::table();
        if self.publishes(&table) {
            let calibrations: Vec<Calibration> =
                connections::calibrations(context, interactions)?.into_iter().chain(two_way).collect();
            let rows = || chances::table::score_calibration(&calibrations).map(Rows::from);
            published.extend(self.replace(&table, &mut once_with(rows))?);
        }
        Ok((published, changed))
    }

    /// Publishes what other tables are joined to.
    fn publish_dimensions(
        &self,
        context: &Context,
        interactions: &Interactions,
        details: &DataFrame,
    ) -> Result<Vec<PublishedTable>> {
        let mut published = Vec::new();
        let table = dimensions::people::table();
        let rows = || collect(&table, dimensions::people::people(context, details));
        published.extend(self.replace(&table, &mut once_with(rows))?);
        let table = dimensions::records::table();
        let rows = || collect(&table, dimensions::records::records(context, details));
        published.extend(self.replace(&table, &mut once_with(rows))?);
        let rows = || dimensions::dates::dates(context, interactions, details).map(Rows::from);
        published.extend(self.replace(&dimensions::dates::table(), &mut once_with(rows))?);
        Ok(published)
    }

    /// Publishes the interactions, what is none, and how well relationships are covered. Says which connections changed.
    fn publish_interactions(
        &self,
        context: &Context,
        interactions: &Interactions,
        lists: &Dictionaries,
        freshness: &Freshness,
    ) -> Result<(Vec<PublishedTable>, Vec<Change>)> {
        let mut published = Vec::new();
        let mut chunks = offsets(interactions.table.height())
            .map(|offset| interaction_tables::interactions(interactions, lists, offset, CHUNK));
        published.extend(self.replace(&interaction_tables::interactions_table(), &mut chunks)?);
        let mut chunks = record_links::whole_interactions(&interactions.links, CHUNK)?
            .into_iter()
            .map(|rows| interaction_tables::interaction_records(context, interactions, lists, rows));
        published.extend(self.replace(&interaction_tables::interaction_records_table(), &mut chunks)?);
        let table = interaction_tables::dropped_activities_table();
        let rows = || collect(&table, Ok(interaction_tables::dropped_activities(interactions)));
        published.extend(self.replace(&table, &mut once_with(rows))?);
        let measures = measures::measures(context, interactions, freshness)?;
        measures.iter().for_each(|measure| self.run.report(Progress::Quality(measure)));
        let rows = || quality::table::data_quality(&measures).map(Rows::from);
        published.extend(self.replace(&quality::table::table(), &mut once_with(rows))?);
        let (coverage, changed) = self.publish_coverage(context, interactions)?;
        published.extend(coverage);
        Ok((published, changed))
    }
}

/// Where chunks begin; a table without rows is one empty chunk.
fn offsets(rows: usize) -> impl Iterator<Item = usize> {
    (0..rows.max(1)).step_by(CHUNK)
}
