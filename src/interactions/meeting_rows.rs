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
/// A state that nobody knows, so that it was not completed.
pub(super) const UNKNOWN: u8 = 3;

/// Both sources' rows as far as they are known at the date, each with the reason that drops it by
/// itself, if any.
pub(super) fn rows(context: &Context) -> Result<LazyFrame> {
    // What lies ahead and is dropped by itself is named only where it would have been a plan (rule T3).
    let is_cancelled = col(STATE).eq(typed(CANCELLED)).fill_null(lit(false));
    let plan = col(REASON).neq(DropReason::Deleted.lit()).and(is_cancelled.not());
    let shown = col(REASON).is_null().or(is_past(context)).or(plan);
    Ok(crate::frames::union([appointments(context)?, calendar_copies(context)])?.filter(shown))
}

/// Meetings that do not lie ahead of the date.
fn is_past(context: &Context) -> Expr {
    col(OCCURRED_AT).is_null().or(col(OCCURRED_AT).lt(instant(context.cutoff)))
}

/// Those, and what lies ahead and was planned by the date.
fn is_known(context: &Context) -> Expr {
    is_past(context).or(col(CREATED_AT).is_null()).or(col(CREATED_AT).lt(instant(context.cutoff)))
}

/// The length from the start in a column to the end, in microseconds.
fn length(start: &str) -> Expr {
    (col("ended_at") - col(start)).cast(DataType::Int64)
}

/// Appointments of Dataverse.
fn appointments(context: &Context) -> Result<LazyFrame> {
    let lengths = [length("scheduled_at"), micros(col("scheduled_minutes")), micros(col("actual_minutes"))];
    Ok(context
        .with_starters(&context.activities.appointments, Kind::Meeting)?
        .with_row_index(ROW, None)
        .filter(is_known(context))
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
            drop_appointment().alias(REASON),
            state_of_appointment().alias(STATE),
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
        ]))
}

/// Why an appointment is no meeting, whatever else is known of it.
fn drop_appointment() -> Expr {
    when(col(DELETED))
        .then(DropReason::Deleted.lit())
        .when(col(IDENTITY_TEXT).is_null().and(col(ACTIVITY).is_null()))
        .then(DropReason::NoId.lit())
        .when(col("instancetypecode").eq(lit(1)).fill_null(lit(false)))
        .then(DropReason::SeriesMaster.lit())
        .otherwise(lit(NULL))
}

fn state_of_appointment() -> Expr {
    let state = |code: i32| col("statecode").eq(typed(code)).fill_null(lit(false));
    when(state(2))
        .then(typed(CANCELLED))
        .when(state(1))
        .then(typed(COMPLETED))
        .when(state(0).or(state(3)))
        .then(typed(SCHEDULED))
        .when(col("statecode").is_not_null())
        .then(typed(UNKNOWN))
        .otherwise(lit(NULL))
}

/// Copies of calendar events in mailboxes.
fn calendar_copies(context: &Context) -> LazyFrame {
    let organizer = context.people.directory.people(col(SENDER));
    context
        .activities
        .events
        .clone()
        .lazy()
        .with_row_index(ROW, None)
        .filter(is_known(context))
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
            drop_copy().alias(REASON),
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
        ])
}

/// Why a copy is no meeting; that its mailbox may not be used is known already.
fn drop_copy() -> Expr {
    let is_series = col("kind_of_event").eq(lit("seriesmaster")).fill_null(lit(false));
    when(col(REASON).is_not_null())
        .then(col(REASON))
        .when(col(DELETED))
        .then(DropReason::Deleted.lit())
        .when(col(IDENTITY_TEXT).is_null().and(col("item").is_null()))
        .then(DropReason::NoId.lit())
        .when(is_series)
        .then(DropReason::SeriesMaster.lit())
        .otherwise(lit(NULL))
}

/// The owner stands in for a missing organizer (rule N6): colleagues and teams are ours.
fn owner_is_ours() -> Expr {
    when(col("owner").is_not_null()).then(lit(true)).otherwise(lit(NULL))
}

fn subject(context: &Context) -> Expr {
    if context.settings.publish_subjects { col(SUBJECT) } else { lit(NULL).cast(DataType::String).alias(SUBJECT) }
}
