//! The table `relationship_health`.

use polars::prelude::*;

use super::columns::{self, HEALTH_SCORE};
use super::components::components;
use super::{Health, State, reason};
use crate::columns::RECORD;
use crate::error::{Error, Result};
use crate::interactions::{Context, gather};
use crate::table::{Column as Declared, ColumnType, Table, conform};

const EARLIER: &str = "earlier_health_score";
const REASON: &str = "main_reason";
const REASON_CODE: &str = "main_reason_code";
const EXPECTED: &str = "expected_contact";

/// One row per contact, open lead and open opportunity, in the order of records. The input may be
/// split by record.
pub fn relationship_health(context: &Context, health: &[Health]) -> Result<LazyFrame> {
    let settings = &context.settings.health;
    let rows: Vec<(u32, Health)> =
        (0u32..).zip(health.iter().copied()).filter(|(_, health)| health.state != State::NotApplicable).collect();
    let only: Vec<Health> = rows.iter().map(|(_, health)| *health).collect();
    let mut frame = vec![Column::new(RECORD.into(), rows.iter().map(|(record, _)| *record).collect::<Vec<_>>())];
    frame.extend(columns::columns(&only));
    let value = |of: &dyn Fn(&Health) -> Option<f64>| only.iter().map(of).collect::<Vec<Option<f64>>>();
    frame.push(Column::new(EARLIER.into(), value(&|health| Some(health.scored?.earlier))));
    let reasons: Vec<(&str, String)> = only.iter().map(|health| reason::reason(health, settings)).collect();
    frame.push(Column::new(REASON.into(), reasons.iter().map(|(_, words)| words.as_str()).collect::<Vec<_>>()));
    frame.push(Column::new(REASON_CODE.into(), reasons.iter().map(|(code, _)| *code).collect::<Vec<_>>()));
    for component in components() {
        frame.push(Column::new(
            component.column.name.into(),
            value(&|health| (component.value)(&health.scored?.components)),
        ));
    }
    let frame = DataFrame::new(rows.len(), frame).map_err(Error::engine("health"))?;
    let records = &context.people.records.table;
    let rows = frame.lazy().with_columns([
        gather(col(RECORD), records, "record_type")?.alias("record_type"),
        gather(col(RECORD), records, "record_id")?.alias("record_id"),
        when(col(HEALTH_SCORE).is_not_null())
            .then(lit(settings.expected_contact.name()))
            .otherwise(lit(NULL))
            .alias(EXPECTED),
    ]);
    Ok(conform(rows, &table()))
}

/// The table `relationship_health`.
pub fn table() -> Table {
    let text = |name, description, empty, rule, example| {
        Declared::new(name, ColumnType::Text, "", description, empty, rule, example)
    };
    let mut columns = vec![
        text("record_type", "contact, lead, opportunity.", "never", "H1", "contact"),
        text("record_id", "The record.", "never", "H1", "c0000001-0000-4000-8000-000000000000"),
    ];
    columns.extend(columns::declared());
    columns.push(Declared {
        defined_in: file!(),
        name: EARLIER,
        dtype: ColumnType::Float64,
        unit: "0–100",
        description: "Mean of the scores 7, 14, 21 and 28 days before, 0 where there was none.",
        empty: "null without a score",
        rule: "H4",
        example: "66.1",
    });
    columns.push(text(
        REASON,
        "What weighs most in the score, or why there is none, in words.",
        "never",
        "H3",
        "no customer reply for 34 days; expected weekly contact",
    ));
    columns.push(text(
        REASON_CODE,
        "The same as a code: on_rhythm, awaiting_customer, awaiting_us, silent, too_rare, one_sided, \
         colleagues_quiet, no_reply, no_outreach, or the state where there is no score.",
        "never",
        "H3",
        "awaiting_customer",
    ));
    columns.push(text(
        EXPECTED,
        "The contact that the score expects: daily, every_few_days, weekly, every_couple_of_weeks, monthly.",
        "null without a score",
        "H2",
        "weekly",
    ));
    columns.extend(components().map(|component| component.column));
    Table {
        defined_in: file!(),
        name: "relationship_health",
        version: 2,
        grain: "contact, open lead or open opportunity known at the date",
        description: "How healthy each relationship is, where it is heading, and why.",
        key: &["record_type", "record_id"],
        columns,
    }
}
