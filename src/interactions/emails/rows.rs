//! Emails: tracked ones and mailbox copies of messages, merged by internet message id (rules N1, N3, N5, N6).

use std::collections::HashMap;

use polars::prelude::*;
use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::frames::keys::Key;
use crate::frames::{collect, typed};
use crate::interactions::Context;
use crate::interactions::Kind;
use crate::interactions::columns::*;
use crate::interactions::emails::events::Texts;
use crate::interactions::emails::merge::{Merged, Rows};
use crate::interactions::emails::merged_email::{ABSENT, Contribution, HELD};
use crate::interactions::emails::{events, merge};
use crate::interactions::event::*;
use crate::interactions::events_of_kind::EventsOfKind;
use crate::interactions::people::activity_parties::STARTED_BY_NAMELESS;
use crate::interactions::source_rows::{SOURCES, SourceRows};
use crate::people::{Directory, person_key};
use crate::sources::drop_reason::DropReason;
use crate::sources::roles::STARTS;
use crate::sources::values::email_addresses::ADDRESS_BITS;
use crate::sources::{DELETED, RECIPIENTS, ROLE_SHIFT};
use crate::time::{PLAUSIBLE_FROM, instant};

/// Position of a source row in its table.
const ROW: &str = "row";
/// What a row is to its email, see [`crate::interactions::emails::merged_email`].
const STATE: &str = "state";
/// Whether our side sends it, as far as nothing but an id is known of the sender.
const OURS_BY_ID_ALONE: &str = "ours_by_id_alone";
/// Whether a copy names anybody.
const NAMES_PEOPLE: &str = "names_people";
/// Stands in for the identity of a row that has none; the row is dropped.
const NO_ID: Key = 0;
/// Copies whose participants one worker lists at a time.
const CHUNK: usize = 1 << 17;

/// Emails as of the date: events, where their rows went, and who took part in copies. The input may
/// be split by internet message id (threads need all of it).
pub fn emails(context: &mut Context) -> Result<EventsOfKind> {
    let doing = || Error::engine("merging emails");
    let mut tracked = collect(tracked(context)?, "reading emails")?;
    let mut copies = collect(copies(context), "reading messages")?;
    let source_ids =
        [crate::frames::gather(col(ROW), &context.activities.emails, SOURCE_ID)?, context.message_source_id(col(ROW))?];
    let merged = merge(context, [&tracked, &copies], source_ids).map_err(doing())?;
    for rows in [&mut tracked, &mut copies] {
        rows.drop_in_place(IDENTITY).map_err(doing())?;
    }
    context.forget_merged();
    let texts = texts(context).map_err(doing())?;
    let (events, [of_tracked, of_copies]) = named(merged, texts).map_err(doing())?;
    context.forget_names();
    let places = |source: u8, rows: &DataFrame, events: &[u32]| -> PolarsResult<SourceRows> {
        let states = rows.column(STATE)?.u8()?;
        let mut places = SourceRows::new(source, rows.height());
        for ((row, state), &event) in states.iter().enumerate().zip(events) {
            match state {
                Some(HELD) => places.put(row, Some(event), None),
                Some(ABSENT) | None => {}
                reason => places.put(row, None, reason),
            }
        }
        Ok(places)
    };
    let tracked = places(SOURCES.email, &tracked, &of_tracked).map_err(doing())?;
    let senders = copies.column(SENDER).and_then(|senders| Ok(senders.u64()?.clone())).map_err(doing())?;
    let copies = places(SOURCES.messages, &copies, &of_copies).map_err(doing())?;
    let participants = participants(context, &copies, &senders).map_err(Error::engine("participants of emails"))?;
    Ok(EventsOfKind { events, participants, tracked, copies: Some(copies) })
}

