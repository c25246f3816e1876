//! What none of the days to come changes: it is resolved once, as of the last of them, and grows from period to period.
//!
//! What has to do with somebody who comes to be after a period is settled within the period and changes later. It is
//! not here: each period resolves it beside what lasts.

use super::assemble::Both;
use super::numbers::RecordNumbers;
use super::parts::{self, Known};
use crate::config::Settings;
use crate::error::Result;
use crate::interactions::parts::MailGroups;
use crate::interactions::{Build, Context, Interactions};
use crate::people::{self, People};
use crate::scratch::Scratch;
use crate::sources::{Activities, Sources};
use crate::time::AsOf;

/// How interactions of a lake are built.
#[derive(Clone, Copy)]
pub struct Building<'a> {
    /// The lake without its activities.
    pub sources: &'a Sources,
    /// Settings of the job.
    pub settings: &'a Settings,
    /// What builds them.
    pub build: Build,
}

impl Building<'_> {
    /// Who is who as of a day.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn people(&self, day: &AsOf) -> Result<People> {
        people::resolve(self.sources, self.settings, day)
    }

    fn interactions(&self, activities: Activities, people: &People, day: &AsOf) -> Result<Interactions> {
        (self.build)(&mut Context::new(self.sources, activities, people, self.settings, *day)?)
    }
}

/// What days have in common.
pub struct Common {
    /// Who is who on the last of them.
    pub people: People,
    /// The groups of records of its directory.
    pub groups: Vec<Vec<u32>>,
    /// Interactions that no day changes, under the numbers of its records.
    pub interactions: Interactions,
}

/// What all days from one on have in common.
pub struct Lasting {
    last: AsOf,
    common: Common,
    /// The activities of all other interactions.
    rest: Activities,
    /// Their mail that belongs together.
    threads: MailGroups,
}

impl Lasting {
    /// Of the days from one to another.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn of(how: &Building<'_>, activities: &Activities, first: &AsOf, last: &AsOf) -> Result<Lasting> {
        let threads = MailGroups::of(activities, &how.sources.parents, &Scratch::default())?;
        let known = Known { sources: how.sources, activities, threads: &threads };
        let (common, rest, threads) = settled(how, &known, first, last)?;
        Ok(Lasting { last: *last, common, rest, threads })
    }

    /// Takes in what the days from a later one on have in common besides.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn grow(&mut self, how: &Building<'_>, first: &AsOf) -> Result<()> {
        let parts = parts::part(&self.known(how), how.settings, first, &self.last)?;
        let people = &self.common.people;
        let new = how.interactions(parts.settled, people, &self.last)?;
        self.common.interactions = self.with(&new, people)?;
        (self.rest, self.threads) = (parts.open, parts.open_threads);
        Ok(())
    }

    /// What the days from the one that it has grown to until another have in common, and the activities of all others.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn until(&self, how: &Building<'_>, first: &AsOf, last: &AsOf) -> Result<(Common, Activities)> {
        let (further, open, _) = settled(how, &self.known(how), first, last)?;
        let interactions = self.with(&further.interactions, &further.people)?;
        Ok((Common { interactions, ..further }, open))
    }

    /// What all its days have in common, and the activities of all others.
    pub fn all(self) -> (Common, Activities) {
        (self.common, self.rest)
    }

    fn known<'a>(&'a self, how: &Building<'a>) -> Known<'a> {
        Known { sources: how.sources, activities: &self.rest, threads: &self.threads }
    }

    /// Its interactions and further ones under the numbers of those people.
    fn with(&self, further: &Interactions, people: &People) -> Result<Interactions> {
        let Common { people: own, groups, interactions: settled } = &self.common;
        let numbers = &RecordNumbers::of(&own.records, &people.records)?;
        let places = &Both::places(settled, further)?;
        Both { settled, groups, news: further, places, numbers }.assembled(&people.directory)
    }
}

/// What the days from one to another have in common of some activities; the others, and their mail that belongs together.
fn settled(
    how: &Building<'_>,
    known: &Known<'_>,
    first: &AsOf,
    last: &AsOf,
) -> Result<(Common, Activities, MailGroups)> {
    let parts = parts::part(known, how.settings, first, last)?;
    let people = how.people(last)?;
    let interactions = how.interactions(parts.settled, &people, last)?;
    Ok((Common { groups: people.directory.group_members()?, people, interactions }, parts.open, parts.open_threads))
}
