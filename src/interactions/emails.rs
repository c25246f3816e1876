//! Emails: tracked ones and mailbox copies of messages, merged by internet message id (rules N1, N3, N5, N6).

use polars::prelude::*;

use crate::literals::typed;

use super::event::*;
use super::order::sort_by_text;
use super::{Context, Kind, SOURCES, collect, source_rows};
use crate::as_of::{PLAUSIBLE_FROM, instant};
use crate::columns::*;
use crate::error::Result;
use crate::people::who;
use crate::reasons::{Reason, leaves_no_trace};
use crate::sources::addresses::ADDRESS_BITS;
use crate::sources::{DELETED, RECIPIENTS, ROLE_SHIFT, ids};

/// Whether the row comes from Exchange; rows of Dataverse go first where one value must be chosen.
const FROM_EXCHANGE: &str = "from_exchange";
/// Position of a source row in its table.
const ROW: &str = "row";
/// Values of which an email has one, though its rows may disagree (rule N5).
const SINGLE: [&str; 5] = [CONVERSATION, PARENT, REGARDING, OUTGOING, OURS];

/// Rows that are merged at a time.
const SHARE: usize = 4_000_000;

/// Emails as of the date: events, source rows and participants. The input may be split by
/// internet message id (threads need all of it), and is where it is large.
pub fn emails(context: &mut Context) -> Result<Kind> {
    let activities = &context.activities;
    let shares = (activities.emails.height() + activities.messages.height()).div_ceil(SHARE).max(1) as u64;
    let (mut events, mut rows) = (Vec::new(), Vec::new());
    for share in 0..shares {
        let of_share = collect(concat_rows(context, (share, shares))?, "reading emails")?;
        events.push(collect(merge(context, &of_share)?, "merging emails")?.lazy());
        let kept = [IDENTITY, FROM_EXCHANGE, ROW, REASON, SENDER].map(col);
        rows.push(collect(of_share.lazy().select(kept), "reading emails")?.lazy());
        crate::memory::give_back();
    }
    context.forget_merged();
    let context = &*context;
    let events = sort_by_text(&collect(super::union(events)?, "merging emails")?, &[IDENTITY_TEXT])?;
    let numbered = super::union(rows)?
        .join(
            events.clone().lazy().with_row_index(EVENT, None).select([col(IDENTITY), col(EVENT)]),
            [col(IDENTITY)],
            [col(IDENTITY)],
            JoinArgs::new(JoinType::Left),
        )
        .drop(cols([IDENTITY]));
    let rows = collect(numbered, "numbering emails")?;
    let held = rows.clone().lazy().filter(col(REASON).is_null());
    crate::memory::give_back();
    let participants = collect(participants(context, held.clone())?, "participants of emails")?;
    let stand_ins = super::stand_ins(context, self::activities(context, held)?)?;
    let source = when(col(FROM_EXCHANGE)).then(typed(SOURCES.messages)).otherwise(typed(SOURCES.email));
    let rows = source_rows(rows.lazy(), source)?;
    Ok(Kind { events, participants, stand_ins, rows })
}

