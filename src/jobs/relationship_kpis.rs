//! The daily job: KPI tables, daily activity, top contacts, and the interactions behind them.

use chrono::NaiveDate;
use polars::prelude::*;

use super::{Findings, warnings};
use crate::as_of::AsOf;
use crate::config::Job;
use crate::context::{Progress, RunContext};
use crate::error::{Error, Result};
use crate::health::{
    self,
    backfill::Backfill,
    histories::{Histories, days},
};
use crate::interactions::{self, Context, Interactions, links};
use crate::kpis::{accuracy, daily_activity, interaction_tables, record_kpis, top_contacts};
use crate::people::{self, RECORD_TYPES};
use crate::publish::{self, Partition, PublishedTable};
use crate::sources::addresses::CompanyDomains;
use crate::sources::{self, Activities, Lake, Sources};
use crate::table::Table;
use crate::{similar_deals, summaries};

/// Rows that are formatted for publishing at a time.
const CHUNK: usize = 500_000;

/// Reads the lake once and publishes each day's tables.
///
/// # Errors
/// Whatever is wrong with the lake, before anything is written; what storage refuses, table by table.
pub fn run(job: &Job, as_of: &[NaiveDate], run: &RunContext<'_>) -> Result<Vec<PublishedTable>> {
    run.report(Progress::Steps(1 + as_of.len() as u64 * (2 + job.tables.len() as u64)));
    run.report(Progress::Step("reading the lake"));
    let mut sources = read(job, run)?;
    if let [first, .., last] = as_of
        && job.tables == [health::table::table().name]
    {
        let activities = std::mem::take(&mut sources.activities);
        return backfill_health(job, (&sources, activities), as_of, (*first, *last), run);
    }
    let mut published = Vec::new();
    for (at, &date) in as_of.iter().enumerate() {
        // The last day may use up what the others share.
        let last = at + 1 == as_of.len();
        let activities = if last { std::mem::take(&mut sources.activities) } else { sources.activities.clone() };
        published.extend(publish_day(job, (&sources, activities), date, run)?);
    }
    Ok(published)
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
        published.push(publish::replace(run, &job.output, &table, &partition, std::iter::once(rows), &metadata)?);
    }
    Ok(published)
}

/// Reads the lake and says what it found.
///
/// # Errors
/// Whatever a run would stop at while reading, of every table.
pub fn check(job: &Job) -> std::result::Result<Findings, Vec<Error>> {
    let (lake, domains) = lake(job);
    let sources = sources::examine(&lake, &domains, job.settings.publish_subjects)?;
    let warnings = warnings::of(&job.settings, &sources).map_err(|error| vec![error])?;
    Ok(Findings { read: sources.inputs, absent: sources.absent, warnings })
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

pub(super) fn lake(job: &Job) -> (Lake, CompanyDomains) {
    let root = &job.input.root;
    let lake = Lake {
        dataverse: root.join(&job.input.dataverse),
        exchange: root.join(&job.input.exchange),
        control: root.join(&job.input.control),
    };
    (lake, CompanyDomains::new(&job.settings.company_domains))
}

pub(super) fn read(job: &Job, run: &RunContext<'_>) -> Result<Sources> {
    let (lake, domains) = lake(job);
    let sources = sources::read(&lake, &domains, job.settings.publish_subjects)?;
    for input in &sources.inputs {
        run.report(Progress::Read { table: input.table, files: input.files as u64, rows: input.rows_read as u64 });
    }
    for warning in warnings::of(&job.settings, &sources)? {
        run.report(Progress::Warning(&warning));
    }
    run.go_on()?;
    Ok(sources)
}

fn publish_day(
    job: &Job,
    (sources, activities): (&Sources, Activities),
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
    report_dropped(&interactions, run)?;
    run.go_on()?;
    run.report(Progress::Step("computing KPIs"));
    let histories = Histories::of(&context, &interactions, days(&as_of))?;
    let health = health::of_records(&context, &histories)?;
    let by_record = record_kpis::by_record(&context, &interactions, &health, accuracy)?;

    let partition = Partition::as_of(date);
    let mut published = Vec::new();
    let mut replace = |table: Table, chunks: &mut (dyn Iterator<Item = Result<LazyFrame>> + Send)| -> Result<()> {
        if !job.tables.iter().any(|name| name == table.name) {
            return Ok(());
        }
        run.go_on()?;
        run.report(Progress::Step(table.name));
        let frames = chunks.map(|chunk| chunk?.collect().map_err(Error::engine(format!("table {}", table.name))));
        let metadata = publish::metadata(job, &table, &partition);
        published.push(publish::replace(run, &job.output, &table, &partition, frames, &metadata)?);
        Ok(())
    };
    for (record_type, _, _) in RECORD_TYPES {
        let rows = record_kpis::publishable(&by_record, &context, record_type);
        replace(record_kpis::table(record_type, settings.publish_subjects), &mut std::iter::once(Ok(rows)))?;
    }
    let mut days = std::iter::once_with(|| daily_activity::daily_activity(&context, &interactions));
    replace(daily_activity::table(), &mut days)?;
    let mut top = std::iter::once_with(|| top_contacts::top_contacts(&context, &interactions));
    replace(top_contacts::table(), &mut top)?;
    let mut rows = std::iter::once_with(|| health::table::relationship_health(&context, &health));
    replace(health::table::table(), &mut rows)?;
    if job.tables.iter().any(|name| name == summaries::table().name) {
        let (lake, _) = lake(job);
        let similar = similar_deals::means::of_open_deals(&context, &interactions, &lake)?;
        let mut chunks = summaries::summaries(&context, &by_record, &similar).map(|chunk| chunk.map(DataFrame::lazy));
        replace(summaries::table(), &mut chunks)?;
    }
    let mut chunks = offsets(interactions.table.height())
        .map(|offset| interaction_tables::interactions(&interactions, offset, CHUNK));
    replace(interaction_tables::interactions_table(), &mut chunks)?;
    let mut chunks = links::whole_interactions(&interactions.links, CHUNK)?
        .into_iter()
        .map(|rows| interaction_tables::interaction_records(&context, &interactions, rows));
    replace(interaction_tables::interaction_records_table(), &mut chunks)?;
    let mut dropped = std::iter::once_with(|| Ok(interaction_tables::dropped_activities(&interactions)));
    replace(interaction_tables::dropped_activities_table(), &mut dropped)?;
    Ok(published)
}

/// Where chunks begin; a table without rows is one empty chunk.
fn offsets(rows: usize) -> impl Iterator<Item = usize> {
    (0..rows.max(1)).step_by(CHUNK)
}

pub(super) fn report_dropped(interactions: &Interactions, run: &RunContext<'_>) -> Result<()> {
    let doing = || Error::engine("counting dropped rows");
    let counted = interactions
        .dropped
        .clone()
        .lazy()
        .group_by([col("reason")])
        .agg([len().alias("rows")])
        .sort(["reason"], SortMultipleOptions::default());
    let counted = counted.collect().map_err(doing())?;
    let reasons = counted.column("reason").and_then(|c| c.str().cloned()).map_err(doing())?;
    let rows = counted.column("rows").and_then(|c| c.idx().cloned()).map_err(doing())?;
    for (reason, rows) in reasons.iter().zip(rows.iter()) {
        if let (Some(reason), Some(rows)) = (reason, rows) {
            run.report(Progress::Dropped { reason, rows: u64::from(rows) });
        }
    }
    Ok(())
}
