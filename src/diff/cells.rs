//! Cells of rows with the same key, compared column by column, counted and listed.

use polars::prelude::*;
use serde_json::Value;

use super::found::{ColumnDifference, DifferenceKind, ListedDifference};
use super::merge::RowsOfBoth;
use crate::error::{Error, Result};
use crate::table::Table;
use crate::table::cells::{self, Fields};
use crate::time::HOURS_PER_MICROSECOND;

/// What differs in a table so far.
pub struct TableTally<'a> {
    table: &'a Table,
    limit: usize,
    /// Rows that only one side has.
    pub only: [u64; 2],
    /// Rows in which a cell differs.
    pub rows_changed: u64,
    /// By column.
    pub columns: Vec<ColumnTally>,
    /// The first differences.
    pub listed: Vec<ListedDifference>,
    /// All differences, listed or not.
    pub met: u64,
}

/// What differs in a column so far.
pub struct ColumnTally {
    name: String,
    /// Cells that differ.
    pub cells: u64,
    unknown: [u64; 2],
    measured: u64,
    sum: f64,
    largest: f64,
}

/// A difference of a part, before it is listed.
struct DifferenceOfPart {
    /// The place of the row in A, and where it has none the place in B of the row that follows.
    order: (usize, usize),
    what: DifferenceKind,
    /// The row on its own side, or on both.
    rows: [usize; 2],
    /// The column of a cell.
    column: usize,
}

impl<'a> TableTally<'a> {
    /// Of nothing yet.
    pub fn new(table: &'a Table, columns: &[&str], limit: usize) -> TableTally<'a> {
        let column = |name: &&str| ColumnTally {
            name: name.to_string(),
            cells: 0,
            unknown: [0, 0],
            measured: 0,
            sum: 0.0,
            largest: 0.0,
        };
        let columns = columns.iter().map(column).collect();
        TableTally { table, limit, only: [0, 0], rows_changed: 0, columns, listed: Vec::new(), met: 0 }
    }

    /// Takes a part of both files.
    ///
    /// # Errors
    /// Columns whose types differ.
    pub fn take(&mut self, rows: &RowsOfBoth) -> Result<()> {
        let mut met = Vec::new();
        for (side, what) in [DifferenceKind::OnlyInA, DifferenceKind::OnlyInB].into_iter().enumerate() {
            self.only[side] += rows.only[side].len() as u64;
            met.extend(rows.only[side].iter().take(self.limit).map(|&row| DifferenceOfPart {
                order: (row as usize, 0),
                what,
                rows: [row as usize; 2],
                column: 0,
            }));
        }
        let mut changed = vec![false; rows.same[0].len()];
        for at in 0..self.columns.len() {
            let name = self.columns[at].name.clone();
            let doing = || Error::engine(format!("table {}: comparing column {name}", self.table.name));
            let before = picked(&rows.frames[0], &name, &rows.same[0]).map_err(doing())?;
            let after = picked(&rows.frames[1], &name, &rows.same[1]).map_err(doing())?;
            if before.dtype() != after.dtype() {
                let (before, after) = (before.dtype(), after.dtype());
                let message = format!(
                    "table {}: column {name} is of type {before} in A and {after} in B; publish both again",
                    self.table.name
                );
                return Err(Error::Checks { message });
            }
            let differs = before.not_equal_missing(&after).map_err(doing())?;
            let places =
                differs.iter().enumerate().filter(|(_, differs)| *differs == Some(true)).map(|(place, _)| place);
            let mut listed = 0;
            for place in places {
                changed[place] = true;
                self.columns[at].meet(&before, &after, place);
                if listed < self.limit {
                    listed += 1;
                    let rows = [rows.same[0][place] as usize, rows.same[1][place] as usize];
                    met.push(DifferenceOfPart {
                        order: (rows[0], at + 1),
                        what: DifferenceKind::Changed,
                        rows,
                        column: at,
                    });
                }
            }
        }
        self.rows_changed += changed.into_iter().filter(|changed| *changed).count() as u64;
        self.list(rows, met)?;
        let cells: u64 = self.columns.iter().map(|column| column.cells).sum();
        self.met = self.only[0] + self.only[1] + cells;
        Ok(())
    }

    /// Lists the first of a part: rows that only one side has, then cells, in the order of the key.
    fn list(&mut self, rows: &RowsOfBoth, mut met: Vec<DifferenceOfPart>) -> Result<()> {
        let is_cell = |met: &DifferenceOfPart| met.what == DifferenceKind::Changed;
        met.sort_by_key(|met| (is_cell(met), met.what as u8, met.order));
        for one in met.into_iter().take(self.limit.saturating_sub(self.listed.len())) {
            let side = usize::from(one.what == DifferenceKind::OnlyInB);
            let key = key(self.table, &rows.frames[side], one.rows[side])?;
            let mut listed = ListedDifference {
                what: one.what,
                key,
                column: None,
                before: Value::Null,
                after: Value::Null,
                difference: None,
            };
            if is_cell(&one) {
                let name = &self.columns[one.column].name;
                let doing = || Error::engine(format!("table {}: listing column {name}", self.table.name));
                let [before, after] = [&rows.frames[0], &rows.frames[1]].map(|frame| frame.column(name));
                let (before, after) = (before.map_err(doing())?, after.map_err(doing())?);
                listed.before = cells::json(before, one.rows[0]);
                listed.after = cells::json(after, one.rows[1]);
                let (before, after) = (before.as_materialized_series(), after.as_materialized_series());
                listed.difference = distance((before, one.rows[0]), (after, one.rows[1]));
                listed.column = Some(name.clone());
            }
            self.listed.push(listed);
        }
        Ok(())
    }
}

impl ColumnTally {
    fn meet(&mut self, before: &Series, after: &Series, place: usize) {
        self.cells += 1;
        let is_null = |series: &Series| series.get(place).is_ok_and(|cell| cell.is_null());
        self.unknown[0] += u64::from(is_null(before));
        self.unknown[1] += u64::from(is_null(after));
        if let Some(difference) = distance((before, place), (after, place)) {
            self.measured += 1;
            self.sum += difference;
            if difference.abs() > self.largest.abs() {
                self.largest = difference;
            }
        }
    }

