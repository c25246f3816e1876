//! The rows of a published table, found by what they are about.

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use polars::prelude::*;

use super::html::is_left_out;
use crate::error::{Error, Result};

/// A published table in memory. A column that it does not have reads as unknown: tables of earlier versions have fewer.
pub struct Sheet {
    /// The table's name.
    pub table: &'static str,
    frame: DataFrame,
    found: HashMap<String, Vec<usize>>,
}

/// Texts without characters that turn the direction of what stands beside them, or that no page can hold.
fn without_controls(mut frame: DataFrame) -> PolarsResult<DataFrame> {
    let texts: Vec<PlSmallStr> = frame
        .columns()
        .iter()
        .filter(|column| column.dtype().is_string())
        .map(|column| column.name().clone())
        .collect();
    for name in texts {
        let column = frame.column(&name)?.str()?;
        if column.iter().flatten().any(|text| text.contains(is_left_out)) {
            let clean = column.apply(|text| text.map(|text| text.replace(is_left_out, "").into()));
            frame.with_column(clean.into_column())?;
        }
    }
    Ok(frame)
}

/// One row of it.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    sheet: &'a Sheet,
    at: usize,
}

impl Sheet {
    /// A table whose rows [`Sheet::of`] finds by the values of the columns in `key`, with a space between the values.
    ///
    /// # Errors
    /// A key that is missing or is no text.
    pub fn new(table: &'static str, frame: DataFrame, key: &[&str]) -> Result<Sheet> {
        let doing = || Error::engine(format!("table {table}: reading it for the report"));
        let mut frame = without_controls(frame).map_err(doing())?;
        frame.rechunk_mut();
        let keys: PolarsResult<Vec<&StringChunked>> = key.iter().map(|name| frame.column(name)?.str()).collect();
        let keys = keys.map_err(doing())?;
        let mut found: HashMap<String, Vec<usize>> = HashMap::new();
        for at in 0..frame.height() {
            let parts: Vec<&str> = keys.iter().map(|key| key.get(at).unwrap_or_default()).collect();
            found.entry(parts.join(" ")).or_default().push(at);
        }
        Ok(Sheet { table, found, frame })
    }

    /// All rows, in the order of the table.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.frame.height()).map(|at| Row { sheet: self, at })
    }

    /// The rows with this key.
    pub fn of(&self, key: &str) -> impl Iterator<Item = Row<'_>> {
        self.found.get(key).into_iter().flatten().map(|at| Row { sheet: self, at: *at })
    }

    /// Whether the table has a column.
    pub fn has(&self, column: &str) -> bool {
        self.frame.column(column).is_ok()
    }
}

impl<'a> Row<'a> {
    /// The table it is of.
    pub fn table(self) -> &'static str {
        self.sheet.table
    }

    fn column(self, name: &str) -> Option<&'a Column> {
        self.sheet.frame.column(name).ok()
    }

    /// A text.
    pub fn text(self, name: &str) -> Option<&'a str> {
        self.column(name)?.str().ok()?.get(self.at)
    }

    /// A whole number.
    pub fn whole(self, name: &str) -> Option<i64> {
        self.column(name)?.i64().ok()?.get(self.at)
    }

    /// A number, whole or not.
    pub fn number(self, name: &str) -> Option<f64> {
        let column = self.column(name)?;
        match column.f64() {
            Ok(numbers) => numbers.get(self.at),
            Err(_) => Some(column.i64().ok()?.get(self.at)? as f64),
        }
    }

    /// Yes or no.
    pub fn flag(self, name: &str) -> Option<bool> {
        self.column(name)?.bool().ok()?.get(self.at)
    }

    /// An instant.
    pub fn instant(self, name: &str) -> Option<DateTime<Utc>> {
        let micros = self.column(name)?.datetime().ok()?.physical().get(self.at)?;
        DateTime::from_timestamp_micros(micros)
    }

    /// A day.
    pub fn day(self, name: &str) -> Option<NaiveDate> {
        let days = self.column(name)?.date().ok()?.physical().get(self.at)?;
        NaiveDate::default().checked_add_days(Days::new(u64::try_from(days).ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_and_what_is_not_there_is_unknown() {
        let frame = df!("kind" => ["a", "b"], "id" => ["1", "1"], "n" => [Some(3i64), None], "rate" => [0.5, 1.0]);
        let sheet = Sheet::new("t", frame.unwrap(), &["kind", "id"]).unwrap();
        let row = sheet.of("a 1").next().unwrap();
        assert_eq!((row.whole("n"), row.number("n"), row.number("rate")), (Some(3), Some(3.0), Some(0.5)));
        let other = sheet.of("b 1").next().unwrap();
        assert_eq!((other.whole("n"), other.text("nothing")), (None, None));
        assert_eq!(sheet.of("c 1").count(), 0);
    }
}
