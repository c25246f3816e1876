//! The daily job about connections: who knows whom, and whom to ask for an introduction.

use chrono::NaiveDate;
use polars::prelude::*;

use super::published_day::publishes;
use super::reading;
use super::readings::{Readings, Resolved};
use crate::config::{Job, Settings};
use crate::connections::{self, connection::Connection};
use crate::context::{Progress, RunContext};
use crate::error::{Error, Result};
use crate::forget::{self, traces::Traces};
use crate::interactions::{self, Context, Interactions};
use crate::people::{self, People};
use crate::publish::{self, Partition, PublishedTable};
use crate::sources::{Activities, Lake, Sources};
use crate::table::Table;
use crate::time::AsOf;

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
    let sources = readings.sources(job, lake, run)?;
    let erased = reading::erased(job, &sources)?;
    reading::each_day(sources, as_of, |day, date| {
        let resolved = readings.resolved(job, date);
        publish_day(job, day, resolved, &erased, date, run)
    })
}

type Publisher = fn(&Context, &[Connection]) -> Result<LazyFrame>;

/// Every table of the job.
pub fn tables() -> Vec<Table> {
    vec![connections::table::table(), connections::who_knows_whom::table(), connections::account_connections::table()]
}

fn resolve(
    (sources, activities): (&Sources, Activities),
    settings: &Settings,
    as_of: AsOf,
    run: &RunContext<'_>,
) -> Result<(People, Interactions)> {
    let people = people::resolve(sources, settings, &as_of)?;
    let mut context = Context::new(sources, activities, &people, settings, as_of)?;
    reading::report_freshness(&context, run)?;
    let interactions = interactions::build_unlinked(&mut context)?;
    drop(context);
    Ok((people, interactions))
}

fn publish_day(
    job: &Job,
    (sources, activities): (&Sources, Activities),
    resolved: Option<Resolved>,
    erased: &Traces,
    date: NaiveDate,
    run: &RunContext<'_>,
) -> Result<Vec<PublishedTable>> {
    let settings = connections::settings(&job.settings);
    let as_of = AsOf { date, timezone: settings.timezone };
    let none = activities.none();
    let (people, interactions) = match resolved {
        Some(Resolved { job, people, freshness, interactions, .. }) => {
            let name = format!("taking people and interactions as {} resolved them", job.name);
            run.report(Progress::Phase { name: &name, as_of: Some(date) });
            run.report(Progress::Freshness(&freshness));
            (people, interactions)
        }
        None => {
            run.report(Progress::Phase { name: "resolving people and interactions", as_of: Some(date) });
            resolve((sources, activities), &settings, as_of, run)?
        }
    };
    let context = Context::new(sources, none, &people, &settings, as_of)?;
    reading::report_dropped(&interactions, run)?;
    run.go_on()?;
    run.report(Progress::Phase { name: "computing and publishing", as_of: Some(date) });
    let found = connections::find(&context, &interactions)?;

    let partition = Partition::as_of(date);
    let mut published = Vec::new();
    let mut replace = |table: Table, rows: Result<LazyFrame>| -> Result<()> {
        run.go_on()?;
        run.report(Progress::Table(table.name));
        let rows = rows?.collect().map_err(Error::engine(format!("table {}", table.name)));
        let rows = rows.and_then(|rows| forget::unnamed(&table, rows, erased));
        let metadata = publish::metadata(job, &table, &partition);
        published.push(publish::replace(run, &table, &partition, std::iter::once(rows), &metadata)?);
        Ok(())
    };
    let publishers: [(Table, Publisher); 3] = [
        (connections::table::table(), connections::table::connections),
        (connections::who_knows_whom::table(), connections::who_knows_whom::who_knows_whom),
        (connections::account_connections::table(), connections::account_connections::account_connections),
    ];
    for (table, rows) in publishers {
        if publishes(job, &table) {
            replace(table, rows(&context, &found))?;
        }
    }
    Ok(published)
}
