//! The weekly job: which won deals each open one is like, and how it stands beside them.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use polars::prelude::DataFrame;

use super::published_day::publishes;
use super::reading;
use super::readings::Readings;
use super::resolving::{Resolution, Resolving};
use crate::config::Job;
use crate::context::{Progress, RunContext};
use crate::error::{Error, Result};
use crate::forget::{self, traces::Traces};
use crate::interactions::{self, Context};
use crate::publish::{self, Partition, PublishedTable};
use crate::similar_deals::deals::DealColumns;
use crate::similar_deals::kpis_at_age::KpisAtAge;
use crate::similar_deals::{comparison, deals, opportunity_benchmarks, similar_won_deals, similar_won_factors};
use crate::sources::{Activities, Lake, Sources};
use crate::table::Table;
use crate::time::{AsOf, days_since_epoch};

/// Reads the lake once and publishes the weeks that end among the days; of a single day the last week
/// that had ended by it.
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
    let weeks = weeks(as_of)?;
    run.report(Progress::Steps(1 + weeks.len() as u64 * (2 + job.tables.len() as u64)));
    let sources = readings.sources(job, lake, run)?;
    let columns = deals::read(lake, &job.settings.similar_deals.custom_columns)?;
    columns.warnings.iter().for_each(|warning| run.report(Progress::Warning(warning)));
    let erased = reading::erased(job, &sources)?;
    let all = AllWeeks { job, columns: &columns, erased: &erased, lake, run };
    reading::each_day(sources, &weeks, |sources, activities, last_day| {
        publish_week(&all, sources, activities, last_day)
    })
}

/// Every table of the job.
pub fn tables() -> Vec<Table> {
    vec![similar_won_deals::table(), similar_won_factors::table(), opportunity_benchmarks::table()]
}

/// Last days of the ISO weeks to compute.
pub(super) fn weeks(days: &[NaiveDate]) -> Result<Vec<NaiveDate>> {
    if let [day] = days {
        let since_sunday = u64::from(day.weekday().num_days_from_sunday());
        return Ok(vec![day.checked_sub_days(Days::new(since_sunday)).unwrap_or(*day)]);
    }
    let ends: Vec<NaiveDate> = days.iter().copied().filter(|day| day.weekday() == Weekday::Sun).collect();
    if ends.is_empty() && !days.is_empty() {
        return Err(Error::usage(
            "--from",
            "no week ends between --from and --to",
            "Give a period with a Sunday in it: weeks are computed as of their last day",
        ));
    }
    Ok(ends)
}

/// What all weeks of a run have in common.
struct AllWeeks<'a> {
    job: &'a Job,
    /// Deals with the columns that they are compared in.
    columns: &'a DealColumns,
    /// By what the erased are recognised in texts.
    erased: &'a Traces,
    lake: &'a Lake,
    run: &'a RunContext<'a>,
}

fn publish_week(
    &AllWeeks { job, columns, erased, lake, run }: &AllWeeks<'_>,
    sources: &Sources,
    activities: Activities,
    last_day: NaiveDate,
) -> Result<Vec<PublishedTable>> {
    let settings = &job.settings;
    let resolving = Resolving { job, settings, sources, build: interactions::build, date: last_day };
    let Resolution { people, interactions, staged, .. } = resolving.resolve(activities, lake, run)?;
    let as_of = AsOf { date: last_day, timezone: settings.timezone };
    let context = Context::without_activities(sources, &people, settings, as_of);
    run.check_interrupted()?;
    run.report(Progress::Phase { name: "computing and publishing", as_of: Some(last_day) });
    let deals = deals::known(&context, columns)?;
    let comparisons = comparison::compare(&deals, &settings.similar_deals, days_since_epoch(last_day));
    comparisons.warnings.iter().for_each(|warning| run.report(Progress::Warning(warning)));
    run.check_interrupted()?;
    let moments = opportunity_benchmarks::moments(&context, &deals, &comparisons);
    let kpis_at_age = KpisAtAge::of(&context, &interactions, moments)?;

    let partition = Partition::week(last_day);
    let mut published = Vec::new();
    let mut replace = |table: Table, frame: &(dyn Fn() -> Result<DataFrame> + Sync)| -> Result<()> {
        if !publishes(job, &table) {
            return Ok(());
        }
        run.check_interrupted()?;
        run.report(Progress::Table(table.name));
        let metadata = publish::metadata(job, &table, &partition);
        let frames = std::iter::once(frame().and_then(|rows| forget::unnamed(&table, rows, erased)));
        published.push(publish::replace(run, &table, &partition, frames, &metadata)?);
        Ok(())
    };
    replace(similar_won_deals::table(), &|| {
        similar_won_deals::similar_won_deals(&context, &deals, &comparisons, &kpis_at_age)
    })?;
    replace(similar_won_factors::table(), &|| similar_won_factors::similar_won_factors(&comparisons))?;
    replace(opportunity_benchmarks::table(), &|| {
        opportunity_benchmarks::opportunity_benchmarks(&context, &deals, &comparisons, &kpis_at_age)
    })?;
    staged.map_or(Ok(()), |staged| staged.remove())?;
    Ok(published)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn a_day_stands_for_the_last_week_that_has_ended() {
        for (given, last) in [("2026-03-31", "2026-03-29"), ("2026-03-29", "2026-03-29"), ("2026-01-03", "2025-12-28")]
        {
            assert_eq!(weeks(&[day(given)]).expect("a week"), [day(last)], "{given}");
        }
    }

    #[test]
    fn a_period_stands_for_the_weeks_that_end_in_it() {
        let days: Vec<NaiveDate> = day("2025-12-22").iter_days().take(15).collect();
        assert_eq!(weeks(&days).expect("weeks"), [day("2025-12-28"), day("2026-01-04")]);
        assert!(weeks(&days[..3]).is_err());
        let folders = [day("2025-12-28"), day("2026-01-04")].map(|last| Partition::week(last).folder());
        assert_eq!(folders, ["week=2025-W52", "week=2026-W01"]);
    }
}
