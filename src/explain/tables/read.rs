//! Rows of published tables by what their columns say, each looked up once.

use std::cell::RefCell;
use std::collections::HashMap;

use polars::prelude::*;
use serde_json::Value;

use crate::config::Settings;
use crate::error::Result;
use crate::explain::evidence::{file, of_record};
use crate::explain::story::TableRow;
use crate::people::RecordType;
use crate::publish::Outputs;
use crate::table::cells::{self, Fields};
use crate::time::AsOf;

/// The published tables of a day, and what they were made with.
pub struct Tables<'a> {
    outputs: &'a Outputs,
    /// The settings under which a run would compute them now.
    pub settings: &'a Settings,
    /// The day.
    pub as_of: AsOf,
    looked_up: RefCell<HashMap<String, Option<TableRows>>>,
}

impl<'a> Tables<'a> {
    /// As of a day.
    pub fn new(outputs: &'a Outputs, settings: &'a Settings, as_of: AsOf) -> Tables<'a> {
        Tables { outputs, settings, as_of, looked_up: RefCell::default() }
    }

    /// The rows of a table whose columns have these texts; none where it is not published, or lacks one of the columns.
    ///
    /// # Errors
    /// What storage refuses, and files that are no Parquet.
    pub fn rows(&self, table: &'static str, by: &[(&str, &str)]) -> Result<Option<TableRows>> {
        let asked = format!("{table} {by:?}");
        if let Some(found) = self.looked_up.borrow().get(&asked) {
            return Ok(found.clone());
        }
        let found = match file(self.outputs, table, self.as_of.date)? {
            Some(file) if by.iter().all(|(column, _)| file.schema.contains(column)) => {
                let condition = by.iter().fold(lit(true), |all, (column, text)| all.and(col(*column).eq(lit(*text))));
                Some(TableRows { table, frame: file.collect(|rows| rows.filter(condition))? })
            }
            _ => None,
        };
        self.looked_up.borrow_mut().insert(asked, found.clone());
        Ok(found)
    }
}

impl Tables<'_> {
    /// The interactions of a record, as definitions look at them; none where they are not published.
    ///
    /// # Errors
    /// What storage refuses, and files that are no Parquet.
    pub fn interactions_of(&self, record_type: RecordType, id: &str) -> Result<Option<DataFrame>> {
        of_record(self.outputs, record_type, id, self.as_of, self.settings)
    }
}

/// Rows of a table.
#[derive(Clone)]
pub struct TableRows {
    /// The table.
    pub table: &'static str,
    /// All of its columns.
    pub frame: DataFrame,
}

impl TableRows {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.frame.height()
    }

    /// A value of a row; unknown where there is no such column.
    pub fn value(&self, column: &str, row: usize) -> Value {
        self.frame.column(column).map_or(Value::Null, |column| cells::json(column, row))
    }

    /// A number of a row.
    pub fn number(&self, column: &str, row: usize) -> Option<f64> {
        self.value(column, row).as_f64()
    }

    /// A text of a row.
    pub fn text(&self, column: &str, row: usize) -> Option<String> {
        self.value(column, row).as_str().map(str::to_string)
    }

    /// Whether a row says so.
    pub fn is(&self, column: &str, row: usize) -> bool {
        self.value(column, row) == Value::Bool(true)
    }

    /// A row as it is told, with the values that matter.
    pub fn told(&self, row: usize, key: &[&str], values: &[&str]) -> TableRow {
        let fields =
            |names: &[&str]| Fields(names.iter().map(|name| (name.to_string(), self.value(name, row))).collect());
        TableRow { table: self.table.to_string(), key: fields(key), values: fields(values), ..TableRow::default() }
    }
}
