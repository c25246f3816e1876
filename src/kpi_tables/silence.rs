//! How long nothing has been held for each record, and the longest silence lately (rule K8).

use polars::prelude::*;
use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::interactions::columns::*;
use crate::interactions::interaction_view::Facts;
use crate::interactions::record_shards::RecordShard;
use crate::interactions::{Context, Interactions};
use crate::kpis::definitions::silence::{DAYS_SINCE, LAST_DAYS, LONGEST};
use crate::scratch::List;
use crate::time::{AsOf, LocalDays};

/// Days as the bits of one number, the first of the last [`LAST_DAYS`] being the lowest.
pub type Days = u64;

/// By interaction, on which of the last days up to a day it was held.
pub struct DaysOfInteractions(List<u8>);

impl DaysOfInteractions {
    /// Of all interactions.
    pub fn of(interactions: &Interactions, day: &AsOf) -> Result<DaysOfInteractions> {
        let days = LocalDays::until(day, LAST_DAYS);
        let facts = Facts::of(&interactions.table)?;
        let mut places = interactions.scratch.list()?;
        places.extend((0..facts.count()).map(|interaction| place(&facts, &days, interaction)));
        Ok(DaysOfInteractions(places.finish()?))
    }

    /// By record of some parts, on which of the days there was contact.
    pub fn of_records(&self, parts: &[RecordShard]) -> Result<Vec<Days>> {
        let of_parts = parts.par_iter().map(|part| days_of(part, &self.0)).collect::<PolarsResult<Vec<_>>>();
        Ok(of_parts.map_err(Error::engine("silence of records"))?.concat())
    }
}

/// [`DAYS_SINCE`] and [`LONGEST`] by record, of its days of contact; `by_record` has the first and the last held
/// interaction of each. The input may be split by record.
pub fn columns(context: &Context, contacts: &[Days], by_record: &DataFrame) -> Result<[Column; 2]> {
    let doing = || Error::engine("silence of records");
    let days = LocalDays::until(&context.as_of, LAST_DAYS);
    let instants = |name: &str| by_record.column(name).and_then(|column| Ok(column.datetime()?.phys.clone()));
    let (first, last) =
        (instants("first_interaction_at").map_err(doing())?, instants("last_interaction_at").map_err(doing())?);
    let since = |at: Option<i64>| Some((context.as_of.date - context.as_of.day_of(at?)?).num_days());
    let longest = contacts.iter().zip(first.iter()).map(|(&contacts, first)| {
        let from = days.place(first?).unwrap_or(0);
        Some(i64::from(longest_without(contacts, from)))
    });
    Ok([
        Column::new(DAYS_SINCE.into(), last.iter().map(since).collect::<Vec<_>>()),
        Column::new(LONGEST.into(), longest.collect::<Vec<_>>()),
    ])
}

/// Stands for what is planned, or was held before.
const NONE: u8 = u8::MAX;

fn place(facts: &Facts, days: &LocalDays, interaction: u32) -> u8 {
    facts.held(interaction).and_then(|held| days.place(held.at)).map_or(NONE, |place| place as u8)
}

/// On which days there was contact, by record of the part.
fn days_of(part: &RecordShard, places: &[u8]) -> PolarsResult<Vec<Days>> {
    let mut days = vec![0; part.records.len()];
    let linked = part.links.column(RECORD)?.u32()?.cont_slice()?;
    let interactions = part.links.column(INTERACTION)?.u32()?.cont_slice()?;
    for (&record, &interaction) in linked.iter().zip(interactions) {
        let place = places[interaction as usize];
        if place != NONE {
            days[(record - part.records.start) as usize] |= 1 << place;
        }
    }
    Ok(days)
}

/// The most days in a row without contact, from one day on.
fn longest_without(contacts: Days, from: u32) -> u32 {
    let (mut longest, mut run) = (0, 0);
    for day in from..LAST_DAYS {
        run = if contacts >> day & 1 == 1 { 0 } else { run + 1 };
        longest = longest.max(run);
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_lies_between_contacts_and_behind_the_last() {
        assert_eq!(longest_without(0, 0), 60);
        assert_eq!(longest_without(1 << 9 | 1 << 39, 0), 29);
        assert_eq!(longest_without(1 << 9 | 1 << 20, 0), 39);
        // What began 50 days in has no silence before.
        assert_eq!((longest_without(1 << 50, 50), longest_without(1 << 59, 59)), (9, 0));
    }
}
