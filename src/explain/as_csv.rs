//! Stories as CSV.

use serde_json::Value;

use super::record::RecordStory;
use super::story::Story;
use super::words::{plain, unwritten};
use crate::error::Result;
use crate::table::cells::Fields;

/// Of one value a line per interaction or row that it is made of, of a row a line per column.
///
/// # Errors
/// None that the types allow.
pub fn csv(story: &Story, of_one_value: bool) -> Result<String> {
    let optional = |value: Option<String>| value.unwrap_or_default();
    if !of_one_value {
        let heading = [
            "column",
            "value",
            "unit",
            "from_rows",
            "adds_up",
            "counted",
            "not_counted",
            "numbers",
            "missing",
            "means",
        ];
        let lines = story.columns.iter().map(|column| {
            [
                column.column.clone(),
                known(&column.value),
                column.unit.clone(),
                column.from_rows.as_ref().map(known).unwrap_or_default(),
                optional(column.adds_up.map(|adds_up| adds_up.to_string())),
                optional(column.counted.map(|count| count.to_string())),
                optional(column.not_counted.map(|count| count.to_string())),
                optional(column.with_numbers.clone()),
                optional(column.missing.clone()),
                column.means.clone(),
            ]
        });
        return written(&heading, lines);
    }
    if story.columns.iter().all(|column| column.rows.is_empty() && !column.from_tables.is_empty()) {
        return tables_csv(story);
    }
    let heading = [
        "column",
        "counts",
        "amount",
        "parts",
        "why_not",
        "interaction_id",
        "kind",
        "direction",
        "status",
        "occurred_at",
        "duration_minutes",
        "colleagues",
        "external_people",
        "counts_for_record_by",
        "turn",
    ];
    let lines = story.columns.iter().flat_map(|column| column.rows.iter().map(move |one| (column, one))).map(
        |(column, one)| {
            let one = one.clone();
            [
                column.column.clone(),
                optional(one.counts.map(|counts| counts.to_string())),
                optional(one.amount.map(|amount| amount.to_string())),
                one.parts.join(" "),
                optional(one.why_not),
                one.interaction_id,
                optional(one.kind),
                optional(one.direction),
                optional(one.status),
                optional(one.occurred_at),
                optional(one.duration_minutes.map(|minutes| minutes.to_string())),
                optional(one.colleagues.map(|count| count.to_string())),
                optional(one.external_people.map(|count| count.to_string())),
                optional(one.counts_for_record_by),
                optional(one.turn),
            ]
        },
    );
    written(&heading, lines)
}

/// Of a value that is made of rows of tables: a line per row.
fn tables_csv(story: &Story) -> Result<String> {
    let joined = |fields: &Fields| {
        fields.0.iter().map(|(name, value)| format!("{name}={}", known(value))).collect::<Vec<_>>().join(" ")
    };
    let rows = story.columns.iter().flat_map(|column| column.from_tables.iter().map(move |row| (column, row)));
    let lines = rows.map(|(column, row)| {
        [
            column.column.clone(),
            row.table.clone(),
            joined(&row.key),
            joined(&row.values),
            row.amount.map(|amount| amount.to_string()).unwrap_or_default(),
            row.why_not.clone().unwrap_or_default(),
        ]
    });
    written(&["column", "table", "key", "what", "amount", "why_not"], lines)
}

/// A record as CSV: a line per value.
///
/// # Errors
/// None that the types allow.
pub fn record_csv(story: &RecordStory) -> Result<String> {
    let cells = story.parts.iter().flat_map(|part| {
        let rows = part.rows.iter().enumerate();
        rows.flat_map(move |(at, row)| row.0.iter().map(move |(column, value)| (part, at, column, value)))
    });
    let lines = cells.map(|(part, at, column, value)| {
        [part.about.to_string(), part.table.to_string(), (at + 1).to_string(), column.clone(), known(value)]
    });
    written(&["about", "table", "row", "column", "value"], lines)
}

fn known(value: &Value) -> String {
    if value.is_null() { String::new() } else { plain(value) }
}

fn written<const N: usize>(heading: &[&str; N], lines: impl Iterator<Item = [String; N]>) -> Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(heading).map_err(|error| unwritten(&error))?;
    for line in lines {
        writer.write_record(line).map_err(|error| unwritten(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| unwritten(error.error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
