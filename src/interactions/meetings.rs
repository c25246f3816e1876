//! Meetings: appointments and calendar events, merged by calendar id (rules N1 to N6, I10).

use polars::prelude::*;

use crate::literals::typed;

use super::event::*;
use super::order::sort_by_text;
use super::{Context, Kind, Places, SOURCES, collect};
use crate::as_of::{PLAUSIBLE_FROM, instant};
use crate::columns::*;
use crate::error::Result;
use crate::people::who;
use crate::reasons::Reason;
use crate::sources::{DELETED, STARTS, ids};

const ROW: &str = "row";
const SOURCE: &str = "source";
/// Order in which a meeting's rows decide: Dataverse, the organizer's own copy, other copies.
const PRECEDENCE: &str = "precedence";
const STATE: &str = "state";
const MINUTE: i64 = 60_000_000;

/// States of a meeting's row, whichever system it comes from.
const CANCELLED: u8 = 0;
const COMPLETED: u8 = 1;
const SCHEDULED: u8 = 2;

/// Meetings as of the date: events, source rows and participants. The input may be split by
/// calendar id.
pub fn meetings(context: &Context) -> Result<Kind> {
    let rows = collect(rows(context)?, "reading meetings")?;
    let events = sort_by_text(&collect(merge(context, &rows), "merging meetings")?, &[IDENTITY_TEXT])?;
    let numbers = events.clone().lazy().with_row_index(EVENT, None).select([col(IDENTITY), col(EVENT)]);
    let rows = rows.lazy().join(numbers, [col(IDENTITY)], [col(IDENTITY)], JoinArgs::new(JoinType::Left));
    // What is neither in the past nor planned appears nowhere: its event is gone.
    let rows = collect(rows.filter(col(EVENT).is_not_null().or(col(REASON).is_not_null())), "numbering meetings")?;
    let usable = rows.clone().lazy().filter(col(REASON).is_null());
    let participants = collect(participants(context, usable.clone())?, "participants of meetings")?;
    let places = |source: u8, table: &DataFrame| {
        let of_source = rows.clone().lazy().filter(col(SOURCE).eq(typed(source)));
        Places::of(source, table, &collect(of_source.select([col(ROW), col(EVENT), col(REASON)]), "rows of meetings")?)
    };
    let tracked = places(SOURCES.appointment, &context.activities.appointments)?;
    let copies = Some(places(SOURCES.calendar_view, &context.activities.events)?);
    Ok(Kind { events, participants: vec![participants], tracked, copies })
}

