//! The daily job where it is asked for health alone, over many days: what no day can change is worked out once.

use chrono::NaiveDate;

use crate::config::Job;
use crate::context::{Progress, RunContext};
use crate::error::{Error, Result};
use crate::health::{self, backfill::Backfill};
use crate::people;
use crate::publish::{self, Partition, PublishedTable};
use crate::quality::freshness;
use crate::sources::{Activities, Sources};
use crate::time::AsOf;

/// Publishes `relationship_health` alone, for many days.
///
/// # Errors
/// What storage refuses, day by day.
pub(super) fn publish(
    job: &Job,
    (sources, activities): (&Sources, Activities),
    dates: &[NaiveDate],
    (first, last): (NaiveDate, NaiveDate),
    run: &RunContext<'_>,
) -> Result<Vec<PublishedTable>> {
    let at = |date| AsOf { date, timezone: job.settings.timezone };
    let people = people::resolve(sources, &job.settings, &at(last))?;
    let freshness = freshness::of(sources, &activities, &people, &job.settings, at(last), run.past_until())?;
    run.report(Progress::Freshness(&freshness));
    drop(people);
    run.report(Progress::Phase { name: "resolving what all days have in common", as_of: None });
    let backfill = Backfill::new((sources, activities), &job.settings, at(first), at(last))?;
    let mut published = Vec::new();
    for &date in dates {
        run.go_on()?;
        run.report(Progress::Phase { name: "computing and publishing", as_of: Some(date) });
        run.report(Progress::Table("relationship_health"));
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
