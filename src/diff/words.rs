//! A difference as text for people, as JSON, and as CSV with one line per table, column and listed difference.

use serde_json::Value;

use super::found::{Difference, DifferenceKind, ListedDifference, TableDifference};
use crate::error::{Error, Result};

/// As text.
pub fn text(found: &Difference) -> String {
    let mut text = format!("A: {}\nB: {}\n", found.a, found.b);
    for (side, tables) in [("A", &found.tables_only_in_a), ("B", &found.tables_only_in_b)] {
        if !tables.is_empty() {
            text.push_str(&format!("only in {side}: {}\n", tables.join(", ")));
        }
    }
    let differing: Vec<&TableDifference> = found.tables.iter().filter(|table| !table.is_empty()).collect();
    let all = found.tables.len();
    text.push_str(&match differing.len() {
        0 => format!("no difference in {}\n", counted(all as u64, "table")),
        count => format!("{count} of {} differ\n", counted(all as u64, "table")),
    });
    if !differing.is_empty() {
        let heading = ["table", "rows in A", "rows in B", "only in A", "only in B", "rows changed", "cells changed"];
        let lines = differing.iter().map(|table| {
            let counts =
                [table.rows_a, table.rows_b, table.only_in_a, table.only_in_b, table.rows_changed, table.cells_changed];
            [vec![table.table.clone()], counts.map(|count| count.to_string()).to_vec()].concat()
        });
        text.push_str(&format!("\n{}", aligned(&[heading.map(str::to_string).to_vec()], lines)));
    }
    differing.iter().for_each(|table| text.push_str(&table_text(table)));
    text
}

fn table_text(table: &TableDifference) -> String {
    let partitions = match table.partition_a == table.partition_b {
        true => table.partition_a.clone(),
        false => format!("{} to {}", table.partition_a, table.partition_b),
    };
    let mut text = format!("\n{}, {partitions}\n", table.table);
    for (side, columns) in [("A", &table.columns_only_in_a), ("B", &table.columns_only_in_b)] {
        if !columns.is_empty() {
            text.push_str(&format!("columns only in {side}: {}\n", columns.join(", ")));
        }
    }
    if !table.columns.is_empty() {
        let heading = ["column", "cells", "unknown in A", "unknown in B", "mean difference", "largest difference"];
        let lines = table.columns.iter().map(|column| {
            let counts = [column.cells, column.unknown_in_a, column.unknown_in_b].map(|count| count.to_string());
            let distances = [column.mean_difference, column.largest_difference].map(signed);
            [vec![column.column.clone()], counts.to_vec(), distances.to_vec()].concat()
        });
        text.push_str(&aligned(&[heading.map(str::to_string).to_vec()], lines));
    }
    if !table.listed.is_empty() {
        text.push('\n');
        let heading = ["key", "column", "before", "after", "difference"].map(str::to_string).to_vec();
        let lines = table.listed.iter().map(|listed| {
            let (column, before, after) = match listed.what {
                DifferenceKind::OnlyInA => ("only in A".to_string(), String::new(), String::new()),
                DifferenceKind::OnlyInB => ("only in B".to_string(), String::new(), String::new()),
                DifferenceKind::Changed => {
                    (listed.column.clone().unwrap_or_default(), shown(&listed.before), shown(&listed.after))
                }
            };
            vec![key(listed), column, before, after, signed(listed.difference)]
        });
        text.push_str(&aligned(&[heading], lines));
    }
    if table.not_listed > 0 {
        text.push_str(&format!("… and {}, see --limit\n", counted(table.not_listed, "further difference")));
    }
    text
}

fn key(listed: &ListedDifference) -> String {
    let values: Vec<String> = listed.key.0.iter().map(|(_, value)| plain_value(value)).collect();
    values.join(" ")
}

/// A value for people; long texts are cut.
fn shown(value: &Value) -> String {
    const LONGEST: usize = 60;
    match value {
        Value::Null => "unknown".to_string(),
        other => crate::plain::cut(&plain_value(other), LONGEST).into_owned(),
    }
}

