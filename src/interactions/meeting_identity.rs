//! By what copies of one meeting are told: its calendar id, of one of a series with the start (rule N5).

use std::borrow::Cow;

use chrono::DateTime;
use polars::prelude::*;

use crate::interactions::columns::*;
use crate::sources::values::calendar_ids;

/// The identity of a tracked meeting as text; null where its row stands for itself.
pub fn of_tracked() -> Expr {
    let instance = col("instancetypecode");
    let series = instance.clone().gt_eq(lit(2)).and(instance.lt_eq(lit(4))).fill_null(lit(false));
    identity(series.or(col("one_of_series")), "scheduled_at")
}

/// The identity of a mailbox's copy as text; null where its row stands for itself.
pub fn of_copy() -> Expr {
    let kind = |name: &str| col("kind_of_event").eq(lit(name)).fill_null(lit(false));
    identity(kind("occurrence").or(kind("exception")).or(col("one_of_series")), OCCURRED_AT)
}

/// A calendar id; of one of a series without its day, and with the start.
fn identity(one_of_series: Expr, start: &str) -> Expr {
    col(IDENTITY_TEXT)
        .map_many(
            |columns| {
                let (ids, starts) = (columns[0].str()?, columns[2].datetime()?);
                let rows = ids.iter().zip(columns[1].bool()?.iter()).zip(starts.phys.iter());
                let names = rows.map(|((id, of_series), start)| {
                    let id = id?;
                    let id = if of_series == Some(true) { calendar_ids::without_day(id) } else { Cow::Borrowed(id) };
                    // A start beyond all calendars is implausible anyway.
                    let start = start.filter(|_| of_series == Some(true)).and_then(DateTime::from_timestamp_micros);
                    Some(match start {
                        Some(start) => Cow::Owned(format!("{id}@{}", start.format("%Y-%m-%dT%H:%M:%SZ"))),
                        None => id,
                    })
                });
                let names: StringChunked = names.collect();
                Ok(names.with_name(columns[0].name().clone()).into_column())
            },
            &[one_of_series, col(start)],
            |_, fields| Ok(Field::new(fields[0].name().clone(), DataType::String)),
        )
        .alias(IDENTITY_TEXT)
}
