//! The columns of what a score is made of.

use super::factors::Components;
use crate::table::{Column, ColumnType};

/// A component's column, and its value.
pub struct Component {
    /// As it is declared.
    pub column: Column,
    /// Its value; days are whole.
    pub value: fn(&Components) -> Option<f64>,
}

/// The components that are published.
pub fn components() -> [Component; 10] {
    let days = |name, description, empty, value| Component {
        column: Column {
            defined_in: file!(),
            name,
            dtype: ColumnType::Int64,
            unit: "days",
            description,
            empty,
            rule: "H3",
            example: "yesterday: 1",
        },
        value,
    };
    let number = |name, unit, description, example, value| Component {
        column: Column {
            defined_in: file!(),
            name,
            dtype: ColumnType::Float64,
            unit,
            description,
            empty: "null without a score",
            rule: "H3",
            example,
        },
        value,
    };
    [
        days(
            "days_since_contact",
            "Whole days of the reporting zone from the last held interaction to the date.",
            "null without a score",
            |found| Some(f64::from(found.days_since_contact)),
        ),
        days(
            "days_since_received",
            "The same from the last interaction that came from them; a meeting or call did.",
            "null without a score, and when there was none in 365 days",
            |found| found.days_since_received.map(f64::from),
        ),
        days(
            "days_since_sent",
            "The same from the last interaction that came from us; a meeting or call did.",
            "null without a score, and when there was none in 365 days",
            |found| found.days_since_sent.map(f64::from),
        ),
        number(
            "received",
            "decayed days",
            "Sum over the days with something from the record's people of weight × √(half / (half + age)), by the heaviest of the day.",
            "weekly expected (half = 14), one email today and one 42 days ago: 1.5",
            |found| Some(found.received),
        ),
        number("sent", "decayed days", "The same over the days with something from us.", "1.5", |found| {
            Some(found.sent)
        }),
        number(
            "frequency",
            "share",
            "How often against the expectation: (¼ + received + ¼ + sent) / 2, divided by what contact at exactly the \
             expected rhythm would give. Above 1 when it is more often.",
            "0.4",
            |found| Some(found.frequency),
        ),
        number(
            "mutual",
            "share 0–1",
            "How mutual: √((¼ + received) × (¼ + sent)) / their mean.",
            "as much from either side: 1.0",
            |found| Some(found.mutual),
        ),
        number(
            "recency",
            "share 0–1",
            "How recent: √(life of the last contact × √(life of the last from them × of the last from us)), life = \
             half / (half + days); never counts as 365 days.",
            "both sides today: 1.0",
            |found| Some(found.recency),
        ),
        number(
            "our_activity",
            "share 0–1",
            "Whether our side still works at all: √life of the day on which the liveliest colleague of the record's \
             interactions was last in touch with anyone outside.",
            "today: 1.0",
            |found| Some(found.our_activity),
        ),
        number(
            "varied",
            "factor",
            "How varied: ⁸√ of the sum of √life over pairs of kind and colleague, each by its last interaction.",
            "one colleague by email today: 1.0",
            |found| Some(found.varied),
        ),
    ]
}