/// Why a row does not count, [`HELD`] if it does: `reason`, else what its time says.
fn state(context: &Context, reason: Expr) -> Expr {
    let before = col(OCCURRED_AT).is_null().or(col(OCCURRED_AT).lt(instant(context.cutoff)));
    when(before.not())
        .then(typed(ABSENT))
        .when(reason.clone().is_not_null())
        .then(reason)
        .when(col(OCCURRED_AT).is_null())
        .then(DropReason::NoTime.lit())
        .when(col(OCCURRED_AT).lt(instant(PLAUSIBLE_FROM)))
        .then(DropReason::ImplausibleTime.lit())
        .otherwise(typed(HELD))
        .alias(STATE)
}

/// Tracked emails by row: `identity`, `state`, `automated`, `started_by_us`, `ours_by_id_alone`, `outgoing`.
fn tracked(context: &Context) -> Result<LazyFrame> {
    let status = |code: i32| col("statuscode").eq(typed(code)).fill_null(lit(false));
    let known_status = col("statuscode").gt_eq(lit(1)).and(col("statuscode").lt_eq(lit(8))).fill_null(lit(false));
    // Without a status, only what is completed is no draft; one of the organisation's own follows the state.
    let state_is = |code: i32| col("statecode").eq(typed(code)).fill_null(lit(false));
    let own_status = known_status.clone().not().and(col("statuscode").is_not_null());
    let incomplete = known_status.not().and(state_is(1).not()).and(own_status.clone().and(state_is(2)).not());
    let identity = coalesce(&[col(IDENTITY), col(ACTIVITY)]);
    let reason = when(col(DELETED))
        .then(DropReason::Deleted.lit())
        .when(identity.clone().is_null())
        .then(DropReason::NoId.lit())
        .when(status(1).or(incomplete))
        .then(DropReason::Draft.lit())
        .when(status(6).or(status(7)))
        .then(DropReason::NotSent.lit())
        .when(status(8))
        .then(DropReason::Failed.lit())
        .when(status(5).or(own_status.and(state_is(2))))
        .then(DropReason::Cancelled.lit())
        .otherwise(lit(NULL).cast(DataType::UInt8));
    Ok(context.with_starters(&context.activities.emails, Kind::Email)?.select([
        identity.fill_null(typed(NO_ID)).alias(IDENTITY),
        state(context, reason),
        col(AUTOMATED).or(col("robot")).alias(AUTOMATED),
        when(col(STARTED_BY_NAMELESS)).then(lit(NULL)).otherwise(col(OURS)).alias(OURS),
        when(col(STARTED_BY_NAMELESS)).then(col(OURS)).otherwise(lit(NULL)).alias(OURS_BY_ID_ALONE),
        col(OUTGOING),
    ]))
}

/// Mailbox copies by row: `identity`, `state`, `sender` (a person), `names_people`.
fn copies(context: &Context) -> LazyFrame {
    let refusal = context.people.mailboxes.refusals(col(MAILBOX), col(OCCURRED_AT));
    let own = when(col(IDENTITY).is_null())
        .then(DropReason::NoId.lit())
        .when(col("draft"))
        .then(DropReason::Draft.lit())
        .when(col("meeting_message"))
        .then(DropReason::MeetingMessage.lit())
        .otherwise(lit(NULL).cast(DataType::UInt8));
    context.activities.messages.clone().lazy().with_row_index(ROW, None).select([
        col(IDENTITY).fill_null(typed(NO_ID)),
        state(context, coalesce(&[refusal, own])),
        context.people.directory.people(col(SENDER)).alias(SENDER),
        col(SENDER).is_not_null().or(col(RECIPIENTS).list().len().gt(typed(0u32))).alias(NAMES_PEOPLE),
    ])
}

