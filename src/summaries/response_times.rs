//! How far apart the response times of the two sides lie, record by record (rule K11).

use polars::prelude::*;

use super::evidence::ranks;
use crate::error::{Error, Result};
use crate::frames::Grouped;
use crate::interactions::Interactions;
use crate::interactions::columns::{INTERACTION, RECORD};
use crate::interactions::interaction_view::{Facts, Started};
use crate::interactions::reply_runs::RESPONSE;

/// By record, the rank test of our response times against theirs; none where a side has too few answers. The input may be
/// split by record.
pub fn apart(interactions: &Interactions, records: usize) -> Result<Vec<Option<f64>>> {
    let doing = || Error::engine("response times of records");
    let facts = Facts::of(&interactions.table)?;
    let (begins, answers) = answers(interactions).map_err(doing())?;
    let link = |name: &str| interactions.links.column(name).and_then(|column| column.u32()?.cont_slice());
    let (linked, numbers) = (link(RECORD).map_err(doing())?, link(INTERACTION).map_err(doing())?);
    // Links and runs are both in the order of interactions.
    let of_link = |next: &mut usize, (&record, &number): (&u32, &u32)| {
        *next += begins[*next..].iter().take_while(|&&begin| begin < number).count();
        let answer = answers.get(*next).filter(|_| begins[*next] == number);
        // Who began the run waited for the other side.
        let by_us = || Some(facts.held(number)?.started == Started::ByThem);
        Some(answer.and_then(|&answer| Some((record, (answer, by_us()?)))))
    };
    let times = linked.iter().zip(numbers).scan(0, of_link).flatten();
    let times = Grouped::new(records, times).sorted();
    Ok((0..records as u32).map(|record| ranks(times.of(record))).collect())
}

/// First interactions of runs that were answered, in their order, and how long each answer took, in microseconds.
fn answers(interactions: &Interactions) -> PolarsResult<(Vec<u32>, Vec<i64>)> {
    let runs = &interactions.runs;
    let times = runs.column(RESPONSE)?.cast(&DataType::Int64)?;
    let answered = runs.column(INTERACTION)?.u32()?.iter().zip(times.i64()?.iter());
    Ok(answered.filter_map(|(begin, time)| begin.zip(time)).unzip())
}
