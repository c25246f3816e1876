//! How much time each side spent (rules N4, K6).

use polars::prelude::*;

use crate::frames::typed;
use crate::interactions::Kind;
use crate::interactions::event::*;
use crate::kpis::kpi::{Kpi, Measure};
use crate::kpis::measuring::{COLLEAGUES, EXTERNAL_PEOPLE, HELD};
use crate::table::{Column, ColumnType};

/// Microseconds that it takes to write an email, and to read one.
const WRITING: i64 = 300_000_000;
const READING: i64 = 150_000_000;

/// Microseconds that an interaction takes, by its kind: emails by their direction, calls their length.
struct TimeByKind {
    outbound_email: i64,
    inbound_email: i64,
    meeting: Expr,
    task: Expr,
}

impl TimeByKind {
    fn of_held(self) -> Expr {
        let email = when(col(OURS))
            .then(typed(self.outbound_email))
            .when(col(OURS).not())
            .then(typed(self.inbound_email))
            .otherwise(lit(NULL));
        let spent = when(col(KIND).eq(Kind::Email.lit()))
            .then(email)
            .when(col(KIND).eq(Kind::Meeting.lit()))
            .then(self.meeting)
            .when(col(KIND).eq(Kind::Call.lit()))
            .then(col(DURATION))
            .otherwise(self.task);
        when(col(HELD)).then(spent).otherwise(lit(NULL))
    }
}

/// Whether a held interaction takes time of a side: emails and calls do, meetings and tasks where this says so.
fn takes(meeting: Expr, task: bool) -> Expr {
    let takes =
        when(col(KIND).eq(Kind::Meeting.lit())).then(meeting).otherwise(lit(task).or(col(KIND).neq(Kind::Task.lit())));
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
    TimeByKind { outbound_email: WRITING, inbound_email: READING, meeting: col(DURATION) * heads, task: col(DURATION) }
        .of_held()
}

fn time_by_them() -> Expr {
    let meeting = when(col(EXTERNAL_PEOPLE).gt(typed(0u32))).then(col(DURATION)).otherwise(typed(0i64));
    TimeByKind { outbound_email: READING, inbound_email: WRITING, meeting, task: typed(0i64) }.of_held()
}

fn face_to_face() -> Expr {
    let both = col(COLLEAGUES).gt(typed(0u32)).and(col(EXTERNAL_PEOPLE).gt(typed(0u32)));
    col(HELD).and(col(KIND).eq(Kind::Meeting.lit())).and(both)
}

fn face_time() -> Expr {
    let faced = when(face_to_face()).then(col(DURATION)).otherwise(typed(0i64));
    when(col(HELD)).then(faced).otherwise(lit(NULL))
}

/// Minutes by side and face to face, and how many interactions are missing in them.
pub fn kpis() -> Vec<Kpi> {
    let minutes = |name, measure, description, example| Kpi {
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
        measure,
    };
    vec![
        minutes(
            "minutes_spent_by_us",
            Measure::Minutes { time: |_| time_by_us(), takes: |_| takes_us() },
            "Our time: 5 per email written, 2.5 per email read; a meeting's length times the colleagues present (at \
             least 1); the length of calls and tasks.",
            "a meeting of 30 minutes with 3 of ours and 2 of theirs: 90",
        ),
        minutes(
            "minutes_spent_by_them",
            Measure::Minutes { time: |_| time_by_them(), takes: |_| takes_them() },
            "Their time: 5 per email written, 2.5 per email read; the length of meetings that at least one of them \
             attended, and of calls.",
            "a meeting of 30 minutes with 3 of ours and 2 of theirs: 30",
        ),
        minutes(
            "face_time_minutes",
            Measure::Minutes { time: |_| face_time(), takes: |_| face_to_face() },
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
            measure: Measure::Count(|_| col(HELD).and(col(KIND).neq(Kind::Email.lit())).and(col(DURATION).is_null())),
        },
    ]
}
