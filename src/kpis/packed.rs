//! What aggregates over a record's interactions need of each, packed: a link then fetches one
//! number instead of eight flags and two sort keys.

use polars::prelude::*;
use rayon::prelude::*;

use super::activity::HELD;
use crate::columns::*;
use crate::error::{Error, Result};
use crate::interactions::event::*;
use crate::interactions::gather;
use crate::literals::typed;

/// Place of an interaction in time: of several at one time, the one that wins is last among held
/// and first among planned ones, and that is the one with the smallest id.
pub const RANK: &str = "rank";
const FLAGS: &str = "flags";
const DIRECTION_KNOWN: u16 = 1;
const BY_US: u16 = 2;
const IS_HELD: u16 = 4;
const IS_FOLLOWED: u16 = 8;
const FIRST_ENGAGEMENT: u16 = 16;

/// Interactions as aggregates see them.
pub struct Packed {
    /// One row per interaction: flags and [`RANK`].
    by_interaction: DataFrame,
    /// [`INTERACTION`] by [`RANK`].
    pub by_rank: DataFrame,
}

impl Packed {
    /// Of interactions in the order of [`INTERACTION`].
    pub fn of(interactions: &DataFrame) -> Result<Packed> {
        let (by_interaction, by_rank) = pack(interactions).map_err(Error::engine("packing interactions"))?;
        Ok(Packed { by_interaction, by_rank })
    }

    /// Adds [`RANK`], [`OURS`], [`HELD`], [`FOLLOWED`] and the columns of [`ENGAGEMENT`] to rows with
    /// [`INTERACTION`].
    pub fn add_to(&self, rows: LazyFrame) -> Result<LazyFrame> {
        let of = |column| Ok(gather(col(INTERACTION), &self.by_interaction, column)?.alias(column));
        let is = |flag: u16| col(FLAGS).and(typed(flag)).neq(typed(0u16));
        let mut columns = vec![
            when(is(DIRECTION_KNOWN)).then(is(BY_US)).otherwise(lit(NULL)).alias(OURS),
            is(IS_HELD).alias(HELD),
            is(IS_FOLLOWED).alias(FOLLOWED),
        ];
        columns.extend((0..).zip(ENGAGEMENT).map(|(at, name)| is(FIRST_ENGAGEMENT << at).alias(name)));
        Ok(rows.with_columns([of(FLAGS)?, of(RANK)?]).with_columns(columns).drop(cols([FLAGS])))
    }
}

fn pack(interactions: &DataFrame) -> PolarsResult<(DataFrame, DataFrame)> {
    let mut flags = vec![0u16; interactions.height()];
    let mut set = |column: &str, value: bool, flag: u16| -> PolarsResult<()> {
        for (flags, is) in flags.iter_mut().zip(interactions.column(column)?.bool()?.iter()) {
            *flags |= if is == Some(value) { flag } else { 0 };
        }
        Ok(())
    };
    set(OURS, true, DIRECTION_KNOWN | BY_US)?;
    set(OURS, false, DIRECTION_KNOWN)?;
    set(PLANNED, false, IS_HELD)?;
    set(FOLLOWED, true, IS_FOLLOWED)?;
    for (at, column) in ENGAGEMENT.iter().enumerate() {
        set(column, true, FIRST_ENGAGEMENT << at)?;
    }

    let times = interactions.column(OCCURRED_AT)?.cast(&DataType::Int64)?;
    let mut order: Vec<(i64, u32, u32)> = times
        .i64()?
        .iter()
        .zip(&flags)
        .zip(0..)
        .map(|((time, flags), number)| {
            let tie = if flags & IS_HELD != 0 { u32::MAX - number } else { number };
            (time.unwrap_or(i64::MIN), tie, number)
        })
        .collect();
    order.par_sort_unstable();
    let mut ranks = vec![0u32; order.len()];
    for (rank, (_, _, number)) in (0..).zip(&order) {
        ranks[*number as usize] = rank;
    }
    let by_rank: Vec<u32> = order.into_iter().map(|(_, _, number)| number).collect();
    Ok((df!(FLAGS => flags, RANK => ranks)?, df!(INTERACTION => by_rank)?))
}
