//! From a lake that was read to the people and interactions of a day, whole or a part of them.

use chrono::NaiveDate;

use crate::config::{Job, Settings};
use crate::context::{Progress, RunContext};
use crate::error::{Error, Result};
use crate::interactions::parts::{self, PartOf, Staged};
use crate::interactions::{Build, Interactions};
use crate::people::{self, People};
use crate::quality::freshness::{self, Freshness};
use crate::sources::{Activities, Lake, Sources};
use crate::time::AsOf;

/// A day of a job, and how its interactions are built.
pub(super) struct Resolving<'a> {
    pub job: &'a Job,
    /// Those of the job, as far as they concern interactions.
    pub settings: &'a Settings,
    pub sources: &'a Sources,
    pub build: Build,
    pub date: NaiveDate,
}

impl Resolving<'_> {
    fn as_of(&self) -> AsOf {
        AsOf { date: self.date, timezone: self.settings.timezone }
    }

    fn people(&self, run: &RunContext<'_>) -> Result<People> {
        run.report(Progress::Phase { name: "resolving people and interactions", as_of: Some(self.date) });
        people::resolve(self.sources, self.settings, &self.as_of())
    }

    fn task<'t>(&'t self, people: &'t People, lake: &'t Lake) -> parts::Task<'t> {
        let &Resolving { settings, sources, build, .. } = self;
        let as_of = self.as_of();
        parts::Task { build, sources, people, settings, as_of, scratch: lake.scratch() }
    }

    /// Where parts of the day's interactions lie that other processes build; none where nobody named a folder.
    fn staged(&self, activities: &Activities, lake: &Lake) -> Result<Option<Staged>> {
        let Some((work, spool)) = lake.scratch().work() else { return Ok(None) };
        let Job { name, config_hash, .. } = self.job;
        let count = lake.scratch().parts(activities.bytes());
        let asked = format!("{} {name} {config_hash} {} {count}", env!("CARGO_PKG_VERSION"), self.date);
        let mark = parts::mark(self.sources, activities, &asked)?;
        Ok(Some(Staged::of(work, name, &self.date.to_string(), &mark, count, spool)))
    }

    /// Builds a part of the day's interactions for others.
    pub(super) fn stage(
        &self,
        activities: Activities,
        part: PartOf,
        lake: &Lake,
        run: &RunContext<'_>,
    ) -> Result<parts::Manifest> {
        let people = self.people(run)?;
        let Some(staged) = self.staged(&activities, lake)? else {
            return Err(Error::usage("--work", "is missing", "Name the folder in which parts are put"));
        };
        run.check_interrupted()?;
        let interactions = self.task(&people, lake).part(activities, part)?;
        run.check_interrupted()?;
        staged.put(part.part, interactions)
    }

    /// Who is who on the day, how new the lake is as of it, and its interactions, built in as many parts as memory wants.
    pub(super) fn resolve(&self, activities: Activities, lake: &Lake, run: &RunContext<'_>) -> Result<Resolution> {
        let people = self.people(run)?;
        let freshness =
            freshness::of(self.sources, &activities, &people, self.settings, self.as_of(), run.past_until())?;
        run.report(Progress::Freshness(&freshness));
        let staged = self.staged(&activities, lake)?;
        let interactions = self.task(&people, lake).interactions(activities, staged.as_ref())?;
        Ok(Resolution { people, freshness, interactions, staged })
    }
}

/// What a day was resolved to.
pub(super) struct Resolution {
    pub people: People,
    pub freshness: Freshness,
    pub interactions: Interactions,
    /// Parts of it that others have built; they may go once it is published.
    pub staged: Option<Staged>,
}
