//! The source rows that are no interaction, with the reason (rule N8).

use polars::prelude::*;

use super::Context;
use super::columns::*;
use super::events_of_kind::EventsOfKind;
use super::source_rows::{SOURCE_NAMES, SOURCES};
use crate::error::{Error, Result};
use crate::frames::{collect, gather, sort_by_text, union};
use crate::sources::drop_reason;

/// Every source row that is no interaction: `source`, `source_id`, `reason`.
pub fn dropped(context: &Context, kinds: &[EventsOfKind], reasons: &UInt8Chunked) -> Result<DataFrame> {
    let activities = &context.activities;
    let tables = [
        (SOURCES.appointment, &activities.appointments),
        (SOURCES.calendar_view, &activities.events),
        (SOURCES.email, &activities.emails),
        (SOURCES.messages, &activities.messages),
        (SOURCES.phonecall, &activities.calls),
        (SOURCES.task, &activities.tasks),
    ];
    let mut parts = Vec::new();
    for (number, table) in tables {
        let source_id = if number == SOURCES.messages {
            context.message_source_id(col("row"))?
        } else {
            gather(col("row"), table, SOURCE_ID)?
        };
        let places = kinds.iter().flat_map(|kind| [Some(&kind.tracked), kind.copies.as_ref()]).flatten();
        let Some(places) = places.into_iter().find(|places| places.source == number) else { continue };
        let rows = places.dropped(reasons).map_err(Error::engine("dropped rows"))?;
        let named = rows
            .lazy()
            .select([source_id.alias(SOURCE_ID), drop_reason::codes(col(REASON)).alias(REASON)])
            .filter(col(SOURCE_ID).is_not_null());
        // Sources come in the order of their names.
        let keys = [SOURCE_ID, REASON];
        let sorted = sort_by_text(&collect(named, "dropped rows")?, &keys)?.lazy();
        let repeats = keys.map(|key| col(key).eq_missing(col(key).shift(lit(1))));
        let first = repeats.into_iter().reduce(Expr::and).unwrap_or(lit(false)).not();
        parts.push(sorted.filter(first).with_column(lit(SOURCE_NAMES[number as usize]).alias("source")));
    }
    collect(union(parts)?.select([col("source"), col(SOURCE_ID), col(REASON)]), "dropped rows")
}
