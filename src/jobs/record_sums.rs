//! What the tables of records are made of, added up of a day's interactions: of all of them, or of those that a period's
//! days have in common, added up once, and the day's news.

use polars::prelude::DataFrame;

use super::published_day::publishes;
use super::record_tables::kpi_table;
use crate::attention;
use crate::chances;
use crate::changes;
use crate::config::Job;
use crate::error::{Error, Result};
use crate::frames::shares;
use crate::health;
use crate::health::chance::TWO_WAY;
use crate::health::histories::{Histories, Reach};
use crate::interactions::dropped_counts::DroppedCounts;
use crate::interactions::history::{DayOfHistory, Period};
use crate::interactions::record_shards::{self, RecordShard};
use crate::interactions::tables::Dictionaries;
use crate::interactions::{Context, Interactions};
use crate::kpi_tables::daily_activity::{self, Counted};
use crate::kpi_tables::record_kpis::{self, Added, Addends};
use crate::kpi_tables::top_contacts::{self, Met, Ranked};
use crate::kpis::definitions::first_last_next::Described;
use crate::people::{People, RecordType};
use crate::quality::freshness::Freshness;
use crate::sources::Sources;
use crate::summaries;
use crate::table::{Table, Texts};
use crate::time::AsOf;

/// What a job's tables of records are made of.
pub(super) struct Needs {
    /// Sums for KPIs.
    pub kpis: bool,
    /// Counts by day.
    pub days: bool,
    /// Whom records have in common with our side.
    pub people: bool,
    /// What happened lately.
    pub health: bool,
}

impl Needs {
    /// Those of a job.
    pub fn of(job: &Job) -> Needs {
        let any = |tables: &[Table]| tables.iter().any(|table| publishes(job, table));
        let told = any(&[summaries::table(), attention::table::table()]);
        let kpis = told || any(&RecordType::ALL.map(|record_type| kpi_table(record_type, false)));
        Needs {
            kpis,
            days: any(&[daily_activity::table()]),
            people: told || any(&[top_contacts::table()]),
            health: kpis
                || any(&[health::relationship_health::table(), changes::table(), chances::score_calibration::table()]),
        }
    }
}

/// Bytes that the sums and KPIs of a record take while they are computed.
const BYTES_PER_RECORD: usize = 2_000;

/// What was added up once of the interactions that no day of a period changes, as far as it is needed.
pub(super) struct Settled {
    added: Option<Added>,
    counted: Option<Vec<Counted>>,
    met: Option<Met>,
    histories: Option<Histories>,
}

impl Settled {
    /// Of a period.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn of(job: &Job, sources: &Sources, period: &Period) -> Result<Settled> {
        let Period { first, last, people, settled, .. } = period;
        let context = Context::without_activities(sources, people, &job.settings, *last);
        let records = people.records.table.height() as u32;
        let parts = record_shards::by_record(&settled.links, records, &settled.scratch)?;
        let ids = people.records.table.column("record_id");
        let ids = Texts::of(ids.map_err(Error::engine("ids of records"))?)?;
        let order = |person: u32| ids.rank(person);
        let days = (last.date - first.date).num_days().unsigned_abs() as u32;
        let needs = Needs::of(job);
        let added = || Ok(Addends::of(&context, settled, first)?.added(&parts)?.joined());
        Ok(Settled {
            added: needs.kpis.then(added).transpose()?,
            counted: needs.days.then(|| daily_activity::counted(&context, settled, first)).transpose()?,
            met: needs.people.then(|| Met::of(&context, settled, &parts, &order)).transpose()?,
            histories: needs
                .health
                .then(|| Histories::of_period(&context, settled, reach(job, last), days))
                .transpose()?,
        })
    }
}

/// How many days histories reach further back than scores of the day: for an earlier day that it is compared with, and
/// for the past of contacts that chances are learned from.
fn reach(job: &Job, day: &AsOf) -> Reach {
    let chances =
        publishes(job, &kpi_table(RecordType::Contact, false)) || publishes(job, &chances::score_calibration::table());
    let earlier = changes::compared_to(&job.settings, day).filter(|_| publishes(job, &changes::table()));
    let apart = earlier.map_or(0, |earlier| changes::days_between(&earlier, day));
    Reach { earlier: apart, past: if chances { TWO_WAY.reach() } else { 0 } }
}

/// A day's share in a period.
pub(super) struct Shared<'a> {
    /// What all its days have in common.
    pub settled: &'a Settled,
    /// The first of them.
    pub first: AsOf,
    /// What the day has of its own.
    pub day: &'a DayOfHistory,
}

