//! The first, the last and the next interaction of a record (rule K8).

use polars::prelude::*;

use crate::error::Result;
use crate::frames::gather;
use crate::interactions::columns::*;
use crate::interactions::event::*;
use crate::kpis::evaluate::{FIRST, LAST, NEXT};
use crate::kpis::kpi::{Kpi, Measure};
use crate::table::{Column, ColumnType};

/// Replaces [`FIRST`], [`LAST`] and [`NEXT`] by the columns of [`kpis`]; `interactions` are in the order of
/// [`INTERACTION`].
pub fn describe(frame: LazyFrame, interactions: &DataFrame, subjects: bool) -> Result<LazyFrame> {
    let mut columns = vec![gather(col(FIRST), interactions, OCCURRED_AT)?.alias("first_interaction_at")];
    for place in [LAST, NEXT] {
        let of = |column: &str| gather(col(place), interactions, column);
        let name = |suffix: &str| format!("{place}_interaction_{suffix}");
        columns.push(of(OCCURRED_AT)?.alias(name("at")));
        columns.push(kind_name(of(KIND)?).alias(name("kind")));
        columns.push(direction_name(of(OURS)?).alias(name("direction")));
        columns.push(of(INTERACTION_ID)?.alias(name("id")));
        if subjects {
            columns.push(of(SUBJECT)?.alias(name("subject")));
        }
    }
    Ok(frame.with_columns(columns).drop(cols([FIRST, LAST, NEXT])))
}

/// The columns of rule K8; subjects stand at the end of the tables.
pub fn kpis() -> Vec<Kpi> {
    let column =
        |name, dtype, description, empty, example| Column::new(name, dtype, "", description, empty, "K8", example);
    let extreme = |column| Kpi { column, measure: Measure::FirstLastNext };
    let never = "null when there was none";
    let no_plan = "null when none is planned";
    vec![
        extreme(column(
            "first_interaction_at",
            ColumnType::Timestamp,
            "When the first held interaction happened.",
            never,
            "2026-02-10 10:00",
        )),
        extreme(column(
            "last_interaction_at",
            ColumnType::Timestamp,
            "When the last held interaction happened.",
            never,
            "2026-03-31 21:30",
        )),
        extreme(column(
            "last_interaction_kind",
            ColumnType::Text,
            "Its kind: email, meeting, phone_call, task.",
            never,
            "email",
        )),
        extreme(column(
            "last_interaction_direction",
            ColumnType::Text,
            "Its direction: outbound, inbound.",
            "null when there was none or nobody knows who started it",
            "outbound",
        )),
        extreme(column(
            "last_interaction_id",
            ColumnType::Text,
            "Its interaction_id; of several at one time the smallest.",
            never,
            "email:m36@nordwind.example",
        )),
        extreme(column(
            "next_interaction_at",
            ColumnType::Timestamp,
            "When the next planned interaction is due.",
            no_plan,
            "2026-04-05 10:00",
        )),
        extreme(column("next_interaction_kind", ColumnType::Text, "Its kind.", no_plan, "phone_call")),
        extreme(column("next_interaction_direction", ColumnType::Text, "Its direction.", no_plan, "outbound")),
        extreme(column(
            "next_interaction_id",
            ColumnType::Text,
            "Its interaction_id; of several at one time the smallest.",
            no_plan,
            "phone_call:f3000004-…",
        )),
    ]
}

/// Subjects of the last and next interaction, published only where the job asks for them.
pub fn subjects() -> Vec<Column> {
    let column = |name, description| {
        Column::new(name, ColumnType::Text, "", description, "null when there is none", "K8", "Offer")
    };
    vec![
        column("last_interaction_subject", "Subject of the last held interaction."),
        column("next_interaction_subject", "Subject of the next planned interaction."),
    ]
}
