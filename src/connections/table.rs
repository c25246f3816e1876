//! The table `connections`: one row per colleague and contact or lead who were in touch in the past 365 days (rules W1 to
//! W4), and the frame that `who_knows_whom` and `account_connections` are made of too.

use std::ops::Range;

use polars::prelude::*;

use super::colleagues::{SYSTEMUSER_ID, colleagues};
use super::connection::Connection;
use super::past::IN_TOUCH;
use super::strength;
use crate::config::{ConnectionProfile, Settings};
use crate::error::{Error, Result};
use crate::frames::gather;
use crate::interactions::Context;
use crate::interactions::columns::RECORD;
use crate::interactions::event::{direction_name, kind_name};
use crate::interactions::interaction_view::Started;
use crate::people::{RecordType, Records};
use crate::table::{Column as Declared, ColumnType, Table, conform};

/// Number of the colleague.
pub(super) const USER: &str = "user";
/// Type of the person at the other end.
pub(super) const PERSON_TYPE: &str = "person_type";
/// The person at the other end.
pub(super) const PERSON_ID: &str = "person_id";
/// How strong the connection is.
pub(super) const STRENGTH: &str = "strength";
/// When the last interaction happened.
pub(super) const LAST_AT: &str = "last_interaction_at";
/// Its kind.
pub(super) const LAST_KIND: &str = "last_interaction_kind";

const COUNTS: [(&str, fn(&Connection) -> u32); 5] = [
    ("interactions", |connection| connection.interactions),
    ("emails_out", |connection| connection.emails_out),
    ("emails_in", |connection| connection.emails_in),
    ("meetings", |connection| connection.meetings),
    ("phone_calls", |connection| connection.phone_calls),
];

/// One row per connection in their order: [`USER`], [`RECORD`] and the columns of [`measures`].
pub(super) fn frame(connections: &[Connection], settings: &Settings) -> Result<LazyFrame> {
    fn column<T>(name: &str, connections: &[Connection], value: impl Fn(&Connection) -> T) -> Column
    where
        Series: NamedFrom<Vec<T>, [T]>,
    {
        Series::new(name.into(), connections.iter().map(value).collect::<Vec<T>>()).into_column()
    }
    let ours = |one: &Connection| match one.last.started() {
        Started::ByUs => Some(true),
        Started::ByThem => Some(false),
        Started::Unknown => None,
    };
    let mut columns = vec![
        column(USER, connections, |one| one.user),
        column(RECORD, connections, |one| one.record),
        column(STRENGTH, connections, |one| one.strength),
        column("first", connections, |one| one.first_at),
        column("last", connections, |one| one.last.at),
        column("kind", connections, |one| one.last.kind() as u8),
        Column::new("ours".into(), connections.iter().map(ours).collect::<Vec<_>>()),
    ];
    columns.extend(COUNTS.map(|(name, count)| column(name, connections, |one| i64::from(count(one)))));
    for component in strength::components() {
        columns.push(column(component.column.name, connections, |one| (component.value)(&one.components)));
    }
    let frame = DataFrame::new(connections.len(), columns).map_err(Error::engine("connections"))?;
    let instant = |name: &str| {
        let instant = col(name).cast(DataType::Datetime(TimeUnit::Microseconds, None));
        instant.cast(ColumnType::Timestamp.to_polars())
    };
    Ok(frame.lazy().with_columns([
        label(settings).alias("label"),
        instant("first").alias("first_interaction_at"),
        instant("last").alias(LAST_AT),
        kind_name(col("kind")).alias(LAST_KIND),
        direction_name(col("ours")).alias("last_interaction_direction"),
    ]))
}

/// The strength in a word; a connection in one direction is weak whatever the settings.
pub fn word(strength: f64, is_one_way: bool, settings: &Settings) -> &'static str {
    match strength {
        _ if is_one_way => "weak",
        strength if strength >= f64::from(settings.strong_from) => "strong",
        strength if strength >= f64::from(settings.good_from) => "good",
        _ => "weak",
    }
}

/// [`word`] of every row.
fn label(settings: &Settings) -> Expr {
    let one_way = if settings.connection_profile == ConnectionProfile::Enhanced {
        col("mutuality").eq(lit(0.0))
    } else {
        lit(false)
    };
    when(one_way)
        .then(lit("weak"))
        .when(col(STRENGTH).gt_eq(lit(f64::from(settings.strong_from))))
        .then(lit("strong"))
        .when(col(STRENGTH).gt_eq(lit(f64::from(settings.good_from))))
        .then(lit("good"))
        .otherwise(lit("weak"))
}