    /// What there is to tell of it.
    pub fn said(self) -> ColumnDifference {
        let is_measured = self.measured > 0;
        ColumnDifference {
            column: self.name,
            cells: self.cells,
            unknown_in_a: self.unknown[0],
            unknown_in_b: self.unknown[1],
            mean_difference: is_measured.then(|| self.sum / self.measured as f64),
            largest_difference: is_measured.then_some(self.largest),
        }
    }
}

fn picked(frame: &DataFrame, name: &str, places: &[IdxSize]) -> PolarsResult<Series> {
    let series = frame.column(name)?.as_materialized_series();
    // Most often both sides have the same rows.
    let is_whole = places.len() == series.len();
    if is_whole { Ok(series.clone()) } else { series.take_slice(places) }
}

/// From one value to another: of days in days, of instants in hours; none of what has no scale and of what is unknown.
fn distance(before: (&Series, usize), after: (&Series, usize)) -> Option<f64> {
    let [before, after] = [before, after].map(|(series, place)| series.get(place).ok());
    match (before?, after?) {
        (AnyValue::Int64(before), AnyValue::Int64(after)) => Some(after.wrapping_sub(before) as f64),
        (AnyValue::Float64(before), AnyValue::Float64(after)) => Some(after - before),
        (AnyValue::Date(before), AnyValue::Date(after)) => Some(f64::from(after) - f64::from(before)),
        (AnyValue::Datetime(before, ..), AnyValue::Datetime(after, ..)) => {
            Some(after.wrapping_sub(before) as f64 * HOURS_PER_MICROSECOND)
        }
        _ => None,
    }
}

fn key(table: &Table, frame: &DataFrame, row: usize) -> Result<Fields> {
    let doing = || Error::engine(format!("table {}: listing keys", table.name));
    let columns: PolarsResult<Vec<_>> = table.key.iter().map(|name| frame.column(name)).collect();
    Ok(Fields::of(columns.map_err(doing())?, row))
}
