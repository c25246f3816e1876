//! How far apart the response times of the two sides lie, record by record (rule K11).

use bytemuck::{Pod, Zeroable};
use polars::prelude::*;

use super::evidence::ranks;
use crate::error::{Error, Result};
use crate::interactions::Interactions;
use crate::interactions::columns::{INTERACTION, RECORD};
use crate::interactions::interaction_view::{Facts, Started};
use crate::interactions::reply_runs::RESPONSE;

/// By record, the rank test of our response times against theirs; none where a side has too few answers. The input may be
/// split by record.
pub fn apart(interactions: &Interactions, records: usize) -> Result<Vec<Option<f64>>> {
    let doing = || Error::engine("response times of records");
    let facts = Facts::of(&interactions.table)?;
    let link = |name: &str| interactions.links.column(name).and_then(|column| column.u32()?.cont_slice());
    let (linked, numbers) = (link(RECORD).map_err(doing())?, link(INTERACTION).map_err(doing())?);
    let mut answers = answers(interactions).map_err(doing())?.peekable();
    let (mut of, mut times) = (interactions.scratch.list()?, interactions.scratch.list()?);
    // Links and runs are both in the order of interactions.
    for (&record, &number) in linked.iter().zip(numbers) {
        while answers.next_if(|&(begin, _)| begin < number).is_some() {}
        let Some(&(_, answer)) = answers.peek().filter(|&&(begin, _)| begin == number) else { continue };
        // Who began the run waited for the other side.
        let Some(held) = facts.held(number) else { continue };
        of.push(record);
        times.push(Answer { time: answer, by_us: u64::from(held.started == Started::ByThem) });
    }
    let (of, times) = (of.finish()?, times.finish()?);
    let mut apart = Vec::with_capacity(records);
    interactions.scratch.in_shares(records, &of, &times, |by_record| {
        let mut of_record = Vec::new();
        for place in 0..by_record.count() as u32 {
            of_record.clear();
            of_record.extend(by_record.of(place).iter().map(|answer| (answer.time, answer.by_us > 0)));
            of_record.sort_unstable();
            apart.push(ranks(&of_record));
        }
    });
    Ok(apart)
}

/// How long an answer took, in microseconds, and whether it was ours: 1 or 0.
#[derive(Clone, Copy, Debug, Default, Zeroable, Pod)]
#[repr(C)]
struct Answer {
    time: i64,
    by_us: u64,
}

/// First interactions of runs that were answered, in their order, and how long each answer took, in microseconds.
fn answers(interactions: &Interactions) -> PolarsResult<impl Iterator<Item = (u32, i64)>> {
    let runs = &interactions.runs;
    let answered = runs.column(INTERACTION)?.u32()?.iter().zip(runs.column(RESPONSE)?.i64()?.iter());
    Ok(answered.filter_map(|(begin, time)| begin.zip(time)))
}
