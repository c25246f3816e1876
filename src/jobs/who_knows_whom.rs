//! The daily job about connections: who knows whom, and whom to ask for an introduction.

use chrono::NaiveDate;
use polars::prelude::*;

use super::published_day::publishes;
use super::readings::{Readings, Resolved};
use super::resolving::Resolving;
use super::{backfill, reading};
use crate::config::{Job, Settings};
use crate::connections::{self, connection::Connection};
use crate::context::{Progress, RunContext};
use crate::error::{Error, Result};
use crate::forget::{self, traces::Traces};
use crate::interactions::dropped_counts::{self, DroppedCounts};
use crate::interactions::history::{DayOfHistory, Period, Wanted};
use crate::interactions::{self, Build, Context, Interactions};
use crate::people::People;
use crate::publish::{self, Partition, PublishedTable};
use crate::scratch::List;
use crate::sources::{Lake, Sources};
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
    let mut sources = readings.sources(job, lake, run)?;
    let erased = reading::erased(job, &sources)?;
    let settings = connections::settings(&job.settings);
    let activities = std::mem::take(&mut sources.activities);
    let all = AllDays { job, sources: &sources, settings: &settings, erased: &erased };
    if let [date] = as_of {
        let (people, interactions, staged) = match readings.resolved(job, *date) {
            Some(Resolved { job, people, freshness, interactions, .. }) => {
                let name = format!("taking people and interactions as {} resolved them", job.name);
                run.report(Progress::Phase { name: &name, as_of: Some(*date) });
                run.report(Progress::Freshness(&freshness));
                (people, interactions, None)
            }
            None => {
                let build = interactions::build_unlinked;
                let resolving = Resolving { job, settings: &settings, sources: &sources, build, date: *date };
                let resolved = resolving.resolve(activities, lake, run)?;
                (resolved.people, resolved.interactions, resolved.staged)
            }
        };
        let find = |context: &Context| connections::find(context, &interactions);
        let dropped = dropped_counts::count(&interactions.dropped)?;
        let day = OfDay { date: *date, people: &people, interactions: &interactions, dropped: &dropped, find: &find };
        let published = publish_day(&all, &day, run)?;
        staged.map_or(Ok(()), |staged| staged.remove())?;
        return Ok(published);
    }
    let how: (Build, Wanted) = (interactions::build_unlinked, Wanted::Nothing);
    let mut days = backfill::Days::of(&sources, activities, &settings, how, as_of, lake.scratch());
    let (mut published, mut settled) = (Vec::new(), None);
    for &date in as_of {
        settled.take_if(|_| days.begins_period(date));
        let (day, _) = days.resolve(date, run)?;
        if let (None, Some(Period { first, last, people, settled: interactions, .. })) = (&settled, days.period()) {
            let context = Context::without_activities(&sources, people, &settings, *last);
            let days = (last.date - first.date).num_days().unsigned_abs() as u32;
            settled = Some(connections::SettledConnections::of(&context, interactions, days)?);
        }
        let DayOfHistory { people, interactions, dropped, news, places, numbers, .. } = &day;
        let find = |context: &Context| match &settled {
            Some(settled) => {
                let places: [&[u32]; 2] = [&places.of_second, &places.of_first];
                connections::find_with(context, news, settled, |record| numbers.of_day(record), places)
            }
            None => connections::find(context, interactions),
        };
        let of_day = OfDay { date, people, interactions, dropped, find: &find };
        published.extend(days.beside_next(date, || publish_day(&all, &of_day, run))?);
    }
    Ok(published)
}

/// What all days of a run have in common.
struct AllDays<'a> {
    job: &'a Job,
    sources: &'a Sources,
    /// Those of the job, as far as they concern connections.
    settings: &'a Settings,
    /// By what the erased are recognised in texts.
    erased: &'a Traces,
}

