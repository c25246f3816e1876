//! What each interaction contributes to the KPIs of its records, computed once, however many records it counts for.

use std::ops::Range;

use indexmap::IndexSet;
use polars::prelude::*;
use rayon::prelude::*;
use rustc_hash::FxBuildHasher;

use super::plan::{ANSWERED_BY_THEM, ANSWERED_BY_US, Flag, IS_HELD, Plan};
use crate::error::{Error, Result};
use crate::frames::rows_between;
use crate::interactions::Interactions;
use crate::interactions::columns::*;
use crate::interactions::reply_runs::{DUE, RESPONSE};
use crate::kpis::kpi::Side;
use crate::kpis::measuring::held;
use crate::scratch::List;

/// Interactions that one worker looks at at a time.
const CHUNK: usize = 1 << 17;
/// Chunks that are held at a time, whatever the number of interactions, and where memory has a limit.
const CHUNKS: [usize; 2] = [32, 4];

/// Flags in a word.
const BITS: usize = u64::BITS as usize;

/// Different rows of words, numbered in the order in which they come. Most interactions contribute the same as many
/// others: there are hundreds of different contributions to millions of interactions.
type DistinctRows = IndexSet<Box<[u64]>, FxBuildHasher>;

fn number(rows: &mut DistinctRows, row: &[u64]) -> u32 {
    let number = rows.get_index_of(row).unwrap_or_else(|| rows.insert_full(row.into()).0);
    number as u32
}

/// Contributions of interactions, by their number.
pub struct Contributions {
    /// The different sets of flags, words of [`BITS`] flags each.
    patterns: DistinctRows,
    /// By pattern: the pattern without the flags of runs.
    without_runs: Vec<u32>,
    /// By distinct contribution: place of its flags in the patterns.
    pattern_of: Vec<u32>,
    /// By distinct contribution: its amounts of time, one after the other.
    times: Vec<i64>,
    times_each: usize,
    /// By interaction: number of its contribution.
    numbers: List<u32>,
    /// By interaction: microseconds to the answer, where it begins an answered run.
    responses: List<i64>,
}

/// What one interaction contributes.
pub struct Contribution<'a> {
    /// Place of its set of flags among [`Contributions::patterns`].
    pub pattern: u32,
    /// Microseconds, in the order of [`Plan::times`].
    pub times: &'a [i64],
    /// Microseconds to the answer, meaningful where a side answered.
    pub response: i64,
}

