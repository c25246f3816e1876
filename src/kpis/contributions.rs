//! What each interaction brings to the KPIs of its records, computed once, however many records it
//! counts for.

use std::ops::Range;

use polars::prelude::*;
use rayon::prelude::*;

use super::activity;
use super::distinct::{Distinct, Mixed, mix};
use super::kpi::{Each, Kpi, Responses};
use super::turns;
use crate::columns::*;
use crate::error::{Error, Result};
use crate::interactions::runs::{DUE, RESPONSE};
use crate::interactions::{Interactions, between};

/// How many KPIs add up microseconds.
pub const TIMES: usize = 3;

/// Interactions that one worker looks at at a time.
const CHUNK: usize = 1 << 17;

// Flags beside those of KPIs.
pub const IS_HELD: u64 = 1;
pub const IS_DUE: u64 = 2;
const ANSWERED_BY_US: u64 = 4;
const ANSWERED_BY_THEM: u64 = 8;

/// What of contributions a KPI is made of.
pub enum Source {
    /// Of how many this flag is set.
    Count(u64),
    /// The sum of the times at a place; null where nothing is held, or where only times are missing.
    Time(Times),
    /// A function of the times until a side answered, us or them.
    Response(bool, fn(Responses<'_>) -> f64),
}

/// Where the times of a KPI are, and the flags of those that take time.
pub struct Times {
    /// Place among the times.
    pub at: usize,
    /// It takes time, and how much is known.
    pub known: u64,
    /// It takes time, and nobody knows how much.
    pub unknown: u64,
}

/// Expressions that make contributions, and where KPIs find themselves in them.
pub struct Plan {
    flags: Vec<Expr>,
    times: Vec<Expr>,
    /// Columns of KPIs that are added up.
    pub columns: Vec<(&'static str, Source)>,
}

impl Plan {
    /// For KPIs that are added up.
    pub fn of(kpis: &[Kpi]) -> Plan {
        let answered = |by_us| col(DUE).and(turns::answered(by_us));
        let flags = vec![activity::held(), col(DUE), answered(true), answered(false)];
        let mut plan = Plan { flags, times: Vec::new(), columns: Vec::new() };
        for (kpi, each) in kpis.iter().filter_map(|kpi| Some((kpi, kpi.each?))) {
            let source = match each {
                Each::One(condition) => Source::Count(plan.flag(condition())),
                Each::Run(condition) => Source::Count(plan.flag(col(DUE).and(condition()))),
                Each::Time { time, takes } => {
                    plan.times.push(time());
                    let known = plan.flag(takes().and(time().is_not_null()));
                    let unknown = plan.flag(takes().and(time().is_null()));
                    Source::Time(Times { at: plan.times.len() - 1, known, unknown })
                }
                Each::Response(by_us, value) => Source::Response(by_us, value),
            };
            plan.columns.push((kpi.column.name, source));
        }
        plan
    }

    fn flag(&mut self, condition: Expr) -> u64 {
        self.flags.push(condition);
        1 << (self.flags.len() - 1)
    }
}

/// What an interaction brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contribution {
    flags: u64,
    /// Place of the flags in [`Contributions::patterns`].
    pub pattern: u32,
    /// Microseconds, in the order of [`Plan`].
    pub times: [i64; TIMES],
}

impl Contribution {
    /// Whether it is held.
    pub fn is_held(&self) -> bool {
        self.flags & IS_HELD != 0
    }

    /// Who answered the run that it begins: us, or them.
    pub fn answered_by_us(&self) -> Option<bool> {
        let by_us = self.flags & ANSWERED_BY_US != 0;
        (by_us || self.flags & ANSWERED_BY_THEM != 0).then_some(by_us)
    }
}

impl Mixed for Contribution {
    fn mixed(&self) -> u64 {
        self.times.iter().fold(mix(0, self.flags), |mixed, &time| mix(mixed, time as u64))
    }
}

/// What interactions bring, by their number. Most bring the same as many others: there are hundreds of
/// different contributions to millions of interactions.
pub struct Contributions {
    /// The sets of flags that there are.
    pub patterns: Vec<u64>,
    distinct: Vec<Contribution>,
    numbers: Vec<u32>,
    /// Microseconds to the answer, of interactions that begin an answered run.
    pub responses: Vec<i64>,
}

impl Contributions {
    /// Of interactions in the order of [`INTERACTION`]. The input may be split by interaction.
    pub fn of(interactions: &Interactions, plan: &Plan) -> Result<Contributions> {
        Contributions::of_chunks(interactions, plan, CHUNK)
    }

    pub(super) fn of_chunks(interactions: &Interactions, plan: &Plan, size: usize) -> Result<Contributions> {
        let count = interactions.table.height();
        let ranges = (0..count.div_ceil(size)).into_par_iter().map(|chunk| chunk * size..(chunk + 1) * size);
        let chunks = ranges.map(|range| Chunk::of(interactions, plan, range)).collect::<Result<Vec<_>>>()?;
        let (mut all, mut patterns) = (Distinct::new(), Distinct::new());
        let (mut numbers, mut responses) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for chunk in chunks {
            let renumbered: Vec<u32> = chunk.distinct.into_iter().map(|one| all.number(one)).collect();
            numbers.extend(chunk.numbers.into_iter().map(|number| renumbered[number as usize]));
            responses.extend(chunk.responses);
        }
        let mut distinct = all.values;
        for one in &mut distinct {
            one.pattern = patterns.number(Contribution { times: [0; TIMES], ..*one });
        }
        let patterns = patterns.values.into_iter().map(|pattern| pattern.flags).collect();
        Ok(Contributions { patterns, distinct, numbers, responses })
    }

    /// That of one interaction.
    pub fn of_one(&self, interaction: u32) -> &Contribution {
        &self.distinct[self.numbers[interaction as usize] as usize]
    }
}

/// Contributions of consecutive interactions.
struct Chunk {
    distinct: Vec<Contribution>,
    numbers: Vec<u32>,
    responses: Vec<i64>,
}

impl Chunk {
    fn of(interactions: &Interactions, plan: &Plan, range: Range<usize>) -> Result<Chunk> {
        let rows = interactions.table.slice(range.start as i64, range.len());
        let runs = between(&interactions.runs, range.start as u32, range.end as u32)?;
        Chunk::made(rows, &runs, plan, range.start).map_err(Error::engine("what interactions bring to KPIs"))
    }

    fn made(mut rows: DataFrame, runs: &DataFrame, plan: &Plan, from: usize) -> PolarsResult<Chunk> {
        let (mut response, mut due) = (vec![None; rows.height()], vec![false; rows.height()]);
        for (begin, time) in runs.column(INTERACTION)?.u32()?.iter().zip(runs.column(RESPONSE)?.i64()?.iter()) {
            let Some(begin) = begin else { continue };
            let at = begin as usize - from;
            (response[at], due[at]) = (time, true);
        }
        rows.with_column(Column::new(RESPONSE.into(), &response))?;
        rows.with_column(Column::new(DUE.into(), due))?;
        let numbered = plan.flags.iter().chain(&plan.times).enumerate();
        let numbered: Vec<Expr> = numbered.map(|(at, expr)| expr.clone().alias(at.to_string())).collect();
        let columns = rows.lazy().with_column(activity::held()).select(numbered).collect()?;
        let (flags, times) = columns.columns().split_at(plan.flags.len());

        let mut all = vec![Contribution { flags: 0, pattern: 0, times: [0; TIMES] }; response.len()];
        for (at, column) in flags.iter().enumerate() {
            let column = column.bool()?.rechunk();
            let set = column.downcast_as_array();
            let set = set.validity().map_or_else(|| set.values().clone(), |known| set.values() & known);
            set.true_idx_iter().for_each(|row| all[row].flags |= 1 << at);
        }
        for (at, column) in times.iter().enumerate() {
            for (one, time) in all.iter_mut().zip(column.i64()?.iter()) {
                one.times[at] = time.unwrap_or(0);
            }
        }
        let mut distinct = Distinct::new();
        let numbers = all.into_iter().map(|one| distinct.number(one)).collect();
        let responses = response.into_iter().map(Option::unwrap_or_default).collect();
        Ok(Chunk { distinct: distinct.values, numbers, responses })
    }
}