/// A day: who is who, what was held, and how connections are found among that.
struct OfDay<'a> {
    date: NaiveDate,
    people: &'a People,
    interactions: &'a Interactions,
    dropped: &'a DroppedCounts,
    find: &'a dyn Fn(&Context) -> Result<List<Connection>>,
}

/// Rows of a table, some after the other.
type Chunks<'a> = Box<dyn Iterator<Item = Result<LazyFrame>> + Send + 'a>;

/// Every table of the job.
pub fn tables() -> Vec<Table> {
    vec![connections::table::table(), connections::who_knows_whom::table(), connections::account_connections::table()]
}

fn publish_day(
    &AllDays { job, sources, settings, erased }: &AllDays<'_>,
    &OfDay { date, people, interactions, dropped, find }: &OfDay<'_>,
    run: &RunContext<'_>,
) -> Result<Vec<PublishedTable>> {
    let as_of = AsOf { date, timezone: settings.timezone };
    let context = Context::without_activities(sources, people, settings, as_of);
    reading::report_dropped(dropped, run);
    run.check_interrupted()?;
    run.report(Progress::Phase { name: "computing and publishing", as_of: Some(date) });
    let found = find(&context)?;
    interactions.scratch.make_room();

    let partition = Partition::as_of(date);
    let mut published = Vec::new();
    let mut replace = |table: &Table, chunks: Chunks<'_>| -> Result<()> {
        run.check_interrupted()?;
        run.report(Progress::Table(table.name));
        let chunks = chunks.map(|rows| {
            let rows = rows?.collect().map_err(Error::engine(format!("table {}", table.name)));
            forget::unnamed(table, rows?, erased)
        });
        let metadata = publish::metadata(job, table, &partition);
        published.push(publish::replace(run, table, &partition, chunks, &metadata)?);
        interactions.scratch.make_room();
        Ok(())
    };
    let (found, context) = (&*found, &context);
    let wanted = |table: Table| Some(table).filter(|table| publishes(job, table));
    if let Some(table) = wanted(connections::table::table()) {
        let rows = |some| connections::table::connections(context, some);
        replace(&table, Box::new(by_colleague(found).into_iter().map(rows)))?;
    }
    if let Some(table) = wanted(connections::who_knows_whom::table()) {
        replace(&table, Box::new(connections::who_knows_whom::who_knows_whom(context, found)?))?;
    }
    if let Some(table) = wanted(connections::account_connections::table()) {
        let rows = |some| connections::account_connections::account_connections(context, some);
        replace(&table, Box::new(by_colleague(found).into_iter().map(rows)))?;
    }
    Ok(published)
}

/// Connections that are written out at a time.
const CHUNK: usize = 1 << 18;

/// Connections, which are in the order of colleagues, in pieces that have all of a colleague; without any, one empty piece.
fn by_colleague(connections: &[Connection]) -> Vec<&[Connection]> {
    let (mut pieces, mut rest) = (Vec::new(), connections);
    while rest.len() > CHUNK {
        let last = rest[CHUNK - 1].user;
        let (piece, others) = rest.split_at(CHUNK + rest[CHUNK..].partition_point(|one| one.user == last));
        pieces.push(piece);
        rest = others;
    }
    if pieces.is_empty() || !rest.is_empty() {
        pieces.push(rest);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use bytemuck::Zeroable;

    use super::*;

    #[test]
    fn pieces_have_all_of_a_colleague() {
        let of = |user: u32, count: usize| {
            let mut one = Connection::zeroed();
            one.user = user;
            vec![one; count]
        };
        let connections = [of(0, CHUNK - 1), of(1, 3), of(2, CHUNK), of(3, 1)].concat();
        let pieces = by_colleague(&connections);
        assert_eq!(pieces.iter().map(|piece| piece.len()).collect::<Vec<_>>(), [CHUNK + 2, CHUNK, 1]);
        assert_eq!(pieces.concat(), connections);
        assert_eq!(by_colleague(&[]).len(), 1);
        assert_eq!(by_colleague(&connections[..CHUNK]).len(), 1);
    }
}
