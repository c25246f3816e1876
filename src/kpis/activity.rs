//! Volume and time: KPIs over a record's interactions (rules K1, K2, K6).

use polars::prelude::*;

use crate::literals::typed;

use super::kpi::{Each, Formula, Kpi, count, counted, minutes, ratio, time_spent_of, timed};
use crate::interactions::event::*;
use crate::table::{Column, ColumnType};

/// Whether the interaction is held; only then it counts.
pub const HELD: &str = "held";
/// Colleagues who were present.
pub const COLLEAGUES: &str = "colleagues";
/// External people who were present.
pub const EXTERNAL_PEOPLE: &str = "external_people";

const WRITING: i64 = 300_000_000;
const READING: i64 = 150_000_000;

/// Names of the six counts of rule K1, which `daily_activity` has too.
pub const COUNTS: [&str; 6] = [
    "emails_sent",
    "emails_received",
    "meetings_sent",
    "meetings_received",
    "phone_calls_made",
    "phone_calls_received",
];

/// [`HELD`], of the columns of interactions.
pub fn held() -> Expr {
    col(PLANNED).eq_missing(lit(false)).alias(HELD)
}

/// What the counts count: a kind that our side started, or theirs.
fn started(kind: u8, by_us: bool) -> Expr {
    let direction = if by_us { col(OURS) } else { col(OURS).not() };
    col(HELD).and(col(KIND).eq(typed(kind))).and(direction)
}

/// The counts' conditions, in the order of [`COUNTS`].
pub fn counts() -> [Expr; 6] {
    [
        started(EMAIL, true),
        started(EMAIL, false),
        started(MEETING, true),
        started(MEETING, false),
        started(CALL, true),
        started(CALL, false),
    ]
}

/// Volume and ratio.
pub fn volume() -> Vec<Kpi> {
    let counted: [((Formula, Each), &str, &str, &str); 6] = [
        (
            counted!(started(EMAIL, true)),
            "emails",
            "Held emails that our side sent.",
            "2 sent on Monday, 1 on Tuesday: 3",
        ),
        (
            counted!(started(EMAIL, false)),
            "emails",
            "Held emails that the customer side sent.",
            "one question, one reminder: 2",
        ),
        (
            counted!(started(MEETING, true)),
            "meetings",
            "Held meetings that our side organised.",
            "1 demo by us, 1 call for it by them: 1",
        ),
        (
            counted!(started(MEETING, false)),
            "meetings",
            "Held meetings that the customer side organised.",
            "1 demo by us, 1 visit invited by them: 1",
        ),
        (counted!(started(CALL, true)), "calls", "Held calls that our side made.", "2 dialled, 1 answered: 2"),
        (counted!(started(CALL, false)), "calls", "Held calls that the customer side made.", "1 incoming: 1"),
    ];
    let mut kpis: Vec<Kpi> = COUNTS
        .into_iter()
        .zip(counted)
        .map(|(name, ((formula, each), unit, description, example))| Kpi {
            column: Column {
                defined_in: file!(),
                name,
                dtype: ColumnType::Int64,
                unit,
                description,
                empty: "0 when there were none",
                rule: "K1",
                example,
            },
            formula,
            each: Some(each),
        })
        .collect();
    kpis.push(Kpi {
        column: Column {
            defined_in: file!(),
            name: "email_ratio_by_us",
            dtype: ColumnType::Float64,
            unit: "ratio",
            description: "emails_sent / emails_received.",
            empty: "null when none was received",
            rule: "K2",
            example: "9 sent, 3 received: 3.0",
        },
        formula: Formula::Kpis(|| ratio("emails_sent", "emails_received")),
        each: None,
    });
    kpis.push(Kpi {
        column: Column {
            defined_in: file!(),
            name: "email_ratio_by_them",
            dtype: ColumnType::Float64,
            unit: "ratio",
            description: "emails_received / emails_sent.",
            empty: "null when none was sent",
            rule: "K2",
            example: "9 sent, 3 received: 0.333",
        },
        formula: Formula::Kpis(|| ratio("emails_received", "emails_sent")),
        each: None,
    });
    kpis
}