/// Both sources' rows before the cutoff, each with the reason that drops it by itself, if any: those
/// of one share of the emails out of several.
fn concat_rows(context: &Context, (share, shares): (u64, u64)) -> Result<LazyFrame> {
    let in_share = || (col(IDENTITY) % typed(shares)).eq(typed(share));
    let cutoff = instant(context.cutoff);
    let before = col(OCCURRED_AT).is_null().or(col(OCCURRED_AT).lt(cutoff));
    let untimed = |otherwise: Expr| {
        when(col(OCCURRED_AT).is_null())
            .then(Reason::NoTime.lit())
            .when(col(OCCURRED_AT).lt(instant(PLAUSIBLE_FROM)))
            .then(Reason::ImplausibleTime.lit())
            .otherwise(otherwise)
    };
    let status = |code: i32| col("statuscode").eq(typed(code)).fill_null(lit(false));
    let known_status = col("statuscode").gt_eq(lit(1)).and(col("statuscode").lt_eq(lit(8))).fill_null(lit(false));
    let state = |code: i32| known_status.clone().not().and(col("statecode").eq(typed(code)).fill_null(lit(false)));
    let stateless = known_status.clone().not().and(col("statecode").is_null());
    let reason = when(col(DELETED))
        .then(Reason::Deleted.lit())
        .when(status(1).or(state(0)).or(stateless))
        .then(Reason::Draft.lit())
        .when(status(6).or(status(7)))
        .then(Reason::NotSent.lit())
        .when(status(8))
        .then(Reason::Failed.lit())
        .when(status(5).or(state(2)))
        .then(Reason::Cancelled.lit())
        .otherwise(untimed(lit(NULL).cast(DataType::UInt8)));
    let senders = context.starters();
    let tracked = context
        .activities
        .emails
        .clone()
        .lazy()
        .with_row_index(ROW, None)
        .with_column(coalesce(&[col(IDENTITY), col(ACTIVITY)]).alias(IDENTITY))
        .filter(before.clone().and(in_share()))
        .join(senders, [col(ACTIVITY)], [col(ACTIVITY)], JoinArgs::new(JoinType::Left))
        .select([
            col(IDENTITY),
            lit(false).alias(FROM_EXCHANGE),
            col(ROW),
            reason.alias(REASON),
            col(OCCURRED_AT),
            col(AUTOMATED).or(col("robot").fill_null(lit(false))).alias(AUTOMATED),
            col(CONVERSATION),
            col(PARENT),
            col(REGARDING),
            col(OUTGOING),
            col(OURS),
            lit(NULL).cast(DataType::UInt64).alias(SENDER),
        ]);
    let item = item_identity(col(IDENTITY), col(SOURCE_ID), col(ROW));
    let sender = context.people.directory.people(col(SENDER));
    let copies = context
        .activities
        .messages
        .clone()
        .lazy()
        .with_row_index(ROW, None)
        .with_column(item.alias(IDENTITY))
        .filter(before.and(in_share()))
        .with_column(context.people.mailboxes.refusals(col(MAILBOX), col(OCCURRED_AT)).alias(REASON))
        .select([
            col(IDENTITY),
            lit(true).alias(FROM_EXCHANGE),
            col(ROW),
            when(col(REASON).is_not_null())
                .then(col(REASON))
                .when(col("draft"))
                .then(Reason::Draft.lit())
                .otherwise(untimed(lit(NULL).cast(DataType::UInt8)))
                .alias(REASON),
            col(OCCURRED_AT),
            col(AUTOMATED),
            col(CONVERSATION),
            col(PARENT),
            lit(NULL).cast(DataType::UInt64).alias(REGARDING),
            lit(NULL).cast(DataType::Boolean).alias(OUTGOING),
            who::ours(sender.clone()).alias(OURS),
            sender.alias(SENDER),
        ]);
    super::union([tracked, copies])
}

/// The identity of a copy: its message id's, else its own id's, else it stands for itself. Most have
/// the first, so the others are only made where they are needed.
pub(crate) fn item_identity(identity: Expr, source_id: Expr, row: Expr) -> Expr {
    identity.map_many(
        |columns| {
            let identities = columns[0].u64()?;
            if identities.null_count() == 0 {
                return Ok(columns[0].clone());
            }
            let (ids, rows) = (columns[1].str()?, columns[2].idx()?);
            let items: UInt64Chunked = identities
                .iter()
                .zip(ids.iter())
                .zip(rows.iter())
                .map(|((identity, id), row)| identity.or_else(|| ids::key(id?)).or(row.map(u64::from)))
                .collect();
            Ok(items.with_name(columns[0].name().clone()).into_column())
        },
        &[source_id, row],
        |_, fields| Ok(fields[0].clone()),
    )
}

