//! The daily job about connections: who knows whom, and whom to ask for an introduction.

use chrono::NaiveDate;
use polars::prelude::*;

use super::{publishes, reading};
use crate::config::Job;
use crate::connections::{self, connection::Connection};
use crate::context::{Progress, RunContext};
use crate::error::{Error, Result};
use crate::forget::{self, traces::Traces};
use crate::interactions::{self, Context};
use crate::people;
use crate::publish::{self, Partition, PublishedTable};
use crate::sources::{Activities, Lake, Sources};
use crate::table::Table;
use crate::time::AsOf;

/// Reads the lake once and publishes each day's tables.
///
/// # Errors
/// Whatever is wrong with the lake, before anything is written; what storage refuses, table by table.
pub fn run(job: &Job, lake: &Lake, as_of: &[NaiveDate], run: &RunContext<'_>) -> Result<Vec<PublishedTable>> {
    run.report(Progress::Steps(1 + as_of.len() as u64 * (2 + job.tables.len() as u64)));
    run.report(Progress::Phase { name: "reading the lake", as_of: None });
    let sources = reading::read(job, lake, run)?;
    let erased = reading::erased(job, &sources)?;
    reading::each_day(sources, as_of, |day, date| publish_day(job, day, &erased, date, run))
}

type Publisher = fn(&Context, &[Connection]) -> Result<LazyFrame>;

/// Every table of the job.
pub fn tables() -> Vec<Table> {
    vec![connections::table::table(), connections::who_knows_whom::table(), connections::account_connections::table()]
}

fn publish_day(
    job: &Job,
    (sources, activities): (&Sources, Activities),
    erased: &Traces,
    date: NaiveDate,
    run: &RunContext<'_>,
) -> Result<Vec<PublishedTable>> {
    let settings = connections::settings(&job.settings);
    let as_of = AsOf { date, timezone: settings.timezone };
    run.report(Progress::Phase { name: "resolving people and interactions", as_of: Some(as_of.date) });
    let people = people::resolve(sources, &settings, &as_of)?;
    let mut context = Context::new(sources, activities, &people, &settings, as_of)?;
    reading::report_freshness(&context, run)?;
    let interactions = interactions::build_unlinked(&mut context)?;
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
