//! Activities of Dynamics 365 and their participants, current rows only (rule I1).

use polars::prelude::*;

use crate::error::Result;
use crate::frames::map_text::{first_of, first_of_all};
use crate::sources::columns::*;
use crate::sources::contract::{ACTIVITYPARTY, APPOINTMENT, EMAIL, PHONECALL, SourceTable, TASK};
use crate::sources::files::lake::Lake;
use crate::sources::roles::{ADDRESSED, COPIED_IN, HIDDEN, STARTS};
use crate::sources::tables::current_rows::ROW_KEY;
use crate::sources::tables::load::{Loaded, load};
use crate::sources::tables::parents::Parents;
use crate::sources::values::automated_subjects::Beginnings;
use crate::sources::values::email_addresses::{CompanyDomains, is_robot};
use crate::sources::values::entity_types::logical_name;
use crate::sources::values::{calendar_ids, conversation_index, ids, message_ids};

/// The types of party and regarding record that rules tell apart.
pub const PARTY_TYPES: [&str; 7] = ["systemuser", "contact", "lead", "account", "queue", "team", "equipment"];

/// Tracked emails. Grain: email. Columns: `activity`, `source_id`, `deleted`, `statecode`,
/// `statuscode`, `outgoing`, `occurred_at`, `identity` and `identity_text` (null without message
/// id), `parent`, `conversation`, `regarding`, `automated`, `followed`, `opened`, `clicked`,
/// `attachment_opened`, `replied`, and `subject` if asked for.
pub fn emails(lake: &Lake, automated: &Beginnings, parents: &Parents, subjects: bool) -> Result<Loaded> {
    let named = Named {
        id: Some(message_ids::message_id_column(col("messageid"))),
        times: &["senton", "actualend", "createdon"],
    };
    activities(lake, &EMAIL, &named, subjects, || {
        vec![
            col("statuscode").cast(DataType::Int32),
            col("directioncode").alias(OUTGOING),
            message_ids::message_key_column(col("messageid")).alias(IDENTITY),
            message_ids::message_id_column(col("messageid")).alias(IDENTITY_TEXT),
            parents.keys(col("inreplyto")).alias(PARENT),
            conversation_index::column(col("conversationindex")).alias(CONVERSATION),
            crate::sources::values::automated_mail::by_subject(col("subject"), automated).alias(AUTOMATED),
            col("isemailfollowed").fill_null(lit(false)).alias("followed"),
            at_least_once("opencount").alias("opened"),
            at_least_once("linksclickedcount").alias("clicked"),
            at_least_once("attachmentopencount").alias("attachment_opened"),
            at_least_once("replycount").alias("replied"),
        ]
    })
}

/// Tracked meetings. Grain: appointment. Columns: `activity`, `source_id`, `deleted`, `statecode`,
/// `occurred_at`, `scheduled_at`, `ended_at`, `scheduled_minutes`, `actual_minutes`, `all_day`,
/// `identity_text`, `one_of_series`, `instancetypecode`, `regarding`, `owner`, `created_at`.
pub fn appointments(lake: &Lake, subjects: bool) -> Result<Loaded> {
    let times = &["scheduledstart", "actualstart", "createdon"];
    let named = Named { id: Some(calendar_ids::column(col("globalobjectid"))), times };
    activities(lake, &APPOINTMENT, &named, subjects, || {
        vec![
            col("scheduledstart").alias("scheduled_at"),
            col("scheduledend").alias("ended_at"),
            col("scheduleddurationminutes").alias("scheduled_minutes"),
            col("actualdurationminutes").alias("actual_minutes"),
            col("isalldayevent").fill_null(lit(false)).alias("all_day"),
            calendar_ids::column(col("globalobjectid")).alias(IDENTITY_TEXT),
            calendar_ids::names_an_occurrence(col("globalobjectid")).or(is_of_series()).alias("one_of_series"),
            col("instancetypecode"),
            ids::key_column(col("ownerid")).alias("owner"),
            col("createdon").alias(CREATED_AT),
        ]
    })
}

