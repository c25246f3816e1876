//! Stories as text for people, and as JSON.

use serde::Serialize;
use serde_json::Value;

use super::plural::of_one;
use super::record::RecordStory;
use super::story::{ColumnStory, InteractionStory, Story, TableRow};
use crate::error::{Error, Result};
use crate::table::cells::Fields;

/// A row or a value as text; of rows behind it at most so many that counted and as many that did not.
pub fn text(story: &Story, limit: usize) -> String {
    let key: Vec<String> = story.key.0.iter().map(|(name, value)| format!("{name} {}", plain(value))).collect();
    let mut text = format!("{}, {}\nas of {}, {}\n", story.table, key.join(", "), story.as_of, story.read_from);
    story.notes.iter().for_each(|note| text.push_str(&format!("note: {note}\n")));
    for column in &story.columns {
        text.push_str(&column_text(column, story.columns.len() == 1, limit));
    }
    if !story.interactions.is_empty() {
        let heading = ["when", "what", "by", "id", "counts for"];
        let rows = story.interactions.iter().rev().take(limit).map(|one| {
            let counts_for = match one.counts_for.is_empty() {
                true => "nothing".to_string(),
                false => one.counts_for.join(", "),
            };
            [when(one), what(one), by(one), one.interaction_id.clone(), counts_for]
        });
        text.push_str(&format!("\ninteractions of the record, the latest first\n{}", aligned(&heading, rows)));
        text.push_str(&more(story.interactions.len(), limit));
    }
    if !story.not_linked.is_empty() {
        let rows = story.not_linked.iter().take(limit);
        let rows = rows.map(|one| [one.why_not.clone().unwrap_or_default(), one.interaction_id.clone()]);
        let heading = "has to do with the record and does not count for it";
        text.push_str(&format!("\n{heading}\n{}", aligned(&["why not", "id"], rows)));
        text.push_str(&more(story.not_linked.len(), limit));
    }
    if !story.see.is_empty() {
        text.push_str(&format!("\nsee also\n{}", story.see.iter().map(|see| format!("  {see}\n")).collect::<String>()));
    }
    text
}

fn column_text(column: &ColumnStory, is_alone: bool, limit: usize) -> String {
    let unit = match column.unit.as_str() {
        "" => String::new(),
        unit => format!(" {}", of_one(&column.value, unit)),
    };
    let value = if column.value.is_null() { "unknown".to_string() } else { plain(&column.value) + &unit };
    let mut text = format!("\n{} = {value}\n", column.column);
    let mut line = |label: &str, what: Option<&str>| {
        if let Some(what) = what.filter(|what| !what.is_empty()) {
            text.push_str(&format!("  {label}{what}\n"));
        }
    };
    line("", Some(&column.means));
    line("comes from: ", column.comes_from.as_deref());
    // Where the numbers say what is missing, once is enough.
    line("missing: ", column.missing.as_deref().filter(|_| column.missing != column.with_numbers));
    line("formula: ", column.formula.as_deref());
    line("numbers: ", column.with_numbers.as_deref());
    if column.adds_up == Some(false) {
        let from_rows = column.from_rows.as_ref().map(plain).unwrap_or_default();
        line("", Some(&format!("does not add up: the rows give {from_rows}")));
    }
    match is_alone {
        true => column.rules.iter().for_each(|rule| line("rule ", Some(rule))),
        false => {
            let codes: Vec<&str> = column.rules.iter().filter_map(|rule| rule.split(' ').next()).collect();
            line("rules: ", Some(&codes.join(", ")));
        }
    }
    let (counted, others): (Vec<_>, Vec<_>) = column.rows.iter().partition(|row| row.counts == Some(true));
    if !counted.is_empty() {
        let rows = counted.iter().take(limit).map(|one| {
            let amount = one.amount.map(|amount| amount.to_string());
            let adds: Vec<String> = amount.into_iter().chain(one.parts.iter().cloned()).collect();
            [when(one), what(one), by(one), adds.join(", "), one.interaction_id.clone()]
        });
        text.push_str(&format!("\ncounted\n{}", aligned(&["when", "what", "by", "adds", "id"], rows)));
        text.push_str(&more(counted.len(), limit));
    }
    if !others.is_empty() {
        let rows = others.iter().take(limit).map(|one| {
            [when(one), what(one), by(one), one.why_not.clone().unwrap_or_default(), one.interaction_id.clone()]
        });
        text.push_str(&format!("\nnot counted\n{}", aligned(&["when", "what", "by", "why not", "id"], rows)));
        text.push_str(&more(others.len(), limit));
    }
    text.push_str(&tables_text(&column.from_tables, limit));
    text
}

/// Rows of published tables, those that count first.
fn tables_text(rows: &[TableRow], limit: usize) -> String {
    let joined = |of: &Fields| {
        let told = of.0.iter().map(|(name, value)| format!("{name} {}", plain(value)));
        told.collect::<Vec<_>>().join(", ")
    };
    let (counted, others): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.why_not.is_none());
    let mut text = String::new();
    if !counted.is_empty() {
        let rows = counted.iter().take(limit).map(|row| {
            let adds = row.amount.map(|amount| amount.to_string()).unwrap_or_default();
            [row.table.clone(), joined(&row.key), joined(&row.values), adds]
        });
        text.push_str(&format!("\nmade of\n{}", aligned(&["table", "key", "what", "adds"], rows)));
        text.push_str(&more(counted.len(), limit));
    }
    if !others.is_empty() {
        let rows = others.iter().take(limit).map(|row| {
            [row.table.clone(), joined(&row.key), joined(&row.values), row.why_not.clone().unwrap_or_default()]
        });
        text.push_str(&format!("\nleft out\n{}", aligned(&["table", "key", "what", "why not"], rows)));
        text.push_str(&more(others.len(), limit));
    }
    text
}

