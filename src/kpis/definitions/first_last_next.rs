//! The first, the last and the next interaction of a record (rule K8).

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::frames::gather;
use crate::interactions::columns::*;
use crate::interactions::event::*;
use crate::kpis::evaluate::{FIRST, LAST, NEXT};
use crate::kpis::kpi::{Kpi, Measure};
use crate::table::{Column, ColumnType};

/// What is said of single interactions.
pub struct Described<'a> {
    /// A row per interaction.
    pub table: &'a DataFrame,
    /// By number of an interaction, its row in the table; none where the table is in the order of [`INTERACTION`].
    pub rows: Option<&'a IdxCa>,
}

impl Described<'_> {
    /// Values of a column of the interactions of which another column has the numbers.
    fn gather(&self, numbers: &str, column: &str) -> Result<Expr> {
        let Some(rows) = self.rows.cloned() else { return gather(col(numbers), self.table, column) };
        // Of so few that putting the pieces of a column together would take longer.
        let values = self.table.column(column).map_err(Error::engine("gathering"))?.as_materialized_series().clone();
        let dtype = values.dtype().clone();
        Ok(col(numbers).map(
            move |numbers| {
                let taken = values.take(&rows.take(&numbers.cast(&IDX_DTYPE)?.idx()?.clone())?)?;
                Ok(taken.with_name(numbers.name().clone()).into_column())
            },
            move |_, field| Ok(Field::new(field.name().clone(), dtype.clone())),
        ))
    }
}

/// Replaces [`FIRST`], [`LAST`] and [`NEXT`] by the columns of [`kpis`].
pub fn describe(frame: LazyFrame, interactions: &Described, subjects: bool) -> Result<LazyFrame> {
    let mut columns = vec![interactions.gather(FIRST, OCCURRED_AT)?.alias("first_interaction_at")];
    for place in [LAST, NEXT] {
        let of = |column: &str| interactions.gather(place, column);
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
