//! The people with the most interactions of each record (rule K10).

use std::cmp::Reverse;

use polars::prelude::*;
use rayon::prelude::*;

use crate::columns::*;
use crate::error::{Error, Result};
use crate::interactions::event::TASK;
use crate::interactions::facts::Facts;
use crate::interactions::parts::{ByInteraction, Part};
use crate::sources::ids::KeyMap;

/// How many people a record has.
const MOST: usize = 3;

/// What a person and a record have in common.
#[derive(Clone, Copy, Default)]
struct Shared {
    /// Emails, meetings and calls.
    counts: [u32; 3],
    last: i64,
}

/// The three people of each record with the most held emails, meetings and calls; ties by the last one, then by
/// `id_order`: `record`, `rank`, `person`, counts in the columns of `names`, `last`.
///
/// A loop with a small table per part: as a join, every link met every person of its interaction
/// in memory before anything was counted.
pub fn ranked(
    parts: &[Part],
    people: &ByInteraction,
    facts: &Facts,
    id_order: impl Fn(u32) -> u32 + Sync,
    (rank, person, names, last): (&str, &str, [&str; 3], &str),
) -> Result<DataFrame> {
    let doing = || Error::engine("ranking people of records");
    let ranked = parts.par_iter().map(|part| of_part(part, people, facts, &id_order));
    let ranked: Vec<_> = ranked.collect::<PolarsResult<Vec<_>>>().map_err(doing())?.concat();
    let count = |at: usize| ranked.iter().map(|(_, _, _, shared)| i64::from(shared.counts[at])).collect::<Vec<_>>();
    df!(
        RECORD => ranked.iter().map(|(record, ..)| *record).collect::<Vec<_>>(),
        rank => ranked.iter().map(|(_, rank, ..)| *rank).collect::<Vec<_>>(),
        person => ranked.iter().map(|(_, _, person, _)| *person).collect::<Vec<_>>(),
        names[0] => count(0),
        names[1] => count(1),
        names[2] => count(2),
        last => ranked.iter().map(|(.., shared)| shared.last).collect::<Vec<_>>(),
    )
    .map_err(doing())
}

fn of_part(
    part: &Part,
    people: &ByInteraction,
    facts: &Facts,
    id_order: impl Fn(u32) -> u32,
) -> PolarsResult<Vec<(u32, u32, u32, Shared)>> {
    let records = part.links.column(RECORD)?.u32()?.iter().flatten();
    let interactions = part.links.column(INTERACTION)?.u32()?.iter().flatten();
    let mut shared: KeyMap<Shared> = KeyMap::default();
    for (record, interaction) in records.zip(interactions) {
        let Some(held) = facts.held(interaction).filter(|held| held.kind != TASK) else { continue };
        let found = people.of(interaction);
        for (at, &person) in found.iter().enumerate() {
            if found[..at].contains(&person) {
                continue;
            }
            let shared = shared.entry(u64::from(record) << 32 | u64::from(person)).or_default();
            shared.counts[held.kind as usize] += 1;
            shared.last = shared.last.max(held.at);
        }
    }
    let mut shared: Vec<(u32, u32, Shared)> =
        shared.into_iter().map(|(pair, shared)| ((pair >> 32) as u32, pair as u32, shared)).collect();
    shared.sort_unstable_by_key(|(record, person, shared)| {
        (*record, Reverse(shared.counts.iter().sum::<u32>()), Reverse(shared.last), id_order(*person))
    });
    let of_record = shared.chunk_by(|a, b| a.0 == b.0);
    Ok(of_record
        .flat_map(|people| (1..).zip(people.iter().take(MOST)))
        .map(|(rank, &(record, person, shared))| (record, rank, person, shared))
        .collect())
}
