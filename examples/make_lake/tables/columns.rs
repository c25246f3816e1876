//! Columns of a table, built from iterators over its rows.

use polars::prelude::*;

pub fn text<S: AsRef<str>>(name: &str, values: impl Iterator<Item = Option<S>>) -> Column {
    StringChunked::from_iter_options(name.into(), values).into_column()
}

/// Text that no row lacks.
pub fn full_text<S: AsRef<str>>(name: &str, values: impl Iterator<Item = S>) -> Column {
    StringChunked::from_iter_values(name.into(), values).into_column()
}

pub fn int(name: &str, values: impl Iterator<Item = Option<i32>>) -> Column {
    Int32Chunked::from_iter_options(name.into(), values).into_column()
}

pub fn long(name: &str, values: impl Iterator<Item = Option<i64>>) -> Column {
    Int64Chunked::from_iter_options(name.into(), values).into_column()
}

pub fn float(name: &str, values: impl Iterator<Item = Option<f64>>) -> Column {
    Float64Chunked::from_iter_options(name.into(), values).into_column()
}

pub fn flag(name: &str, values: impl Iterator<Item = Option<bool>>) -> Column {
    BooleanChunked::from_iter_options(name.into(), values).into_column()
}

/// Instants in seconds, as timestamps in microseconds UTC.
pub fn time(name: &str, values: impl Iterator<Item = Option<i64>>) -> Column {
    Int64Chunked::from_iter_options(name.into(), values.map(|value| value.map(|at| at * 1_000_000)))
        .into_datetime(TimeUnit::Microseconds, Some(TimeZone::UTC))
        .into_column()
}

/// Days, given as instants.
pub fn date(name: &str, values: impl Iterator<Item = Option<i64>>) -> PolarsResult<Column> {
    let days = values.map(|value| value.map(|at| at.div_euclid(86_400) as i32));
    int(name, days).cast(&DataType::Date)
}

/// A column that is null throughout, as removed columns are.
pub fn absent(name: &str, rows: usize, dtype: &DataType) -> Column {
    Column::full_null(name.into(), rows, dtype)
}

/// A column of structs.
pub fn record(name: &str, fields: &[Column]) -> PolarsResult<Column> {
    let rows = fields.first().map_or(0, Column::len);
    Ok(StructChunked::from_columns(name.into(), rows, fields)?.into_column())
}

/// A struct for each given number, taken from a series of all of them.
pub fn chosen(name: &str, all: &Series, numbers: impl Iterator<Item = Option<u32>>) -> PolarsResult<Column> {
    let numbers = IdxCa::from_iter_options("".into(), numbers);
    Ok(all.take(&numbers)?.with_name(name.into()).into_column())
}

/// A list of structs for each list of numbers, taken from a series of all of them.
pub fn chosen_lists<'a>(
    name: &str,
    all: &Series,
    lists: impl ExactSizeIterator<Item = &'a [u32]>,
) -> PolarsResult<Column> {
    let mut builder = ListPrimitiveChunkedBuilder::<IdxType>::new(name.into(), lists.len(), lists.len() * 2, IDX_DTYPE);
    lists.for_each(|list| builder.append_slice(list));
    Ok(builder.finish().apply_to_inner(&|numbers| all.take(numbers.idx()?))?.into_column())
}

/// A list for each length, cut from consecutive values.
pub fn cut_lists(name: &str, values: &Series, lengths: impl ExactSizeIterator<Item = usize>) -> PolarsResult<Column> {
    let mut next = 0;
    let lists: Vec<Vec<u32>> = lengths
        .map(|length| {
            let from = next;
            next += length as u32;
            (from..next).collect()
        })
        .collect();
    chosen_lists(name, values, lists.iter().map(Vec::as_slice))
}

pub fn table(columns: Vec<Column>) -> PolarsResult<DataFrame> {
    DataFrame::new_infer_height(columns)
}

/// The rows with these numbers.
pub fn rows(frame: &DataFrame, numbers: Vec<IdxSize>) -> PolarsResult<DataFrame> {
    frame.take(&IdxCa::from_vec("".into(), numbers))
}
