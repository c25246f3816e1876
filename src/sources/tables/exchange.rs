//! Exchange Online: mailbox copies of messages and calendar events.

use polars::prelude::*;

use crate::error::Result;
use crate::frames::keys::{Address, KEY, KeyType, Keys};
use crate::frames::map_text::{first_of, mapped};
use crate::sources::columns::*;
use crate::sources::contract::{CALENDAR_VIEW, MESSAGES};
use crate::sources::files::lake::Lake;
use crate::sources::reading::Reading;
use crate::sources::roles::{ADDRESSED, COPIED_IN, HIDDEN};
use crate::sources::tables::current_rows::ROW_KEY;
use crate::sources::tables::load::{Loaded, load, load_counting};
use crate::sources::tables::meeting_messages::meeting_message;
use crate::sources::tables::parents::Parents;
use crate::sources::values::automated_subjects::Beginnings;
use crate::sources::values::email_addresses::{ADDRESS_BITS, CompanyDomains, is_robot};
use crate::sources::values::ids::Names;
use crate::sources::values::misfits::Misfits;
use crate::sources::values::null_words::is_null_word;
use crate::sources::values::responses::Responses;
use crate::sources::values::time_zones::UnknownZones;
use crate::sources::values::{
    automated_mail, calendar_ids, conversation_index, event_kinds, ids, message_ids, nested, timestamps,
};

/// All recipients of a message: hashed addresses, each with its role in the bits above.
pub const RECIPIENTS: &str = "recipients";
/// Where a recipient's role begins above the address.
pub const ROLE_SHIFT: u32 = ADDRESS_BITS.trailing_ones();
/// To, Cc and Bcc of a message, and the roles that they give.
const RECIPIENT_LISTS: [(&str, u8); 3] =
    [("toRecipients", ADDRESSED), ("ccRecipients", COPIED_IN), ("bccRecipients", HIDDEN)];

/// Who may have sent a message, the first that is known.
const SENDERS: [&str; 2] = ["from", "sender"];

/// Mailbox copies of messages. Grain: mailbox and item, its newest export.
///
/// Columns: `source_id` (the item's own id, null where it has none), `message_id` as it was written, `mailbox`,
/// `identity` (null where a row has neither), `occurred_at`, `created_at`, `draft`, `meeting_message`, `automated`, `conversation`,
/// `parent`, `sender`, the list `recipients`, and `subject` if asked for. Mailboxes are noted in
/// `names`.
pub fn messages(lake: &Lake, how: &Reading, names: &Names, parents: &Parents) -> Result<Loaded> {
    let shape = |frame: LazyFrame| {
        let mut columns = vec![
            col(MAILBOX),
            identity(col("internetMessageId"), col("id")).alias(IDENTITY),
            first_of(["sentDateTime", "receivedDateTime"].map(col)).alias(OCCURRED_AT),
            col("createdDateTime").alias(CREATED_AT),
            col("isDraft").fill_null(lit(false)).alias("draft"),
            meeting_message(col("ODataType"), col("meetingMessageType"), col("itemClass")).alias("meeting_message"),
            is_automated(&how.automated).alias(AUTOMATED),
            conversation_index::column(col("conversationIndex")).alias(CONVERSATION),
            parent(parents).alias(PARENT),
            person(SENDERS.map(col), &how.domains).alias(SENDER),
            ids::exact_column(col("id")).alias(SOURCE_ID),
            message_ids::written_column(col("internetMessageId")).alias("message_id"),
            recipients(&how.domains).alias(RECIPIENTS),
        ];
        if how.subjects {
            columns.push(col("subject").alias(SUBJECT));
        }
        columns.extend(item_columns("internetMessageId", lit(NULL).cast(DataType::Boolean)));
        // A message was sent, whether or not a mailbox still has it (rule I9).
        frame
            .filter(is_item().and(is_removed().not()))
            .with_column(names.keys(col("puser")).alias(MAILBOX))
            .select(columns)
    };
    load(lake, &MESSAGES, shape)
}

/// The key of the address of the first of these people that has one.
fn person<const N: usize>(people: [Expr; N], domains: &CompanyDomains) -> Expr {
    let domains = domains.clone();
    nested::of_person::<N, KeyType, _>(people, KEY, move |(address, name)| domains.address_or_name(address, name))
}

/// Whether a machine sent a message (rule N10): its headers, its sender, its subject or its class say so.
fn is_automated(beginnings: &Beginnings) -> Expr {
    let by_headers =
        nested::of_headers::<UInt32Type, _>(col("internetMessageHeaders"), DataType::Boolean, |mut headers| {
            Some(u32::from(Iterator::any(&mut headers, |(name, value)| automated_mail::by_header(name, value))))
        });
    let by_sender = nested::of_person::<2, UInt32Type, _>(SENDERS.map(col), DataType::Boolean, |(address, name)| {
        let full = |text: &&str| text.contains('@');
        let text = address.filter(full).or_else(|| name().filter(full)).or(address)?;
        (!text.trim().is_empty()).then(|| u32::from(is_robot(text)))
    });
    by_headers
        .fill_null(lit(false))
        .or(by_sender.fill_null(lit(false)))
        .or(automated_mail::by_subject(col("subject"), beginnings))
        .or(automated_mail::by_class(col("itemClass")))
}

