//! What of Exchange may no longer be used, though it is published (rule C6).

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate};
use polars::prelude::*;

use super::published;
use crate::context::Output;
use crate::error::{Error, Result};
use crate::frames::typed_columns::{instants, texts};
use crate::publish::published_files;

/// Interactions that Exchange gave and may give no longer.
#[derive(Default)]
pub struct Withdrawn {
    /// Consent is withdrawn: all of them.
    pub all: bool,
    /// Those that nothing else gives.
    pub gone: HashSet<String>,
    /// Those that Dataverse gives too.
    pub kept: HashSet<String>,
}

impl Withdrawn {
    /// Whether everything may still be used.
    pub fn is_nothing(&self) -> bool {
        !self.all && self.gone.is_empty() && self.kept.is_empty()
    }

    /// Whether what Exchange says of an interaction may no longer be used.
    pub fn takes_copies_of(&self, interaction: &str) -> bool {
        self.all || self.kept.contains(interaction) || self.gone.contains(interaction)
    }
}

/// A published day some of whose interactions may no longer be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resting {
    /// The day.
    pub day: NaiveDate,
    /// A day before which none of these interactions was held.
    pub since: NaiveDate,
    /// Its other interactions.
    pub others: usize,
    /// Those of them that the lake gives no longer.
    pub lost: usize,
}

/// The days whose table of interactions rests on what may no longer be used, in order. `given` are the interactions
/// that the lake gives now.
///
/// # Errors
/// What storage refuses, and a file that is no readable Parquet.
pub fn days_resting_on(output: &Output, withdrawn: &Withdrawn, given: &HashSet<String>) -> Result<Vec<Resting>> {
    let mut resting = Vec::new();
    for file in published_files(output, "interactions")? {
        let Some(day) = file.partition().and_then(|partition| partition.day()) else { continue };
        let rows = published::open(file.bring()?)?;
        let rows = rows.collect(|plan| plan.select(["interaction_id", "in_exchange", "occurred_at"].map(col)))?;
        let times = instants(&rows, "occurred_at")?;
        let flags = rows.column("in_exchange").and_then(|flags| flags.bool().cloned());
        let flags = flags.map_err(Error::engine("table interactions: looking for withdrawn ones"))?;
        let (mut first, mut others, mut lost) = (None, 0, 0);
        for ((id, flag), time) in texts(&rows, "interaction_id")?.iter().zip(flags.iter()).zip(times.iter()) {
            let Some(id) = id else { continue };
            if flag == Some(true) && withdrawn.takes_copies_of(id) {
                first = first.into_iter().chain([time.unwrap_or(i64::MIN)]).min();
            } else {
                others += 1;
                lost += usize::from(!given.contains(id));
            }
        }
        if let Some(first) = first {
            // Days begin at other times in other zones.
            let since = DateTime::from_timestamp_micros(first).and_then(|first| first.date_naive().pred_opt());
            resting.push(Resting { day, since: since.unwrap_or(NaiveDate::MIN), others, lost });
        }
    }
    resting.sort_by_key(|resting| resting.day);
    Ok(resting)
}