fn more(all: usize, limit: usize) -> String {
    if all > limit { format!("… and {} more, see --limit\n", all - limit) } else { String::new() }
}

fn when(one: &InteractionStory) -> String {
    one.occurred_at.clone().unwrap_or_default()
}

fn by(one: &InteractionStory) -> String {
    one.counts_for_record_by.clone().unwrap_or_default()
}

/// `outbound email`, `planned inbound meeting of 30 minutes, 2 of ours and 1 of theirs`.
fn what(one: &InteractionStory) -> String {
    let mut words: Vec<String> = Vec::new();
    words.extend(one.status.clone().filter(|status| status != "held"));
    words.extend(one.direction.clone());
    words.extend(one.kind.clone());
    if let Some(minutes) = one.duration_minutes {
        words.push(format!("of {minutes} minutes"));
    }
    let mut text = words.join(" ");
    if let (Some("meeting"), Some(ours), Some(theirs)) = (one.kind.as_deref(), one.colleagues, one.external_people) {
        text.push_str(&format!(", {ours} of ours and {theirs} of theirs"));
    }
    text
}

/// A record as text.
pub fn record_text(story: &RecordStory) -> String {
    let name = if story.name.is_null() { String::new() } else { format!(" {}", plain(&story.name)) };
    let mut text = format!("{}{name}, {}\nas of {}\n", story.record_type, story.record_id, story.as_of);
    for part in &story.parts {
        text.push_str(&format!("\n{}\n", part.about));
        match &part.rows[..] {
            [row] => {
                let width = row.0.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
                for (name, value) in &row.0 {
                    let value = if value.is_null() { "unknown".to_string() } else { plain(value) };
                    text.push_str(&format!("  {name:width$}  {value}\n"));
                }
            }
            rows if rows.first().is_some_and(|row| row.0.len() == 1) => {
                rows.iter()
                    .flat_map(|row| &row.0)
                    .for_each(|(_, value)| text.push_str(&format!("  {}\n", plain(value))));
            }
            rows => {
                let heading: Vec<&str> =
                    rows.first().map(|row| row.0.iter().map(|(name, _)| name.as_str()).collect()).unwrap_or_default();
                let lines = rows.iter().map(|row| {
                    row.0.iter().map(|(_, value)| if value.is_null() { String::new() } else { plain(value) })
                });
                text.push_str(&aligned_rows(&heading, lines.map(Iterator::collect).collect()));
            }
        }
    }
    if !story.further_rows.is_empty() {
        let tables: Vec<String> =
            story.further_rows.iter().map(|one| format!("{} ({})", one.table, one.rows)).collect();
        text.push_str(&format!("\nfurther rows: {}\n", tables.join(", ")));
    }
    if !story.not_published.is_empty() {
        text.push_str(&format!("\nnot published as of the day: {}\n", story.not_published.join(", ")));
    }
    text.push_str(&format!("\nsee also\n{}", story.see.iter().map(|see| format!("  {see}\n")).collect::<String>()));
    text
}

/// A value without quotes.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn aligned<const N: usize>(heading: &[&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    aligned_rows(heading, rows.map(|row| row.to_vec()).collect())
}

/// Columns as wide as their widest cell, but for those that say nothing; numbers to the right.
fn aligned_rows(heading: &[&str], rows: Vec<Vec<String>>) -> String {
    let says_something = |at: &usize| rows.iter().any(|row| !row[*at].is_empty());
    let shown: Vec<usize> = (0..heading.len()).filter(says_something).collect();
    let heading: Vec<String> = heading.iter().map(ToString::to_string).collect();
    let lines: Vec<Vec<&String>> =
        [&heading].into_iter().chain(&rows).map(|line| shown.iter().map(|&at| &line[at]).collect()).collect();
    let width = |at: usize| lines.iter().map(|line| line[at].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..shown.len()).map(width).collect();
    let mut text = String::new();
    for line in lines {
        let cells = line.iter().zip(&widths).map(|(cell, &width)| match cell.parse::<f64>() {
            Ok(_) => format!("{cell:>width$}"),
            Err(_) => format!("{cell:width$}"),
        });
        text.push_str(&format!("  {}\n", cells.collect::<Vec<_>>().join("  ").trim_end()));
    }
    text
}

/// As one JSON object.
///
/// # Errors
/// None that the types allow.
pub fn json(story: &impl Serialize) -> Result<String> {
    Ok(serde_json::to_string_pretty(story).map_err(|error| unwritten(&error))? + "\n")
}

pub(super) fn unwritten(error: &dyn std::fmt::Display) -> Error {
    Error::Checks { message: format!("the explanation cannot be written down: {error}") }
}