fn plain_value(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn signed(difference: Option<f64>) -> String {
    difference.map(|difference| format!("{:+}", round(difference))).unwrap_or_default()
}

/// To four digits behind the point, where there is more before it; for people only.
fn round(number: f64) -> f64 {
    let rounded = (number * 10_000.0).round() / 10_000.0;
    if rounded == 0.0 { number } else { rounded }
}

fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Columns as wide as their widest cell; numbers to the right.
fn aligned(heading: &[Vec<String>], lines: impl Iterator<Item = Vec<String>>) -> String {
    let lines: Vec<Vec<String>> = heading.iter().cloned().chain(lines).collect();
    let columns = lines.first().map_or(0, Vec::len);
    let width = |at: usize| lines.iter().map(|line| line[at].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for line in &lines {
        let cells = line.iter().zip(&widths).map(|(cell, &width)| match cell.parse::<f64>() {
            Ok(_) => format!("{cell:>width$}"),
            Err(_) => format!("{cell:width$}"),
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
pub fn json(found: &Difference) -> Result<String> {
    let text = serde_json::to_string_pretty(found);
    Ok(text.map_err(|error| unwritten(&error))? + "\n")
}

/// As CSV: the first column says what a line is about.
///
/// # Errors
/// None that the types allow.
pub fn csv(found: &Difference) -> Result<String> {
    let mut lines = csv::Writer::from_writer(Vec::new());
    let mut write = |line: [String; 16]| lines.write_record(line).map_err(|error| unwritten(&error));
    write(COLUMNS.map(str::to_string))?;
    let line = |what: &str, table: &str| {
        let mut line: [String; 16] = Default::default();
        line[..2].clone_from_slice(&[what.to_string(), table.to_string()]);
        line
    };
    for (what, tables) in [("table_only_in_a", &found.tables_only_in_a), ("table_only_in_b", &found.tables_only_in_b)] {
        tables.iter().try_for_each(|table| write(line(what, table)))?;
    }
    let number = |number: Option<f64>| number.map(|number| Value::from(number).to_string()).unwrap_or_default();
    for table in &found.tables {
        let mut whole = line("table", &table.table);
        let counts =
            [table.rows_a, table.rows_b, table.only_in_a, table.only_in_b, table.rows_changed, table.cells_changed];
        whole[7..13].clone_from_slice(&counts.map(|count| count.to_string()));
        write(whole)?;
        for (what, columns) in
            [("column_only_in_a", &table.columns_only_in_a), ("column_only_in_b", &table.columns_only_in_b)]
        {
            for column in columns {
                let mut only = line(what, &table.table);
                only[2].clone_from(column);
                write(only)?;
            }
        }
        for column in &table.columns {
            let mut of_column = line("column", &table.table);
            of_column[2].clone_from(&column.column);
            of_column[12] = column.cells.to_string();
            of_column[13] = number(column.mean_difference);
            of_column[14] = number(column.largest_difference);
            write(of_column)?;
        }
        for listed in &table.listed {
            let what = match listed.what {
                DifferenceKind::OnlyInA => "row_only_in_a",
                DifferenceKind::OnlyInB => "row_only_in_b",
                DifferenceKind::Changed => "cell",
            };
            let mut of_row = line(what, &table.table);
            of_row[2] = listed.column.clone().unwrap_or_default();
            of_row[3] = serde_json::to_string(&listed.key).map_err(|error| unwritten(&error))?;
            let known = |value: &Value| if value.is_null() { String::new() } else { plain_value(value) };
            of_row[4..6].clone_from_slice(&[known(&listed.before), known(&listed.after)]);
            of_row[6] = number(listed.difference);
            write(of_row)?;
        }
        if table.not_listed > 0 {
            let mut more = line("not_listed", &table.table);
            more[15] = table.not_listed.to_string();
            write(more)?;
        }
    }
    let bytes = lines.into_inner().map_err(|error| unwritten(error.error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

const COLUMNS: [&str; 16] = [
    "what",
    "table",
    "column",
    "key",
    "before",
    "after",
    "difference",
    "rows_a",
    "rows_b",
    "only_in_a",
    "only_in_b",
    "rows_changed",
    "cells_changed",
    "mean_difference",
    "largest_difference",
    "not_listed",
];

fn unwritten(error: &dyn std::fmt::Display) -> Error {
    Error::Checks { message: format!("the difference cannot be written down: {error}") }
}
