//! What rapport has published against the KPI items that the original has computed: how often both agree, how far they are
//! apart, and by which scale they differ.
//!
//! [`theirs`] reads the exported items, `pairs` compares one column and `scale` finds by what it differs, [`found`] is what
//! comes of it, and [`words`] tells it.

pub mod found;
mod pairs;
mod scale;
pub mod theirs;
pub mod words;

use std::collections::HashMap;

use polars::prelude::*;

use super::column::{DataverseType, Mapped};
use super::original::{Original, RowsOf};
use super::ours::Ours;
use super::{tables, values};
use crate::error::{Error, Result};
use crate::sources::Lake;
use crate::time::HOURS_PER_MICROSECOND;
use found::{ComparisonResult, TableCompared};
use pairs::{Cells, Pairs};
use theirs::Theirs;

/// Compares the items of a day; of each column at most `limit` differences are listed.
///
/// # Errors
/// What storage refuses, exported files that cannot be read, and sides without a table in common.
pub fn compare(ours: &Ours<'_>, lake: &Lake, limit: usize) -> Result<ComparisonResult> {
    let mut found = ComparisonResult {
        as_of: ours.as_of.date.to_string(),
        tables: Vec::new(),
        not_exported: Vec::new(),
        not_published: Vec::new(),
    };
    for filled in tables() {
        let RowsOf::Kpis(record_type) = filled.original.rows else { continue };
        let name = filled.original.name.to_string();
        match (ours.rows(&filled.original)?, theirs::read(lake, &filled.original, record_type)?) {
            (_, None) => found.not_exported.push(name),
            (None, Some(_)) => found.not_published.push(name),
            (Some(rows), Some(items)) => {
                found.tables.push(compare_table(&filled.original, &rows, &items, ours, limit)?);
            }
        }
    }
    match found.tables.is_empty() {
        false => Ok(found),
        true => Err(Error::usage(
            "--items",
            format!(
                "there is nothing to compare: not exported are {:?}, not published are {:?}",
                found.not_exported, found.not_published
            ),
            "Name the folder that holds the tables msdyn_accountkpiitem and so on, and publish KPIs by rapport run",
        )),
    }
}

fn compare_table(
    table: &Original,
    rows: &DataFrame,
    items: &Theirs,
    ours: &Ours<'_>,
    limit: usize,
) -> Result<TableCompared> {
    let doing = || Error::engine(format!("table {}: comparing it", table.name));
    let ids: Vec<&str> = rows
        .column("record_id")
        .and_then(|ids| Ok(ids.str()?.iter().map(Option::unwrap_or_default).collect()))
        .map_err(doing())?;
    let both: Vec<(usize, usize)> =
        ids.iter().enumerate().filter_map(|(row, id)| Some((row, *items.rows.get(*id)?))).collect();
    let known: HashMap<&str, ()> = ids.iter().map(|id| (*id, ())).collect();
    let only_theirs = items.rows.keys().filter(|id| !known.contains_key(id.as_str())).count();
    let (mut columns, mut not_exported) = (Vec::new(), Vec::new());
    for column in table.columns.iter().filter(|column| column.is_computed()) {
        let Some(theirs) = items.cells(column)? else {
            not_exported.push(column.name.to_string());
            continue;
        };
        let own = own_cells(column, rows, ours).map_err(doing())?;
        columns.push(Pairs { column, ids: &ids, both: &both, ours: &own, theirs: &theirs }.compared(limit));
    }
    Ok(TableCompared {
        table: table.name.to_string(),
        records_in_both: both.len(),
        only_ours: ids.len() - both.len(),
        only_theirs,
        columns,
        not_exported,
    })
}

fn own_cells(column: &Mapped, rows: &DataFrame, ours: &Ours<'_>) -> PolarsResult<Cells> {
    let value = match column.kind {
        DataverseType::Text(_) => values::value(column, ours.as_of),
        DataverseType::DateTime => values::number(column) * lit(HOURS_PER_MICROSECOND),
        _ => values::number(column),
    };
    let frame = rows.clone().lazy().select([value.alias("value")]).collect()?;
    Cells::of(frame.column("value")?)
}