/// The message that a message answers.
fn parent(parents: &Parents) -> Expr {
    let parents = parents.clone();
    nested::of_headers::<KeyType, _>(col("internetMessageHeaders"), KEY, move |headers| parents.of_headers(headers))
}

/// See [`RECIPIENTS`].
fn recipients(domains: &CompanyDomains) -> Expr {
    let lists = RECIPIENT_LISTS.map(|(list, role)| {
        let domains = domains.clone();
        nested::of_people::<KeyType, _>(col(list), KEY, move |(address, name)| {
            Some(domains.address_or_name(address, name)? | Address::from(role) << ROLE_SHIFT)
        })
    });
    nested::joined(lists)
}

/// Mailbox copies of calendar events. Grain: mailbox and item, its newest export.
///
/// Columns: `source_id`, `mailbox`, `item` (key of mailbox and id, null without id), `identity_text` (calendar id
/// as it compares, null without), `one_of_series`, `kind_of_event`,
/// `occurred_at`, `ended_at`, `created_at`, `all_day`, `cancelled`, `own` (the organizer's copy),
/// `sender` (organizer), lists `who`, `role`, `declined` of attendees, and `subject` if asked for.
/// Zones that nobody knows are noted in `zones`, what attendees answered in `responses`.
pub fn events(
    lake: &Lake,
    how: &Reading,
    zones: &UnknownZones,
    responses: &Responses,
    mailboxes: &Names,
) -> Result<Loaded> {
    let misfits = Misfits::default();
    let shape = |frame: LazyFrame| {
        let time = |column: &str| zoned_time(col(column), lake.times().us_dates, zones, &misfits);
        let mut columns = vec![
            event_name(col(OCCURRED_AT)).alias(SOURCE_ID),
            col(MAILBOX),
            ids::item_key_column(col(MAILBOX), ids::exact_key_column(col("id"))).alias("item"),
            calendar_ids::column(col("iCalUId")).alias(IDENTITY_TEXT),
            calendar_ids::names_an_occurrence(col("iCalUId")).alias("one_of_series"),
            event_kinds::column(col("type"), col("seriesMasterId")).alias("kind_of_event"),
            col(OCCURRED_AT),
            time("end").alias("ended_at"),
            col("createdDateTime").alias(CREATED_AT),
            col("isAllDay").fill_null(lit(false)).alias("all_day"),
            col("isCancelled").fill_null(lit(false)).alias("cancelled"),
            col("isOrganizer").fill_null(lit(false)).alias("own"),
            person([col("organizer")], &how.domains).alias(SENDER),
        ];
        columns.extend(attendees(&how.domains, responses));
        if how.subjects {
            columns.push(col("subject").alias(SUBJECT));
        }
        columns.extend(item_columns("iCalUId", is_removed()));
        let shared = [mailboxes.keys(col("puser")).alias(MAILBOX), time("start").alias(OCCURRED_AT)];
        frame.filter(is_item()).with_columns(shared).select(columns)
    };
    load_counting(lake, &CALENDAR_VIEW, &misfits, shape)
}

/// The instant that a local time and its zone name, which a struct has beside each other. Times that are none are
/// counted in `misfits`, zones that nobody knows in `zones`.
fn zoned_time(column: Expr, us_dates: bool, zones: &UnknownZones, misfits: &Misfits) -> Expr {
    const INSTANT: DataType = DataType::Datetime(TimeUnit::Microseconds, None);
    let (zones, misfits) = (zones.clone(), misfits.clone());
    column.map(
        move |c| {
            let series = c.as_materialized_series();
            let texts = nested::text_at(series, &["datetime"])?;
            let names = nested::text_at(series, &["timezone"])?;
            let mut strange = 0;
            let utc = |row: usize| {
                let text = texts.as_ref().and_then(|texts| texts.get(row))?;
                let zone = names.as_ref().and_then(|names| names.get(row));
                timestamps::local_to_utc(text, zone, us_dates, &zones).unwrap_or_else(|_| {
                    strange += 1;
                    None
                })
            };
            let times: Int64Chunked = (0..c.len()).map(utc).collect();
            misfits.count(c.name(), strange);
            times.with_name(c.name().clone()).into_column().cast(&INSTANT)
        },
        |_, field| Ok(Field::new(field.name().clone(), INSTANT)),
    )
}

