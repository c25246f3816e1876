//! KPIs of records, made of their sums.

use polars::prelude::*;

use super::contributions::Contributions;
use super::plan::{IS_DUE, IS_HELD, Plan, Sum};
use super::statistics::{self, ResponseTimes};
use super::sums::{Dated, Extremes, NONE, Sums, place_of_answers};
use crate::interactions::record_shards::RecordShard;
use crate::time::MINUTES_PER_MICROSECOND;

/// Number of a record's first held interaction.
pub const FIRST: &str = "first";
/// Number of its last held one.
pub const LAST: &str = "last";
/// Number of its next planned one.
pub const NEXT: &str = "next";

/// [`columns`] of the records of a part. `times` are those of interactions.
#[cfg(test)]
pub fn add_up(
    plan: &Plan,
    contributions: &Contributions,
    times: &[i64],
    part: &RecordShard,
) -> PolarsResult<DataFrame> {
    columns(plan, &Sums::of(plan, contributions, times, part, |_, _| false)?)
}

/// [`columns`] of what was known at an earlier moment of each record: `is_pending` says of a record and an interaction
/// whether the run that the interaction begins was not due yet. Links must end at the moment.
pub fn add_up_until(
    plan: &Plan,
    contributions: &Contributions,
    times: &[i64],
    part: &RecordShard,
    is_pending: impl Fn(u32, u32) -> bool,
) -> PolarsResult<DataFrame> {
    columns(plan, &Sums::of(plan, contributions, times, part, is_pending)?)
}

/// The columns of a plan, and [`FIRST`], [`LAST`] and [`NEXT`]: one row per record.
pub fn columns(plan: &Plan, sums: &Sums) -> PolarsResult<DataFrame> {
    let Sums { counts, spent, extremes, answers } = sums;
    let (records, each) = (sums.records(), plan.times.len());
    let (held, due) = (&counts[IS_HELD], &counts[IS_DUE]);
    let columns = plan.columns.iter().map(|planned| {
        let name = PlSmallStr::from_static(planned.name);
        match planned.sum {
            Sum::Undefined => Column::full_null(name, records, &DataType::Int64),
            Sum::Count(flag) => {
                Column::new(name, counts[flag].iter().map(|&count| i64::from(count)).collect::<Vec<_>>())
            }
            Sum::Minutes { time, known, unknown } => {
                let (known, unknown) = (&counts[known], &counts[unknown]);
                let is_known = |record: usize| held[record] > 0 && (known[record] > 0 || unknown[record] == 0);
                let minutes = |record: usize| {
                    is_known(record).then(|| spent[record * each + time] as f64 * MINUTES_PER_MICROSECOND)
                };
                Column::new(name, (0..records).map(minutes).collect::<Vec<_>>())
            }
            Sum::ResponseHours(side, statistic) => {
                let hours = |record: usize| {
                    let times = answers.of(place_of_answers(record, side));
                    let responses = ResponseTimes { times, due: due[record] as usize };
                    (!times.is_empty()).then(|| statistics::hours(statistic, responses))
                };
                Column::new(name, (0..records).map(hours).collect::<Vec<_>>())
            }
        }
    });
    let extreme = |name: &'static str, of: fn(&Extremes) -> Dated| {
        let numbers = extremes.iter().map(|one| Some(of(one).interaction).filter(|&number| number != NONE));
        Column::new(PlSmallStr::from_static(name), numbers.collect::<Vec<_>>())
    };
    let extremes = [extreme(FIRST, |one| one.first), extreme(LAST, |one| one.last), extreme(NEXT, |one| one.next)];
    DataFrame::new(records, columns.chain(extremes).collect())
}