/// Both sources' rows as far as they are known at the date, each with the reason that drops it by
/// itself, if any.
fn rows(context: &Context) -> Result<LazyFrame> {
    let cutoff = instant(context.cutoff);
    let past = col(OCCURRED_AT).is_null().or(col(OCCURRED_AT).lt(cutoff.clone()));
    let known = past.clone().or(col(CREATED_AT).is_null()).or(col(CREATED_AT).lt(cutoff));
    let start_text = |start: &str| col(start).dt().strftime("%Y-%m-%dT%H:%M:%SZ");
    let identity = |one_of_series: Expr, start: &str| {
        let id = when(col(IDENTITY_TEXT).eq(lit(""))).then(lit(NULL)).otherwise(col(IDENTITY_TEXT));
        when(one_of_series.fill_null(lit(false)).and(col(start).is_not_null()))
            .then(concat_str([id.clone(), start_text(start)], "@", false))
            .otherwise(id)
            .alias(IDENTITY_TEXT)
    };
    let minutes = |column: &str| col(column).cast(DataType::Int64) * typed(MINUTE);
    let length = |start: &str| (col("ended_at") - col(start)).cast(DataType::Int64);
    let duration = coalesce(&[length("scheduled_at"), minutes("scheduled_minutes"), minutes("actual_minutes")]);
    let state = |code: i32| col("statecode").eq(typed(code)).fill_null(lit(false));
    let instance = col("instancetypecode");
    let series = instance.clone().gt_eq(lit(2)).and(instance.clone().lt_eq(lit(4)));
    let tracked = context
        .with_starters(&context.activities.appointments, MEETING)?
        .with_row_index(ROW, None)
        .filter(known.clone())
        .with_column(identity(series, "scheduled_at"))
        .select([
            coalesce(&[super::text_key(col(IDENTITY_TEXT)), col(ACTIVITY)]).alias(IDENTITY),
            coalesce(&[col(IDENTITY_TEXT), col(SOURCE_ID)]).alias(IDENTITY_TEXT),
            typed(SOURCES.appointment).alias(SOURCE),
            typed(0u8).alias(PRECEDENCE),
            col(ROW),
            col(SOURCE_ID),
            when(col(DELETED))
                .then(Reason::Deleted.lit())
                .when(instance.eq(lit(1)).fill_null(lit(false)))
                .then(Reason::SeriesMaster.lit())
                .otherwise(lit(NULL))
                .alias(REASON),
            when(state(2))
                .then(typed(CANCELLED))
                .when(state(1))
                .then(typed(COMPLETED))
                .otherwise(typed(SCHEDULED))
                .alias(STATE),
            col(OCCURRED_AT),
            col(CREATED_AT),
            non_negative(duration).alias(DURATION),
            col("all_day"),
            col(REGARDING),
            coalesce(&[col(OURS), owner_is_ours()]).alias(OURS),
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
        .with_column(identity(kind("occurrence").or(kind("exception")), OCCURRED_AT))
        .select([
            coalesce(&[super::text_key(col(IDENTITY_TEXT)), ids::key_column(col(SOURCE_ID))]).alias(IDENTITY),
            coalesce(&[col(IDENTITY_TEXT), col(SOURCE_ID)]).alias(IDENTITY_TEXT),
            typed(SOURCES.calendar_view).alias(SOURCE),
            when(col("own")).then(typed(1u8)).otherwise(typed(2u8)).alias(PRECEDENCE),
            col(ROW),
            col(SOURCE_ID),
            when(col(REASON).is_not_null())
                .then(col(REASON))
                .when(kind("seriesMaster"))
                .then(Reason::SeriesMaster.lit())
                .otherwise(lit(NULL))
                .alias(REASON),
            when(col("cancelled")).then(typed(CANCELLED)).otherwise(typed(COMPLETED)).alias(STATE),
            col(OCCURRED_AT),
            col(CREATED_AT),
            non_negative(length(OCCURRED_AT)).alias(DURATION),
            col("all_day"),
            lit(NULL).cast(DataType::UInt64).alias(REGARDING),
            who::ours(organizer.clone()).alias(OURS),
            organizer.alias(SENDER),
            subject(context),
        ]);
    // What lies ahead and is dropped by itself is named only where it would have been a plan (rule T3).
    let plan = col(REASON).neq(Reason::Deleted.lit()).and(col(STATE).neq(typed(CANCELLED)));
    let shown = col(REASON).is_null().or(past).or(plan);
    Ok(super::union([tracked, copies])?.filter(shown))
}

/// One row per meeting that is in the past or planned. The first row in precedence decides state,
/// time, length and organizer.
fn merge(context: &Context, rows: &DataFrame) -> LazyFrame {
    let cutoff = instant(context.cutoff);
    let first = |name: &str| col(name).first();
    let first_known = |name: &str| col(name).drop_nulls().first();
    let past = col(OCCURRED_AT).lt(cutoff.clone());
    let scheduled_counts = lit(context.settings.past_scheduled_is_held);
    let reason = when(col(STATE).eq(typed(CANCELLED)))
        .then(Reason::Cancelled.lit())
        .when(col(OCCURRED_AT).is_null())
        .then(Reason::NoTime.lit())
        .when(past.clone().and(col(STATE).eq(typed(SCHEDULED))).and(scheduled_counts.not()))
        .then(Reason::NeverCompleted.lit())
        .when(col(OCCURRED_AT).lt(instant(PLAUSIBLE_FROM)).or(col(OCCURRED_AT).gt(instant(context.implausible_from))))
        .then(Reason::ImplausibleTime.lit())
        .otherwise(lit(NULL));
    let merged = rows
        .clone()
        .lazy()
        .filter(col(REASON).is_null())
        .sort([IDENTITY, PRECEDENCE, CREATED_AT, SOURCE_ID], SortMultipleOptions::default().with_nulls_last(true))
        .group_by_stable([col(IDENTITY)])
        .agg([
            first(IDENTITY_TEXT),
            first(STATE),
            first(OCCURRED_AT),
            first(DURATION),
            first_known(OURS),
            first_known(REGARDING),
            first_known(SUBJECT),
            col("all_day").max(),
            col(PRECEDENCE).eq(typed(0u8)).max().alias(IN_DATAVERSE),
            col(PRECEDENCE).gt(typed(0u8)).max().alias(IN_EXCHANGE),
        ])
        .filter(col(OCCURRED_AT).is_null().or(past).or(col(STATE).neq(typed(CANCELLED))))
        .with_columns([
            typed(MEETING).alias(KIND),
            reason.alias(REASON),
            col(OCCURRED_AT).gt_eq(cutoff).alias(PLANNED),
            (col(OCCURRED_AT) + col(DURATION).cast(DataType::Duration(TimeUnit::Microseconds))).alias(ENDED_AT),
        ]);
    conform(
        merged,
        &[
            KIND,
            IDENTITY,
            IDENTITY_TEXT,
            REASON,
            PLANNED,
            OURS,
            OCCURRED_AT,
            ENDED_AT,
            DURATION,
            ALL_DAY,
            IN_DATAVERSE,
            IN_EXCHANGE,
            REGARDING,
            SUBJECT,
        ],
        context.settings.publish_subjects,
    )
}

/// Participants of usable copies: `event`, `who`, `role`, `declined`.
fn participants(context: &Context, usable: LazyFrame) -> Result<LazyFrame> {
    let organizers = usable.clone().filter(col(SENDER).is_not_null()).select([
        col(EVENT),
        col(SENDER).alias(WHO),
        typed(STARTS).alias(ROLE),
        lit(false).alias(DECLINED),
    ]);
    let events = &context.activities.events;
    let attendees = usable
        .filter(col(SOURCE).eq(typed(SOURCES.calendar_view)))
        .select([
            col(EVENT),
            super::gather(col(ROW), events, WHO)?.alias(WHO),
            super::gather(col(ROW), events, ROLE)?.alias(ROLE),
            super::gather(col(ROW), events, DECLINED)?.alias(DECLINED),
        ])
        .explode(cols([WHO, ROLE, DECLINED]), super::EXPLODE)
        .filter(col(WHO).is_not_null().and(col(ROLE).is_not_null()))
        .select([col(EVENT), context.people.directory.people(col(WHO)), col(ROLE), col(DECLINED)]);
    super::union([organizers, attendees])
}

/// The owner stands in for a missing organizer (rule N6): colleagues and teams are ours.
fn owner_is_ours() -> Expr {
    when(col("owner").is_not_null()).then(lit(true)).otherwise(lit(NULL))
}

fn subject(context: &Context) -> Expr {
    if context.settings.publish_subjects { col(SUBJECT) } else { lit(NULL).cast(DataType::String).alias(SUBJECT) }
}

/// A negative length is no length (rule N4).
pub(super) fn non_negative(duration: Expr) -> Expr {
    when(duration.clone().lt(lit(0))).then(lit(NULL)).otherwise(duration)
}