/// One row per email of which any row may be used. Rows that are dropped by themselves leave
/// their thread, but nothing else.
fn merge(context: &Context, rows: &DataFrame) -> Result<LazyFrame> {
    let usable = rows.clone().lazy().filter(leaves_no_trace(col(REASON)).fill_null(lit(false)).not());
    let held = col(REASON).is_null();
    let of_held = |column: &str| when(held.clone()).then(col(column)).otherwise(lit(NULL));
    let exchange = col(FROM_EXCHANGE);
    let mut aggregates = vec![
        of_held(OCCURRED_AT).min().alias(OCCURRED_AT),
        held.clone().and(exchange.clone().not()).max().alias(IN_DATAVERSE),
        held.clone().and(exchange).max().alias(IN_EXCHANGE),
        held.clone().and(col(AUTOMATED)).max().alias(AUTOMATED),
        when(held.clone()).then(lit(NULL)).otherwise(col(REASON)).min().alias(REASON),
        when(col(FROM_EXCHANGE).not()).then(col(ROW)).otherwise(lit(NULL)).min().alias("tracked_row"),
        when(col(FROM_EXCHANGE)).then(col(ROW)).otherwise(lit(NULL)).min().alias("copy_row"),
    ];
    for name in SINGLE {
        aggregates.push(single(name).min().alias(name));
        aggregates.push(single(name).max().alias(format!("{name}_other")));
    }
    let merged = collect(usable.clone().group_by([col(IDENTITY)]).agg(aggregates), "merging emails")?;
    let differ = SINGLE.map(|name| col(name).neq(col(format!("{name}_other"))).fill_null(lit(false)));
    let differs = differ.into_iter().reduce(Expr::or).unwrap_or(lit(false));
    let disputed = merged.clone().lazy().filter(differs).select([col(IDENTITY)]);
    let settled = settle(context, usable, disputed)?;
    let settled_values = SINGLE.map(|name| coalesce(&[col(format!("{name}_settled")), col(name)]).alias(name));
    let merged = merged
        .lazy()
        .join(settled, [col(IDENTITY)], [col(IDENTITY)], JoinArgs::new(JoinType::Left))
        .with_columns(settled_values);

    let emails = &context.activities.emails;
    let messages = &context.activities.messages;
    let engagement = engagement(context, rows)?;
    let text = coalesce(&[
        super::gather(col("tracked_row"), emails, IDENTITY_TEXT)?,
        ids::message_id_column(super::gather(col("copy_row"), messages, "message_id")?),
        super::gather(col("tracked_row"), emails, SOURCE_ID)?,
        super::gather(col("copy_row"), messages, SOURCE_ID)?,
    ]);
    let merged =
        merged.join(engagement, [col(IDENTITY)], [col(IDENTITY)], JoinArgs::new(JoinType::Left)).with_columns([
            typed(EMAIL).alias(KIND),
            text.alias(IDENTITY_TEXT),
            // A held row decides; without one, the email is only a link of its thread.
            when(col(IN_DATAVERSE).or(col(IN_EXCHANGE))).then(lit(NULL)).otherwise(col(REASON)).alias(REASON),
            lit(false).alias(PLANNED),
            coalesce(&[col(OURS), col(OUTGOING)]).alias(OURS),
        ]);
    let merged = if context.settings.publish_subjects {
        merged.with_column(
            coalesce(&[
                super::gather(col("tracked_row"), emails, SUBJECT)?,
                super::gather(col("copy_row"), messages, SUBJECT)?,
            ])
            .alias(SUBJECT),
        )
    } else {
        merged.with_column(lit(NULL).cast(DataType::String).alias(SUBJECT))
    };
    let mut present = vec![
        KIND,
        IDENTITY,
        IDENTITY_TEXT,
        REASON,
        PLANNED,
        OURS,
        OCCURRED_AT,
        IN_DATAVERSE,
        IN_EXCHANGE,
        REGARDING,
        AUTOMATED,
        CONVERSATION,
        PARENT,
        FOLLOWED,
        SUBJECT,
    ];
    present.extend(ENGAGEMENT);
    Ok(conform(merged, &present, context.settings.publish_subjects))
}

/// A value that one row contributes; what an email regards and which way it goes comes from rows
/// that are held, its place in a thread from any.
fn single(name: &str) -> Expr {
    if name == CONVERSATION || name == PARENT {
        col(name)
    } else {
        when(col(REASON).is_null()).then(col(name)).otherwise(lit(NULL))
    }
}

