//! What happened around each account, contact, lead and opportunity lately: the input of health.

use std::ops::Range;

use super::window::{TREND_DAYS, WINDOW_DAYS};
use crate::error::{Error, Result};
use crate::health::taking_part::Everybody;
use crate::health::touchpoint::Sign;
use crate::interactions::columns::*;
use crate::interactions::interaction_view::Facts;
use crate::interactions::people::view::ParticipantColumns;
use crate::interactions::{Context, Interactions};
use crate::people::{RecordType, person_key};
use crate::scratch::{List, Scratch};
use crate::sources::roles::STARTS;
use crate::time::{DaySets, LocalDays};

/// How far back histories go beside the days that scores of the date and of their recent past look at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reach {
    /// Days back to an earlier date whose scores, with a trend, are computed too.
    pub earlier: u32,
    /// Days back to the oldest scores of contacts that are computed without a trend.
    pub past: u32,
}

/// The signs of every record, and on which days colleagues were in touch with anyone outside.
pub struct Histories {
    /// The days that scores of the date and of its recent past look at.
    pub days: LocalDays,
    starts: Vec<usize>,
    signs: List<Sign>,
    /// When the last held interaction of each record was, however long ago; `i64::MIN` for none.
    last_at: Vec<i64>,
    colleagues: DaySets,
    /// Numbers of contacts, and the place of the first of the days of all others.
    contacts: Range<u32>,
    first_of_others: u32,
}

impl Histories {
    /// Of everything held that counts for contacts, leads and opportunities (rules L1 to L3), as far back as scores look.
    /// The input may be split by interaction, the output by record.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn with_past(context: &Context, interactions: &Interactions, reach: Reach) -> Result<Histories> {
        Histories::of_period(context, interactions, reach, 0)
    }

    /// The same for the date and each of so many `days` before it.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn of_period(context: &Context, interactions: &Interactions, reach: Reach, days: u32) -> Result<Histories> {
        let Reach { earlier, past } = reach;
        let of_others = WINDOW_DAYS + TREND_DAYS + earlier;
        let of_contacts = of_others.max(WINDOW_DAYS + past);
        let days = LocalDays::until(&context.as_of, of_contacts + days);
        Histories::since(context, interactions, days, of_contacts - of_others)
    }

    /// Of contacts in all of the days, of other records since the day at a place.
    fn since(
        context: &Context,
        interactions: &Interactions,
        days: LocalDays,
        first_of_others: u32,
    ) -> Result<Histories> {
        let records = &context.people.records;
        let contacts = records.range(RecordType::Contact);
        let first = if context.settings.health.accounts { 0 } else { records.range(RecordType::Contact).start };
        let facts = Facts::of(&interactions.table)?;
        let everybody = Everybody::of(context, interactions)?;
        let mut event = everybody.events()?;
        let link = |name: &str| interactions.links.column(name).and_then(|column| column.u32()?.cont_slice());
        let link = |name| link(name).map_err(Error::engine("reading links"));
        let (numbers, mut linked) = (link(INTERACTION)?, link(RECORD)?);
        let mut last_at = vec![i64::MIN; records.table.height()];
        let (mut of, mut signs) = (interactions.scratch.list()?, interactions.scratch.list()?);
        for of_one in numbers.chunk_by(|a, b| a == b) {
            let number = of_one[0];
            let (of_one, others) = linked.split_at(of_one.len());
            linked = others;
            let Some(held) = facts.held(number) else { continue };
            let of_one = || of_one.iter().copied().filter(|&record| record >= first);
            of_one().for_each(|record| last_at[record as usize] = held.at.max(last_at[record as usize]));
            let Some(day) = days.place(held.at) else { continue };
            let mut looked_at =
                of_one().filter(|record| day >= first_of_others || contacts.contains(record)).peekable();
            if looked_at.peek().is_none() {
                continue;
            }
            event.go_to(number);
            for record in looked_at {
                let (way, part) = event.sign(record, &held);
                for &user in event.users() {
                    of.push(record);
                    signs.push(Sign::new(day, held.kind, way, part, user));
                }
            }
        }
        let colleagues = days_of_colleagues(context, interactions, &facts, &days)?;
        let (starts, signs) = sorted(last_at.len(), &of.finish()?, &signs.finish()?, &interactions.scratch)?;
        Ok(Histories { days, starts, signs, last_at, colleagues, contacts, first_of_others })
    }

    /// These histories with those that others have under the numbers that `theirs` gives, as far as
    /// their days are days of these.
    pub fn with(self, others: &Histories, theirs: impl Fn(u32) -> Option<u32>) -> Histories {
        let later = others.days.count() - self.days.count() - others.days.days_after(&self.days);
        let (mut starts, mut signs) = (vec![0], Vec::with_capacity(self.signs.len() + others.signs.len()));
        let mut last_at = self.last_at.clone();
        for record in 0..self.last_at.len() as u32 {
            let from = signs.len();
            signs.extend_from_slice(self.signs(record));
            if let Some(number) = theirs(record) {
                let first = if self.contacts.contains(&record) { 0 } else { self.first_of_others };
                let theirs = others.signs(number).iter().filter_map(|sign| sign.moved(later));
                signs.extend(theirs.filter(|sign| sign.day() >= first));
                last_at[record as usize] = last_at[record as usize].max(others.last_at[number as usize]);
            }
            signs[from..].sort_unstable();
            starts.push(signs.len());
        }
        let Histories { days, mut colleagues, contacts, first_of_others, .. } = self;
        colleagues.extend(&others.colleagues, later, Some);
        Histories { days, starts, signs: signs.into(), last_at, colleagues, contacts, first_of_others }
    }

    /// The signs of a record in their order.
    pub fn signs(&self, record: u32) -> &[Sign] {
        &self.signs[self.starts[record as usize]..self.starts[record as usize + 1]]
    }

    /// When the last held interaction of a record was, however long ago.
    pub fn last_at(&self, record: u32) -> Option<i64> {
        Some(self.last_at[record as usize]).filter(|&last| last > i64::MIN)
    }

    /// The last day up to another on which a colleague was in touch with anyone outside.
    pub fn last_day_of(&self, user: u32, until: u32) -> Option<u32> {
        self.colleagues.last_until(user, until)
    }
}

