//! KPIs of records, added up link by link.

use polars::prelude::*;

use super::contributions::Contributions;
use super::plan::{Flag, IS_DUE, IS_HELD, Plan, Sum};
use super::statistics::{self, ResponseTimes};
use crate::frames::Grouped;
use crate::interactions::columns::*;
use crate::interactions::record_shards::Part;
use crate::kpis::kpi::Side;
use crate::time::MINUTES_PER_MICROSECOND;

/// Number of a record's first held interaction.
pub const FIRST: &str = "first";
/// Number of its last held one.
pub const LAST: &str = "last";
/// Number of its next planned one.
pub const NEXT: &str = "next";

/// Stands for no interaction.
const NONE: u32 = u32::MAX;

/// An interaction and when it happens, in microseconds.
#[derive(Clone, Copy)]
struct Dated {
    at: i64,
    interaction: u32,
}

/// The first and last held and the next planned interaction of a record.
#[derive(Clone, Copy)]
struct Extremes {
    first: Dated,
    last: Dated,
    next: Dated,
}

impl Extremes {
    fn none() -> Extremes {
        let dated = |at| Dated { at, interaction: NONE };
        Extremes { first: dated(i64::MAX), last: dated(i64::MIN), next: dated(i64::MAX) }
    }

    /// Links come in the order of interactions: of several at one time the first is taken.
    fn meet(&mut self, one: Dated, held: bool) {
        if !held {
            if one.at < self.next.at {
                self.next = one;
            }
            return;
        }
        if one.at < self.first.at {
            self.first = one;
        }
        if one.at > self.last.at {
            self.last = one;
        }
    }
}

/// The columns of a plan, and [`FIRST`], [`LAST`] and [`NEXT`]: one row per record of the part. `times` are those of
/// interactions.
///
/// A loop over links, of which there are many times more than interactions and records: in the engine's groups, each
/// aggregate was a pass of its own over columns gathered for each link.
pub fn add_up(plan: &Plan, contributions: &Contributions, times: &[i64], part: &Part) -> PolarsResult<DataFrame> {
    add_up_until(plan, contributions, times, part, |_, _| false)
}

/// [`add_up`] of what was known at an earlier moment of each record: `is_pending` says of a record and an interaction
/// whether the run that the interaction begins was not due yet. Links must end at the moment.
pub fn add_up_until(
    plan: &Plan,
    contributions: &Contributions,
    times: &[i64],
    part: &Part,
    is_pending: impl Fn(u32, u32) -> bool,
) -> PolarsResult<DataFrame> {
    let records = part.records.len();
    let patterns = contributions.patterns();
    let (held, answered_by) = (contributions.held(), contributions.answered_by());
    // How often each pattern of flags is met: one count, whatever the number of KPIs that are counts.
    let mut met = vec![0u32; records * patterns];
    let each = plan.times.len();
    let mut spent = vec![0i64; records * each];
    let mut extremes = vec![Extremes::none(); records];
    let mut answers: Vec<(u32, i64)> = Vec::new();
    let linked = part.links.column(RECORD)?.u32()?.cont_slice()?;
    let numbers = part.links.column(INTERACTION)?.u32()?.cont_slice()?;
    for (&number, &interaction) in linked.iter().zip(numbers) {
        let record = (number - part.records.start) as usize;
        let one = contributions.of_one(interaction);
        let pattern = match is_pending(number, interaction) {
            true => contributions.while_pending(one.pattern),
            false => one.pattern,
        } as usize;
        met[record * patterns + pattern] += 1;
        for (sum, time) in spent[record * each..][..each].iter_mut().zip(one.times) {
            *sum += time;
        }
        extremes[record].meet(Dated { at: times[interaction as usize], interaction }, held[pattern]);
        if let Some(side) = answered_by[pattern] {
            answers.push((place_of_answers(record, side), one.response));
        }
    }

    let count = |record: usize, having: &[bool]| -> usize {
        let met = met[record * patterns..][..patterns].iter().zip(having);
        met.filter(|(_, having)| **having).map(|(&met, _)| met as usize).sum()
    };
    let counts = |flag: Flag| -> Vec<usize> {
        let having = contributions.having(flag);
        (0..records).map(|record| count(record, &having)).collect()
    };
    let answers = Grouped::new(2 * records, answers.iter().copied()).sorted();
    let (held, due) = (counts(IS_HELD), counts(IS_DUE));
    let columns = plan.columns.iter().map(|planned| {
        let name = PlSmallStr::from_static(planned.name);
        match planned.sum {
            Sum::Undefined => Column::full_null(name, records, &DataType::Int64),
            Sum::Count(flag) => {
                Column::new(name, counts(flag).into_iter().map(|count| count as i64).collect::<Vec<_>>())
            }
            Sum::Minutes { time, known, unknown } => {
                let (known, unknown) = (counts(known), counts(unknown));
                let is_known = |record: usize| held[record] > 0 && (known[record] > 0 || unknown[record] == 0);
                let minutes = |record: usize| {
                    is_known(record).then(|| spent[record * each + time] as f64 * MINUTES_PER_MICROSECOND)
                };
                Column::new(name, (0..records).map(minutes).collect::<Vec<_>>())
            }
            Sum::ResponseHours(side, statistic) => {
                let hours = |record: usize| {
                    let times = answers.of(place_of_answers(record, side));
                    let responses = ResponseTimes { times, due: due[record] };
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

/// Where the response times of a record and a side are grouped.
fn place_of_answers(record: usize, side: Side) -> u32 {
    2 * record as u32 + u32::from(side == Side::Us)
}
