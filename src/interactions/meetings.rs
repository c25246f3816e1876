//! Meetings: appointments and calendar events, merged by calendar id (rules N1 to N6, I10).

use polars::prelude::*;

use super::event::*;
use super::meeting_rows::{
    BY_ITEM, CANCELLED, NAMES_PEOPLE, OWNED_BY_US, PRECEDENCE, ROW, SCHEDULED, SOURCE, STATE, UNKNOWN, rows,
};
use crate::error::{Error, Result};
use crate::frames::{collect, sort_by_text, typed};
use crate::interactions::Context;
use crate::interactions::columns::*;
use crate::interactions::events_of_kind::EventsOfKind;
use crate::interactions::people::activity_parties::STARTED_BY_NAMELESS;
use crate::interactions::source_rows::{SOURCES, SourceRows};
use crate::sources::drop_reason::DropReason;
use crate::sources::roles::{ADDRESSED, STARTS};
use crate::time::{PLAUSIBLE_FROM, instant};

/// Place of a row among all rows, those of a meeting in the order in which they decide.
const ORDER: &str = "order";
/// Place of the row that names the organizer.
const ORGANIZED_BY: &str = "organized_by";

/// Meetings as of the date: events, source rows and participants. The input may be split by
/// calendar id.
pub fn meetings(context: &Context) -> Result<EventsOfKind> {
    let in_order = [IDENTITY, PRECEDENCE, CREATED_AT, SOURCE_ID];
    let in_order = rows(context)?.sort(in_order, SortMultipleOptions::default().with_nulls_last(true));
    let rows = collect(in_order.with_row_index(ORDER, None), "reading meetings")?;
    let events = sort_by_text(&collect(merge(context, &rows), "merging meetings")?, &[IDENTITY_TEXT])?;
    let events = tell_mailboxes_apart(context, events)?;
    let numbers = events.clone().lazy().with_row_index(EVENT, None);
    let numbers = numbers.select([col(IDENTITY), col(EVENT), col(ORGANIZED_BY)]);
    let rows = rows.lazy().join(numbers, [col(IDENTITY)], [col(IDENTITY)], JoinArgs::new(JoinType::Left));
    // What is neither in the past nor planned appears nowhere: its event is gone.
    let rows = collect(rows.filter(col(EVENT).is_not_null().or(col(REASON).is_not_null())), "numbering meetings")?;
    let usable = rows.clone().lazy().filter(col(REASON).is_null());
    let participants = collect(participants(context, usable.clone())?, "participants of meetings")?;
    let places = |source: u8, table: &DataFrame| {
        let of_source = rows.clone().lazy().filter(col(SOURCE).eq(typed(source)));
        SourceRows::of(
            source,
            table,
            &collect(of_source.select([col(ROW), col(EVENT), col(REASON)]), "rows of meetings")?,
        )
    };
    let mut tracked = places(SOURCES.appointment, &context.activities.appointments)?;
    let attended = usable.filter(col(SOURCE).eq(typed(SOURCES.appointment)).and(names_another_organizer()));
    tracked.attended = collect(attended.select([col(ROW)]), "organizers of meetings")?
        .column(ROW)
        .and_then(|rows| Ok(rows.cast(&IDX_DTYPE)?.idx()?.iter().flatten().map(|row| row as usize).collect()))
        .map_err(Error::engine("organizers of meetings"))?;
    let copies = Some(places(SOURCES.calendar_view, &context.activities.events)?);
    let present = [&COLUMNS_WITH_DURATION[..], &[ALL_DAY]].concat();
    let events = conform(events.lazy(), &present, context.settings.publish_subjects);
    let events = collect(events, "meetings")?;
    Ok(EventsOfKind { events, participants: vec![participants], tracked, copies })
}

/// Of a row that names an organizer: whether another row decides who that is.
fn names_another_organizer() -> Expr {
    col(OURS).is_not_null().and(col(ORDER).neq(col(ORGANIZED_BY)))
}

/// Names meetings by mailbox and id that nothing but an id names which items of several mailboxes bear.
fn tell_mailboxes_apart(context: &Context, events: DataFrame) -> Result<DataFrame> {
    let doing = || Error::engine("naming meetings");
    let repeated = || -> PolarsResult<Option<StringChunked>> {
        let names = events.column(IDENTITY_TEXT)?.str()?.rechunk().into_owned();
        let same = |a: usize, b: usize| b < names.len() && names.get(a) == names.get(b);
        let (by_item, mailboxes) = (events.column(BY_ITEM)?.bool()?, events.column(MAILBOX)?.i128()?);
        let is_repeated = |at: usize| by_item.get(at) == Some(true) && (same(at, at + 1) || at > 0 && same(at, at - 1));
        if !(0..names.len()).any(is_repeated) {
            return Ok(None);
        }
        let named = (0..names.len()).map(|at| {
            let name = names.get(at)?;
            let mailbox = || context.sources.mailbox_names.text(mailboxes.get(at)?);
            let mailbox = if is_repeated(at) { mailbox() } else { None };
            Some(mailbox.map_or_else(|| name.to_string(), |mailbox| format!("{name}/{mailbox}")))
        });
        Ok(Some(named.collect::<StringChunked>().with_name(IDENTITY_TEXT.into())))
    };
    let Some(names) = repeated().map_err(doing())? else { return Ok(events) };
    let mut events = events;
    events.with_column(names.into_column()).map_err(doing())?;
    sort_by_text(&events, &[IDENTITY_TEXT])
}

