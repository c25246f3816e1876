//! What happened around each contact, lead and opportunity lately: the input of health.

use crate::as_of::DAY;
use crate::columns::*;
use crate::error::{Error, Result};
use crate::interactions::event::EMAIL;
use crate::interactions::parts::{PartColumns, STARTS};
use crate::interactions::touch::{Facts, Started, Touch};
use crate::interactions::{Context, Interactions};
use crate::people::who;

/// Days that a score looks back.
pub const WINDOW_DAYS: i64 = 365;
/// Days back to the oldest earlier score that a trend compares with.
pub const TREND_DAYS: i64 = 28;

/// Touches of every record, in an order that only they themselves decide.
pub struct Histories {
    starts: Vec<usize>,
    touches: Vec<Touch>,
    /// When the last held interaction of each record was, however long ago; null is `i64::MIN`.
    last_at: Vec<i64>,
    planned: Vec<bool>,
}

/// One record's part.
#[derive(Clone, Copy)]
pub struct History<'a> {
    /// Held interactions that scores of today and of the recent past look at, in the order of time.
    pub touches: &'a [Touch],
    /// When the last held one was, however long ago.
    pub last_at: Option<i64>,
    /// Whether something is planned.
    pub planned: bool,
}

impl Histories {
    /// Of everything that counts for contacts, leads and opportunities (rules L1 to L3). The input
    /// may be split by interaction, the output by record.
    pub fn of(context: &Context, interactions: &Interactions) -> Result<Histories> {
        let records = &context.people.records;
        let (first, contacts) = (records.range("contact").start, records.range("contact"));
        let from = context.cutoff - (WINDOW_DAYS + TREND_DAYS) * DAY;
        let facts = Facts::of(&interactions.table)?;
        let people = PartColumns::of(&interactions.participants.people)?;
        let mut people = people.rows()?;
        let count = records.table.height();
        let (mut last_at, mut planned) = (vec![i64::MIN; count], vec![false; count]);
        let mut found: Vec<(u32, Touch)> = Vec::new();
        let (mut interaction, mut parts) = (0, people.next(0));
        let link = |name: &str| interactions.links.column(name).and_then(|column| column.u32().cloned());
        let (of_interaction, of_record) = (link(INTERACTION), link(RECORD));
        let (of_interaction, of_record) =
            (of_interaction.map_err(Error::engine("links"))?, of_record.map_err(Error::engine("links"))?);
        for (number, record) in of_interaction.iter().zip(of_record.iter()) {
            let (Some(number), Some(record)) = (number, record) else { continue };
            while interaction < number {
                interaction += 1;
                parts = people.next(interaction);
            }
            if record < first {
                continue;
            }
            let Some(mut touch) = facts.touch(number) else {
                planned[record as usize] = true;
                continue;
            };
            last_at[record as usize] = touch.at.max(last_at[record as usize]);
            if touch.at < from {
                continue;
            }
            let (mut present, mut starters, mut wrote) = (0u32, 0u32, false);
            for part in parts.clone().filter(|&part| people.takes_part(part)) {
                let starts = people.roles[part] == STARTS;
                present += 1;
                starters += u32::from(starts);
                wrote |= starts && who::record(people.who[part]) == Some(record);
            }
            let alone = if touch.kind == EMAIL { present - starters } else { present.saturating_sub(1) };
            touch.people = alone.clamp(1, u32::from(u16::MAX)) as u16;
            // An email by somebody else of the customer is no sign of the contact's own.
            if touch.is_email(Started::ByThem) && contacts.contains(&record) && !wrote {
                touch.started = Started::Unknown;
            }
            found.push((record, touch));
        }
        Ok(Histories::sorted(count, &found, last_at, planned))
    }

    fn sorted(count: usize, found: &[(u32, Touch)], last_at: Vec<i64>, planned: Vec<bool>) -> Histories {
        let mut starts = vec![0usize; count + 1];
        for (record, _) in found {
            starts[*record as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let nothing = Touch { at: 0, interaction: 0, people: 0, kind: 0, started: Started::Unknown };
        let mut touches = vec![nothing; found.len()];
        for (record, touch) in found {
            let place = &mut next[*record as usize];
            touches[*place] = *touch;
            *place += 1;
        }
        let mut histories = Histories { starts, touches, last_at, planned };
        histories.order();
        histories
    }

    /// Brings the touches of every record into the order of what they are; numbers of interactions
    /// differ between runs that see more or less of the lake, and must not matter.
    fn order(&mut self) {
        for record in 0..self.last_at.len() {
            let touches = &mut self.touches[self.starts[record]..self.starts[record + 1]];
            touches.sort_unstable_by_key(|touch| (touch.at, touch.kind, touch.started, touch.people));
        }
    }

    /// The history of a record.
    pub fn record(&self, record: u32) -> History<'_> {
        let at = record as usize;
        History {
            touches: &self.touches[self.starts[at]..self.starts[at + 1]],
            last_at: Some(self.last_at[at]).filter(|&last| last > i64::MIN),
            planned: self.planned[at],
        }
    }
}
