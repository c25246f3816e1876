//! From events to interactions: those that count are numbered in the order of their published ids.

use polars::prelude::*;
use rayon::prelude::*;

use super::columns::*;
use super::event::{self, EVENT, INTERACTION_ID, KIND, interaction_id};
use super::people::participants::Participants;
use super::threads::{self, THREAD_ROOT};
use super::{Context, drop_rules};
use crate::error::{Error, Result};
use crate::frames::{collect, gather};

/// Published id of the event that is the root of a thread.
pub const ROOT_ID: &str = "root_id";

/// Events that are interactions, with their threads, and who took part, by [`INTERACTION`].
pub fn numbered(context: &Context, events: DataFrame, participants: Participants) -> Result<(DataFrame, Participants)> {
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
        drop_rules::INTERNAL,
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