/// Whether a row belongs to a series although it does not say of which kind it is.
fn is_of_series() -> Expr {
    col("instancetypecode").is_null().and(ids::key_column(col("seriesid")).is_not_null())
}

/// Calls. Grain: call. Columns: `activity`, `source_id`, `deleted`, `statecode`, `outgoing`,
/// `occurred_at` (when held), `planned_at`, `ended_at`, `started` (it has an actual start), `minutes`, `regarding`, `created_at`.
pub fn calls(lake: &Lake, subjects: bool) -> Result<Loaded> {
    let times = &["actualend", "actualstart", "scheduledend", "scheduledstart", "createdon"];
    activities(lake, &PHONECALL, &Named { id: None, times }, subjects, || {
        vec![
            col("directioncode").alias(OUTGOING),
            first_of(["scheduledstart", "scheduledend"].map(col)).alias("planned_at"),
            col("actualend").alias("ended_at"),
            col("actualstart").is_not_null().alias("started"),
            col("actualdurationminutes").alias("minutes"),
            col("createdon").alias(CREATED_AT),
        ]
    })
}

/// Tasks. Grain: task. Columns as of [`calls`], without direction.
pub fn tasks(lake: &Lake, subjects: bool) -> Result<Loaded> {
    let named = Named { id: None, times: &["actualend", "scheduledend", "createdon"] };
    activities(lake, &TASK, &named, subjects, || {
        vec![
            lit(NULL).cast(DataType::Boolean).alias(OUTGOING),
            first_of(["scheduledstart", "scheduledend"].map(col)).alias("planned_at"),
            lit(NULL).cast(DataType::Datetime(TimeUnit::Microseconds, None)).alias("ended_at"),
            lit(true).alias("started"),
            col("actualdurationminutes").alias("minutes"),
            col("createdon").alias(CREATED_AT),
        ]
    })
}

/// Participants of tracked activities (masks 1 to 7, rule P4). Grain: party row. Columns:
/// `activity`, `party` (key of the record), `party_type` (1-based index into [`PARTY_TYPES`],
/// 0 for others), `who` (hashed address), `role`, `robot`.
pub fn parties(lake: &Lake, domains: &CompanyDomains) -> Result<Loaded> {
    let shape = |frame: LazyFrame| {
        let mut columns = vec![
            ids::repeated_key_column(col("activityid")).alias(ACTIVITY),
            ids::repeated_key_column(col("partyid")).alias("party"),
            party_type(col("partyid_entitytype")).alias("party_type"),
            domains.address_column(col("addressused")).alias(WHO),
            role(col("participationtypemask")).alias(ROLE),
            robot_sender(col("participationtypemask"), col("addressused")).alias("robot"),
        ];
        columns.extend(version_columns(&ACTIVITYPARTY));
        frame.select(columns)
    };
    load(lake, &ACTIVITYPARTY, shape)
}

/// `column` of types of records by number: 1-based index into [`PARTY_TYPES`], 0 for others.
fn party_type(column: Expr) -> Expr {
    let of_name = |text: &str| PARTY_TYPES.iter().zip(1u8..).find(|(name, _)| name.eq_ignore_ascii_case(text.trim()));
    let number = move |text: &str| of_name(text).or_else(|| of_name(&logical_name(text)?));
    column.map(
        move |c| {
            let types = c.str()?.iter().map(|text| text.and_then(number).map_or(0, |(_, number)| number));
            Ok(UInt8Chunked::from_iter_values(c.name().clone(), types).into_column())
        },
        |_, field| Ok(Field::new(field.name().clone(), DataType::UInt8)),
    )
}

