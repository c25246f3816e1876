//! A comparison with the original as text for people, as JSON, and as CSV with one line per column.

use serde_json::Value;

use super::found::{ColumnCompared, ComparisonResult, TableCompared};
use crate::error::{Error, Result};

/// As text.
pub fn text(found: &ComparisonResult) -> String {
    let mut text = format!("rapport as of {} against the exported items of Dynamics 365 Sales\n", found.as_of);
    for (what, tables) in [("not exported", &found.not_exported), ("not published by rapport", &found.not_published)] {
        if !tables.is_empty() {
            text.push_str(&format!("{what}: {}\n", tables.join(", ")));
        }
    }
    found.tables.iter().for_each(|table| text.push_str(&table_text(table)));
    text
}

const HEADING: [&str; 9] = [
    "column",
    "both know",
    "only rapport",
    "only Dynamics",
    "equal",
    "mean difference",
    "median distance",
    "largest",
    "best scale",
];

fn table_text(table: &TableCompared) -> String {
    let mut text = format!(
        "\n{}: {} records in both, {} only in rapport, {} only in Dynamics\n",
        table.table, table.records_in_both, table.only_ours, table.only_theirs
    );
    let mut lines = vec![HEADING.map(str::to_string)];
    lines.extend(table.columns.iter().map(line));
    text.push_str(&aligned(&lines));
    for column in table.columns.iter().filter(|column| !column.listed.is_empty()) {
        text.push_str(&format!("largest differences of {}:\n", column.column));
        for listed in &column.listed {
            let (ours, theirs) = (shown(&listed.ours), shown(&listed.theirs));
            text.push_str(&format!("  {}  rapport {ours}, Dynamics {theirs}\n", listed.record_id));
        }
    }
    if !table.not_exported.is_empty() {
        text.push_str(&format!(
            "columns that are not exported, or empty in the export: {}\n",
            table.not_exported.join(", ")
        ));
    }
    text
}

fn line(column: &ColumnCompared) -> [String; 9] {
    let counts = [column.known_in_both, column.only_ours_known, column.only_theirs_known];
    let [both, ours, theirs] = counts.map(|count| count.to_string());
    let measure = |number: Option<f64>| number.map(|number| format!("{}", rounded(number))).unwrap_or_default();
    let scale = match (column.best_scale, column.share_equal_at_best_scale) {
        (Some(scale), Some(share)) if scale != 1.0 => {
            let meaning = column.scale_meaning.unwrap_or_default();
            format!("{} ({meaning}; {} equal)", factor(scale), percent(share))
        }
        (Some(_), Some(_)) => "1".to_string(),
        _ => String::new(),
    };
    [
        column.column.clone(),
        both,
        ours,
        theirs,
        column.share_equal.map(percent).unwrap_or_default(),
        measure(column.mean_difference),
        measure(column.median_distance),
        measure(column.largest_difference),
        scale,
    ]
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// 60 or 1/60.
fn factor(scale: f64) -> String {
    if scale < 1.0 { format!("1/{}", (1.0 / scale).round()) } else { format!("{scale}") }
}

/// To four digits behind the point; for people only.
fn rounded(number: f64) -> f64 {
    (number * 10_000.0).round() / 10_000.0
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => {
            number.as_f64().map_or_else(|| number.to_string(), |number| rounded(number).to_string())
        }
        other => other.to_string(),
    }
}

fn aligned(lines: &[[String; 9]]) -> String {
    let width = |at: usize| lines.iter().map(|line| line[at].chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for line in lines {
        let cells = line.iter().enumerate().map(|(at, cell)| match at {
            0 | 8 => format!("{cell:0$}", width(at)),
            _ => format!("{cell:>0$}", width(at)),
        });
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}

/// As one JSON object.
///
/// # Errors
/// None that the types allow.
pub fn json(found: &ComparisonResult) -> Result<String> {
    Ok(serde_json::to_string_pretty(found).map_err(|error| unwritten(&error))? + "\n")
}

/// As CSV, one line per column.
///
/// # Errors
/// None that the types allow.
pub fn csv(found: &ComparisonResult) -> Result<String> {
    let mut lines = csv::Writer::from_writer(Vec::new());
    let mut write = |line: Vec<String>| lines.write_record(line).map_err(|error| unwritten(&error));
    write(COLUMNS.map(str::to_string).to_vec())?;
    for table in &found.tables {
        for column in &table.columns {
            let counts = [
                table.records_in_both,
                table.only_ours,
                table.only_theirs,
                column.known_in_both,
                column.only_ours_known,
                column.only_theirs_known,
                column.equal,
            ];
            let numbers = [
                column.share_equal,
                column.mean_difference,
                column.median_distance,
                column.largest_difference,
                column.best_scale,
                column.share_equal_at_best_scale,
            ];
            let number = |number: Option<f64>| number.map(|number| Value::from(number).to_string()).unwrap_or_default();
            let mut line = vec![table.table.clone(), column.column.clone()];
            line.extend(counts.map(|count| count.to_string()));
            line.extend(numbers.map(number));
            line.push(column.scale_meaning.unwrap_or_default().to_string());
            write(line)?;
        }
    }
    let bytes = lines.into_inner().map_err(|error| unwritten(error.error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

const COLUMNS: [&str; 16] = [
    "table",
    "column",
    "records_in_both",
    "only_ours",
    "only_theirs",
    "known_in_both",
    "only_ours_known",
    "only_theirs_known",
    "equal",
    "share_equal",
    "mean_difference",
    "median_distance",
    "largest_difference",
    "best_scale",
    "share_equal_at_best_scale",
    "scale_meaning",
];

fn unwritten(error: &dyn std::fmt::Display) -> Error {
    Error::Checks { message: format!("the comparison cannot be written down: {error}") }
}
