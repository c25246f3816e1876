//! Interactions of more activities than memory can hold: built part by part, and put together on disk.
//!
//! A part has whole threads and meetings, so that no interaction has rows in two of them. What is computed of all of
//! them together is the same as if they had been built at once.

mod mail_groups;
mod mark;
mod merge;
mod split;
mod staged;
mod work_folder;

use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::config::Settings;
use crate::error::Result;
use crate::interactions::{Build, Context, Interactions};
use crate::people::People;
use crate::scratch::Scratch;
use crate::sources::{Activities, Sources};
use crate::time::AsOf;
use split::Split;

pub use mail_groups::{MailGroups, is_nameless};
pub use mark::mark;
pub use split::parties_of;
pub use staged::{Manifest, PartOf, Staged};
pub use work_folder::{PREFIX, clean};

/// What interactions of a day are built of.
pub struct Task<'a> {
    /// How.
    pub build: Build,
    /// The small tables of the lake.
    pub sources: &'a Sources,
    /// Who is who on the day.
    pub people: &'a People,
    /// Switches.
    pub settings: &'a Settings,
    /// The day.
    pub as_of: AsOf,
    /// What memory it is held to.
    pub scratch: &'a Scratch,
}

impl Task<'_> {
    fn built(&self, activities: Activities) -> Result<Interactions> {
        let mut context = Context::new(self.sources, activities, self.people, self.settings, self.as_of)?;
        (self.build)(&mut context)
    }

    /// One part of the interactions.
    ///
    /// # Errors
    /// What the engine runs into, and a disk that is full.
    pub fn part(&self, activities: Activities, part: PartOf) -> Result<Interactions> {
        if part.count == 1 {
            return self.built(activities);
        }
        self.scratch.needs(activities.bytes())?;
        let split = Split::of(activities, &self.sources.parents, part.count, self.scratch)?;
        let activities = split.part(part.part)?;
        drop(split);
        self.built(activities)
    }

    /// The interactions, built in as many parts as memory wants, but for parts that are `staged`.
    ///
    /// # Errors
    /// What the engine runs into, a disk that is full, and a store that does not answer.
    pub fn interactions(&self, activities: Activities, staged: Option<&Staged>) -> Result<Interactions> {
        let scratch = self.scratch;
        let count = staged.map_or_else(|| scratch.parts(activities.bytes()), Staged::count);
        let taken = |part: u32| match staged {
            Some(staged) => staged.take(part)?.map(|interactions| on_disk(interactions, scratch)).transpose(),
            None => Ok(None),
        };
        let mut parts = (0..count).map(taken).collect::<Result<Vec<Option<Interactions>>>>()?;
        if count == 1 {
            return parts.pop().flatten().map_or_else(|| self.built(activities), Ok);
        }
        if parts.iter().any(Option::is_none) {
            // What is split lies there once more, and what is made of it is about as much.
            scratch.needs(2 * activities.bytes())?;
            let split = Split::of(activities, &self.sources.parents, count, scratch)?;
            self.fill(&mut parts, &split)?;
        }
        merge::merged(parts.into_iter().flatten().collect(), scratch)
    }

    /// Builds the parts that are missing, several at a time where there are workers.
    fn fill(&self, parts: &mut [Option<Interactions>], split: &Split) -> Result<()> {
        let missing = Mutex::new((0..).zip(parts).filter(|(_, part)| part.is_none()));
        let next = || missing.lock().unwrap_or_else(PoisonError::into_inner).next();
        let work = || -> Result<()> {
            while let Some((part, place)) = next() {
                *place = Some(on_disk(self.built(split.part(part)?)?, self.scratch)?);
                crate::memory::give_back();
            }
            Ok(())
        };
        thread::scope(|scope| {
            let others: Vec<_> = (1..self.scratch.workers()).map(|_| scope.spawn(work)).collect();
            let own = work();
            let others = others.into_iter().map(|other| other.join().unwrap_or_else(|panic| resume_unwind(panic)));
            others.chain([own]).collect()
        })
    }
}

/// The same interactions without their weight in memory.
fn on_disk(interactions: Interactions, scratch: &Scratch) -> Result<Interactions> {
    let Interactions { table, mut participants, links, runs, dropped, bounces, .. } = interactions;
    participants.people = scratch.keep_columns(participants.people)?;
    participants.groups = scratch.keep_columns(participants.groups)?;
    Ok(Interactions {
        table: scratch.keep_columns(table)?,
        participants,
        links: scratch.keep_columns(links)?,
        runs: scratch.keep_columns(runs)?,
        dropped: scratch.keep_columns(dropped)?,
        bounces,
        scratch: scratch.clone(),
    })
}