/// `column` of participation masks as roles; other masks than 1 to 7 are none.
fn role(column: Expr) -> Expr {
    column.map(
        |c| {
            let roles: UInt8Chunked = c.i64()?.iter().map(|mask| role_of(mask?)).collect();
            Ok(roles.with_name(c.name().clone()).into_column())
        },
        |_, field| Ok(Field::new(field.name().clone(), DataType::UInt8)),
    )
}

fn role_of(mask: i64) -> Option<u8> {
    match mask {
        1 | 7 => Some(STARTS),
        2 | 5 => Some(ADDRESSED),
        3 | 6 => Some(COPIED_IN),
        4 => Some(HIDDEN),
        _ => None,
    }
}

/// Whether the address of a row is a machine's, of senders only.
fn robot_sender(mask: Expr, address: Expr) -> Expr {
    mask.map_many(
        |columns| {
            let rows = columns[0].i64()?.iter().zip(columns[1].str()?.iter());
            let robots =
                rows.map(|(mask, address)| mask.and_then(role_of) == Some(STARTS) && address.is_some_and(is_robot));
            Ok(BooleanChunked::from_iter_values(columns[0].name().clone(), robots).into_column())
        },
        &[address],
        |_, fields| Ok(Field::new(fields[0].name().clone(), DataType::Boolean)),
    )
}

/// Engagement is counted by email, so of the counts only whether there was any matters (rule K7).
fn at_least_once(count: &str) -> Expr {
    col(count).gt(lit(0)).fill_null(lit(false))
}

/// What names activities of a table that have no id of their own, and when they happened.
struct Named {
    /// Another id that they may have.
    id: Option<Expr>,
    /// Columns of times; the first that is set counts (rule N3).
    times: &'static [&'static str],
}

/// What every activity has, and what `more` adds. [`ACTIVITY`] is null where a row has no id of its own;
/// [`SOURCE_ID`] names it all the same.
fn activities(
    lake: &Lake,
    table: &SourceTable,
    named: &Named,
    subjects: bool,
    more: impl Fn() -> Vec<Expr>,
) -> Result<Loaded> {
    let shape = |frame: LazyFrame| {
        let occurred_at = || first_of_all(named.times.iter().map(|time| col(*time)).collect());
        let id = first_of(["activityid", "Id"].map(col));
        let named_by =
            first_of_all(std::iter::once(ids::canonical_column(id.clone())).chain(named.id.clone()).collect());
        let mut columns = vec![
            ids::key_column(id.clone()).alias(ACTIVITY),
            ids::named_column(named_by, occurred_at()).alias(SOURCE_ID),
            occurred_at().alias(OCCURRED_AT),
            col("statecode").cast(DataType::Int32),
            ids::repeated_key_column(col("regardingobjectid")).alias(REGARDING),
        ];
        columns.extend(more());
        if subjects {
            columns.push(col("subject").alias(SUBJECT));
        }
        columns.extend(version_columns(table));
        // What makes K12's freshness: every stored row counts, also old versions and deletes.
        columns
            .push(first_of(["SinkModifiedOn", "createdon"].map(col)).alias(crate::sources::tables::written::TOUCHED));
        frame.select(columns)
    };
    load(lake, table, shape)
}

/// The export columns, and the row's own key (rule I1).
pub(in crate::sources) fn version_columns(table: &SourceTable) -> Vec<Expr> {
    let id = || col("Id");
    let row_key = match table.primary_key {
        [] => ids::key_column(id()),
        // Whatever else a copy calls its ID, numbers of rows for example, tells no versions.
        [one] => ids::first_key_column((col(*one), ids::key), (id(), ids::key)),
        [left, right, ..] => {
            first_of([ids::key_column(id()), ids::pair_key(ids::key_column(col(*left)), ids::key_column(col(*right)))])
        }
    };
    vec![
        row_key.alias(ROW_KEY),
        col("versionnumber"),
        col("SinkModifiedOn"),
        col("IsDelete"),
        col(crate::sources::files::needed_columns::POSITION),
    ]
}
