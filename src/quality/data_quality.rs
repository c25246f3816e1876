//! The table `data_quality`: what the results of a day can be trusted for, one row per measure and its subject (rule K12).

use polars::prelude::*;

use super::measures::{MeasureState, NEWEST_ROW, QualityMeasure};
use crate::error::{Error, Result};
use crate::table::{Column as Declared, ColumnType, Table, conform};

/// The declaration of `data_quality`.
pub fn table() -> Table {
    use ColumnType::{Float64, Text, Timestamp};
    Table {
        defined_in: file!(),
        name: "data_quality",
        version: 1,
        grain: "measure and its subject",
        description: "How far the results of the day can be trusted: rows that were used, how new the sources are, mailboxes, \
                      mail that counts for a record, addresses without a record. `rapport check` shows the same \
                      before a run, and in addition the numbers of rows that leave no trace in results.",
        key: &["check", "subject"],
        columns: vec![
            Declared::new("check", Text, "", "What is measured.", "never", "K12", "mail_with_record"),
            Declared::new(
                "subject",
                Text,
                "",
                "Of what: a table, a source, a reason, a mail domain that several people without a record share.",
                "never",
                "C3",
                "share",
            ),
            Declared::new(
                "value",
                Float64,
                "see unit",
                "The number.",
                "unknown; newest_row within freshness_hours",
                "",
                "0.82",
            ),
            Declared::new("unit", Text, "", "What the number counts; a share is from 0 to 1.", "never", "", "share"),
            Declared::new(
                "newest_at",
                Timestamp,
                "",
                "Of newest_row and newest_event: when that was; the value is its age at the end of the day.",
                "another measure, nothing is there, or newest_row within freshness_hours",
                "K12",
                "2026-03-31T21:40:00Z",
            ),
            Declared::new(
                "state",
                Text,
                "",
                "fine, or beyond a limit of the settings: warning or failed.",
                "never",
                "",
                "fine",
            ),
        ],
    }
}

/// Its rows.
///
/// # Errors
/// Only what the engine runs into.
pub fn data_quality(measures: &[QualityMeasure]) -> Result<DataFrame> {
    let published: Vec<&QualityMeasure> = measures.iter().filter(|measure| measure.published).collect();
    // Of a fresh source rows may have been written after the day, which must not change what is said of the day.
    let told = |measure: &QualityMeasure| measure.check != NEWEST_ROW || measure.state != MeasureState::Fine;
    let texts = |of: fn(&QualityMeasure) -> &str| published.iter().map(|measure| of(measure)).collect::<Vec<_>>();
    let frame = df!(
        "check" => texts(|measure| measure.check),
        "subject" => texts(|measure| &measure.subject),
        "value" => published.iter().map(|measure| measure.value.filter(|_| told(measure))).collect::<Vec<_>>(),
        "unit" => texts(|measure| measure.unit),
        "newest_at" => published.iter().map(|measure| measure.newest_at.filter(|_| told(measure))).collect::<Vec<_>>(),
        "state" => texts(|measure| measure.state.name()),
    );
    let doing = || Error::engine("table data_quality");
    let instants = col("newest_at").cast(ColumnType::Timestamp.to_polars());
    conform(frame.map_err(doing())?.lazy().with_column(instants), &table()).collect().map_err(doing())
}
