//! The table `dropped_activities`: one row per source row that does not count, with the reason (rule N8).

use polars::prelude::*;

use crate::interactions::Interactions;
use crate::table::ColumnType::Text;
use crate::table::{Column, Table, conform};

/// Dropped rows as they are published.
pub fn dropped_activities(interactions: &Interactions) -> LazyFrame {
    conform(interactions.dropped.clone().lazy(), &dropped_activities_table())
}

/// The table `dropped_activities`.
pub fn dropped_activities_table() -> Table {
    Table {
        defined_in: file!(),
        name: "dropped_activities",
        version: 2,
        grain: "source row that is no interaction",
        description: "Every source row that was left out, with the reason.",
        key: &["source", "source_id", "reason"],
        columns: vec![
            Column::new("source", Text, "", "Table of the lake.", "never", "I12", "messages"),
            Column::new(
                "source_id",
                Text,
                "",
                "Id of the row; of a message without one internetMessageId/puser.",
                "never",
                "I12",
                "f1000018-0000-4000-8000-000000000000",
            ),
            Column::new("reason", Text, "", "Reason code.", "never", "N8", "internal_only"),
        ],
    }
}
