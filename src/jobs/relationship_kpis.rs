//! The daily job: KPI tables, daily activity, top contacts, and the interactions behind them.

use chrono::NaiveDate;
use polars::prelude::*;

use super::{publishes, reading};
use crate::as_of::AsOf;
use crate::config::Job;
use crate::context::{Progress, RunContext};
use crate::error::{Error, Result};
use crate::health::{
    self,
    backfill::Backfill,
    histories::{Histories, days},
};
use crate::interactions::{self, Context, links, parts};
use crate::kpis::lists::Lists;
use crate::kpis::{accuracy, daily_activity, interaction_tables, record_kpis, top_contacts};
use crate::people::{self, RECORD_TYPES};
use crate::publish::{self, Partition, PublishedTable};
use crate::similar_deals::deals::{self, DealColumns};
use crate::similar_deals::means;
use crate::sources::{Activities, Lake, Sources};
use crate::summaries;
use crate::table::{Rows, Table};

/// Rows that are formatted for publishing at a time.
const CHUNK: usize = publish::ROWS_PER_GROUP;

/// Reads the lake once and publishes each day's tables.
///
/// # Errors
/// Whatever is wrong with the lake, before anything is written; what storage refuses, table by table.
pub fn run(job: &Job, lake: &Lake, as_of: &[NaiveDate], run: &RunContext<'_>) -> Result<Vec<PublishedTable>> {
    run.report(Progress::Steps(1 + as_of.len() as u64 * (2 + job.tables.len() as u64)));
    run.report(Progress::Step("reading the lake"));
    let mut sources = reading::read(job, lake, run)?;
    if let [first, .., last] = as_of
        && job.tables == [health::table::table().name]
    {
        let activities = std::mem::take(&mut sources.activities);
        return backfill_health(job, (&sources, activities), as_of, (*first, *last), run);
    }
    let deals = if publishes(job, &summaries::table()) {
        Some(deals::read(lake, &job.settings.similar_deals.custom_columns)?)
    } else {
        None
    };
    reading::each_day(sources, as_of, |day, date| publish_day(job, day, deals.as_ref(), date, run))
}

/// Publishes health alone, for many days.
fn backfill_health(
    job: &Job,
    (sources, activities): (&Sources, Activities),
    dates: &[NaiveDate],
    (first, last): (NaiveDate, NaiveDate),
    run: &RunContext<'_>,
) -> Result<Vec<PublishedTable>> {
    let at = |date| AsOf { date, timezone: job.settings.timezone };
    run.report(Progress::Step("resolving what all days have in common"));
    let backfill = Backfill::new((sources, activities), &job.settings, at(first), at(last))?;
    let mut published = Vec::new();
    for &date in dates {
        run.go_on()?;
        run.report(Progress::Step("relationship_health"));
        let (people, histories) = backfill.day(at(date))?;
        let context = backfill.context(&people, at(date))?;
        let health = health::of_records(&context, &histories)?;
        let table = health::table::table();
        let rows = health::table::relationship_health(&context, &health)?.collect();
        let rows = rows.map_err(Error::engine(format!("table {}", table.name)));
        let partition = Partition::as_of(date);
        let metadata = publish::metadata(job, &table, &partition);
        published.push(publish::replace(run, &table, &partition, std::iter::once(rows), &metadata)?);
    }
    Ok(published)
}

/// Every table of the job.
pub fn tables() -> Vec<Table> {
    let mut tables: Vec<Table> =
        RECORD_TYPES.iter().map(|(record_type, _, _)| record_kpis::table(record_type, false)).collect();
    tables.extend([
        daily_activity::table(),
        top_contacts::table(),
        health::table::table(),
        summaries::table(),
        interaction_tables::interactions_table(),
        interaction_tables::interaction_records_table(),
        interaction_tables::dropped_activities_table(),
    ]);
    tables
}

