//! The rows of the table `changes`, and what it declares of itself.

use polars::prelude::*;

use super::Change;
use super::change::{ChangeSide, KINDS};
use super::words::sentence;
use crate::error::{Error, Result};
use crate::frames::typed_columns::texts;
use crate::interactions::Context;
use crate::language::Language;
use crate::table::ColumnType::{Date, Float64, Text};
use crate::table::{Column as Declared, ColumnType, Table, conform};
use crate::time::{AsOf, days_since_epoch};

/// Sentences by column.
pub const SENTENCES: [(&str, Language); 4] = [
    ("sentence", Language::English),
    ("sentence_de", Language::German),
    ("sentence_fr", Language::French),
    ("sentence_sv", Language::Swedish),
];

/// Rows in the order of the key; none where there is no earlier day. Changes may come in any order.
pub fn changes(context: &Context, mut changes: Vec<Change>, earlier: Option<&AsOf>) -> Result<LazyFrame> {
    let records = &context.people.records.table;
    let (types, ids, owners) =
        (texts(records, "record_type")?, texts(records, "record_id")?, texts(records, "owner_id")?);
    changes.sort_by_key(|change| (change.record, change.kind));
    let of_record = |name: &str, column: &StringChunked| {
        let values = changes.iter().map(|change| column.get(change.record as usize).map(str::to_string));
        Column::new(name.into(), values.collect::<Vec<_>>())
    };
    let what = |name: &str, of: fn(&Change) -> &ChangeSide| {
        Column::new(name.into(), changes.iter().map(|change| of(change).what.clone()).collect::<Vec<_>>())
    };
    let value = |name: &str, of: fn(&Change) -> &ChangeSide| {
        Column::new(name.into(), changes.iter().map(|change| of(change).value).collect::<Vec<_>>())
    };
    let day = earlier.map(|earlier| days_since_epoch(earlier.date));
    let mut columns = vec![
        of_record("record_type", types),
        of_record("record_id", ids),
        Column::new("change".into(), changes.iter().map(|change| KINDS[change.kind as usize]).collect::<Vec<_>>()),
        Column::new("compared_to_date".into(), vec![day; changes.len()])
            .cast(&DataType::Date)
            .map_err(Error::engine("table changes"))?,
        of_record("owner_id", owners),
        what("before", |change| &change.before),
        what("after", |change| &change.after),
        value("before_value", |change| &change.before),
        value("after_value", |change| &change.after),
    ];
    columns.extend(SENTENCES.map(|(name, language)| {
        let sentences = changes.iter().map(|change| sentence(language, change));
        Column::new(name.into(), sentences.collect::<Vec<_>>())
    }));
    let rows = DataFrame::new(changes.len(), columns).map_err(Error::engine("table changes"))?;
    Ok(conform(rows.lazy(), &table()))
}

/// The table `changes`.
pub fn table() -> Table {
    let column = |name, dtype: ColumnType, unit, description, empty, example| {
        Declared::new(name, dtype, unit, description, empty, "W9", example)
    };
    let text = |name, description, empty, example| column(name, Text, "", description, empty, example);
    const NAMED: &str = "null only where it named somebody forgotten";
    Table {
        defined_in: file!(),
        name: "changes",
        version: 1,
        grain: "record and what changed since an earlier day",
        description: "What is different since the day before, or since the day that the settings name: one row for each change, \
                      with before and after and a sentence. Both days are computed from what is known now.",
        key: &["record_type", "record_id", "change"],
        columns: vec![
            text("record_type", "account, contact, lead, opportunity.", "never", "opportunity"),
            text("record_id", "The record.", "never", "d0000001-0000-4000-8000-000000000000"),
            text(
                "change",
                "connection_strong, connection_weak (our strongest connection), deal_lost, deal_new, deal_won, gone_silent (health \
                 became dormant), health_state, health_trend, top_contact (the first of most_contacted).",
                "never",
                "health_state",
            ),
            column("compared_to_date", Date, "", "The earlier day.", "never", "2026-03-30"),
            text(
                "owner_id",
                "The record's owner.",
                "null when it has none, and where that colleague was forgotten",
                "a0000001-0000-4000-8000-000000000000",
            ),
            text(
                "before",
                "How it was: the state, trend or label, none where there was no connection, the id of the contact or lead.",
                "null where a deal was not there yet; null where that person was forgotten",
                "good",
            ),
            text("after", "How it is.", "null where that person was forgotten", "fair"),
            column("before_value", Float64, "0–100", "The score or strength before.", "null without one", "61.5"),
            column("after_value", Float64, "0–100", "The score or strength now.", "null without one", "55.2"),
            text(
                "sentence",
                "What changed, in English.",
                NAMED,
                "Relationship health went from good (62) to fair (55).",
            ),
            text(
                "sentence_de",
                "The same in German.",
                NAMED,
                "Der Zustand der Beziehung änderte sich von gut (62) zu mittel (55).",
            ),
            text(
                "sentence_fr",
                "The same in French.",
                NAMED,
                "La santé de la relation est passée de bonne (62) à moyenne (55).",
            ),
            text(
                "sentence_sv",
                "The same in Swedish.",
                NAMED,
                "Relationens hälsa har gått från god (62) till måttlig (55).",
            ),
        ],
    }
}
