//! Activity per record and day over the last 60 days (rule K9).

use chrono::Days;
use polars::prelude::*;

use crate::literals::typed;

use super::activity::{COUNTS, HELD, counts, volume};
use super::kpi::count;
use super::lists::{Lists, type_place};
use crate::as_of::instant;
use crate::columns::*;
use crate::error::{Error, Result};
use crate::interactions::event::*;
use crate::interactions::{Context, Interactions, gather};
use crate::table::{Column, ColumnType, Rows, Table, conform_places};

const LAST_DAYS: u64 = 60;
const DATE: &str = "activity_date";

/// One row per record and day with emails, meetings or calls. The input may be split by record.
pub fn daily_activity(context: &Context, interactions: &Interactions, lists: &Lists) -> Result<Rows> {
    let table = &interactions.table;
    let value = |column: &'static str| Ok(gather(col(INTERACTION), table, column)?.alias(column));
    let first_day = context.as_of.date - Days::new(LAST_DAYS - 1);
    let recent = table
        .clone()
        .lazy()
        .filter(
            col(PLANNED)
                .not()
                .and(col(OCCURRED_AT).gt_eq(instant(context.as_of.day_start(first_day))))
                .and(col(KIND).neq(typed(TASK)))
                .and(col(OURS).is_not_null()),
        )
        .select([col(INTERACTION), context.as_of.local_day(col(OCCURRED_AT)).alias(DATE)]);
    let counted = counts().into_iter().zip(COUNTS).map(|(condition, name)| count(condition).alias(name));
    let rows = interactions
        .links
        .clone()
        .lazy()
        .select([col(RECORD), col(INTERACTION)])
        .join(recent, [col(INTERACTION)], [col(INTERACTION)], JoinArgs::new(JoinType::Inner))
        .with_columns([value(KIND)?, value(OURS)?, lit(true).alias(HELD)])
        .group_by([col(RECORD), col(DATE)])
        .agg(counted.collect::<Vec<_>>())
        .sort([RECORD, DATE], SortMultipleOptions::default())
        .with_columns([type_place(context, col(RECORD)).alias("record_type"), col(RECORD).alias("record_id")]);
    let texts = lists.of_records();
    let rows = conform_places(rows, &self::table(), &texts).collect();
    Ok(Rows { frame: rows.map_err(Error::engine("table daily_activity"))?, texts })
}

/// The table `daily_activity`.
pub fn table() -> Table {
    let text =
        |name, description, example| Column::new(name, ColumnType::Text, "", description, "never", "K9", example);
    let mut columns = vec![
        text("record_type", "account, contact, lead, opportunity.", "contact"),
        text("record_id", "The record.", "c0000001-0000-4000-8000-000000000000"),
        Column {
            name: DATE,
            dtype: ColumnType::Date,
            unit: "",
            description: "Day of the reporting time zone.",
            empty: "never",
            rule: "K9, T4",
            example: "2026-03-31",
        },
    ];
    columns.extend(volume().into_iter().map(|kpi| kpi.column).filter(|column| COUNTS.contains(&column.name)));
    Table {
        name: "daily_activity",
        version: 1,
        grain: "record and day of the last 60 with emails, meetings or calls",
        description: "The six counts of the KPI tables by day, for charts.",
        key: &["record_type", "record_id", "activity_date"],
        columns,
    }
}
