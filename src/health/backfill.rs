//! Health of many days at once: what no day can change is worked out once for all of them, so that
//! a day costs little more than its own news. The result is the same to the byte as day by day.

use std::collections::BTreeSet;
use std::sync::Arc;

use polars::prelude::*;

use super::histories::{Histories, days};
use super::{TREND_DAYS, WINDOW_DAYS, settled};
use crate::config::Settings;
use crate::error::Result;
use crate::frames::collect;
use crate::interactions::columns::*;
use crate::interactions::{self, Context, Interactions, record_links};
use crate::people::{self, Interest, People, RecordType, Records};
use crate::sources::{Activities, Sources};
use crate::time::{AsOf, LocalDays};

/// Everything about the days that they have in common.
pub struct Backfill<'a> {
    sources: &'a Sources,
    settings: &'a Settings,
    last: AsOf,
    people: People,
    settled: Interactions,
    histories: Histories,
    open: Activities,
    /// No activities, for what needs records alone.
    none: Activities,
}

impl<'a> Backfill<'a> {
    /// Of the days from the first to the last.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn new(
        (sources, activities): (&'a Sources, Activities),
        settings: &'a Settings,
        first: AsOf,
        last: AsOf,
    ) -> Result<Backfill<'a>> {
        let none = activities.none();
        let parts = settled::part(sources, activities, settings, &first, &last)?;
        let people = people::resolve(sources, settings, &last)?;
        let mut context = Context::new(sources, parts.settled, &people, settings, last)?;
        let settled = interactions::build(&mut context)?;
        let span = (last.date - first.date).num_days() as u32;
        let days = LocalDays::until(&last, WINDOW_DAYS + TREND_DAYS + span);
        let histories = Histories::of(&context, &settled, days)?;
        Ok(Backfill { sources, settings, last, people, settled, histories, open: parts.open, none })
    }

    /// A context without activities: records are all that health needs besides histories.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn context<'b>(&'b self, people: &'b People, as_of: AsOf) -> Result<Context<'b>> {
        Context::new(self.sources, self.none.clone(), people, self.settings, as_of)
    }

    /// The people and the histories of one of the days.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn day(&self, as_of: AsOf) -> Result<(People, Histories)> {
        let people = people::resolve(self.sources, self.settings, &as_of)?;
        let mut context = Context::new(self.sources, self.open.clone(), &people, self.settings, as_of)?;
        let interactions = interactions::build(&mut context)?;
        let news = Histories::of(&context, &interactions, days(&as_of))?;
        let numbers = numbers(&people.records, &self.people.records);
        let of_settled = |record: u32| numbers.get(record as usize).copied();
        let moved = self.moved(&people, &numbers);
        let histories = if moved.is_empty() {
            news.with(&self.histories, of_settled)
        } else {
            let again = self.again(&people, &numbers, &moved)?;
            let kept = news.with(&self.histories, |record| of_settled(record).filter(|number| !moved.contains(number)));
            kept.with(&again, |record| of_settled(record).filter(|number| moved.contains(number)))
        };
        Ok((people, histories))
    }

    /// Opportunities whose account is not known yet on the day, though it is on the last: the primary
    /// contact of the account is not theirs yet. Their settled mail counts differently.
    fn moved(&self, people: &People, numbers: &[u32]) -> BTreeSet<u32> {
        let accounts = people.records.table.column("account_id").and_then(|accounts| accounts.str());
        let Ok(accounts) = accounts else { return BTreeSet::new() };
        let unknown = |deal: &u32| {
            let account = accounts.get(*deal as usize);
            account.is_some_and(|id| {
                people.records.number(RecordType::Account, id).is_none()
                    && self.people.records.number(RecordType::Account, id).is_some()
            })
        };
        people.records.range(RecordType::Opportunity).filter(unknown).map(|deal| numbers[deal as usize]).collect()
    }

    /// The settled histories of some records with the people of interest that they have on the day.
    fn again(&self, people: &People, numbers: &[u32], moved: &BTreeSet<u32>) -> Result<Histories> {
        let of_moved = |pairs: &BTreeSet<(u32, u32)>, person: &dyn Fn(u32) -> u32| -> BTreeSet<(u32, u32)> {
            let pairs = pairs.iter().map(|&(left, record)| (person(left), numbers[record as usize]));
            pairs.filter(|(_, record)| moved.contains(record)).collect()
        };
        let interest = Interest {
            customers: of_moved(&people.interest.customers, &|person| numbers[person as usize]),
            colleagues: of_moved(&people.interest.colleagues, &|user| user),
            stakeholders: of_moved(&people.interest.stakeholders, &|person| numbers[person as usize]),
        };
        let people = People {
            records: self.people.records.clone(),
            directory: self.people.directory.clone(),
            mailboxes: self.people.mailboxes.clone(),
            interest,
        };
        let context = self.context(&people, self.last)?;
        let links = record_links::link(&context, &self.settled.table, &self.settled.participants)?;
        let moved: Arc<BTreeSet<u32>> = Arc::new(moved.clone());
        let is_moved = col(RECORD).map(
            move |c| {
                let found: BooleanChunked = c.u32()?.iter().map(|record| record.map(|r| moved.contains(&r))).collect();
                Ok(found.with_name(c.name().clone()).into_column())
            },
            |_, field| Ok(Field::new(field.name().clone(), DataType::Boolean)),
        );
        let links = collect(links.lazy().filter(is_moved), "links of a backfill")?;
        let interactions = Interactions {
            table: self.settled.table.clone(),
            participants: interactions::Participants {
                people: self.settled.participants.people.clone(),
                groups: self.settled.participants.groups.clone(),
                counts: self.settled.participants.counts.clone(),
            },
            links,
            runs: self.settled.runs.clear(),
            dropped: self.settled.dropped.clear(),
            bounces: Vec::new(),
        };
        Histories::of(&context, &interactions, self.histories.days.clone())
    }
}

/// Of every record known on the day, its number among those of the last day.
fn numbers(day: &Records, last: &Records) -> Vec<u32> {
    let mut numbers = Vec::with_capacity(day.rows.len());
    for record_type in RecordType::ALL {
        let later = last.range(record_type);
        let mut of_row = std::collections::HashMap::with_capacity(later.len());
        of_row.extend(later.map(|record| (last.rows[record as usize], record)));
        of_row.extend(last.merged(record_type).iter().copied());
        numbers.extend(day.range(record_type).map(|record| of_row[&day.rows[record as usize]]));
    }
    numbers
}