/// One row per meeting that is in the past or planned. State, time, length and organizer are each those of
/// the first row in order that has one (rule N5).
fn merge(context: &Context, rows: &DataFrame) -> LazyFrame {
    let cutoff = instant(context.cutoff);
    let first = |name: &str| col(name).first();
    let first_known = |name: &str| col(name).drop_nulls().first();
    let past = col(OCCURRED_AT).lt(cutoff.clone());
    let never_completed = match context.settings.past_scheduled_is_held {
        true => col(STATE).eq(typed(UNKNOWN)),
        false => col(STATE).eq(typed(UNKNOWN)).or(col(STATE).eq(typed(SCHEDULED))),
    };
    let reason = when(col(STATE).eq(typed(CANCELLED)))
        .then(DropReason::Cancelled.lit())
        .when(col(OCCURRED_AT).is_null())
        .then(DropReason::NoTime.lit())
        .when(past.clone().and(never_completed))
        .then(DropReason::NeverCompleted.lit())
        .when(col(OCCURRED_AT).lt(instant(PLAUSIBLE_FROM)).or(col(OCCURRED_AT).gt(instant(context.implausible_from))))
        .then(DropReason::ImplausibleTime.lit())
        .otherwise(lit(NULL));
    let by_address = col(OURS).is_not_null().and(col(STARTED_BY_NAMELESS).not());
    // Of those that may organize: who is known by an id alone does where no copy names people by address.
    let organizer =
        |of_all: &str, by_address: &str| when(col(NAMES_PEOPLE)).then(col(by_address)).otherwise(col(of_all));
    let end = col(OCCURRED_AT) + col(DURATION).cast(DataType::Duration(TimeUnit::Microseconds));
    rows.clone()
        .lazy()
        .filter(col(REASON).is_null())
        .group_by_stable([col(IDENTITY)])
        .agg([
            first(IDENTITY_TEXT),
            first(MAILBOX),
            first(BY_ITEM),
            first_known(STATE),
            first_known(OCCURRED_AT),
            first_known(DURATION),
            first_known(OURS),
            col(ORDER).filter(col(OURS).is_not_null()).first().alias(ORGANIZED_BY),
            col(OURS).filter(by_address.clone()).first().alias("ours_by_address"),
            col(ORDER).filter(by_address).first().alias("organized_by_address"),
            col(NAMES_PEOPLE).max(),
            first_known(OWNED_BY_US),
            first_known(REGARDING),
            first_known(SUBJECT),
            col("all_day").max(),
            col(PRECEDENCE).eq(typed(0u8)).max().alias(IN_DATAVERSE),
            col(PRECEDENCE).gt(typed(0u8)).max().alias(IN_EXCHANGE),
        ])
        .with_columns([
            col(STATE).fill_null(typed(SCHEDULED)),
            // The owner stands in only where no copy names an organizer (rule N6).
            coalesce(&[organizer(OURS, "ours_by_address"), col(OURS), col(OWNED_BY_US)]).alias(OURS),
            organizer(ORGANIZED_BY, "organized_by_address").alias(ORGANIZED_BY),
        ])
        .filter(col(OCCURRED_AT).is_null().or(past).or(col(STATE).neq(typed(CANCELLED))))
        .with_columns([typed(MEETING).alias(KIND), reason.alias(REASON), col(OCCURRED_AT).gt_eq(cutoff).alias(PLANNED)])
        .with_column(when(col(REASON).is_null()).then(end).otherwise(lit(NULL)).alias(ENDED_AT))
}

/// Participants of usable copies: `event`, `who`, `role`, `declined`.
fn participants(context: &Context, usable: LazyFrame) -> Result<LazyFrame> {
    let organizers = usable.clone().filter(col(SENDER).is_not_null()).select([
        col(EVENT),
        col(SENDER).alias(WHO),
        // Who is the organizer in another copy is a required attendee.
        when(names_another_organizer()).then(typed(ADDRESSED)).otherwise(typed(STARTS)).alias(ROLE),
        lit(false).alias(DECLINED),
    ]);
    let events = &context.activities.events;
    let attendees = usable
        .filter(col(SOURCE).eq(typed(SOURCES.calendar_view)))
        .select([
            col(EVENT),
            crate::frames::gather(col(ROW), events, WHO)?.alias(WHO),
            crate::frames::gather(col(ROW), events, ROLE)?.alias(ROLE),
            crate::frames::gather(col(ROW), events, DECLINED)?.alias(DECLINED),
        ])
        .explode(cols([WHO, ROLE, DECLINED]), crate::frames::EXPLODE)
        .filter(col(WHO).is_not_null().and(col(ROLE).is_not_null()))
        .select([col(EVENT), context.people.directory.people(col(WHO)), col(ROLE), col(DECLINED)]);
    crate::frames::union([organizers, attendees])
}
