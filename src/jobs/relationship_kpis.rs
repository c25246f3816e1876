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
use super::record_tables::kpi_table;
use super::{health_backfill, reading};
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
use crate::interactions::tables::Dictionaries;
use crate::interactions::{self, Context, Interactions, record_links, record_shards, tables as interaction_tables};
use crate::kpi_tables::{daily_activity, record_kpis, top_contacts};
use crate::people::{self, RecordType, record_details};
use crate::publish::{self, Partition, PublishedTable};
use crate::quality::freshness::Freshness;
use crate::quality::{self, measures};
use crate::similar_deals::at_same_age;
use crate::similar_deals::deals::{self, DealColumns};
use crate::sources::{Activities, Lake, Sources};
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
    if let [first, .., last] = as_of
        && job.tables == [health::table::table().name]
    {
        let activities = std::mem::take(&mut sources.activities);
        return health_backfill::publish(job, (&sources, activities), as_of, (*first, *last), run);
    }
    let deals = if publishes(job, &summaries::table()) || publishes(job, &attention::table::table()) {
        Some(deals::read(lake, &job.settings.similar_deals.custom_columns)?)
    } else {
        None
    };
    let erased = reading::erased(job, &sources)?;
    reading::each_day(sources, as_of, |day, date| {
        let (published, resolved) = publish_day(job, day, (deals.as_ref(), &erased), date, run)?;
        readings.keep(resolved);
        Ok(published)
    })
}

fn publish_day(
    job: &Job,
    (sources, activities): (&Sources, Activities),
    (deals, erased): (Option<&DealColumns>, &Traces),
    date: NaiveDate,
    run: &RunContext<'_>,
) -> Result<(Vec<PublishedTable>, Resolved)> {
    let settings = &job.settings;
    let as_of = AsOf { date, timezone: settings.timezone };
    run.report(Progress::Phase { name: "resolving people and interactions", as_of: Some(as_of.date) });
    let people = people::resolve(sources, settings, &as_of)?;
    let mut context = Context::new(sources, activities, &people, settings, as_of)?;
    let freshness = reading::report_freshness(&context, run)?;
    let accuracy = freshness.accuracy();
    let interactions = interactions::build(&mut context)?;
    reading::report_dropped(&interactions, run)?;
    run.go_on()?;
    run.report(Progress::Phase { name: "computing and publishing", as_of: Some(date) });
    let lists = Dictionaries::of(&context, &interactions)?;
    let earlier = changes::compared_to(settings, &as_of).filter(|_| publishes(job, &changes::table()));
    let day = Day { job, run, erased, earlier, partition: Partition::as_of(date) };
    // Neither computing nor writing keeps all cores busy; both at once do.
    let (of_records, of_interactions) = thread::scope(|scope| {
        let beside = scope.spawn(|| day.publish_interactions(&context, &interactions, &lists, &freshness));
        let records = day.publish_records(&context, &interactions, (&lists, accuracy), deals);
        (records, beside.join().unwrap_or_else(|panic| resume_unwind(panic)))
    });
    let ((records, mut changed), (of_interactions, of_connections)) = (of_records?, of_interactions?);
    changed.extend(of_connections);
    let published = [records, of_interactions, day.publish_changes(&context, changed)?].concat();
    drop((lists, context));
    let interactions = Interactions { links: DataFrame::empty(), runs: DataFrame::empty(), ..interactions };
    Ok((published, Resolved { job: job.clone(), date, people, freshness, interactions }))
}

impl Day<'_> {
    /// Publishes the tables about records. Says what of them changed.
    fn publish_records(
        &self,
        context: &Context,
        interactions: &Interactions,
        (lists, accuracy): (&Dictionaries, &'static str),
        deals: Option<&DealColumns>,
    ) -> Result<(Vec<PublishedTable>, Vec<Change>)> {
        // Histories are one pass after the other, which leaves a core to the KPIs.
        let (health, kpis) = rayon::join(
            || self.health(context, interactions),
            || {
                let parts =
                    record_shards::by_record(&interactions.links, context.people.records.table.height() as u32)?;
                Ok((record_kpis::by_record(context, interactions, &parts, accuracy)?, parts))
            },
        );
        let (of_health, (kpis, parts)) = (health?, kpis?);
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

        let mut published = self.publish_dimensions(context, interactions, &details)?;
        for record_type in RecordType::ALL {
            let table = kpi_table(record_type, context.settings.publish_subjects);
            let rows = || collect(&table, Ok(record_kpis::publishable(&by_record, context, record_type, &table)));
            published.extend(self.replace(&table, &mut once_with(rows))?);
        }
        let rows = || daily_activity::daily_activity(context, interactions, lists);
        published.extend(self.replace(&daily_activity::table(), &mut once_with(rows))?);
        let mut main_people = HashMap::new();
        if publishes(self.job, &top_contacts::table()) || deals.is_some() {
            let rows = top_contacts::top_contacts(context, interactions, lists, &parts)?;
            if deals.is_some() {
                main_people = MainPeople::of(&rows.frame, &by_record)?;
            }
            published.extend(self.replace(&top_contacts::table(), &mut std::iter::once(Ok(rows)))?);
        }
        let table = health::table::table();
        let rows = || collect(&table, health::table::relationship_health(context, &health));
        published.extend(self.replace(&table, &mut once_with(rows))?);
        let similar = deals.map(|deals| at_same_age::of_open_deals(context, interactions, deals));
        let similar = similar.transpose()?.unwrap_or_default();
        let table = attention::table::table();
        let known =
            attention::Known { by_record: &by_record, health: &health, histories: &histories, similar: &similar };
        let rows = || collect(&table, attention::attention(context, interactions, &known));
        published.extend(self.replace(&table, &mut once_with(rows))?);
        if publishes(self.job, &summaries::table()) {
            let response_times = response_times::apart(interactions, by_record.height())?;
            let known = summaries::Known {
                by_record: &by_record,
                health: &health,
                similar: &similar,
                response_times: &response_times,
                main_people: &main_people,
            };
            let mut chunks = summaries::summaries(context, &known).map(|chunk| chunk.map(Rows::from));
            published.extend(self.replace(&summaries::table(), &mut chunks)?);
        }
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
