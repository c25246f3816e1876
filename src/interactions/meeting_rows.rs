//! Appointments and calendar events as rows of meetings, each with the reason that drops it by itself.

use polars::prelude::*;

use super::event::*;
use crate::error::Result;
use crate::frames::keys::KEY;
use crate::frames::typed;
use crate::interactions::columns::*;
use crate::interactions::lengths::{micros, possible};
use crate::interactions::meeting_identity;
use crate::interactions::people::activity_parties::STARTED_BY_NAMELESS;
use crate::interactions::source_rows::SOURCES;
use crate::interactions::{Context, Kind};
use crate::people::person_key;
use crate::sources::DELETED;
use crate::sources::drop_reason::DropReason;
use crate::sources::values::message_ids;
use crate::time::instant;

pub(super) const ROW: &str = "row";
pub(super) const SOURCE: &str = "source";
/// Order in which a meeting's rows decide: Dataverse, the organizer's own copy, other copies.
pub(super) const PRECEDENCE: &str = "precedence";
pub(super) const STATE: &str = "state";
/// Whether our side owns it.
pub(super) const OWNED_BY_US: &str = "owned_by_us";
/// Whether a copy names people by address: then those known by an id alone are among them (rule P4).
pub(super) const NAMES_PEOPLE: &str = "names_people";
/// Whether only its mailbox's own id names a meeting.
pub(super) const BY_ITEM: &str = "by_item";
/// States of a meeting's row, whichever system it comes from.
pub(super) const CANCELLED: u8 = 0;
const COMPLETED: u8 = 1;
pub(super) const SCHEDULED: u8 = 2;

/// Both sources' rows as far as they are known at the date, each with the reason that drops it by
/// itself, if any.
pub(super) fn rows(context: &Context) -> Result<LazyFrame> {
    let cutoff = instant(context.cutoff);
    let past = col(OCCURRED_AT).is_null().or(col(OCCURRED_AT).lt(cutoff.clone()));
    let known = past.clone().or(col(CREATED_AT).is_null()).or(col(CREATED_AT).lt(cutoff));
    let length = |start: &str| (col("ended_at") - col(start)).cast(DataType::Int64);
    let lengths = [length("scheduled_at"), micros(col("scheduled_minutes")), micros(col("actual_minutes"))];
    let state = |code: i32| col("statecode").eq(typed(code)).fill_null(lit(false));
    let instance = col("instancetypecode");
    let tracked = context
        .with_starters(&context.activities.appointments, Kind::Meeting)?
        .with_row_index(ROW, None)
        .filter(known.clone())
        .with_column(meeting_identity::of_tracked())
        .select([
            coalesce(&[message_ids::message_key_column(col(IDENTITY_TEXT)), col(ACTIVITY)]).alias(IDENTITY),
            coalesce(&[col(IDENTITY_TEXT), col(SOURCE_ID)]).alias(IDENTITY_TEXT),
            typed(SOURCES.appointment).alias(SOURCE),
            typed(0u8).alias(PRECEDENCE),
            col(ROW),
            col(SOURCE_ID),
            lit(NULL).cast(KEY).alias(MAILBOX),
            lit(false).alias(BY_ITEM),
            when(col(DELETED))
                .then(DropReason::Deleted.lit())
                .when(col(IDENTITY_TEXT).is_null().and(col(ACTIVITY).is_null()))
                .then(DropReason::NoId.lit())
                .when(instance.eq(lit(1)).fill_null(lit(false)))
                .then(DropReason::SeriesMaster.lit())
                .otherwise(lit(NULL))
                .alias(REASON),
            when(state(2))
                .then(typed(CANCELLED))
                .when(state(1))
                .then(typed(COMPLETED))
                .when(col("statecode").is_not_null())
                .then(typed(SCHEDULED))
                .otherwise(lit(NULL))
                .alias(STATE),
            col(OCCURRED_AT),
            col(CREATED_AT),
            possible(coalesce(&lengths)).alias(DURATION),
            col("all_day"),
            col(REGARDING),
            col(OURS),
            col(STARTED_BY_NAMELESS),
            lit(false).alias(NAMES_PEOPLE),
            owner_is_ours().alias(OWNED_BY_US),
            lit(NULL).cast(DataType::UInt64).alias(SENDER),
            subject(context),
        ]);
    let organizer = context.people.directory.people(col(SENDER));
    let kind = |name: &str| col("kind_of_event").eq(lit(name)).fill_null(lit(false));
    let copies = context
        .activities
        .events
        .clone()
        .lazy()
        .with_row_index(ROW, None)
        .filter(known)
        .with_column(context.people.mailboxes.refusals(col(MAILBOX), col(OCCURRED_AT)).alias(REASON))
        .with_column(meeting_identity::of_copy())
        .select([
            coalesce(&[message_ids::message_key_column(col(IDENTITY_TEXT)), col("item")]).alias(IDENTITY),
            coalesce(&[col(IDENTITY_TEXT), col(SOURCE_ID)]).alias(IDENTITY_TEXT),
            typed(SOURCES.calendar_view).alias(SOURCE),
            when(col("own")).then(typed(1u8)).otherwise(typed(2u8)).alias(PRECEDENCE),
            col(ROW),
            col(SOURCE_ID),
            col(MAILBOX),
            col(IDENTITY_TEXT).is_null().alias(BY_ITEM),
            when(col(REASON).is_not_null())
                .then(col(REASON))
                .when(col(DELETED))
                .then(DropReason::Deleted.lit())
                .when(col(IDENTITY_TEXT).is_null().and(col("item").is_null()))
                .then(DropReason::NoId.lit())
                .when(kind("seriesmaster"))
                .then(DropReason::SeriesMaster.lit())
                .otherwise(lit(NULL))
                .alias(REASON),
            when(col("cancelled")).then(typed(CANCELLED)).otherwise(typed(COMPLETED)).alias(STATE),
            col(OCCURRED_AT),
            col(CREATED_AT),
            possible(length(OCCURRED_AT)).alias(DURATION),
            col("all_day"),
            lit(NULL).cast(KEY).alias(REGARDING),
            person_key::ours(organizer.clone()).alias(OURS),
            lit(false).alias(STARTED_BY_NAMELESS),
            col(SENDER).is_not_null().or(col(WHO).list().len().gt(typed(0u32))).alias(NAMES_PEOPLE),
            lit(NULL).cast(DataType::Boolean).alias(OWNED_BY_US),
            organizer.alias(SENDER),
            subject(context),
        ]);
    // What lies ahead and is dropped by itself is named only where it would have been a plan (rule T3).
    let is_cancelled = col(STATE).eq(typed(CANCELLED)).fill_null(lit(false));
    let plan = col(REASON).neq(DropReason::Deleted.lit()).and(is_cancelled.not());
    let shown = col(REASON).is_null().or(past).or(plan);
    Ok(crate::frames::union([tracked, copies])?.filter(shown))
}

/// The owner stands in for a missing organizer (rule N6): colleagues and teams are ours.
fn owner_is_ours() -> Expr {
    when(col("owner").is_not_null()).then(lit(true)).otherwise(lit(NULL))
}

fn subject(context: &Context) -> Expr {
    if context.settings.publish_subjects { col(SUBJECT) } else { lit(NULL).cast(DataType::String).alias(SUBJECT) }
}