/// The rows of both sources as emails. `source_ids` name both by their row.
fn merge(context: &Context, [tracked, copies]: [&DataFrame; 2], source_ids: [Expr; 2]) -> PolarsResult<Merged> {
    let (emails, messages) = (&context.activities.emails, &context.activities.messages);
    let truths = |frame: &DataFrame, name: &str| PolarsResult::Ok(frame.column(name)?.bool()?.rechunk().into_owned());
    let keys = |frame: &DataFrame, name: &str| PolarsResult::Ok(frame.column(name)?.i128()?.rechunk().into_owned());
    let times =
        |frame: &DataFrame| PolarsResult::Ok(frame.column(OCCURRED_AT)?.datetime()?.phys.rechunk().into_owned());
    let bytes = |frame: &DataFrame| PolarsResult::Ok(frame.column(CONVERSATION)?.i128()?.rechunk().into_owned());
    let identities = [keys(tracked, IDENTITY)?, keys(copies, IDENTITY)?];
    let states = [tracked, copies].map(|rows| PolarsResult::Ok(rows.column(STATE)?.u8()?.rechunk().into_owned()));
    let [of_tracked, of_copies] = states;
    let states = [of_tracked?, of_copies?];

    let (sent, machine, conversation, parent) =
        (times(emails)?, truths(tracked, AUTOMATED)?, bytes(emails)?, keys(emails, PARENT)?);
    let (regarding, outgoing, ours) = (keys(emails, REGARDING)?, truths(tracked, OUTGOING)?, truths(tracked, OURS)?);
    let noticed = NOTICED.map(|name| truths(emails, name));
    let noticed = noticed.into_iter().collect::<PolarsResult<Vec<_>>>()?;
    let (sent, conversation) = (sent.downcast_as_array(), conversation.downcast_as_array());
    let (parent, regarding) = (parent.downcast_as_array(), regarding.downcast_as_array());
    let (machine, outgoing, ours) =
        (machine.downcast_as_array(), outgoing.downcast_as_array(), ours.downcast_as_array());
    let by_id_alone = truths(tracked, OURS_BY_ID_ALONE)?;
    let by_id_alone = by_id_alone.downcast_as_array();
    let noticed: Vec<_> = noticed.iter().map(BooleanChunked::downcast_as_array).collect();
    let of_tracked = |row: usize| Contribution {
        occurred_at: sent.get(row),
        automated: machine.get(row) == Some(true),
        conversation: conversation.get(row),
        parent: parent.get(row),
        regarding: regarding.get(row),
        outgoing: outgoing.get(row),
        ours: ours.get(row),
        ours_by_id_alone: by_id_alone.get(row),
        names_people: false,
        engagement: (0..).zip(&noticed).map(|(bit, truths)| u8::from(truths.get(row) == Some(true)) << bit).sum(),
    };
    let (sent, machine, conversation, parent) =
        (times(messages)?, truths(messages, AUTOMATED)?, bytes(messages)?, keys(messages, PARENT)?);
    let sender = copies.column(SENDER)?.u64()?.rechunk().into_owned();
    let names_people = truths(copies, NAMES_PEOPLE)?;
    let (sent, conversation) = (sent.downcast_as_array(), conversation.downcast_as_array());
    let (parent, machine, sender) =
        (parent.downcast_as_array(), machine.downcast_as_array(), sender.downcast_as_array());
    let names_people = names_people.downcast_as_array();
    let of_copy = |row: usize| Contribution {
        occurred_at: sent.get(row),
        automated: machine.get(row) == Some(true),
        conversation: conversation.get(row),
        parent: parent.get(row),
        ours: sender.get(row).map(person_key::is_ours),
        names_people: names_people.get(row) == Some(true),
        ..Contribution::default()
    };
    let rows = Rows { identities: identities[0].cont_slice()?, states: states[0].cont_slice()?, says: &of_tracked };
    let of_exchange = Rows { identities: identities[1].cont_slice()?, states: states[1].cont_slice()?, says: &of_copy };
    let mut merged = merge::merge(&rows, &of_exchange);

    let disputed = in_order(merged.disputed(), source_ids)?;
    let says = disputed.into_iter().map(|(of_exchange, row)| {
        let at = row as usize;
        if of_exchange {
            (merged.of_copies[at], states[1].get(at).unwrap_or(ABSENT), of_copy(at))
        } else {
            (merged.of_tracked[at], states[0].get(at).unwrap_or(ABSENT), of_tracked(at))
        }
    });
    let says: Vec<_> = says.collect();
    merged.settle(says.into_iter());
    Ok(merged)
}