/// Signs by record, in their order, each once: where signs of a record begin, and all signs. `of` says of which record
/// each of the signs is; as many records are sorted at a time as memory holds signs of.
///
/// A counting sort by record leaves few to sort for each.
fn sorted(records: usize, of: &[u32], signs: &[Sign], scratch: &Scratch) -> Result<(Vec<usize>, List<Sign>)> {
    let (mut starts, mut sorted) = (Vec::with_capacity(records + 1), scratch.list()?);
    let mut before = 0;
    scratch.in_shares(records, of, signs, |by_record| {
        let by_record = by_record.sorted();
        for place in 0..by_record.count() as u32 {
            starts.push(before);
            for same in by_record.of(place).chunk_by(PartialEq::eq) {
                sorted.push(same[0]);
                before += 1;
            }
        }
    });
    starts.push(before);
    Ok((starts, sorted.finish()?))
}

/// On which days each colleague was in touch with anyone outside: wrote to, was written to by, met,
/// called. The input may be split by interaction.
fn days_of_colleagues(
    context: &Context,
    interactions: &Interactions,
    facts: &Facts,
    days: &LocalDays,
) -> Result<DaySets> {
    let people = ParticipantColumns::of(&interactions.participants.people)?;
    let mut people = people.rows()?;
    let mut sets = DaySets::empty(context.people.directory.colleague_numbers.len(), days.count());
    for interaction in 0..facts.count() {
        let rows = people.next(interaction);
        let Some(held) = facts.held(interaction) else { continue };
        let Some(day) = days.place(held.at) else { continue };
        let present = |row: &usize| people.takes_part(*row);
        let outside = |row: &usize| present(row) && !person_key::is_ours(people.who[*row]);
        let starts = |row: usize| people.roles[row] == STARTS;
        let (outsider_starts, outsider_is_met) = (
            rows.clone().filter(outside).any(starts),
            rows.clone().filter(outside).any(|row| !held.is_email() || !starts(row)),
        );
        for row in rows.filter(present) {
            let Some(user) = person_key::colleague_number(people.who[row]) else { continue };
            let in_touch = if held.is_email() && !starts(row) { outsider_starts } else { outsider_is_met };
            if in_touch {
                sets.insert(user, day);
            }
        }
    }
    Ok(sets)
}

/// When the last held interaction of each of so many records before an instant was; `i64::MIN` for none.
///
/// # Errors
/// Only what the engine runs into.
pub fn last_before(interactions: &Interactions, cutoff: i64, records: usize) -> Result<Vec<i64>> {
    let facts = Facts::of(&interactions.table)?;
    let column = |name: &str| interactions.links.column(name).and_then(|column| column.u32()?.cont_slice());
    let column = |name| column(name).map_err(Error::engine("reading links"));
    let mut last = vec![i64::MIN; records];
    for (&interaction, &record) in column(INTERACTION)?.iter().zip(column(RECORD)?) {
        if let Some(held) = facts.held(interaction).filter(|held| held.at < cutoff) {
            last[record as usize] = last[record as usize].max(held.at);
        }
    }
    Ok(last)
}
