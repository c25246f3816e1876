//! Interactions: one row per real email, meeting, call or task, who took part, which records it
//! counts for, and every source row that is none of them, with the reason.
//!
//! `emails`, `meetings` and `calls_and_tasks` merge source rows into events; [`people`] says who took part; [`drop_rules`]
//! says which events do not count; `numbering` numbers those that do; `threads` and [`reply_runs`] put emails in order, and
//! [`record_links`] links all to records. [`tables`] are the published ones. [`parts`] builds what is too much for memory,
//! [`history`] what many days have in common.

pub mod bounces;
pub mod drop_rules;
pub mod dropped_counts;
mod dropped_rows;
mod events_of_kind;
pub mod history;
pub mod interaction_view;
mod meeting_identity;
mod meeting_rows;
pub mod not_linked;
mod numbering;
pub mod record_links;
pub mod record_shards;
pub mod reply_runs;
mod source_rows;

mod calls_and_tasks;
pub mod columns;
mod context;
mod emails;
pub mod event;
pub mod kind;
mod lengths;
mod meetings;
pub mod parts;
pub mod people;
pub mod tables;
mod threads;

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::frames::{collect, typed, union};
use crate::interactions::columns::*;
use crate::scratch::Scratch;
use crate::sources::Activities;
use bounces::{Bounce, bounces};
use dropped_rows::dropped;
use event::EVENT;
use events_of_kind::EventsOfKind;
use numbering::numbered;
use people::participants;
use source_rows::SOURCES;

pub use context::{Context, working_time};
pub use kind::Kind;
pub use numbering::ROOT_ID;
pub use people::participants::Participants;
pub use threads::{THREAD_CONVERSATION, THREAD_ROOT};

/// How the interactions of a day are built of its activities.
pub type Build = fn(&mut Context) -> Result<Interactions>;

/// Interactions as of a date.
pub struct Interactions {
    /// One row per interaction in the order of published ids; see [`event`], `drop_rules`, `threads`
    /// and the counts of [`Participants`]. Row number and [`INTERACTION`] agree.
    pub table: DataFrame,
    /// Who took part, numbered by [`INTERACTION`].
    pub participants: Participants,
    /// `interaction`, `record`, `link`, `weight`.
    pub links: DataFrame,
    /// `interaction`, `answered_at`, `response`, `due`: first emails of runs that are due.
    pub runs: DataFrame,
    /// `source`, `source_id`, `reason`, sorted.
    pub dropped: DataFrame,
    /// Mail of ours that came back.
    pub bounces: Vec<Bounce>,
    /// Where lists go that are made of them and as long.
    pub scratch: Scratch,
}

/// Builds the interactions of all kinds and lets go of the activities that they are made of.
///
/// # Errors
/// Only what the engine runs into; the data was checked when it was read.
pub fn build(context: &mut Context) -> Result<Interactions> {
    let mut interactions = build_unlinked(context)?;
    let (links, runs) = {
        let (context, Interactions { table, participants, .. }) = (&*context, &interactions);
        rayon::join(|| record_links::link(context, table, participants), || reply_runs::runs(context, table))
    };
    (interactions.links, interactions.runs) = (links?, runs?);
    interactions.runs.rechunk_mut();
    crate::memory::give_back();
    Ok(interactions)
}

/// Like [`build`], but without links and runs, for what only asks who was in touch with whom.
///
/// # Errors
/// Only what the engine runs into; the data was checked when it was read.
pub fn build_unlinked(context: &mut Context) -> Result<Interactions> {
    let Judged { kinds, events, participants } = judged(context)?;
    let bounces = bounces(&events, &participants)?;
    let reasons = events.column(REASON).and_then(|reasons| Ok(reasons.u8()?.clone()));
    let reasons = reasons.map_err(Error::engine("dropped rows"))?;
    let (dropped, numbered) = {
        let context = &*context;
        rayon::join(|| dropped(context, &kinds, &reasons), || numbered(context, events, participants))
    };
    drop(kinds);
    context.activities = Activities::default();
    crate::memory::give_back();
    let ((table, participants), dropped) = (numbered?, dropped?);
    let (links, runs) = (DataFrame::empty(), DataFrame::empty());
    Ok(Interactions { table, participants, links, runs, dropped, bounces, scratch: Scratch::default() })
}

/// Events of all kinds, of which some will be interactions.
struct Judged {
    /// By kind where their source rows went; their events are taken out.
    kinds: [EventsOfKind; 4],
    /// With the reasons of those that are dropped, see `drop_rules`.
    events: DataFrame,
    /// By the number of the event.
    participants: Participants,
}

/// Merges activities into events and says which of them are dropped.
fn judged(context: &mut Context) -> Result<Judged> {
    let emails = emails::rows::emails(context)?;
    let activities = &context.activities;
    let (meetings, (calls, tasks)) = {
        let context = &*context;
        let of_kind = |kind, table, source| calls_and_tasks::calls_or_tasks(context, kind, table, source);
        rayon::join(
            || meetings::meetings(context),
            || {
                let calls = of_kind(Kind::Call, &activities.calls, SOURCES.phonecall);
                (calls, of_kind(Kind::Task, &activities.tasks, SOURCES.task))
            },
        )
    };
    let mut kinds = [emails, meetings?, calls?, tasks?];
    let (mut events, mut participants, mut offset) = (vec![], vec![], 0u32);
    for kind in &mut kinds {
        let number = (col(EVENT) + typed(offset)).alias(EVENT);
        for places in [Some(&mut kind.tracked), kind.copies.as_mut()].into_iter().flatten() {
            places.shift(offset);
        }
        offset += kind.events.height() as u32;
        events.push(std::mem::take(&mut kind.events).lazy());
        let of_kind = std::mem::take(&mut kind.participants).into_iter();
        for frame in of_kind {
            participants.push(collect(frame.lazy().with_column(number.clone()), "participants")?);
        }
    }
    let [emails, meetings, calls, tasks] = &kinds;
    let tracked = context.parties.participants([emails, meetings, calls, tasks].map(|kind| &kind.tracked))?;
    let nameless = participants::beside_no_copy(tracked.nameless, &participants, offset as usize)?;
    participants.extend(tracked.participants);
    participants.extend(nameless);
    context.forget_participants();
    let participants = participants::collapse(participants, tracked.stand_ins, offset as usize)?;
    let events = collect(union(events)?, "events")?;
    let mut events = events;
    events.hstack_mut(participants.counts.columns()).map_err(Error::engine("counts of participants"))?;
    let mut events = collect(drop_rules::judge(context, events.lazy()), "judging events")?;
    events.rechunk_mut_par();
    Ok(Judged { kinds, events, participants })
}
