//! The columns of an event: one real email, meeting, call or task with all its source rows merged.

use polars::prelude::*;

use crate::frames::keys::KEY;
use crate::frames::typed;
use crate::interactions::columns::*;
use crate::interactions::kind::Kind;

/// Published id of an interaction: its kind, a colon, and the event's identity.
pub const INTERACTION_ID: &str = "interaction_id";
/// Number of an event while it is being judged.
pub const EVENT: &str = "event";
/// Kind of an interaction, an index into [`KINDS`].
pub const KIND: &str = "kind";
/// Whether it is planned rather than held.
pub const PLANNED: &str = "planned";
/// Whether our side started it; null when nobody knows, and for tasks (rule N6).
pub const OURS: &str = "started_by_us";
/// Length in microseconds.
pub const DURATION: &str = "duration";
/// When it ended.
pub const ENDED_AT: &str = "ended_at";
/// Whether Dataverse holds it.
pub const IN_DATAVERSE: &str = "in_dataverse";
/// Whether Exchange holds it.
pub const IN_EXCHANGE: &str = "in_exchange";
/// Whether it is marked as lasting all day.
pub const ALL_DAY: &str = "all_day";
/// Whether the engagement of its readers is tracked (rule K7).
pub const FOLLOWED: &str = "followed";
/// Whether it was opened, clicked, its attachment opened, replied to, each at least once.
pub const ENGAGEMENT: [&str; 4] = ["opened", "clicked", "attachment_opened", "replied"];

/// Kinds of interaction in the order in which their ids sort.
pub const KINDS: [&str; 4] = [Kind::Email.name(), Kind::Meeting.name(), Kind::Call.name(), Kind::Task.name()];
/// Emails, in the column [`KIND`].
pub const EMAIL: u8 = Kind::Email as u8;
/// Meetings, in the column [`KIND`].
pub const MEETING: u8 = Kind::Meeting as u8;
/// Calls, in the column [`KIND`].
pub const CALL: u8 = Kind::Call as u8;
/// Tasks, in the column [`KIND`].
pub const TASK: u8 = Kind::Task as u8;

/// Engagement as bits, from the lowest: whether an email is followed, and what its readers did.
pub const NOTICED: [&str; 5] = [FOLLOWED, ENGAGEMENT[0], ENGAGEMENT[1], ENGAGEMENT[2], ENGAGEMENT[3]];

/// Type of instants inside of the program: microseconds, UTC.
pub const INSTANT: DataType = DataType::Datetime(TimeUnit::Microseconds, None);

/// Columns of events and their types, in order.
///
/// [`SUBJECT`] is among them only where subjects are published.
pub fn columns(subjects: bool) -> Vec<(&'static str, DataType)> {
    let mut columns = vec![
        (KIND, DataType::UInt8),
        (IDENTITY, KEY),
        (IDENTITY_TEXT, DataType::String),
        (REASON, DataType::UInt8),
        (PLANNED, DataType::Boolean),
        (OURS, DataType::Boolean),
        (OCCURRED_AT, INSTANT),
        (ENDED_AT, INSTANT),
        (DURATION, DataType::Int64),
        (ALL_DAY, DataType::Boolean),
        (IN_DATAVERSE, DataType::Boolean),
        (IN_EXCHANGE, DataType::Boolean),
        (REGARDING, KEY),
        (AUTOMATED, DataType::Boolean),
        (CONVERSATION, DataType::Int128),
        (PARENT, KEY),
        (FOLLOWED, DataType::Boolean),
    ];
    columns.extend(ENGAGEMENT.map(|name| (name, DataType::Boolean)));
    columns.extend(subjects.then_some((SUBJECT, DataType::String)));
    columns
}

/// The columns that calls, tasks and meetings have.
pub const COLUMNS_WITH_DURATION: [&str; 13] = [
    KIND,
    IDENTITY,
    IDENTITY_TEXT,
    REASON,
    PLANNED,
    OURS,
    OCCURRED_AT,
    ENDED_AT,
    DURATION,
    IN_DATAVERSE,
    IN_EXCHANGE,
    REGARDING,
    SUBJECT,
];

/// Selects the columns of events; those a kind has none of are null.
pub fn conform(frame: LazyFrame, present: &[&str], subjects: bool) -> LazyFrame {
    frame.select(
        columns(subjects)
            .into_iter()
            .map(|(name, dtype)| {
                let value = if present.contains(&name) { col(name) } else { lit(NULL) };
                value.cast(dtype).alias(name)
            })
            .collect::<Vec<_>>(),
    )
}

/// Published name of a kind.
pub fn kind_name(kind: Expr) -> Expr {
    KINDS.iter().zip(0u8..).fold(lit(NULL).cast(DataType::String), |otherwise, (name, number)| {
        when(kind.clone().eq(typed(number))).then(lit(*name)).otherwise(otherwise)
    })
}

/// Published name of a direction.
pub fn direction_name(ours: Expr) -> Expr {
    when(ours.clone()).then(lit("outbound")).when(ours.not()).then(lit("inbound")).otherwise(lit(NULL))
}

/// Published id of an interaction.
pub fn interaction_id(kind: Expr, identity: Expr) -> Expr {
    concat_str([kind_name(kind), identity], ":", false)
}
