//! Which reasons hold of each record, with their evidence and the chance of what they fear (rule K13).

use std::collections::HashMap;

use polars::prelude::*;

use super::estimate::{Chances, Standing};
use super::relationship::Relationship;
use super::surroundings::{Surroundings, addressed};
use super::waiting::{self, AnswerTimes, Open, SeenByRecord};
use crate::config::{AttentionReason, AttentionSettings};
use crate::error::{Error, Result};
use crate::health::histories::Histories;
use crate::health::{Health, State};
use crate::interactions::columns::{INTERACTION, RECORD};
use crate::interactions::{Context, Interactions};
use crate::kpis::Side;
use crate::kpis::definitions::volume::COUNT_NAMES;
use crate::people::RecordType;
use crate::people::record_details::ESTIMATED_CLOSE;
use crate::similar_deals::at_same_age::{AtSameAge, median};
use crate::time::{DAY, HOUR, days_since_epoch};

/// What other steps know of records.
#[derive(Clone, Copy)]
pub struct RecordFacts<'a> {
    /// KPIs of every record in order, with what lists say of it.
    pub by_record: &'a DataFrame,
    /// By record.
    pub health: &'a [Health],
    /// What health is made of.
    pub histories: &'a Histories,
    /// By record, of open deals that have similar won deals.
    pub similar: &'a HashMap<u32, AtSameAge>,
}

/// A reason that holds of a record, and its evidence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FoundReason {
    /// The record.
    pub record: u32,
    /// The reason.
    pub reason: AttentionReason,
    /// The chance of what the reason fears; none where the relationship is silent already.
    pub chance: Option<f64>,
    /// The message that waits.
    pub interaction: Option<u32>,
    /// Since when, microseconds.
    pub since: Option<i64>,
    /// Since how many days, or until the close date.
    pub days: Option<i64>,
    /// What the days are held against: days.
    pub usual_days: Option<f64>,
    /// How many people, or interactions.
    pub count: Option<i64>,
    /// Who it is about: the number of a contact.
    pub person: Option<u32>,
    /// How a deal stands whose close date is near.
    pub relationship: Option<Relationship>,
}

/// Everything that holds, in the order of records and reasons. What is learned is learned over all records, so the input must
/// not be split by record.
///
/// # Errors
/// Only what the engine runs into.
pub fn found(context: &Context, interactions: &Interactions, known: &RecordFacts) -> Result<Vec<FoundReason>> {
    let settings = &context.settings.attention;
    let looking = Looking::of(context, known)?;
    let waits = looking.waits(interactions)?;
    let mut all = Vec::new();
    for record in 0..known.health.len() as u32 {
        if known.health[record as usize].state == State::NotApplicable {
            continue;
        }
        let mut of_record: Vec<FoundReason> = waits.get(&record).into_iter().flatten().copied().collect();
        of_record.extend(looking.reasons(record));
        of_record.retain(|found| settings.reasons.contains(&found.reason));
        of_record.sort_by_key(|found| found.reason.name());
        all.extend(of_record);
    }
    Ok(all)
}

struct Looking<'a> {
    context: &'a Context<'a>,
    known: &'a RecordFacts<'a>,
    settings: &'a AttentionSettings,
    chances: Chances,
    around: Surroundings<'a>,
    /// By record, whether we ever wrote to, met or called it.
    addressed: Vec<bool>,
    has_plan: BooleanChunked,
    due: Int32Chunked,
    /// By record, whether its owner is a disabled colleague.
    disabled: Vec<bool>,
    p90_hours: [Float64Chunked; 2],
    answers: [Int64Chunked; 2],
}

