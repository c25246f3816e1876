//! What differs between two sets of published tables: two days, two outputs, or one lake under two configurations.
//!
//! [`side`] finds the file of each table, `merge` brings rows with the same key together, `cells` compares them column by
//! column, [`found`] is what comes of it, and [`words`] puts it into text, JSON or CSV. Numbers are compared exactly, and unknown
//! is not zero (rule R9). The day as of which rows are is what is compared, and so is no difference itself.

mod cells;
pub mod found;
mod merge;
pub mod side;
pub mod words;

use crate::error::{Error, Result};
use crate::forget::published;
use crate::table::{AS_OF, Table};
use cells::TableTally;
use found::{Difference, TableDifference};
use merge::Merge;
use side::TablesOfDay;

/// Compares the tables of two sides; of each table at most `limit` differences are listed.
///
/// # Errors
/// What storage refuses, files that are no Parquet or not in the order of their key, and sides that have no table in
/// common.
pub fn compare(a: &TablesOfDay, b: &TablesOfDay, tables: &[&Table], limit: usize) -> Result<Difference> {
    let mut found = Difference {
        a: a.to_string(),
        b: b.to_string(),
        tables: Vec::new(),
        tables_only_in_a: Vec::new(),
        tables_only_in_b: Vec::new(),
    };
    for table in tables {
        match (a.file(table.name)?, b.file(table.name)?) {
            (Some(before), Some(after)) => found.tables.push(compare_table(table, [&before, &after], limit)?),
            (Some(_), None) => found.tables_only_in_a.push(table.name.to_string()),
            (None, Some(_)) => found.tables_only_in_b.push(table.name.to_string()),
            (None, None) => {}
        }
    }
    match found.tables.is_empty() {
        false => Ok(found),
        true => Err(Error::usage(
            "A and B",
            format!("{a} and {b} have no table in common"),
            "Publish both by rapport run, name days that both have, or other tables with --table",
        )),
    }
}

fn compare_table(table: &Table, files: [&crate::publish::PublishedFile; 2], limit: usize) -> Result<TableDifference> {
    let [a, b] = [published::open(files[0].bring()?)?, published::open(files[1].bring()?)?];
    let names = |schema: &polars::prelude::Schema, other: &polars::prelude::Schema| -> Vec<String> {
        schema.iter_names().filter(|name| !other.contains(name)).map(ToString::to_string).collect()
    };
    let is_compared = |name: &&str| b.schema.contains(name) && *name != AS_OF && !table.key.contains(name);
    let columns: Vec<&str> = a.schema.iter_names().map(|name| name.as_str()).filter(is_compared).collect();
    let mut tally = TableTally::new(table, &columns, limit);
    let mut merge = Merge::new(table, &columns, [&a, &b]);
    while let Some(rows) = merge.next_rows()? {
        tally.take(&rows)?;
    }
    let (columns_only_in_a, columns_only_in_b) = (names(&a.schema, &b.schema), names(&b.schema, &a.schema));
    Ok(TableDifference {
        table: table.name.to_string(),
        partition_a: files[0].partition.clone(),
        partition_b: files[1].partition.clone(),
        rows_a: a.rows as u64,
        rows_b: b.rows as u64,
        only_in_a: tally.only[0],
        only_in_b: tally.only[1],
        rows_changed: tally.rows_changed,
        cells_changed: tally.columns.iter().map(|column| column.cells).sum(),
        columns: tally.columns.into_iter().filter(|column| column.cells > 0).map(cells::ColumnTally::said).collect(),
        columns_only_in_a,
        columns_only_in_b,
        not_listed: tally.met - tally.listed.len() as u64,
        listed: tally.listed,
    })
}
