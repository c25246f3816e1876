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
    let answers = answers(interactions, facts.count()).map_err(doing())?;
    let link = |name: &str| interactions.links.column(name).and_then(|column| column.u32()?.cont_slice());
    let (linked, numbers) = (link(RECORD).map_err(doing())?, link(INTERACTION).map_err(doing())?);
    let times = linked.iter().zip(numbers).filter_map(|(&record, &number)| {
        // Who began the run waited for the other side.
        let by_us = facts.held(number)?.started == Started::ByThem;
        Some((record, (answers[number as usize]?, by_us)))
    });
    let times = Grouped::new(records, times).sorted();
    Ok((0..records as u32).map(|record| ranks(times.of(record))).collect())
}

/// By interaction, how long the answer took to the run that it begins, in microseconds.
fn answers(interactions: &Interactions, count: u32) -> PolarsResult<Vec<Option<i64>>> {
    let mut answers = vec![None; count as usize];
    let runs = &interactions.runs;
    let times = runs.column(RESPONSE)?.cast(&DataType::Int64)?;
    for (begin, time) in runs.column(INTERACTION)?.u32()?.iter().zip(times.i64()?.iter()) {
        if let Some(begin) = begin {
            answers[begin as usize] = time;
        }
    }
    Ok(answers)
}
