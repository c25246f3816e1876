//! How much was written, met and called, by whom and when (rules K1, K2, K5).

use polars::prelude::*;

use crate::interactions::Kind;
use crate::interactions::columns::OCCURRED_AT;
use crate::interactions::event::*;
use crate::kpis::kpi::{Definition, Kpi, Measure, Side};
use crate::kpis::measuring::HELD;
use crate::table::{Column, ColumnType};

/// One of the six counts of rule K1, which `daily_activity` has too.
pub struct Count {
    /// Name of the KPI.
    pub name: &'static str,
    /// The kind of interaction that is counted.
    pub kind: Kind,
    /// The side that started it.
    pub started_by: Side,
}

/// The six counts.
pub const COUNTS: [Count; 6] = [
    Count { name: "emails_sent", kind: Kind::Email, started_by: Side::Us },
    Count { name: "emails_received", kind: Kind::Email, started_by: Side::Them },
    Count { name: "meetings_sent", kind: Kind::Meeting, started_by: Side::Us },
    Count { name: "meetings_received", kind: Kind::Meeting, started_by: Side::Them },
    Count { name: "phone_calls_made", kind: Kind::Call, started_by: Side::Us },
    Count { name: "phone_calls_received", kind: Kind::Call, started_by: Side::Them },
];

/// Their names.
pub const COUNT_NAMES: [&str; 6] =
    [COUNTS[0].name, COUNTS[1].name, COUNTS[2].name, COUNTS[3].name, COUNTS[4].name, COUNTS[5].name];

impl Count {
    /// Whether an interaction is counted.
    pub fn condition(&self) -> Expr {
        let direction = match self.started_by {
            Side::Us => col(OURS),
            Side::Them => col(OURS).not(),
        };
        col(HELD).and(col(KIND).eq(self.kind.lit())).and(direction)
    }
}

/// The counts, and the ratios of emails.
pub fn kpis() -> Vec<Kpi> {
    let counted: [(Definition, &str, &str, &str); 6] = [
        (|_| COUNTS[0].condition(), "emails", "Held emails that our side sent.", "2 sent on Monday, 1 on Tuesday: 3"),
        (
            |_| COUNTS[1].condition(),
            "emails",
            "Held emails that the customer side sent.",
            "one question, one reminder: 2",
        ),
        (
            |_| COUNTS[2].condition(),
            "meetings",
            "Held meetings that our side organised.",
            "1 demo by us, 1 call for it by them: 1",
        ),
        (
            |_| COUNTS[3].condition(),
            "meetings",
            "Held meetings that the customer side organised.",
            "1 demo by us, 1 visit invited by them: 1",
        ),
        (|_| COUNTS[4].condition(), "calls", "Held calls that our side made.", "2 dialled, 1 answered: 2"),
        (|_| COUNTS[5].condition(), "calls", "Held calls that the customer side made.", "1 incoming: 1"),
    ];
    let counts = COUNTS.iter().zip(counted).map(|(count, (condition, unit, description, example))| Kpi {
        column: Column {
            defined_in: file!(),
            name: count.name,
            dtype: ColumnType::Int64,
            unit,
            description,
            empty: "0 when there were none",
            rule: "K1",
            example,
        },
        measure: Measure::Count(condition),
    });
    let ratio = |name, numerator, denominator, description, empty, example| Kpi {
        column: Column {
            defined_in: file!(),
            name,
            dtype: ColumnType::Float64,
            unit: "ratio",
            description,
            empty,
            rule: "K2",
            example,
        },
        measure: Measure::Ratio { numerator, denominator },
    };
    let ratios = [
        ratio(
            "email_ratio_by_us",
            "emails_sent",
            "emails_received",
            "emails_sent / emails_received.",
            "null when none was received",
            "9 sent, 3 received: 3.0",
        ),
        ratio(
            "email_ratio_by_them",
            "emails_received",
            "emails_sent",
            "emails_received / emails_sent.",
            "null when none was sent",
            "9 sent, 3 received: 0.333",
        ),
    ];
    counts.chain(ratios).chain([after_hours()]).chain(shares()).chain([interactions()]).collect()
}

/// Which part of the mail each side sent: unlike ratios these are known where one side never wrote.
fn shares() -> [Kpi; 2] {
    let share = |name, of, beside, description, example| Kpi {
        column: Column {
            defined_in: file!(),
            name,
            dtype: ColumnType::Float64,
            unit: "share 0–1",
            description,
            empty: "null without emails whose direction is known",
            rule: "K2",
            example,
        },
        measure: Measure::Share { of, beside },
    };
    [
        share(
            "email_share_by_us",
            "emails_sent",
            "emails_received",
            "Which share of the emails we sent: emails_sent of emails_sent and emails_received together.",
            "9 sent, 3 received: 0.75",
        ),
        share(
            "email_share_by_them",
            "emails_received",
            "emails_sent",
            "Which share of the emails they sent.",
            "9 sent, 3 received: 0.25",
        ),
    ]
}

/// Everything held, whoever started it.
fn interactions() -> Kpi {
    Kpi {
        column: Column {
            defined_in: file!(),
            name: "interactions",
            dtype: ColumnType::Int64,
            unit: "interactions",
            description: "Held emails, meetings, calls and tasks, those among them whose direction nobody knows.",
            empty: "0 when there were none",
            rule: "K1",
            example: "12",
        },
        measure: Measure::Count(|_| col(HELD)),
    }
}

/// Emails outside of the working calendar, which only exists where `working_hours` is set.
fn after_hours() -> Kpi {
    Kpi {
        column: Column {
            defined_in: file!(),
            name: "emails_after_hours",
            dtype: ColumnType::Int64,
            unit: "emails",
            description: "Held emails of either side that were sent outside of the calendar of the setting working_hours.",
            empty: "null where no working hours are set, else 0 when there were none",
            rule: "K1, K5",
            example: "one on Monday at 10:00, one at 22:00, one on Sunday: 2",
        },
        measure: Measure::CountIfDefined(|measuring| {
            let in_hours = measuring.in_working_time(col(OCCURRED_AT))?;
            Some(col(HELD).and(col(KIND).eq(Kind::Email.lit())).and(in_hours.not()))
        }),
    }
}