/// The rows of records in a range. The input may be split by colleague and record.
pub(super) fn of_records(connections: &[Connection], records: &Range<u32>) -> Vec<Connection> {
    connections.iter().filter(|one| records.contains(&one.record)).copied().collect()
}

/// A column of records, by number.
pub(super) fn of_record(records: &Records, column: &str) -> Result<Expr> {
    gather(col(RECORD), &records.table, column)
}

/// The rows of `connections`. The input may be split by colleague and person.
pub fn connections(context: &Context, connections: &[Connection]) -> Result<LazyFrame> {
    let records = &context.people.records;
    let people = records.range(RecordType::Contact).start..records.range(RecordType::Lead).end;
    let colleagues = colleagues(context)?;
    let connections = of_records(connections, &people);
    let chances: Vec<Option<f64>> = connections.iter().map(|one| one.contact_chance()).collect();
    let rows = frame(&connections, context.settings)?.with_columns([
        lit(Series::new(IN_TOUCH.foretold.name.into(), chances)).alias(IN_TOUCH.foretold.name),
        gather(col(USER), &colleagues, SYSTEMUSER_ID)?.alias(SYSTEMUSER_ID),
        of_record(records, "record_type")?.alias(PERSON_TYPE),
        of_record(records, "record_id")?.alias(PERSON_ID),
    ]);
    Ok(conform(rows, &table()))
}

/// The table `connections`.
pub fn table() -> Table {
    let text =
        |name, description, example| Declared::new(name, ColumnType::Text, "", description, "never", "W1", example);
    let mut columns = vec![
        text(SYSTEMUSER_ID, "The colleague.", "a0000001-0000-4000-8000-000000000000"),
        text(PERSON_TYPE, "contact or lead.", "contact"),
        text(PERSON_ID, "The contact or lead.", "c0000001-0000-4000-8000-000000000000"),
    ];
    columns.extend(measures());
    columns.push(Declared::new(
        IN_TOUCH.foretold.name,
        ColumnType::Float64,
        "share 0–1",
        "Chance that the two are in touch again within 30 days: how often that was so in the lake's own past with a \
         strength like this one. score_calibration says how good such chances were.",
        "null while the lake's past has too few cases to learn from, and in the profile basic",
        "W4",
        "0.35",
    ));
    Table {
        defined_in: file!(),
        name: "connections",
        version: 4,
        grain: "colleague and contact or lead who were in touch in the past 365 days",
        description: "Who knows whom, how well, and what that is made of.",
        key: &[SYSTEMUSER_ID, PERSON_TYPE, PERSON_ID],
        columns,
    }
}

/// What is published of every connection: strength, counts, first, last, components.
pub(super) fn measures() -> Vec<Declared> {
    let column = Declared::new;
    let count = |(name, _): (&'static str, _), description, example| {
        column(name, ColumnType::Int64, "interactions", description, "0 when there were none", "W1", example)
    };
    let descriptions = [
        ("Held emails, meetings and calls that connect the two in the past 365 days, each once.", "6"),
        ("Emails that the colleague sent with the other one in To or Cc.", "2"),
        ("Emails that the other one sent with the colleague in To or Cc.", "1"),
        ("Meetings that both took part in.", "3"),
        ("Calls that both took part in; none in the profile dynamics.", "0"),
    ];
    let mut columns = vec![
        column(
            STRENGTH,
            ColumnType::Float64,
            "0–100",
            "How strong the connection is; jobs/FORMULAS.md has the formula.",
            "never",
            "W3",
            "71.2",
        ),
        column(
            "label",
            ColumnType::Text,
            "",
            "strong, good or weak, by the settings strong_from and good_from; weak where mutuality is 0.",
            "never",
            "W3",
            "strong",
        ),
    ];
    columns.extend(COUNTS.into_iter().zip(descriptions).map(|(name, (text, example))| count(name, text, example)));
    let last = |name, dtype, description, empty, example| column(name, dtype, "", description, empty, "W1", example);
    columns.extend([
        last(
            "first_interaction_at",
            ColumnType::Timestamp,
            "When the first of them happened.",
            "never",
            "2026-02-10 10:00",
        ),
        last(LAST_AT, ColumnType::Timestamp, "When the last of them happened.", "never", "2026-03-20 12:00"),
        last(LAST_KIND, ColumnType::Text, "Its kind: email, meeting, phone_call.", "never", "meeting"),
        last(
            "last_interaction_direction",
            ColumnType::Text,
            "Its direction: outbound, inbound.",
            "null when nobody knows who started it",
            "outbound",
        ),
    ]);
    columns.extend(strength::components().map(|component| component.column));
    columns
}
