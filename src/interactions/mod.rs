//! Interactions: one row per real email, meeting, call or task, who took part, which records it
//! counts for, and every source row that is none of them, with the reason.

mod calls_tasks;
pub mod columns;
mod context;
mod email;
mod email_events;
mod emails;
pub mod event;
pub mod facts;
pub mod judge;
pub mod links;
mod meetings;
mod merging;
mod participants;
mod parties;
pub mod parts;
mod places;
pub mod runs;
pub mod slices;
mod stand_ins;
pub mod tables;
mod threads;

use polars::prelude::*;
use rayon::prelude::*;

use crate::frames::{collect, gather, sort_by_text, typed, union};

use crate::error::{Error, Result};
use crate::interactions::columns::*;
use crate::sources::{Activities, ids};
use event::{EVENT, INTERACTION_ID, KIND, interaction_id};

pub use context::Context;
pub use participants::Participants;
use places::Places;
pub use threads::{THREAD_CONVERSATION, THREAD_ROOT};

/// Published id of the event that is a thread's root.
pub const ROOT_ID: &str = "root_id";

/// Source tables by number, in the order in which their names sort.
struct SourceNumbers {
    appointment: u8,
    calendar_view: u8,
    email: u8,
    messages: u8,
    phonecall: u8,
    task: u8,
}

const SOURCES: SourceNumbers =
    SourceNumbers { appointment: 0, calendar_view: 1, email: 2, messages: 3, phonecall: 4, task: 5 };
const SOURCE_NAMES: [&str; 6] = ["appointment", "calendar_view", "email", "messages", "phonecall", "task"];

/// One kind of interaction before it is judged.
struct Kind {
    /// One row per event, see [`event::columns`].
    events: DataFrame,
    /// `event`, `who`, `role`, `declined`: who took part by other sources than parties of tracked activities.
    participants: Vec<DataFrame>,
    /// Where the rows of its table of tracked activities went.
    tracked: Places,
    /// Where the rows of Exchange went.
    copies: Option<Places>,
}

/// Interactions as of a date.
pub struct Interactions {
    /// One row per interaction in the order of published ids; see [`event`], [`judge`], [`threads`]
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
}

