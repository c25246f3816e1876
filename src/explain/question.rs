//! What was asked for: a table, a row by its key, and perhaps a column, with the way out where one of them is not there.

use chrono::NaiveDate;
use polars::prelude::*;
use serde_json::Value;

use super::evidence::file;
use super::key::{equals, example};
use super::no_row::{Missed, refusal};
use crate::error::{Error, Result};
use crate::people::RecordType;
use crate::publish::Outputs;
use crate::suggest::{nearest, way_out};
use crate::table::cells::{self, Fields};
use crate::table::{Column, Table};

/// A row that was found, and the column that was asked for.
pub struct FoundRow<'a> {
    /// The table.
    pub table: &'a Table,
    /// The one row.
    pub row: DataFrame,
    /// Its key.
    pub key: Fields,
    /// The column; none where the whole row was asked for.
    pub column: Option<&'a Column>,
    /// The record that the row is about, if it is about one.
    pub record: Option<(RecordType, String)>,
}

impl FoundRow<'_> {
    /// Whether the row has a known value in a column.
    pub fn has(&self, column: &str) -> bool {
        self.row.column(column).is_ok_and(|column| column.null_count() == 0)
    }
}

/// The table of a name.
///
/// # Errors
/// A name that is none.
pub fn table<'a>(dictionary: &'a [Table], name: &str) -> Result<&'a Table> {
    let known: Vec<&str> = dictionary.iter().map(|table| table.name).filter(|name| *name != "runs").collect();
    dictionary.iter().find(|table| table.name == name && name != "runs").ok_or_else(|| {
        let remedy = way_out(name, &known, "Name record, or one of");
        Error::usage("TABLE", format!("there is no table {name:?} whose rows can be explained"), remedy)
    })
}

/// The row that `words` name, the values of the key and perhaps a column after them. Where the key begins with the type and
/// the id of a record, the id alone will do.
///
/// # Errors
/// A key or a column that is not there, and what storage refuses.
pub fn row<'a>(table: &'a Table, words: &[String], outputs: &Outputs, day: NaiveDate) -> Result<FoundRow<'a>> {
    let (values, column) = parted(table, words)?;
    let Some(file) = file(outputs, table.name, day)? else {
        return Err(Error::usage(
            "--as-of",
            format!("{} is not published as of {day}", table.name),
            format!("Publish it by rapport run --as-of {day}, or name a day that is published"),
        ));
    };
    let mut condition = lit(true);
    for (name, value) in &values {
        condition = condition.and(equals(table, name, value)?);
    }
    let rows = file.collect(|rows| rows.filter(condition))?;
    match rows.height() {
        0 => return Err(refusal(&Missed { table, values: &values, file: &file, outputs, day })?),
        1 => {}
        _ => return Err(several(table, &values, &rows)?),
    }
    let doing = || Error::engine(format!("table {}: the row that was asked for", table.name));
    let key: PolarsResult<Vec<_>> = table.key.iter().map(|name| rows.column(name)).collect();
    let key = Fields::of(key.map_err(doing())?, 0);
    let text = |name: &str| key.get(name).and_then(Value::as_str).map(str::to_string);
    let record = match is_of_any_record(table) {
        true => text("record_type").and_then(|name| RecordType::from_name(&name)).zip(text("record_id")),
        false => RecordType::ALL
            .into_iter()
            .find_map(|record_type| Some((record_type, text(record_type.published_id())?)))
            .filter(|_| table.key.len() == 1),
    };
    Ok(FoundRow { table, row: rows, key, column, record })
}

fn is_of_any_record(table: &Table) -> bool {
    table.key.starts_with(&["record_type", "record_id"])
}

/// Key values by column, and the column that was asked for.
fn parted<'a>(table: &'a Table, words: &[String]) -> Result<(Vec<(&'static str, String)>, Option<&'a Column>)> {
    let key = table.key;
    // An id alone stands for a record of any type; what is nearly a type is meant for one.
    let is_type = |word: &String| nearest(word, RecordType::ALL.map(RecordType::name)).is_some();
    let without_type = is_of_any_record(table) && words.first().is_some_and(|word| !is_type(word));
    let names = if without_type { &key[1..] } else { key };
    let named = |word: &String| table.columns.iter().find(|column| column.name == word);
    let (values, column) = match words {
        [values @ .., last] if values.len() == names.len() => match named(last) {
            Some(column) => (values, Some(column)),
            None => return Err(no_column(table, last)),
        },
        [values @ .., last] if !values.is_empty() && values.len() < names.len() && named(last).is_some() => {
            (values, named(last))
        }
        values => (values, None),
    };
    if values.len() > names.len() {
        return Err(Error::usage(
            "KEY",
            format!("{} has the key {}, and {} values were given", table.name, key.join(" "), values.len()),
            format!("Name {} {}, and at most one column", key.join(" "), example(table)),
        ));
    }
    Ok((names.iter().copied().zip(values.iter().cloned()).collect(), column))
}

fn no_column(table: &Table, name: &str) -> Error {
    let known = || table.columns.iter().map(|column| column.name);
    let remedy = match nearest(name, known()) {
        Some(column) => format!("Did you mean {column}?"),
        None => format!("rapport tables {} lists its columns", table.name),
    };
    Error::usage("COLUMN", format!("{} has no column {name:?}", table.name), remedy)
}

/// That an incomplete key leaves several rows open, and which.
fn several(table: &Table, values: &[(&'static str, String)], rows: &DataFrame) -> Result<Error> {
    const SHOWN: usize = 5;
    let doing = || Error::engine(format!("table {}: keys near the one that was asked for", table.name));
    let given: Vec<&str> = values.iter().map(|(_, value)| value.as_str()).collect();
    let given = given.join(" ");
    let keys = (0..rows.height().min(SHOWN)).map(|row| shown_key(table, rows, row));
    let keys = keys.collect::<PolarsResult<Vec<_>>>().map_err(doing())?;
    let more = if rows.height() > SHOWN { ", …" } else { "" };
    Ok(Error::usage(
        "KEY",
        format!("{given:?} stands for {} rows of {}", rows.height(), table.name),
        format!("Name all of the key {}: {}{more}", table.key.join(" "), keys.join(", ")),
    ))
}

fn shown_key(table: &Table, rows: &DataFrame, row: usize) -> PolarsResult<String> {
    let value = |name: &&str| Ok(cells::text(rows.column(name)?, row).unwrap_or_default());
    Ok(table.key.iter().map(value).collect::<PolarsResult<Vec<_>>>()?.join(" "))
}
