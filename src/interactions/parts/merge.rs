//! Interactions of several parts as those of one, in the order of their published ids.
//!
//! One column after the other, value by value: none of it has to be in memory.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::frames::sort_by_text;
use crate::interactions::columns::*;
use crate::interactions::event::INTERACTION_ID;
use crate::interactions::{Interactions, Participants, THREAD_ROOT};
use crate::scratch::{List, Scratch};

/// What the parts are as one.
pub fn merged(parts: Vec<Interactions>, scratch: &Scratch) -> Result<Interactions> {
    let order = Order::of(&parts, scratch)?;
    let mut bounces: Vec<_> = parts.iter().flat_map(|part| part.bounces.iter().copied()).collect();
    bounces.sort_unstable();
    let dropped = dropped(parts.iter().map(|part| &part.dropped))?;
    let counts = parts.first().map(|part| part.participants.counts.clone()).unwrap_or_default();
    let table = order.table(parts.iter().map(|part| part.table.clone()).collect(), scratch)?;
    let rows = |of: fn(&Interactions) -> &DataFrame| order.rows(parts.iter().map(of).collect(), scratch);
    let participants = Participants {
        people: rows(|part| &part.participants.people)?,
        groups: rows(|part| &part.participants.groups)?,
        counts,
    };
    let (links, runs) = (rows(|part| &part.links)?, rows(|part| &part.runs)?);
    let (dropped, scratch) = (scratch.keep_large(dropped)?, scratch.clone());
    Ok(Interactions { table, participants, links, runs, dropped, bounces, scratch })
}

/// The interactions of all parts in the order of their ids: of which part each is, those of a part in its own order.
struct Order {
    parts: List<u16>,
}

impl Order {
    fn of(parts: &[Interactions], scratch: &Scratch) -> Result<Order> {
        let ids = parts.iter().map(|part| Ok(part.table.column(INTERACTION_ID)?.str()?.rechunk().into_owned()));
        let ids = ids.collect::<PolarsResult<Vec<StringChunked>>>();
        let ids = ids.map_err(Error::engine("putting interactions together"))?;
        let mut next = vec![0; ids.len()];
        let mut heads: BinaryHeap<Reverse<(Option<&str>, usize)>> = BinaryHeap::new();
        let mut order = scratch.list()?;
        let mut advance = |part: usize| {
            let row = next[part];
            next[part] += 1;
            (row < ids[part].len()).then(|| Reverse((ids[part].get(row), part)))
        };
        heads.extend((0..ids.len()).filter_map(&mut advance));
        while let Some(Reverse((_, part))) = heads.pop() {
            order.push(part as u16);
            heads.extend(advance(part));
        }
        Ok(Order { parts: order.finish()? })
    }

    /// The tables of interactions as one, numbered in this order.
    fn table(&self, mut tables: Vec<DataFrame>, scratch: &Scratch) -> Result<DataFrame> {
        apart(&mut tables).map_err(Error::engine("putting interactions together"))?;
        let mut numbers = scratch.list()?;
        numbers.extend(0..self.parts.len() as u32);
        by_turns(&tables.iter().collect::<Vec<_>>(), &self.parts, numbers.finish()?, scratch)
    }

    /// Rows about interactions, those of each part by its numbers, as one in this order. Tables without columns stay so.
    fn rows(&self, tables: Vec<&DataFrame>, scratch: &Scratch) -> Result<DataFrame> {
        let doing = || Error::engine("putting interactions together");
        if tables.iter().all(|table| table.width() == 0) {
            return Ok(tables.into_iter().next().cloned().unwrap_or_default());
        }
        let of_parts = tables.iter().map(|table| Ok(table.column(INTERACTION)?.u32()?.rechunk().into_owned()));
        let of_parts = of_parts.collect::<PolarsResult<Vec<UInt32Chunked>>>().map_err(doing())?;
        let of_parts = of_parts.iter().map(UInt32Chunked::cont_slice).collect::<PolarsResult<Vec<&[u32]>>>();
        let of_parts = of_parts.map_err(doing())?;
        let (mut next, mut number) = (vec![0; tables.len()], vec![0u32; tables.len()]);
        let (mut turns, mut numbers) = (scratch.list()?, scratch.list()?);
        for (interaction, &turn) in (0..).zip(self.parts.iter()) {
            let part = usize::from(turn);
            while of_parts[part].get(next[part]) == Some(&number[part]) {
                turns.push(turn);
                numbers.push(interaction);
                next[part] += 1;
            }
            number[part] += 1;
        }
        by_turns(&tables, &turns.finish()?, numbers.finish()?, scratch)
    }
}

/// Roots of threads are numbers within a part: those of each begin where those of the part before end.
fn apart(tables: &mut [DataFrame]) -> PolarsResult<()> {
    let mut taken = 0;
    for table in tables {
        let roots = table.column(THREAD_ROOT)?.u32()?;
        let further = roots.max().map_or(0, |root| root + 1);
        let roots = roots + taken;
        table.with_column(roots.with_name(THREAD_ROOT.into()).into_column())?;
        taken += further;
    }
    Ok(())
}

/// The rows of all tables in turns, with the numbers of their interactions.
fn by_turns(tables: &[&DataFrame], turns: &[u16], numbers: List<u32>, scratch: &Scratch) -> Result<DataFrame> {
    let doing = || Error::engine("putting interactions together");
    let Some(first) = tables.first() else { return Ok(DataFrame::empty()) };
    let mut numbers = Some(numbers);
    let columns = first.get_column_names().into_iter().map(|name| {
        if name == INTERACTION
            && let Some(numbers) = numbers.take()
        {
            return Ok(numbers.into_column(INTERACTION));
        }
        let columns: PolarsResult<Vec<&Column>> = tables.iter().map(|table| table.column(name)).collect();
        scratch.in_turns(&columns.map_err(doing())?, turns)
    });
    let columns = columns.collect::<Result<Vec<_>>>()?;
    crate::memory::give_back();
    DataFrame::new(turns.len(), columns).map_err(doing())
}

/// Dropped rows of all parts in order; what several name is one row.
fn dropped<'a>(parts: impl Iterator<Item = &'a DataFrame>) -> Result<DataFrame> {
    let doing = || Error::engine("putting dropped rows together");
    let keys = ["source", SOURCE_ID, REASON];
    let mut all = DataFrame::empty();
    for part in parts {
        all = if all.width() == 0 { part.clone() } else { all.vstack(part).map_err(doing())? };
    }
    let sorted = sort_by_text(&all, &keys)?;
    let repeats = keys.map(|key| col(key).eq_missing(col(key).shift(lit(1))));
    let first = repeats.into_iter().reduce(Expr::and).unwrap_or(lit(false)).not();
    let mut dropped = sorted.lazy().filter(first).collect().map_err(doing())?;
    dropped.rechunk_mut();
    Ok(dropped)
}