fn publish_day(
    job: &Job,
    (sources, activities): (&Sources, Activities),
    deals: Option<&DealColumns>,
    date: NaiveDate,
    run: &RunContext<'_>,
) -> Result<Vec<PublishedTable>> {
    let settings = &job.settings;
    let as_of = AsOf { date, timezone: settings.timezone };
    run.report(Progress::Step("resolving people and interactions"));
    let people = people::resolve(sources, settings, &as_of)?;
    let mut context = Context::new((sources, activities), &people, settings, as_of)?;
    let accuracy = accuracy::computation_accuracy(&context)?;
    let interactions = interactions::build(&mut context)?;
    reading::report_dropped(&interactions, run)?;
    run.go_on()?;
    run.report(Progress::Step("computing KPIs"));
    // Histories are one pass after the other, which leaves a core to the KPIs.
    let (health, kpis) = rayon::join(
        || Histories::of(&context, &interactions, days(&as_of)).and_then(|known| health::of_records(&context, &known)),
        || {
            let parts = parts::by_record(&interactions.links, people.records.table.height() as u32)?;
            Ok((record_kpis::by_record(&context, &interactions, &parts, accuracy)?, parts))
        },
    );
    let (health, (kpis, parts)) = (health?, kpis?);
    let by_record = record_kpis::with_health(kpis, &health)?;

    let partition = Partition::as_of(date);
    let mut published = Vec::new();
    let mut replace = |table: Table, chunks: &mut (dyn Iterator<Item = Result<Rows>> + Send)| -> Result<()> {
        if !publishes(job, &table) {
            return Ok(());
        }
        run.go_on()?;
        run.report(Progress::Step(table.name));
        let metadata = publish::metadata(job, &table, &partition);
        published.push(publish::replace(run, &table, &partition, chunks, &metadata)?);
        Ok(())
    };
    let lists = Lists::of(&context, &interactions)?;
    for (record_type, _, _) in RECORD_TYPES {
        let table = record_kpis::table(record_type, settings.publish_subjects);
        let rows = collect(&table, Ok(record_kpis::publishable(&by_record, &context, record_type)));
        replace(table, &mut std::iter::once(rows))?;
    }
    let mut days = std::iter::once_with(|| daily_activity::daily_activity(&context, &interactions, &lists));
    replace(daily_activity::table(), &mut days)?;
    let mut top = std::iter::once_with(|| top_contacts::top_contacts(&context, &interactions, &lists, &parts));
    replace(top_contacts::table(), &mut top)?;
    let table = health::table::table();
    let mut rows = std::iter::once_with(|| collect(&table, health::table::relationship_health(&context, &health)));
    replace(table.clone(), &mut rows)?;
    if let Some(deals) = deals {
        let similar = means::of_open_deals(&context, &interactions, deals)?;
        let mut chunks = summaries::summaries(&context, &by_record, &similar).map(|chunk| chunk.map(Rows::from));
        replace(summaries::table(), &mut chunks)?;
    }
    let mut chunks = offsets(interactions.table.height())
        .map(|offset| interaction_tables::interactions(&interactions, &lists, offset, CHUNK));
    replace(interaction_tables::interactions_table(), &mut chunks)?;
    let mut chunks = links::whole_interactions(&interactions.links, CHUNK)?
        .into_iter()
        .map(|rows| interaction_tables::interaction_records(&context, &interactions, &lists, rows));
    replace(interaction_tables::interaction_records_table(), &mut chunks)?;
    let table = interaction_tables::dropped_activities_table();
    let mut dropped =
        std::iter::once_with(|| collect(&table, Ok(interaction_tables::dropped_activities(&interactions))));
    replace(table.clone(), &mut dropped)?;
    Ok(published)
}

/// A table's rows, where they are a plan.
fn collect(table: &Table, rows: Result<LazyFrame>) -> Result<Rows> {
    Ok(rows?.collect().map_err(Error::engine(format!("table {}", table.name)))?.into())
}

/// Where chunks begin; a table without rows is one empty chunk.
fn offsets(rows: usize) -> impl Iterator<Item = usize> {
    (0..rows.max(1)).step_by(CHUNK)
}
