//! Interactions of more activities than memory can hold: built part by part, and put together on disk.
//!
//! A part has whole threads and meetings, so that no interaction has rows in two of them. What is computed of all of
//! them together is the same as if they had been built at once.

mod mail_groups;
mod merge;
mod split;

use crate::config::Settings;
use crate::error::Result;
use crate::interactions::{Build, Context, Interactions};
use crate::people::People;
use crate::scratch::Scratch;
use crate::sources::{Activities, Sources};
use crate::time::AsOf;
use split::Split;

pub use mail_groups::{MailGroups, is_nameless};
pub use split::parties_of;

/// Builds the interactions of a day, in as many parts as memory wants.
///
/// # Errors
/// What the engine runs into, and a disk that is full.
pub fn build_in_parts(
    build: Build,
    (sources, activities): (&Sources, Activities),
    people: &People,
    settings: &Settings,
    as_of: AsOf,
    scratch: &Scratch,
) -> Result<Interactions> {
    let build_of = |activities: Activities| {
        let mut context = Context::new(sources, activities, people, settings, as_of)?;
        build(&mut context)
    };
    let count = scratch.parts(activities.bytes());
    if count == 1 {
        return build_of(activities);
    }
    let split = Split::of(activities, &sources.parents, count)?;
    let mut built = Vec::new();
    for part in 0..count {
        built.push(on_disk(build_of(split.part(part)?)?, scratch)?);
        crate::memory::give_back();
    }
    drop(split);
    merge::merged(built, scratch)
}

/// The same interactions without their weight in memory.
fn on_disk(interactions: Interactions, scratch: &Scratch) -> Result<Interactions> {
    let Interactions { table, mut participants, links, runs, dropped, bounces } = interactions;
    participants.people = scratch.keep(participants.people)?;
    participants.groups = scratch.keep(participants.groups)?;
    Ok(Interactions {
        table: scratch.keep(table)?,
        participants,
        links: scratch.keep(links)?,
        runs: scratch.keep(runs)?,
        dropped: scratch.keep(dropped)?,
        bounces,
    })
}