/// What is known of a day.
pub(super) struct OfDay<'a> {
    pub people: &'a People,
    pub freshness: &'a Freshness,
    pub interactions: &'a Interactions,
    /// Rows that are none.
    pub dropped: &'a DroppedCounts,
    /// What it has in common with other days.
    pub shared: Option<&'a Shared<'a>>,
}

impl Shared<'_> {
    fn number(&self) -> impl Fn(u32) -> Option<u32> + '_ {
        |record| self.day.numbers.of_day(record)
    }

    /// The places of news, then those of what is settled.
    fn places(&self) -> [&[u32]; 2] {
        [&self.day.places.of_second, &self.day.places.of_first]
    }
}

/// What the tables of records are made of, split by record.
pub(super) struct RecordSums<'a> {
    context: &'a Context<'a>,
    /// All interactions, or the news.
    interactions: &'a Interactions,
    shared: Option<&'a Shared<'a>>,
    parts: Vec<RecordShard>,
}

impl<'a> RecordSums<'a> {
    /// Of the interactions of a day, or of its news and what it shares with others.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn of(
        context: &'a Context<'a>,
        interactions: &'a Interactions,
        shared: Option<&'a Shared<'a>>,
    ) -> Result<RecordSums<'a>> {
        let interactions = shared.map_or(interactions, |shared| &shared.day.news);
        let records = context.people.records.table.height() as u32;
        let parts = record_shards::by_record(&interactions.links, records, &interactions.scratch)?;
        Ok(RecordSums { context, interactions, shared, parts })
    }

    /// The KPIs of all records, but for health. `described` says more of interactions.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn kpis(&self, described: &Described, accuracy: &'static str) -> Result<DataFrame> {
        let &RecordSums { context, interactions, ref parts, .. } = self;
        let addends = Addends::of(context, interactions, &context.as_of)?;
        if let Some((shared, settled)) = self.shared.and_then(|shared| Some((shared, shared.settled.added.as_ref()?))) {
            let days = (context.as_of.date - shared.first.date).num_days().unsigned_abs() as u32;
            let added = addends.added(parts)?.joined().with(settled, days, shared.number(), shared.places());
            return record_kpis::by_record(context, described, &added, accuracy);
        }
        let scratch = &interactions.scratch;
        let records: Vec<usize> = parts.iter().map(|part| part.records.len()).collect();
        let mut kpis = DataFrame::empty();
        // As many records at a time as memory holds the sums and KPIs of.
        for share in shares(&records, scratch.values(BYTES_PER_RECORD)) {
            let added = addends.added(&parts[share.start as usize..share.end as usize])?;
            let rows = scratch.keep(record_kpis::by_record(context, described, &added, accuracy)?)?;
            kpis =
                if kpis.width() == 0 { rows } else { kpis.vstack(&rows).map_err(Error::engine("KPIs of records"))? };
        }
        Ok(kpis)
    }

    /// For `daily_activity`.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn counted(&self) -> Result<Vec<Counted>> {
        let as_of = &self.context.as_of;
        let counted = daily_activity::counted(self.context, self.interactions, as_of)?;
        Ok(match self.shared.and_then(|shared| Some((shared, shared.settled.counted.as_ref()?))) {
            Some((shared, settled)) => daily_activity::with(&counted, settled, shared.number(), as_of),
            None => counted,
        })
    }

    /// For `top_contacts`.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn ranked(&self, lists: &Dictionaries) -> Result<Ranked> {
        let order = |person: u32| lists.records.rank(person);
        match self.shared.and_then(|shared| Some((shared, shared.settled.met.as_ref()?))) {
            Some((shared, settled)) => {
                let met = Met::of(self.context, self.interactions, &self.parts, &order)?;
                let theirs = |record: u32| shared.day.numbers.of_last(record);
                met.ranked_with(settled, &theirs, &shared.number(), shared.places(), &order)
            }
            None => Ranked::of(self.context, self.interactions, &self.parts, &order),
        }
    }
}

/// What happened around records lately: of a day's interactions, or of its news and what it shares with others.
///
/// # Errors
/// Only what the engine runs into.
pub(super) fn histories(
    job: &Job,
    context: &Context,
    interactions: &Interactions,
    shared: Option<&Shared>,
) -> Result<Histories> {
    let reach = reach(job, &context.as_of);
    match shared.and_then(|shared| Some((shared, shared.settled.histories.as_ref()?))) {
        Some((shared, settled)) => {
            let news = Histories::with_past(context, &shared.day.news, reach)?;
            Ok(news.with(settled, |record| shared.day.numbers.of_last(record)))
        }
        None => Histories::with_past(context, interactions, reach),
    }
}
