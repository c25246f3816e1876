//! The table `interaction_records`: why an interaction counts for a record, one row per interaction and record (rules L1 to L5).

use std::ops::Range;
use std::sync::Arc;

use polars::prelude::*;

use super::dictionaries::{Dictionaries, type_place};
use crate::error::{Error, Result};
use crate::interactions::columns::*;
use crate::interactions::event::*;
use crate::interactions::record_links::LINK;
use crate::interactions::{Context, Interactions, record_links};
use crate::table::ColumnType::{Float64, Text};
use crate::table::{Column, Rows, Table, Texts, conform_places};

/// Links of whole interactions as they are published, with the `ids` of interactions.
pub fn interaction_records(
    context: &Context,
    interactions: &Interactions,
    ids: &Arc<Texts>,
    lists: &Dictionaries,
    links: Range<usize>,
) -> Result<Rows> {
    let mut rows = interactions.links.slice(links.start as i64, links.len());
    rows.with_column(record_links::weights(context, &rows)?).map_err(Error::engine("weighing links"))?;
    let frame = rows.lazy().with_columns([
        col(INTERACTION).alias(INTERACTION_ID),
        type_place(context, col(RECORD)).alias("record_type"),
        col(RECORD).alias("record_id"),
        col(LINK).cast(DataType::UInt32).alias("reason"),
    ]);
    let texts = vec![
        (INTERACTION_ID, ids.clone()),
        ("record_type", lists.record_types.clone()),
        ("record_id", lists.records.clone()),
        ("reason", lists.reasons.clone()),
    ];
    let frame = conform_places(frame, &interaction_records_table(), &texts).collect();
    Ok(Rows { frame: frame.map_err(Error::engine("table interaction_records"))?, texts })
}

/// The table `interaction_records`.
pub fn interaction_records_table() -> Table {
    Table {
        defined_in: file!(),
        name: "interaction_records",
        version: 2,
        grain: "interaction and record it counts for",
        description: "Why an interaction counts for an account, contact, lead or opportunity.",
        key: &["interaction_id", "record_type", "record_id"],
        columns: vec![
            Column::new("interaction_id", Text, "", "The interaction.", "never", "N5", "email:m36@nordwind.example"),
            Column::new("record_type", Text, "", "account, contact, lead, opportunity.", "never", "L5", "contact"),
            Column::new("record_id", Text, "", "The record.", "never", "L5", "c0000001-0000-4000-8000-000000000000"),
            Column::new(
                "reason",
                Text,
                "",
                "regarding, or participant; regarding where both hold.",
                "never",
                "L1, L2, L5",
                "participant",
            ),
            Column::new(
                "weight",
                Float64,
                "share 0–1",
                "1 / number of opportunities that share the interaction.",
                "null on other records",
                "L5",
                "0.5",
            ),
        ],
    }
}
