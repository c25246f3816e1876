//! Calls and tasks of Dataverse (rules N1 to N6). Every one stands for itself.

use polars::prelude::*;

use crate::frames::typed;

use crate::error::{Error, Result};
use crate::frames::{collect, sort_by_text};
use crate::interactions::Context;
use crate::interactions::columns::*;
use crate::interactions::event::*;
use crate::interactions::events_of_kind::EventsOfKind;
use crate::interactions::kind::Kind;
use crate::interactions::lengths::length_of;
use crate::interactions::source_rows::SourceRows;
use crate::sources::DELETED;
use crate::sources::drop_reason::DropReason;
use crate::time::{PLAUSIBLE_FROM, instant};

/// Calls or tasks as of the date. The input may be split by activity.
pub fn calls_or_tasks(context: &Context, kind: Kind, table: &DataFrame, source: u8) -> Result<EventsOfKind> {
    let cutoff = instant(context.cutoff);
    let known = col(CREATED_AT).is_null().or(col(CREATED_AT).lt(cutoff.clone()));
    let past = col(OCCURRED_AT).is_null().or(col(OCCURRED_AT).lt(cutoff.clone()));
    let state = |code: i32| col("statecode").eq(typed(code)).fill_null(lit(false));
    let held = past.clone().and(state(1));
    let planned = held
        .clone()
        .not()
        .and(state(2).not())
        .and(col(DELETED).not())
        .and(known)
        .and(col("planned_at").gt_eq(cutoff).fill_null(lit(false)));
    let reason = when(col(DELETED))
        .then(DropReason::Deleted.lit())
        .when(col(ACTIVITY).is_null())
        .then(DropReason::NoId.lit())
        .when(state(2))
        .then(DropReason::Cancelled.lit())
        .when(col(PLANNED).or(state(1)).not())
        .then(DropReason::NeverCompleted.lit())
        .when(col(OCCURRED_AT).is_null())
        .then(DropReason::NoTime.lit())
        .when(col(OCCURRED_AT).lt(instant(PLAUSIBLE_FROM)).or(col(OCCURRED_AT).gt(instant(context.implausible_from))))
        .then(DropReason::ImplausibleTime.lit())
        .otherwise(lit(NULL));
    let starter = if kind == Kind::Call { col(OURS) } else { lit(NULL).cast(DataType::Boolean) };
    let subject = if context.settings.publish_subjects { col(SUBJECT) } else { lit(NULL).cast(DataType::String) };
    let rows = context
        .with_starters(table, kind)?
        .with_row_index("row", None)
        .with_columns([planned.alias(PLANNED), past.alias("past")])
        .filter(col(PLANNED).or(col("past")))
        .with_column(when(col(PLANNED)).then(col("planned_at")).otherwise(col(OCCURRED_AT)).alias(OCCURRED_AT))
        .with_column(reason.alias(REASON))
        .with_columns([
            kind.lit().alias(KIND),
            col(ACTIVITY).alias(IDENTITY),
            col(SOURCE_ID).alias(IDENTITY_TEXT),
            coalesce(&[col(OUTGOING), starter]).alias(OURS),
            // How long a task or call takes is not known before; a call without an actual start has the length that
            // was planned.
            when(col(PLANNED).and(col("started"))).then(lit(NULL)).otherwise(length_of(col("minutes"))).alias(DURATION),
            when(col(PLANNED)).then(lit(NULL)).otherwise(col(ENDED_AT)).alias(ENDED_AT),
            lit(true).alias(IN_DATAVERSE),
            lit(false).alias(IN_EXCHANGE),
            subject.alias(SUBJECT),
        ]);
    let rows = sort_by_text(&collect(rows, "reading calls and tasks")?, &[IDENTITY_TEXT])?;
    // What has no id is no event.
    let named = collect(rows.clone().lazy().filter(col(ACTIVITY).is_not_null()), "reading calls and tasks")?;
    let nameless = collect(rows.lazy().filter(col(ACTIVITY).is_null()), "reading calls and tasks")?;
    let rows = named.with_row_index(EVENT.into(), None).map_err(Error::engine("numbering calls and tasks"))?;
    let events = collect(
        conform(rows.clone().lazy(), &COLUMNS_WITH_DURATION, context.settings.publish_subjects),
        "calls and tasks",
    )?;
    let nameless = nameless.lazy().with_column(lit(NULL).cast(DataType::UInt32).alias(EVENT));
    let placed = [rows.lazy(), nameless].map(|rows| rows.select([col("row"), col(EVENT), col(REASON)]));
    let placed = collect(crate::frames::union(placed)?, "numbering calls and tasks")?;
    Ok(EventsOfKind {
        events,
        participants: Vec::new(),
        tracked: SourceRows::of(source, table, &placed)?,
        copies: None,
    })
}
