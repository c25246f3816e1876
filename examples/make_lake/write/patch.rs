//! Changes to single cells, and rows that lie there a second time with other cells.
//!
//! Planted cases are ordinary rows; what no ordinary row has (a missing time, a tie of versions) is
//! written over them here.

use polars::prelude::*;

#[derive(Clone)]
pub enum Cell {
    Null,
    Text(String),
    Int(i64),
    Flag(bool),
    Time(i64),
    Struct(Vec<(&'static str, Cell)>),
}

impl Cell {
    fn series(&self, dtype: &DataType) -> PolarsResult<Series> {
        let name = PlSmallStr::EMPTY;
        match self {
            Cell::Null => Ok(Series::full_null(name, 1, dtype)),
            Cell::Text(text) => Series::new(name, [text.as_str()]).cast(dtype),
            Cell::Int(number) => Series::new(name, [*number]).cast(dtype),
            Cell::Flag(flag) => Series::new(name, [*flag]).cast(dtype),
            Cell::Time(at) => Int64Chunked::from_slice(name, &[at * 1_000_000])
                .into_datetime(TimeUnit::Microseconds, Some(TimeZone::UTC))
                .into_series()
                .cast(dtype),
            Cell::Struct(cells) => {
                let DataType::Struct(fields) = dtype else {
                    polars_bail!(SchemaMismatch: "a struct for a column of type {}", dtype);
                };
                let mut values = Vec::new();
                for (field, (_, cell)) in fields.iter().zip(cells) {
                    values.push(cell.series(field.dtype())?.with_name(field.name().clone()));
                }
                Ok(StructChunked::from_series(name, 1, values.iter())?.into_series())
            }
        }
    }
}

/// One cell of the row whose key is `id`.
pub struct Patch {
    pub table: &'static str,
    pub id: String,
    pub column: &'static str,
    pub value: Cell,
}

/// A copy of the row whose key is `id`, with other cells.
pub struct Twin {
    pub table: &'static str,
    pub id: String,
    pub cells: Vec<(&'static str, Cell)>,
    /// Null but for the cells given here.
    pub bare: bool,
    /// Whether it lies in the next file.
    pub later: bool,
}

pub fn apply(frame: &mut DataFrame, table: &str, key: &str, patches: &[Patch]) -> PolarsResult<()> {
    for patch in patches.iter().filter(|patch| patch.table == table) {
        let mask = frame.column(key)?.str()?.equal(patch.id.as_str());
        if mask.any() {
            set(frame, &mask, patch.column, &patch.value)?;
        }
    }
    Ok(())
}

fn set(frame: &mut DataFrame, mask: &BooleanChunked, column: &str, value: &Cell) -> PolarsResult<()> {
    let old = frame.column(column)?.as_materialized_series().clone();
    let new = value.series(old.dtype())?.new_from_index(0, old.len());
    let mixed = new.zip_with(mask, &old)?.with_name(old.name().clone());
    frame.replace(column, mixed.into_column())?;
    Ok(())
}

/// The twins of a table's rows: those for the same file and those for the next one.
pub fn twins(
    frame: &DataFrame,
    table: &str,
    key: &str,
    twins: &[Twin],
) -> PolarsResult<(Vec<DataFrame>, Vec<DataFrame>)> {
    let (mut now, mut later) = (Vec::new(), Vec::new());
    for twin in twins.iter().filter(|twin| twin.table == table) {
        let mask = frame.column(key)?.str()?.equal(twin.id.as_str());
        if !mask.any() {
            continue;
        }
        let mut row = frame.filter(&mask)?.head(Some(1));
        let all = BooleanChunked::full(PlSmallStr::EMPTY, true, row.height());
        if twin.bare {
            let names: Vec<PlSmallStr> = row.get_column_names_owned();
            for name in names {
                set(&mut row, &all, &name, &Cell::Null)?;
            }
        }
        for (column, value) in &twin.cells {
            set(&mut row, &all, column, value)?;
        }
        if twin.later { later.push(row) } else { now.push(row) }
    }
    Ok((now, later))
}