/// Events of emails, and the event of each tracked row and each copy.
fn named(merged: Merged, texts: Texts) -> PolarsResult<(DataFrame, [Vec<u32>; 2])> {
    let (events, of_email) = events::events(&merged, texts)?;
    let Merged { mut of_tracked, mut of_copies, .. } = merged;
    for email in of_tracked.iter_mut().chain(&mut of_copies) {
        *email = of_email.get(*email as usize).copied().unwrap_or(*email);
    }
    Ok((events, [of_tracked, of_copies]))
}

fn texts(context: &Context) -> PolarsResult<Texts> {
    let (emails, messages) = (&context.activities.emails, &context.activities.messages);
    let text = |frame: &DataFrame, name: &str| PolarsResult::Ok(frame.column(name)?.str()?.rechunk().into_owned());
    let subjects = context.settings.publish_subjects;
    Ok(Texts {
        tracked: text(emails, IDENTITY_TEXT)?,
        tracked_ids: text(emails, SOURCE_ID)?,
        copies: text(messages, "message_id")?,
        copy_ids: text(messages, SOURCE_ID)?,
        mailboxes: messages.column(MAILBOX)?.i128()?.rechunk().into_owned(),
        mailbox_names: context.sources.mailbox_names.clone(),
        with_mailbox: HashMap::new(),
        subjects: if subjects { Some([text(emails, SUBJECT)?, text(messages, SUBJECT)?]) } else { None },
    })
}

/// Tracked rows, then copies, both by source id: who speaks first where rows of an email disagree
/// (rule N5). Whether the row is a copy, and which.
fn in_order(rows: [Vec<u32>; 2], source_ids: [Expr; 2]) -> PolarsResult<Vec<(bool, u32)>> {
    let mut in_order = Vec::new();
    for ((rows, source_id), of_exchange) in rows.into_iter().zip(source_ids).zip([false, true]) {
        let rows = df!(ROW => rows)?.lazy().select([col(ROW), source_id.alias(SOURCE_ID)]);
        let sorted = rows.sort([SOURCE_ID, ROW], SortMultipleOptions::default()).collect()?;
        in_order.extend(sorted.column(ROW)?.u32()?.iter().flatten().map(|row| (of_exchange, row)));
    }
    Ok(in_order)
}

/// Senders and recipients of held copies: `event`, `who`, `role`, `declined`.
fn participants(context: &Context, copies: &SourceRows, senders: &UInt64Chunked) -> PolarsResult<Vec<DataFrame>> {
    let recipients = context.activities.messages.column(RECIPIENTS)?.list()?.rechunk();
    let lists = recipients.downcast_as_array();
    let values = recipients.get_inner().i128()?.rechunk().into_owned();
    let values = values.cont_slice()?;
    let directory: &Directory = &context.people.directory;
    let of_rows = |chunk: usize| -> PolarsResult<DataFrame> {
        let (mut events, mut people, mut roles) = (Vec::new(), Vec::new(), Vec::new());
        for row in chunk * CHUNK..copies.rows().min((chunk + 1) * CHUNK) {
            let Some(event) = copies.held(row) else { continue };
            let mut add = |person: u64, role: u8| {
                events.push(event);
                people.push(person);
                roles.push(role);
            };
            if let Some(sender) = senders.get(row) {
                add(sender, STARTS);
            }
            let (begin, end) = lists.offsets().start_end(row);
            for recipient in &values[begin..end] {
                add(directory.by_address(recipient & ADDRESS_BITS), (recipient >> ROLE_SHIFT) as u8);
            }
        }
        let declined = BooleanChunked::full(DECLINED.into(), false, events.len()).into_column();
        let mut participants = df!(EVENT => events, WHO => people, ROLE => roles)?;
        participants.with_column(declined)?;
        Ok(participants)
    };
    (0..copies.rows().div_ceil(CHUNK)).into_par_iter().map(of_rows).collect()
}