/// A length times what an email of each direction takes.
fn time(outbound_email: i64, inbound_email: i64, meeting: Expr, task: Expr) -> Expr {
    let email = when(col(OURS))
        .then(typed(outbound_email))
        .when(col(OURS).not())
        .then(typed(inbound_email))
        .otherwise(lit(NULL));
    let spent = when(col(KIND).eq(typed(EMAIL)))
        .then(email)
        .when(col(KIND).eq(typed(MEETING)))
        .then(meeting)
        .when(col(KIND).eq(typed(CALL)))
        .then(col(DURATION))
        .otherwise(task);
    when(col(HELD)).then(spent).otherwise(lit(NULL))
}

/// Whether a held interaction takes time of a side: meetings and tasks where this says so.
fn takes(meeting: Expr, task: bool) -> Expr {
    let takes = when(col(KIND).eq(typed(MEETING))).then(meeting).otherwise(lit(task).or(col(KIND).neq(typed(TASK))));
    col(HELD).and(takes)
}

fn takes_us() -> Expr {
    takes(lit(true), true)
}

fn takes_them() -> Expr {
    takes(col(EXTERNAL_PEOPLE).gt(typed(0u32)), false)
}

fn time_by_us() -> Expr {
    let present = col(COLLEAGUES).cast(DataType::Int64);
    let heads = when(present.clone().lt(lit(1))).then(typed(1i64)).otherwise(present);
    time(WRITING, READING, col(DURATION) * heads, col(DURATION))
}

fn time_by_them() -> Expr {
    let meeting = when(col(EXTERNAL_PEOPLE).gt(typed(0u32))).then(col(DURATION)).otherwise(typed(0i64));
    time(READING, WRITING, meeting, typed(0i64))
}

fn face_to_face() -> Expr {
    let both = col(COLLEAGUES).gt(typed(0u32)).and(col(EXTERNAL_PEOPLE).gt(typed(0u32)));
    col(HELD).and(col(KIND).eq(typed(MEETING))).and(both)
}

fn face_time() -> Expr {
    let faced = when(face_to_face()).then(col(DURATION)).otherwise(typed(0i64));
    when(col(HELD)).then(faced).otherwise(lit(NULL))
}

/// Time spent.
pub fn time_spent() -> Vec<Kpi> {
    let kpi = |name, (formula, each), description, example| Kpi {
        column: Column {
            defined_in: file!(),
            name,
            dtype: ColumnType::Float64,
            unit: "minutes",
            description,
            empty: "null without held interactions, or when the length of every one that takes time is unknown",
            rule: "K6",
            example,
        },
        formula,
        each: Some(each),
    };
    let (without_duration, each) = counted!(col(HELD).and(col(KIND).neq(typed(EMAIL))).and(col(DURATION).is_null()));
    vec![
        kpi(
            "minutes_spent_by_us",
            timed!(takes_us(), time_by_us()),
            "Our time: 5 per email written, 2.5 per email read; a meeting's length times the colleagues present (at \
             least 1); the length of calls and tasks.",
            "a meeting of 30 minutes with 3 of ours and 2 of theirs: 90",
        ),
        kpi(
            "minutes_spent_by_them",
            timed!(takes_them(), time_by_them()),
            "Their time: 5 per email written, 2.5 per email read; the length of meetings that at least one of them \
             attended, and of calls.",
            "a meeting of 30 minutes with 3 of ours and 2 of theirs: 30",
        ),
        kpi(
            "face_time_minutes",
            timed!(face_to_face(), face_time()),
            "Length of meetings where at least one of each side was present.",
            "a meeting of 30 minutes with both sides, one of 60 without a colleague: 30",
        ),
        Kpi {
            column: Column {
                defined_in: file!(),
                name: "interactions_without_duration",
                dtype: ColumnType::Int64,
                unit: "interactions",
                description: "Held meetings, calls and tasks whose length nobody knows; they are missing in the minutes.",
                empty: "0 when there were none",
                rule: "N4, K6",
                example: "a call without a length: 1",
            },
            formula: without_duration,
            each: Some(each),
        },
    ]
}
