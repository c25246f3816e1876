//! Interactions of several parts as those of one, in the order of their published ids.
//!
//! One column after the other, value by value: none of it has to be in memory.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use polars::prelude::*;
use polars_arrow::bitmap::MutableBitmap;

use crate::error::{Error, Result};
use crate::interactions::columns::*;
use crate::interactions::event::INTERACTION_ID;
use crate::interactions::{Interactions, Participants, THREAD_ROOT};
use crate::scratch::{List, Scratch};

/// What the parts are as one.
pub fn merged(parts: Vec<Interactions>, scratch: &Scratch) -> Result<Interactions> {
    let order = Order::of(&parts, scratch)?;
    let mut bounces: Vec<_> = parts.iter().flat_map(|part| part.bounces.iter().copied()).collect();
    bounces.sort_unstable();
    let dropped = dropped(&parts.iter().map(|part| &part.dropped).collect::<Vec<_>>(), scratch)?;
    let counts = parts.first().map(|part| part.participants.counts.clone()).unwrap_or_default();
    let table = order.table(parts.iter().map(|part| part.table.clone()).collect(), scratch)?;
    let rows = |of: fn(&Interactions) -> &DataFrame| order.rows(parts.iter().map(of).collect(), scratch);
    let participants = Participants {
        people: rows(|part| &part.participants.people)?,
        groups: rows(|part| &part.participants.groups)?,
        counts,
    };
    let (links, runs) = (rows(|part| &part.links)?, rows(|part| &part.runs)?);
    let scratch = scratch.clone();
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
fn dropped(parts: &[&DataFrame], scratch: &Scratch) -> Result<DataFrame> {
    let doing = || Error::engine("putting dropped rows together");
    let texts = |part: &&DataFrame| -> PolarsResult<[StringChunked; 3]> {
        let text = |name: &str| PolarsResult::Ok(part.column(name)?.str()?.rechunk().into_owned());
        Ok([text("source")?, text(SOURCE_ID)?, text(REASON)?])
    };
    let rows = parts.iter().map(texts).collect::<PolarsResult<Vec<_>>>().map_err(doing())?;
    let mut next = vec![0; rows.len()];
    let mut advance = |part: usize| {
        let row = next[part];
        next[part] += 1;
        (row < rows[part][0].len()).then(|| Reverse((rows[part].each_ref().map(|texts| texts.get(row)), part)))
    };
    let mut heads: BinaryHeap<Reverse<([Option<&str>; 3], usize)>> = (0..rows.len()).filter_map(&mut advance).collect();
    let (mut turns, mut is_first) = (scratch.list()?, MutableBitmap::new());
    let mut before = None;
    while let Some(Reverse((row, part))) = heads.pop() {
        turns.push(part as u16);
        is_first.push(before != Some(row));
        before = Some(row);
        heads.extend(advance(part));
    }
    let turns = turns.finish()?;
    let is_first = BooleanChunked::from_bitmap(PlSmallStr::EMPTY, is_first.into());
    let is_first = Some(&is_first).filter(|is_first| !is_first.all());
    let Some(first) = parts.first() else { return Ok(DataFrame::empty()) };
    let columns = first.get_column_names().into_iter().map(|name| {
        let columns = parts.iter().map(|part| part.column(name)).collect::<PolarsResult<Vec<&Column>>>();
        scratch.filtered(scratch.in_turns(&columns.map_err(doing())?, &turns)?, is_first)
    });
    DataFrame::new_infer_height(columns.collect::<Result<_>>()?).map_err(doing())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tempfile::TempDir;

    use super::*;
    use crate::scratch::Limit;
    use crate::storage::Spool;

    #[test]
    fn what_several_parts_have_dropped_is_one_row() {
        let rows = |rows: &[[&str; 3]]| {
            let column = |at: usize| rows.iter().map(|row| row[at].to_string()).collect::<Vec<_>>();
            df!("source" => column(0), SOURCE_ID => column(1), REASON => column(2)).unwrap()
        };
        let parts = [
            rows(&[["email", "a", "draft"], ["email", "c", "draft"], ["task", "a", "no_time"]]),
            rows(&[]),
            rows(&[["email", "b", "draft"], ["email", "c", "draft"], ["email", "c", "failed"]]),
        ];
        let expected = rows(&[
            ["email", "a", "draft"],
            ["email", "b", "draft"],
            ["email", "c", "draft"],
            ["email", "c", "failed"],
            ["task", "a", "no_time"],
        ]);
        let root = TempDir::new().unwrap();
        let spool = Arc::new(Spool::below(root.path().to_path_buf()));
        for scratch in [Scratch::default(), Scratch::beyond(Limit::Parts(2), spool)] {
            assert_eq!(dropped(&parts.each_ref(), &scratch).unwrap(), expected);
            assert_eq!(dropped(&[&parts[1], &parts[0]], &scratch).unwrap(), parts[0]);
        }
    }
}