/// Who is invited, in which role (none for rooms and devices), and who declined.
fn attendees(domains: &CompanyDomains, responses: &Responses) -> [Expr; 3] {
    let (domains, responses) = (domains.clone(), responses.clone());
    let attendees = || col("attendees");
    let who = nested::of_people::<KeyType, _>(attendees(), KEY, move |(address, name)| {
        domains.address_or_name(address, name)
    });
    let role = nested::of_list::<UInt8Type, _>(attendees(), &["type"], DataType::UInt8, |text| {
        let is = |role: &str| text.is_some_and(|text| nested::unwrapped(text).eq_ignore_ascii_case(role));
        if is("resource") { None } else { Some(if is("optional") { COPIED_IN } else { ADDRESSED }) }
    });
    let declined =
        nested::of_list::<UInt8Type, _>(attendees(), &["status", "response"], DataType::Boolean, move |text| {
            Some(u8::from(responses.declined(text)))
        });
    [who.alias(WHO), role.alias(ROLE), declined.alias(DECLINED)]
}

/// The identity of a message's copy: its message id, else its mailbox and its own id (rule N5).
fn identity(message_id: Expr, id: Expr) -> Expr {
    message_id.map_many(
        |columns| {
            let keys = mapped::<KeyType>(columns[0].str()?, message_ids::message_key);
            // Nearly all have one; the keys of items are made for the others alone.
            if keys.null_count() == 0 {
                return Ok(keys.into_column());
            }
            let items = columns[1].str()?.iter().zip(columns[2].i128()?.iter());
            let keys = keys.iter().zip(items).map(|(key, (id, mailbox))| key.or_else(|| ids::item_key(mailbox, id?)));
            let keys: Keys = keys.collect();
            Ok(keys.with_name(columns[0].name().clone()).into_column())
        },
        &[id, col(MAILBOX)],
        |_, fields| Ok(Field::new(fields[0].name().clone(), KEY)),
    )
}

/// The name of an event's copy: its id, else calendar id and mailbox, else its time.
fn event_name(start: Expr) -> Expr {
    let by_calendar_id =
        concat_str([ids::exact_column(col("iCalUId")), ids::canonical_column(col("puser"))], "/", true);
    let calendar_id = when(ids::exact_column(col("iCalUId")).is_null()).then(lit(NULL)).otherwise(by_calendar_id);
    ids::named_column(first_of([ids::exact_column(col("id")), calendar_id]), start)
}

/// What makes an item current (rule I9): its mailbox and id, and when it was last modified. Of a frame
/// that has the mailbox already.
fn item_columns(fallback: &str, is_gone: Expr) -> Vec<Expr> {
    let item = ids::first_key_column((col("id"), ids::exact_key), (col(fallback), message_ids::message_key));
    vec![
        ids::item_key_column(col(MAILBOX), item).alias(ROW_KEY),
        lit(NULL).cast(DataType::Int64).alias("versionnumber"),
        col("lastModifiedDateTime").alias("SinkModifiedOn"),
        is_gone.alias("IsDelete"),
        col(crate::sources::files::needed_columns::POSITION),
    ]
}

/// Rows that say no more of an item than that it is gone from its mailbox.
fn is_removed() -> Expr {
    col("@removed").map(
        |c| {
            let reasons = nested::text_at(c.as_materialized_series(), &["reason"])?;
            let says = |reason: Option<&str>| {
                reason.map(str::trim).is_some_and(|reason| !reason.is_empty() && !is_null_word(reason))
            };
            Ok(match reasons.filter(|reasons| reasons.null_count() < reasons.len()) {
                Some(reasons) => {
                    BooleanChunked::from_iter_values(c.name().clone(), reasons.iter().map(says)).into_column()
                }
                None => Column::new_scalar(c.name().clone(), false.into(), c.len()),
            })
        },
        |_, field| Ok(Field::new(field.name().clone(), DataType::Boolean)),
    )
}

/// Rows that carry an item, rather than a summary or an error of the export (rule I9).
fn is_item() -> Expr {
    col("rowinformation").map(
        |c| {
            let series = c.as_materialized_series();
            let flags = [nested::flag_at(series, "isUserSummaryRow")?, nested::flag_at(series, "userReturnedNoData")?];
            let errors = nested::text_at(series, &["errorInformation"])?;
            // Hardly any stretch of a table has a row that is none.
            let is_clean = flags.iter().flatten().all(|flag| !flag.any())
                && errors.iter().all(|errors| errors.null_count() == errors.len());
            if is_clean {
                return Ok(Column::new_scalar(c.name().clone(), true.into(), c.len()));
            }
            let item = |row: usize| {
                let flagged = flags.iter().flatten().any(|flag| flag.get(row) == Some(true));
                let error = errors
                    .as_ref()
                    .and_then(|errors| errors.get(row))
                    .is_some_and(|e| !e.trim().is_empty() && !is_null_word(e.trim()));
                !flagged && !error
            };
            let items: BooleanChunked = (0..c.len()).map(|row| Some(item(row))).collect();
            Ok(items.with_name(c.name().clone()).into_column())
        },
        |_, field| Ok(Field::new(field.name().clone(), DataType::Boolean)),
    )
}