impl Contributions {
    /// Of interactions in the order of [`INTERACTION`]. The input may be split by interaction.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn of(interactions: &Interactions, plan: &Plan) -> Result<Contributions> {
        Contributions::of_chunks(interactions, plan, CHUNK)
    }

    pub(super) fn of_chunks(interactions: &Interactions, plan: &Plan, size: usize) -> Result<Contributions> {
        let count = interactions.table.height();
        let mut distinct = DistinctRows::default();
        let (mut numbers, mut responses) = (interactions.scratch.list()?, interactions.scratch.list()?);
        let ranges: Vec<_> = (0..count.div_ceil(size)).map(|chunk| chunk * size..(chunk + 1) * size).collect();
        for ranges in ranges.chunks(CHUNKS[usize::from(interactions.scratch.is_limited())]) {
            let chunks = ranges.par_iter().map(|range| Chunk::of(interactions, plan, range.clone()));
            for chunk in chunks.collect::<Result<Vec<_>>>()? {
                let renumbered: Vec<u32> = chunk.distinct.iter().map(|row| number(&mut distinct, row)).collect();
                numbers.extend(chunk.numbers.into_iter().map(|number| renumbered[number as usize]));
                responses.extend(chunk.responses);
            }
        }
        let words = plan.flags.len().div_ceil(BITS);
        let mut patterns = DistinctRows::default();
        let pattern_of = distinct.iter().map(|row| number(&mut patterns, &row[..words])).collect();
        let times = distinct.iter().flat_map(|row| row[words..].iter().map(|&time| time as i64)).collect();
        let with_runs: Vec<Box<[u64]>> = patterns.iter().cloned().collect();
        let without_runs = with_runs.into_iter().map(|mut pattern| {
            plan.of_runs.iter().for_each(|flag| pattern[flag / BITS] &= !(1 << (flag % BITS)));
            number(&mut patterns, &pattern)
        });
        let without_runs = without_runs.collect();
        Ok(Contributions {
            patterns,
            without_runs,
            pattern_of,
            times,
            times_each: plan.times.len(),
            numbers: numbers.finish()?,
            responses: responses.finish()?,
        })
    }

    /// That of one interaction.
    pub fn of_one(&self, interaction: u32) -> Contribution<'_> {
        let distinct = self.numbers[interaction as usize] as usize;
        let times = distinct * self.times_each;
        Contribution {
            pattern: self.pattern_of[distinct],
            times: &self.times[times..times + self.times_each],
            response: self.responses[interaction as usize],
        }
    }

    /// The pattern that an interaction has while the run that it begins is not due yet.
    pub fn while_pending(&self, pattern: u32) -> u32 {
        self.without_runs[pattern as usize]
    }

    /// How many different sets of flags there are.
    pub fn patterns(&self) -> usize {
        self.patterns.len()
    }

    /// By pattern, whether it has a flag.
    pub fn having(&self, flag: Flag) -> Vec<bool> {
        self.patterns.iter().map(|words| words[flag / BITS] >> (flag % BITS) & 1 == 1).collect()
    }

    /// By pattern, whether the interaction is held.
    pub fn held(&self) -> Vec<bool> {
        self.having(IS_HELD)
    }

    /// By pattern, the side that answered the run that the interaction begins.
    pub fn answered_by(&self) -> Vec<Option<Side>> {
        let sides = self.having(ANSWERED_BY_US).into_iter().zip(self.having(ANSWERED_BY_THEM));
        let side = |(us, them)| match (us, them) {
            (true, _) => Some(Side::Us),
            (_, true) => Some(Side::Them),
            _ => None,
        };
        sides.map(side).collect()
    }
}

/// Contributions of consecutive interactions.
struct Chunk {
    distinct: DistinctRows,
    numbers: Vec<u32>,
    responses: Vec<i64>,
}

impl Chunk {
    fn of(interactions: &Interactions, plan: &Plan, range: Range<usize>) -> Result<Chunk> {
        let rows = interactions.table.slice(range.start as i64, range.len());
        let runs = rows_between(&interactions.runs, INTERACTION, range.start as u32, range.end as u32)?;
        Chunk::evaluated(rows, &runs, plan, range.start).map_err(Error::engine("contributions of interactions to KPIs"))
    }

    fn evaluated(mut rows: DataFrame, runs: &DataFrame, plan: &Plan, from: usize) -> PolarsResult<Chunk> {
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
        let columns = rows.lazy().with_column(held()).select(numbered).collect()?;
        let (flags, times) = columns.columns().split_at(plan.flags.len());

        let words = plan.flags.len().div_ceil(BITS);
        let width = words + plan.times.len();
        let mut all = vec![0u64; response.len() * width];
        for (at, column) in flags.iter().enumerate() {
            let column = column.bool()?.rechunk();
            let set = column.downcast_as_array();
            let set = set.validity().map_or_else(|| set.values().clone(), |known| set.values() & known);
            set.true_idx_iter().for_each(|row| all[row * width + at / BITS] |= 1 << (at % BITS));
        }
        for (at, column) in times.iter().enumerate() {
            for (row, time) in column.i64()?.iter().enumerate() {
                all[row * width + words + at] = time.unwrap_or(0) as u64;
            }
        }
        let mut distinct = DistinctRows::default();
        let numbers = all.chunks_exact(width).map(|row| number(&mut distinct, row)).collect();
        let responses = response.into_iter().map(Option::unwrap_or_default).collect();
        Ok(Chunk { distinct, numbers, responses })
    }
}
