//! The table `interactions`: one row per real email, meeting, call or task, however many copies of it there are (rule N5).

use std::sync::Arc;

use polars::prelude::*;

use super::dictionaries::Dictionaries;
use super::thread_names::thread_ids;
use crate::error::{Error, Result};
use crate::frames::{rows_between, typed};
use crate::interactions::Interactions;
use crate::interactions::columns::*;
use crate::interactions::event::*;
use crate::interactions::reply_runs::{ANSWERED_AT, RESPONSE};
use crate::table::ColumnType::{Boolean, Float64, Int64, Text, Timestamp};
use crate::table::{Column, ColumnType, Rows, Table, Texts, conform_places};
use crate::time::{hours, minutes};

/// Rows of interactions from `offset` on as they are published, with their `ids`. Threads are places in a list of their
/// own for each chunk, so that chunks must be as long as row groups.
pub fn interactions(
    interactions: &Interactions,
    ids: &Arc<Texts>,
    lists: &Dictionaries,
    offset: usize,
    rows: usize,
) -> Result<Rows> {
    let left = || JoinArgs { maintain_order: MaintainOrderJoin::Left, ..JoinArgs::new(JoinType::Left) };
    let count = |name: &str| {
        // An email's people are known; a task has none to count, which is 0 and not unknown.
        col(name).cast(DataType::Int64).fill_null(typed(0i64)).alias(name)
    };
    let place = |place: Expr, name: &str| place.cast(DataType::UInt32).alias(name);
    let answers = rows_between(&interactions.runs, INTERACTION, offset as u32, (offset + rows) as u32)?;
    let answers = answers.lazy().filter(col(ANSWERED_AT).is_not_null());
    let mut rows = interactions.table.slice(offset as i64, rows);
    let (threads, thread_names) = thread_ids(&rows)?;
    let threads = threads.with_name("thread_id".into()).into_column();
    rows.with_column(threads).map_err(Error::engine("table interactions"))?;
    let frame = rows
        .lazy()
        .join(answers, [col(INTERACTION)], [col(INTERACTION)], left())
        .with_columns([
            col(INTERACTION).alias(INTERACTION_ID),
            place(col(KIND), KIND),
            place(col(OURS).not(), "direction"),
            place(col(PLANNED).fill_null(lit(false)), "status"),
            minutes(col(DURATION)).alias("duration_minutes"),
            hours(col(RESPONSE)).alias("response_hours"),
            count("colleagues"),
            count("external_people"),
        ])
        .with_columns(
            [OCCURRED_AT, ENDED_AT, ANSWERED_AT].map(|name| col(name).cast(ColumnType::Timestamp.to_polars())),
        );
    let texts = vec![
        (INTERACTION_ID, ids.clone()),
        (KIND, lists.kinds.clone()),
        ("direction", lists.directions.clone()),
        ("status", lists.statuses.clone()),
        ("thread_id", thread_names),
    ];
    let frame = conform_places(frame, &interactions_table(), &texts).collect();
    Ok(Rows { frame: frame.map_err(Error::engine("table interactions"))?, texts })
}

/// The table `interactions`.
pub fn interactions_table() -> Table {
    let no_email = "null on all but emails";
    Table {
        defined_in: file!(),
        name: "interactions",
        version: 2,
        grain: "real email, meeting, call or task",
        description: "Everything that was counted, each event once, whichever mailboxes and systems hold it.",
        key: &["interaction_id"],
        columns: vec![
            Column::new(
                "interaction_id",
                Text,
                "",
                "Kind, a colon, and the event's identity.",
                "never",
                "N5",
                "email:m36@nordwind.example",
            ),
            Column::new("kind", Text, "", "email, meeting, phone_call, task.", "never", "N1", "email"),
            Column::new(
                "direction",
                Text,
                "",
                "outbound when our side started it, inbound when an external person did.",
                "null on tasks, and when nobody knows",
                "N6",
                "outbound",
            ),
            Column::new("status", Text, "", "held or planned.", "never", "N1, N2", "held"),
            Column::new(
                "occurred_at",
                Timestamp,
                "",
                "When it happened, or is planned.",
                "never",
                "N3",
                "2026-03-31 21:30",
            ),
            Column::new(
                "ended_at",
                Timestamp,
                "",
                "A meeting's start plus its length, a call's actual end.",
                "null when unknown and on emails and tasks",
                "N4",
                "2026-03-13 09:30",
            ),
            Column::new(
                "duration_minutes",
                Float64,
                "minutes",
                "Its length.",
                "null when unknown, never 0 for that; null on emails",
                "N4",
                "30.0",
            ),
            Column::new(
                "thread_id",
                Text,
                "",
                "The conversation's bytes as 32 hex digits, else the root's interaction_id.",
                no_email,
                "N7",
                "00000000000000000000000000000001",
            ),
            Column::new("in_dataverse", Boolean, "", "Whether Dataverse holds it.", "never", "N5", "true"),
            Column::new(
                "in_exchange",
                Boolean,
                "",
                "Whether a mailbox that may be used holds it.",
                "never",
                "N5",
                "true",
            ),
            Column::new(
                "colleagues",
                Int64,
                "people",
                "Colleagues who took part and did not decline.",
                "0 when there were none",
                "P4",
                "3",
            ),
            Column::new(
                "external_people",
                Int64,
                "people",
                "External people who took part and did not decline.",
                "0 when there were none",
                "P4",
                "2",
            ),
            Column::new(
                "answered_at",
                Timestamp,
                "",
                "When the run that this email begins was answered.",
                "null unless it begins a run answered within the horizon",
                "K3",
                "2026-03-02 12:00",
            ),
            Column::new(
                "response_hours",
                Float64,
                "hours",
                "Time from this email to that answer.",
                "null unless it begins a run answered within the horizon",
                "K5",
                "3.0",
            ),
        ],
    }
}
