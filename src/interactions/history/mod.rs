//! Interactions of many days: what no day of a period can change is resolved once, and each day resolves its own news.
//!
//! A period is so short that its news are few: a longer history is several, one after the other. What lasts until the last
//! day of all is handed on from one to the next.

mod assemble;
mod lasting;
mod news;
mod numbers;
mod parts;

use std::sync::Arc;

use chrono::{Days, NaiveDate};
use polars::prelude::IdxCa;

use crate::config::Settings;
use crate::error::Result;
use crate::interactions::dropped_counts::{DroppedCounts, SettledDrops, count};
use crate::interactions::{Build, Context, Interactions};
use crate::people::People;
use crate::people::marks::Marks;
use crate::sources::{Activities, Sources};
use crate::time::AsOf;
use assemble::Both;
use lasting::{Building, Common, Lasting};

pub use numbers::{Places, RecordNumbers};

/// Days of a period.
const PERIOD_DAYS: u64 = 28;

/// What is asked for of the interactions of a day besides its news.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Everything about them.
    All,
    /// What tables of records say of single ones: when each was, of what kind, who started it, its id and subject.
    Described,
    /// Nothing.
    Nothing,
}

/// The lake over many days, which are asked for in ascending order.
pub struct History<'a> {
    how: Building<'a>,
    activities: Activities,
    wanted: Wanted,
    days: &'a [NaiveDate],
    /// Whether memory has room for what lasts beyond a period beside what is settled within it.
    has_room: bool,
    lasting: Option<Lasting>,
    period: Option<Period>,
}

/// What the days of a period have in common.
pub struct Period {
    /// The first of them.
    pub first: AsOf,
    /// The last of them.
    pub last: AsOf,
    /// Who is who on the last one.
    pub people: People,
    /// Interactions that no day changes, under the numbers of the last one's records.
    pub settled: Interactions,
    /// Rows that are dropped on all days; none where the rows themselves are asked for.
    drops: Option<SettledDrops>,
    /// The groups of records of its directory.
    groups: Vec<Vec<u32>>,
    /// The activities of all others.
    pub open: Activities,
    /// The same with stand-ins for ids that tell of people erased on the day that was asked for last.
    with_stand_ins: Option<(Arc<Marks>, Activities)>,
}

impl Period {
    /// The activities that are open, without ids that tell of somebody erased. Days that have the same people erased
    /// share the search for them.
    fn open_with_stand_ins(&mut self, marks: &Arc<Marks>) -> Result<Activities> {
        if let Some((_, open)) = self.with_stand_ins.as_ref().filter(|(known, _)| known.are_those_of(marks)) {
            return Ok(open.clone());
        }
        let mut open = self.open.clone();
        marks.replace_in(&mut open)?;
        self.with_stand_ins = Some((marks.clone(), open.clone()));
        Ok(open)
    }
}

/// The interactions of a day.
pub struct DayOfHistory {
    /// Who is who on the day.
    pub people: People,
    /// All of them, as far as that is wanted.
    pub interactions: Interactions,
    /// By number of an interaction, its row in their table; none where the table is in that order.
    pub rows: Option<IdxCa>,
    /// Rows that are no interaction.
    pub dropped: DroppedCounts,
    /// Those that it has not in common with all days of its period.
    pub news: Interactions,
    /// Where those of the period and the news have their places among all.
    pub places: Places,
    /// The records of the period under the numbers of the day.
    pub numbers: RecordNumbers,
}

impl<'a> History<'a> {
    /// Of some days. Whether periods share what they have in common depends on whether memory has room for it.
    pub fn of(
        (sources, activities): (&'a Sources, Activities),
        settings: &'a Settings,
        (build, wanted): (Build, Wanted),
        days: &'a [NaiveDate],
        has_room: bool,
    ) -> History<'a> {
        let how = Building { sources, settings, build };
        History { how, activities, wanted, days, has_room, lasting: None, period: None }
    }

    /// The activities of the lake.
    pub fn activities(&self) -> &Activities {
        &self.activities
    }

    /// Whether what a day has in common with others is still to be resolved.
    pub fn begins_period(&self, day: NaiveDate) -> bool {
        self.period.as_ref().is_none_or(|period| period.last.date < day)
    }

    /// The next day that is to be asked for after one, where both are of one period.
    pub fn next_of_period(&self, date: NaiveDate) -> Option<NaiveDate> {
        self.days.iter().copied().find(|&day| day > date).filter(|&day| !self.begins_period(day))
    }

    /// The period of the day that was asked for last.
    pub fn period(&self) -> Option<&Period> {
        self.period.as_ref()
    }

    /// One of the days.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn day(&mut self, date: NaiveDate) -> Result<DayOfHistory> {
        let mut period = match self.period.take().filter(|period| period.last.date >= date) {
            Some(period) => period,
            None => self.period_from(date)?,
        };
        let as_of = self.at(date);
        let Building { sources, settings, build } = self.how;
        let people = self.how.people(&as_of)?;
        let open = period.open_with_stand_ins(&people.marks)?;
        let mut context = Context::with_stand_ins(sources, open, &people, settings, as_of)?;
        let news = build(&mut context)?;
        drop(context);
        let numbers = RecordNumbers::of(&period.people.records, &people.records)?;
        let places = Both::places(&period.settled, &news)?;
        let both =
            Both { settled: &period.settled, groups: &period.groups, news: &news, places: &places, numbers: &numbers };
        let interactions = match self.wanted {
            Wanted::All => both.assembled(&people.directory)?,
            Wanted::Described => both.described()?,
            Wanted::Nothing => both.nothing(),
        };
        let rows = (self.wanted == Wanted::Described).then(|| places.rows());
        let dropped = match &period.drops {
            Some(drops) => drops.with(&news.dropped)?,
            None => count(&interactions.dropped)?,
        };
        self.period = Some(period);
        crate::memory::give_back();
        Ok(DayOfHistory { people, interactions, rows, dropped, news, places, numbers })
    }

    fn at(&self, date: NaiveDate) -> AsOf {
        AsOf { date, timezone: self.how.settings.timezone }
    }

    fn period_from(&mut self, first: NaiveDate) -> Result<Period> {
        let end = first + Days::new(PERIOD_DAYS);
        let last = self.days.iter().copied().take_while(|&day| day < end).last().unwrap_or(first).max(first);
        let last_of_all = self.days.last().copied().filter(|_| self.has_room).unwrap_or(last);
        let (first, last, last_of_all) = (self.at(first), self.at(last), self.at(last_of_all));
        let how = &self.how;
        let lasting = match self.lasting.take() {
            Some(mut lasting) => {
                lasting.grow(how, &first)?;
                lasting
            }
            None => Lasting::of(how, &self.activities, &first, &last_of_all)?,
        };
        let (common, open) = if last.date == last_of_all.date {
            lasting.all()
        } else {
            let found = lasting.until(how, &first, &last)?;
            self.lasting = Some(lasting);
            found
        };
        let Common { people, groups, interactions: settled } = common;
        let drops = (self.wanted != Wanted::All).then(|| SettledDrops::of(&settled.dropped)).transpose()?;
        Ok(Period { first, last, people, settled, drops, groups, open, with_stand_ins: None })
    }
}
