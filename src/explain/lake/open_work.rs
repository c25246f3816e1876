//! What a colleague who leaves has under way with a record (rule W8).

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;
use serde_json::Value;

use super::read::LakeOfDay;
use super::rows::ListedInteractions;
use crate::coverage::open_work::OPEN;
use crate::error::{Error, Result};
use crate::explain::plural::several;
use crate::explain::question::FoundRow;
use crate::explain::scores::RowValues;
use crate::explain::story::ColumnStory;
use crate::interactions::columns::OCCURRED_AT;
use crate::interactions::event::{EMAIL, INTERACTION_ID, KIND, MEETING, OURS, PLANNED};
use crate::interactions::people::view::ParticipantColumns;
use crate::interactions::{THREAD_CONVERSATION, THREAD_ROOT};
use crate::people::person_key;
use crate::table::cells::{instant, text};

/// Columns of `handover` that are made of who took part.
pub const COLUMNS: [&str; 5] =
    ["open_threads", "threads_awaiting_us", "planned_meetings", "next_meeting_at", "next_meeting_id"];

/// A thread by its conversation, else by its root.
type Thread = (Option<i128>, Option<u32>);

/// Interactions as arrays.
struct Columns {
    kinds: UInt8Chunked,
    ours: BooleanChunked,
    planned: BooleanChunked,
    times: Int64Chunked,
    conversations: Int128Chunked,
    roots: UInt32Chunked,
}

impl Columns {
    fn of(table: &DataFrame) -> Result<Columns> {
        let read = || -> PolarsResult<Columns> {
            Ok(Columns {
                kinds: table.column(KIND)?.u8()?.clone(),
                ours: table.column(OURS)?.bool()?.clone(),
                planned: table.column(PLANNED)?.bool()?.clone(),
                times: table.column(OCCURRED_AT)?.datetime()?.phys.clone(),
                conversations: table.column(THREAD_CONVERSATION)?.i128()?.clone(),
                roots: table.column(THREAD_ROOT)?.u32()?.clone(),
            })
        };
        read().map_err(Error::engine("what a colleague has under way"))
    }

    fn thread(&self, interaction: u32) -> Thread {
        (self.conversations.get(interaction as usize), self.roots.get(interaction as usize))
    }

    fn is(&self, interaction: u32, kind: u8, planned: bool) -> bool {
        let at = interaction as usize;
        self.kinds.get(at) == Some(kind) && self.planned.get(at) == Some(planned)
    }
}

/// Tells a column; false where the colleague or the record is not in the lake.
///
/// # Errors
/// Only what the engine runs into.
pub fn tell(found: &FoundRow<'_>, lake: &LakeOfDay<'_>, story: &mut ColumnStory) -> Result<bool> {
    let row = RowValues(&found.row);
    let (Some(user), Some(record)) = (lake.user_of(&row), lake.record_of(&row)) else { return Ok(false) };
    if !COLUMNS.contains(&story.column.as_str()) {
        return Ok(false);
    }
    let columns = Columns::of(&lake.interactions.table)?;
    let together = taking_part(lake, user, record)?;
    if story.column.contains("thread") {
        threads(lake, &columns, &together, story);
    } else {
        meetings(lake, &columns, &together, story);
    }
    Ok(true)
}

/// The interactions of a record that a colleague takes part in.
fn taking_part(lake: &LakeOfDay<'_>, user: u32, record: u32) -> Result<Vec<u32>> {
    let people = ParticipantColumns::of(&lake.interactions.participants.people)?;
    let mut together = Vec::new();
    for &interaction in lake.linked(record) {
        let mut rows = people.rows_from(interaction)?;
        let mut present = rows.next(interaction).filter(|&row| rows.takes_part(row));
        if present.any(|row| person_key::colleague_number(rows.who[row]) == Some(user)) {
            together.push(interaction);
        }
    }
    Ok(together)
}

/// Threads whose last email is young, each once.
fn threads(lake: &LakeOfDay<'_>, columns: &Columns, together: &[u32], story: &mut ColumnStory) {
    let own: BTreeSet<Thread> =
        together.iter().filter(|&&one| columns.is(one, EMAIL, false)).map(|&one| columns.thread(one)).collect();
    // The last email of each thread, whoever takes part in it.
    let mut last: BTreeMap<Thread, (i64, u32)> = BTreeMap::new();
    for interaction in (0..lake.interactions.table.height() as u32).filter(|&one| columns.is(one, EMAIL, false)) {
        let thread = columns.thread(interaction);
        if let (true, Some(at)) = (own.contains(&thread), columns.times.get(interaction as usize)) {
            let newest = last.entry(thread).or_insert((at, interaction));
            *newest = (*newest).max((at, interaction));
        }
    }
    let only_awaiting = story.column == "threads_awaiting_us";
    let mut rows = ListedInteractions::default();
    for &(at, interaction) in last.values() {
        let is_theirs = columns.ours.get(interaction as usize) == Some(false);
        match () {
            () if at < lake.context.cutoff - OPEN => {
                rows.leave_out(lake, interaction, "the last email of its thread is older than 30 days")
            }
            () if only_awaiting && !is_theirs => {
                rows.leave_out(lake, interaction, "the last email of its thread is ours")
            }
            () => rows.count(lake, interaction, 1.0),
        };
    }
    let count = rows.counted();
    let told = format!("{count} of {} threads of the two, each by its last email", last.len());
    rows.list(story);
    story.recomputed(count.into(), told);
}

/// Meetings ahead.
fn meetings(lake: &LakeOfDay<'_>, columns: &Columns, together: &[u32], story: &mut ColumnStory) {
    let planned: Vec<u32> = together.iter().copied().filter(|&one| columns.is(one, MEETING, true)).collect();
    let next = planned.iter().filter_map(|&one| Some((columns.times.get(one as usize)?, one))).min();
    let mut rows = ListedInteractions::default();
    planned.iter().for_each(|&one| {
        rows.count(lake, one, 1.0);
    });
    rows.list(story);
    let ids = lake.interactions.table.column(INTERACTION_ID);
    let value = match (story.column.as_str(), next) {
        ("planned_meetings", _) => planned.len().into(),
        ("next_meeting_at", Some((at, _))) => instant(at).into(),
        ("next_meeting_id", Some((_, one))) => {
            ids.ok().and_then(|ids| text(ids, one as usize)).map_or(Value::Null, Value::from)
        }
        _ => Value::Null,
    };
    story.recomputed(value, format!("{} of the two", several(planned.len(), "planned meeting")));
}