/// Of emails whose rows disagree, the first value of each in the order Dataverse, Exchange, and
/// within them by source id (rule N5).
fn settle(context: &Context, usable: LazyFrame, disputed: LazyFrame) -> Result<LazyFrame> {
    // Both branches are computed for all rows, so each sees row numbers of its own table only.
    let copy_row = when(col(FROM_EXCHANGE)).then(col(ROW)).otherwise(lit(NULL));
    let tracked_row = when(col(FROM_EXCHANGE)).then(lit(NULL)).otherwise(col(ROW));
    let tracked_id = super::gather(tracked_row, &context.activities.emails, SOURCE_ID)?;
    let source_id = when(col(FROM_EXCHANGE)).then(context.message_source_id(copy_row)?).otherwise(tracked_id);
    let order = SortMultipleOptions::default();
    let firsts = SINGLE.map(|name| single(name).drop_nulls().first().alias(format!("{name}_settled")));
    let settled = usable
        .join(disputed, [col(IDENTITY)], [col(IDENTITY)], JoinArgs::new(JoinType::Semi))
        .with_column(source_id.alias(SOURCE_ID))
        .sort([FROM_EXCHANGE, SOURCE_ID], order)
        .group_by_stable([col(IDENTITY)])
        .agg(firsts);
    Ok(collect(settled, "settling what copies of emails disagree on")?.lazy())
}

/// Engagement of tracked emails that are held: flags are or-ed.
fn engagement(context: &Context, rows: &DataFrame) -> Result<LazyFrame> {
    // A copy that is not followed itself may have been read; most emails are neither.
    let noticed = ENGAGEMENT.map(col).into_iter().fold(col(FOLLOWED), Expr::or);
    let tracked = context.activities.emails.clone().lazy().with_row_index(ROW, None).filter(noticed);
    let mut aggregates = vec![col(FOLLOWED).max()];
    aggregates.extend(ENGAGEMENT.map(|name| col(name).max()));
    let rows = rows
        .clone()
        .lazy()
        .filter(col(FROM_EXCHANGE).not().and(col(REASON).is_null()))
        .select([col(IDENTITY), col(ROW)]);
    Ok(tracked
        .drop(cols([IDENTITY]))
        .join(rows, [col(ROW)], [col(ROW)], JoinArgs::new(JoinType::Inner))
        .group_by([col(IDENTITY)])
        .agg(aggregates))
}

/// Tracked emails among rows: `event`, `activity`.
fn activities(context: &Context, rows: LazyFrame) -> Result<LazyFrame> {
    let activity = super::gather(col(ROW), &context.activities.emails, ACTIVITY)?.alias(ACTIVITY);
    Ok(rows.filter(col(FROM_EXCHANGE).not()).select([col(EVENT), activity]))
}

/// Participants of held rows: `event`, `who`, `role`, `declined`.
fn participants(context: &Context, held: LazyFrame) -> Result<LazyFrame> {
    let tracked = super::tracked_participants(context, activities(context, held.clone())?);
    let copies = held.filter(col(FROM_EXCHANGE));
    let mut parts = vec![
        tracked,
        copies.clone().filter(col(SENDER).is_not_null()).select([
            col(EVENT),
            col(SENDER).alias(WHO),
            typed(1u8).alias(ROLE),
            lit(false).alias(DECLINED),
        ]),
    ];
    let bits = |f: fn(u64) -> u64| {
        who::expression::<UInt64Type, _>(col(RECIPIENTS), DataType::UInt64, move |recipient| Some(f(recipient)))
    };
    parts.push(
        copies
            .select([col(EVENT), super::gather(col(ROW), &context.activities.messages, RECIPIENTS)?.alias(RECIPIENTS)])
            .explode(cols([RECIPIENTS]), super::EXPLODE)
            .filter(col(RECIPIENTS).is_not_null())
            .select([
                col(EVENT),
                context.people.directory.people(bits(|recipient| recipient & ADDRESS_BITS)).alias(WHO),
                bits(|recipient| recipient >> ROLE_SHIFT).cast(DataType::UInt8).alias(ROLE),
                lit(false).alias(DECLINED),
            ]),
    );
    super::union(parts)
}
