//! What is under way between a colleague and a record: threads that go on, and planned meetings (rule W8).

use std::collections::{BTreeMap, HashMap, HashSet};

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::interactions::columns::*;
use crate::interactions::event::{EMAIL, KIND, MEETING, OURS, PLANNED};
use crate::interactions::people::view::ParticipantColumns;
use crate::interactions::{Context, Interactions, THREAD_CONVERSATION, THREAD_ROOT};
use crate::people::person_key;
use crate::time::DAY;

/// A thread goes on while its last email is no older than this, in microseconds.
pub const OPEN: i64 = 30 * DAY;

/// What is under way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpenWork {
    /// Threads that go on.
    pub open_threads: u32,
    /// Those whose last email is the other side's.
    pub awaiting_us: u32,
    /// Meetings ahead.
    pub planned_meetings: u32,
    /// When the first of them is, and its interaction.
    pub next_meeting: Option<(i64, u32)>,
}

/// A thread by its conversation, else by its root.
type Thread = (Option<i128>, Option<u32>);

/// An email; the later is the greater.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct LastEmail {
    at: i64,
    interaction: u32,
    is_ours: Option<bool>,
}

/// Of pairs of a colleague and a record what is under way, where anything is.
pub fn of(
    context: &Context,
    interactions: &Interactions,
    pairs: impl Iterator<Item = (u32, u32)>,
) -> Result<BTreeMap<(u32, u32), OpenWork>> {
    let pairs: HashSet<(u32, u32)> = pairs.collect();
    if pairs.is_empty() {
        return Ok(BTreeMap::new());
    }
    let taking_part = taking_part(interactions, &pairs)?;
    under_way(context, interactions, &pairs, &taking_part).map_err(Error::engine("what colleagues have under way"))
}

/// Interactions and those of the colleagues who take part in them, in the order of interactions.
fn taking_part(interactions: &Interactions, pairs: &HashSet<(u32, u32)>) -> Result<Vec<(u32, u32)>> {
    let users: HashSet<u32> = pairs.iter().map(|(user, _)| *user).collect();
    let people = ParticipantColumns::of(&interactions.participants.people)?;
    let mut people = people.rows()?;
    let mut found = Vec::new();
    for interaction in 0..interactions.table.height() as u32 {
        let parts = people.next(interaction);
        let present = parts.filter(|&part| people.takes_part(part));
        let present = present.filter_map(|part| person_key::colleague_number(people.who[part]));
        found.extend(present.filter(|user| users.contains(user)).map(|user| (interaction, user)));
    }
    Ok(found)
}

fn under_way(
    context: &Context,
    interactions: &Interactions,
    pairs: &HashSet<(u32, u32)>,
    taking_part: &[(u32, u32)],
) -> PolarsResult<BTreeMap<(u32, u32), OpenWork>> {
    let table = &interactions.table;
    let (kinds, ours) = (table.column(KIND)?.u8()?, table.column(OURS)?.bool()?);
    let (planned, times) = (table.column(PLANNED)?.bool()?, &table.column(OCCURRED_AT)?.datetime()?.phys);
    let (conversations, roots) = (table.column(THREAD_CONVERSATION)?.i128()?, table.column(THREAD_ROOT)?.u32()?);
    let rows = || kinds.iter().zip(planned.iter().zip(times.iter())).zip(conversations.iter().zip(roots.iter()));
    let mut last_of_threads: HashMap<Thread, LastEmail> = HashMap::new();
    for (interaction, (((kind, (planned, at)), thread), is_ours)) in (0u32..).zip(rows().zip(ours.iter())) {
        if let (Some(EMAIL), Some(false), Some(at)) = (kind, planned, at)
            && at >= context.cutoff - OPEN
        {
            let email = LastEmail { at, interaction, is_ours };
            let last = last_of_threads.entry(thread).or_insert(email);
            *last = (*last).max(email);
        }
    }
    let linked = interactions.links.column(INTERACTION)?.u32()?.rechunk();
    let records = interactions.links.column(RECORD)?.u32()?.rechunk();
    let (linked, records) = (linked.cont_slice()?, records.cont_slice()?);
    let (conversations, roots) = (conversations.rechunk(), roots.rechunk());
    let (kinds, planned, times) = (kinds.rechunk(), planned.rechunk(), times.rechunk());
    let mut work: BTreeMap<(u32, u32), OpenWork> = BTreeMap::new();
    let mut threads: HashSet<(u32, u32, Thread)> = HashSet::new();
    for &(interaction, user) in taking_part {
        let at = interaction as usize;
        let (Some(kind), Some(planned), Some(time)) = (kinds.get(at), planned.get(at), times.get(at)) else { continue };
        let thread = (conversations.get(at), roots.get(at));
        let goes_on = if kind == EMAIL && !planned { last_of_threads.get(&thread) } else { None };
        if goes_on.is_none() && !(kind == MEETING && planned) {
            continue;
        }
        let from = linked.partition_point(|&number| number < interaction);
        let of_one = linked[from..].iter().take_while(|&&number| number == interaction).count();
        for &record in records[from..from + of_one].iter().filter(|&&record| pairs.contains(&(user, record))) {
            let work = work.entry((user, record)).or_default();
            if let Some(last) = goes_on {
                if threads.insert((user, record, thread)) {
                    work.open_threads += 1;
                    work.awaiting_us += u32::from(last.is_ours == Some(false));
                }
            } else {
                work.planned_meetings += 1;
                let first = work.next_meeting.unwrap_or((i64::MAX, u32::MAX));
                work.next_meeting = Some(first.min((time, interaction)));
            }
        }
    }
    Ok(work)
}