impl<'a> Looking<'a> {
    fn of(context: &'a Context, known: &'a RecordFacts) -> Result<Looking<'a>> {
        let (settings, health) = (&context.settings.attention, known.health);
        let counts = |record: u32| health[record as usize].state != State::NotApplicable;
        let chances = Chances::learned(known.histories, health.len() as u32, settings.active_days, counts);
        let around = Surroundings::of(context, known.histories);
        let directory = &context.people.directory;
        let owner = known.by_record.column("owner_id").and_then(|owner| owner.str().cloned());
        let owner = owner.map_err(Error::engine("what needs attention"))?;
        let is_disabled = |id: Option<&str>| {
            let number = id.and_then(|id| directory.colleague_numbers.get(id));
            number.is_some_and(|&number| directory.disabled.get(number as usize) == Some(&true))
        };
        let read = || -> PolarsResult<Looking<'a>> {
            let column = |name: &str| known.by_record.column(name);
            Ok(Looking {
                context,
                known,
                settings,
                chances,
                around,
                addressed: addressed(known.by_record)?,
                has_plan: column("next_interaction_at")?.is_not_null(),
                due: column(ESTIMATED_CLOSE)?.cast(&DataType::Int32)?.i32()?.clone(),
                disabled: owner.iter().map(is_disabled).collect(),
                p90_hours: [
                    column("p90_first_response_hours_by_us")?.f64()?.clone(),
                    column("p90_first_response_hours_by_them")?.f64()?.clone(),
                ],
                answers: [column("responses_by_us")?.i64()?.clone(), column("responses_by_them")?.i64()?.clone()],
            })
        };
        read().map_err(Error::engine("what needs attention"))
    }

    /// Emails without an answer, by record: of each side the one that waits longest.
    fn waits(&self, interactions: &Interactions) -> Result<HashMap<u32, Vec<FoundReason>>> {
        let cutoff = self.context.cutoff;
        let open = waiting::open(interactions, cutoff - i64::from(self.settings.waiting_days) * DAY, cutoff)?;
        let answers = [AnswerTimes::of(interactions, Side::Us)?, AnswerTimes::of(interactions, Side::Them)?];
        let link = |name: &str| interactions.links.column(name).and_then(|column| column.u32()?.cont_slice());
        let link = |name| link(name).map_err(Error::engine("reading links"));
        let (numbers, records) = (link(INTERACTION)?, link(RECORD)?);
        let mut waits: HashMap<u32, Vec<FoundReason>> = HashMap::new();
        for one in open {
            let from = numbers.partition_point(|&number| number < one.interaction);
            let until = numbers.partition_point(|&number| number <= one.interaction);
            for &record in &records[from..until] {
                let Some(found) = self.wait(record, &one, &answers) else { continue };
                let of_record = waits.entry(record).or_default();
                match of_record.iter_mut().find(|other| other.reason == found.reason) {
                    Some(other) if (found.since, found.interaction) < (other.since, other.interaction) => {
                        *other = found
                    }
                    Some(_) => {}
                    None => of_record.push(found),
                }
            }
        }
        Ok(waits)
    }

    /// None where the side that is waited for was in touch since, in whatever way but a task.
    fn wait(&self, record: u32, open: &Open, answers: &[AnswerTimes; 2]) -> Option<FoundReason> {
        let side = usize::from(open.awaited == Side::Them);
        let day = self.context.as_of.day_of(open.at)?;
        let days = (self.context.as_of.date - day).num_days();
        let begun = (self.known.histories.days.count() - 1).checked_sub(u32::try_from(days).ok()?)?;
        let seen = SeenByRecord::of(self.known.histories.signs(record), begun, open.awaited);
        if seen.is_over {
            return None;
        }
        let at = record as usize;
        let own = self.p90_hours[side].get(at).filter(|_| self.answers[side].get(at) >= Some(OWN_ANSWERS));
        let limit = own.map(|hours| (hours * HOUR as f64) as i64).or(answers[side].limit())?;
        let waited = self.context.elapsed(open.at, self.context.cutoff);
        // A mail of today waits for nobody yet.
        if waited < HOUR * i64::from(self.settings.waiting_from_hours) {
            return None;
        }
        Some(FoundReason {
            chance: Some(answers[side].late(waited, limit)),
            interaction: Some(open.interaction),
            since: Some(open.at),
            days: Some(days),
            usual_days: Some(limit as f64 / DAY as f64),
            // Whether it is theirs: what others wrote, or were sent, may name them in Cc.
            count: Some(seen.is_theirs.into()),
            ..self.nothing(record, if side == 0 { AttentionReason::AwaitingUs } else { AttentionReason::AwaitingThem })
        })
    }

    fn nothing(&self, record: u32, reason: AttentionReason) -> FoundReason {
        let (interaction, since, days, usual_days, count, person) = (None, None, None, None, None, None);
        let (chance, relationship) = (None, None);
        FoundReason { record, reason, chance, interaction, since, days, usual_days, count, person, relationship }
    }

    /// Everything but waits.
    fn reasons(&self, record: u32) -> Vec<FoundReason> {
        let at = record as usize;
        let records = &self.context.people.records;
        let (is_account, is_deal) = (
            records.range(RecordType::Account).contains(&record),
            records.range(RecordType::Opportunity).contains(&record),
        );
        let today = self.known.histories.days.count() - 1;
        let standing = Standing::of(self.known.histories, record, today, self.settings.active_days);
        let chance = standing.map(|standing| self.chances.silent(&standing));
        let plain = |reason| FoundReason { chance, ..self.nothing(record, reason) };
        let mut found = Vec::new();
        let scored = self.known.health[at].scored.as_ref();
        if let (Some(standing), Some(gap)) = (standing, scored.and_then(|scored| scored.components.own_gap)) {
            let expected = self.settings.silent_rhythms * f64::from(gap);
            if f64::from(standing.since) > expected && standing.since >= LEAST_SILENCE {
                found.push(FoundReason {
                    days: Some(standing.since.into()),
                    usual_days: Some(gap.into()),
                    since: self.known.histories.last_at(record),
                    ..plain(AttentionReason::Silent)
                });
            }
        }
        if standing.is_some() && (is_account || is_deal) {
            if let [only] = self.around.contacts(record)[..] {
                found.push(FoundReason { count: Some(1), person: Some(only), ..plain(AttentionReason::OneContact) });
            }
            if self.around.colleagues(record).len() == 1 {
                found.push(FoundReason { count: Some(1), ..plain(AttentionReason::OneColleague) });
            }
        }
        if self.disabled[at] && (is_deal || standing.is_some()) {
            found.push(plain(AttentionReason::OwnerDisabled));
        }
        if is_deal {
            found.extend(self.of_deal(record, &plain));
        }
        found
    }

    fn of_deal(&self, record: u32, plain: &dyn Fn(AttentionReason) -> FoundReason) -> Vec<FoundReason> {
        let at = record as usize;
        let health = &self.known.health[at];
        let relationship = Relationship::of(health.state, health.scored.map(|scored| scored.trend));
        let mut found = Vec::new();
        if self.has_plan.get(at) != Some(true) {
            found.push(plain(AttentionReason::NoNextStep));
        }
        let until = self.due.get(at).map(|due| i64::from(due - days_since_epoch(self.context.as_of.date)));
        let is_near = |until: &i64| *until <= i64::from(self.settings.close_days) && relationship.is_some();
        if let Some(until) = until.filter(is_near) {
            found.push(FoundReason { days: Some(until), relationship, ..plain(AttentionReason::CloseDate) });
        }
        let unheard = || self.around.contacts_of(record).filter(|&contact| !self.addressed[contact as usize]);
        if let Some(first) = unheard().next() {
            let count = Some(unheard().count() as i64);
            found.push(FoundReason { count, person: Some(first), ..plain(AttentionReason::StakeholderUnheard) });
        }
        found.extend(self.beside_similar(record, plain));
        found
    }

    /// Fewer than half of what similar won deals had at the same age, and fewer than three of four of them.
    fn beside_similar(&self, record: u32, plain: &dyn Fn(AttentionReason) -> FoundReason) -> Option<FoundReason> {
        let similar = self.known.similar.get(&record)?;
        let theirs = similar.contacts();
        let median = median(&theirs)?;
        let own = contacts_so_far(self.known.by_record, record)?;
        let more = theirs.iter().filter(|&&count| count > own as f64).count();
        let is_behind =
            theirs.len() >= 4 && 4 * more >= 3 * theirs.len() && 2.0 * own as f64 <= median && median >= 2.0;
        is_behind.then(|| FoundReason {
            count: Some(own),
            usual_days: Some(median),
            ..plain(AttentionReason::UnlikeSimilar)
        })
    }
}

/// Answers that a side needs for a limit of its own.
pub const OWN_ANSWERS: i64 = 5;
/// Days of silence that are none yet, whatever the rhythm.
const LEAST_SILENCE: u32 = 7;

/// KPIs that together are the contacts so far of a deal.
pub const CONTACTS: [&str; 6] = COUNT_NAMES;

/// Emails, meetings and calls of a record.
fn contacts_so_far(by_record: &DataFrame, record: u32) -> Option<i64> {
    CONTACTS.into_iter().map(|name| by_record.column(name).ok()?.i64().ok()?.get(record as usize)).sum()
}