/// Builds the interactions of all kinds and lets go of the activities that they are made of.
///
/// # Errors
/// Only what the engine runs into; the data was checked when it was read.
pub fn build(context: &mut Context) -> Result<Interactions> {
    let mut interactions = build_unlinked(context)?;
    let (links, runs) = {
        let (context, Interactions { table, participants, .. }) = (&*context, &interactions);
        rayon::join(|| links::link(context, table, participants), || runs::runs(context, table))
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
    let emails = emails::emails(context)?;
    let activities = &context.activities;
    let (meetings, (calls, tasks)) = {
        let context = &*context;
        let of_kind = |kind, table, source| calls_tasks::calls_or_tasks(context, kind, table, source);
        rayon::join(
            || meetings::meetings(context),
            || {
                let calls = of_kind(event::CALL, &activities.calls, SOURCES.phonecall);
                (calls, of_kind(event::TASK, &activities.tasks, SOURCES.task))
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
    let mut events = collect(judge::judge(context, events.lazy()), "judging events")?;
    events.rechunk_mut_par();
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
    Ok(Interactions { table, participants, links: DataFrame::empty(), runs: DataFrame::empty(), dropped })
}

/// Events that are interactions, with their threads, and who took part, by [`INTERACTION`].
fn numbered(context: &Context, events: DataFrame, participants: Participants) -> Result<(DataFrame, Participants)> {
    let events = threads::thread(events, &context.sources.parents)?;
    let numbers = numbers(&events)?;
    let participants = Participants {
        people: renumbered(participants.people, &numbers)?,
        groups: renumbered(participants.groups, &numbers)?,
        counts: participants.counts.clear(),
    };
    Ok((interaction_table(events)?, participants))
}

/// Number of the interaction that each event is, null for dropped ones. Events come sorted by kind
/// and id, so that numbers follow published ids.
fn numbers(events: &DataFrame) -> Result<DataFrame> {
    let reasons =
        events.column(REASON).and_then(|reasons| reasons.u8()).map_err(Error::engine("numbering interactions"))?;
    let mut next = 0..;
    let numbers: UInt32Chunked =
        reasons.iter().map(|reason| if reason.is_none() { next.next() } else { None }).collect();
    df!(INTERACTION => numbers.into_series()).map_err(Error::engine("numbering interactions"))
}

/// Events that are interactions; thread roots stay numbers of events, with their id in [`ROOT_ID`].
fn interaction_table(mut events: DataFrame) -> Result<DataFrame> {
    const OF_EVENTS: [&str; 12] = [
        IDENTITY,
        IDENTITY_TEXT,
        CONVERSATION,
        PARENT,
        REASON,
        REGARDING,
        AUTOMATED,
        event::ALL_DAY,
        judge::INTERNAL,
        "external",
        "outsiders",
        "addressed",
    ];
    let doing = || Error::engine("numbering interactions");
    // Formatted once here, ids are only pointed at wherever they are published.
    let ids = events.clone().lazy().select([interaction_id(col(KIND), col(IDENTITY_TEXT)).alias(INTERACTION_ID)]);
    let mut ids = collect(ids, "numbering interactions")?;
    ids.rechunk_mut();
    let root = gather(col(THREAD_ROOT), &ids, INTERACTION_ID)?.alias(ROOT_ID);
    let roots = collect(events.clone().lazy().select([root]), "numbering interactions")?;
    events.hstack_mut(ids.columns()).and_then(|events| events.hstack_mut(roots.columns())).map_err(doing())?;
    drop((ids, roots));
    let kept = events.column(REASON).map(Column::is_null).map_err(doing())?;
    // Column by column, each freed before the next.
    let columns = events.drop_many(OF_EVENTS);
    drop(events);
    let columns = columns.into_columns().into_par_iter().map(|column| Ok(column.filter(&kept)?.rechunk()));
    let table = columns.collect::<PolarsResult<Vec<_>>>().and_then(DataFrame::new_infer_height);
    table.and_then(|table| table.with_row_index(INTERACTION.into(), None)).map_err(doing())
}

/// `frame` by [`INTERACTION`] instead of [`EVENT`], without events that are none.
fn renumbered(frame: DataFrame, numbers: &DataFrame) -> Result<DataFrame> {
    let number = gather(col(EVENT), numbers, INTERACTION)?.alias(INTERACTION);
    let renumbered = frame.lazy().with_column(number).filter(col(INTERACTION).is_not_null()).drop(cols([EVENT]));
    let mut renumbered = collect(renumbered, "numbering interactions")?;
    renumbered.rechunk_mut();
    Ok(renumbered)
}

/// Every source row that is no interaction: `source`, `source_id`, `reason`.
fn dropped(context: &Context, kinds: &[Kind], reasons: &UInt8Chunked) -> Result<DataFrame> {
    let activities = &context.activities;
    let tables = [
        (SOURCES.appointment, &activities.appointments),
        (SOURCES.calendar_view, &activities.events),
        (SOURCES.email, &activities.emails),
        (SOURCES.messages, &activities.messages),
        (SOURCES.phonecall, &activities.calls),
        (SOURCES.task, &activities.tasks),
    ];
    let mut parts = Vec::new();
    for (number, table) in tables {
        let source_id = if number == SOURCES.messages {
            context.message_source_id(col("row"))?
        } else {
            gather(col("row"), table, SOURCE_ID)?
        };
        let places = kinds.iter().flat_map(|kind| [Some(&kind.tracked), kind.copies.as_ref()]).flatten();
        let Some(places) = places.into_iter().find(|places| places.source == number) else { continue };
        let rows = places.dropped(reasons).map_err(Error::engine("dropped rows"))?;
        let named = rows
            .lazy()
            .select([source_id.alias(SOURCE_ID), crate::sources::drop_reason::codes(col(REASON)).alias(REASON)])
            .filter(col(SOURCE_ID).is_not_null());
        // Sources come in the order of their names.
        let keys = [SOURCE_ID, REASON];
        let sorted = sort_by_text(&collect(named, "dropped rows")?, &keys)?.lazy();
        let repeats = keys.map(|key| col(key).eq_missing(col(key).shift(lit(1))));
        let first = repeats.into_iter().reduce(Expr::and).unwrap_or(lit(false)).not();
        parts.push(sorted.filter(first).with_column(lit(SOURCE_NAMES[number as usize]).alias("source")));
    }
    collect(union(parts)?.select([col("source"), col(SOURCE_ID), col(REASON)]), "dropped rows")
}

/// Identity key of a text whose letter case is settled.
fn text_key(column: Expr) -> Expr {
    ids::message_key_column(column)
}
