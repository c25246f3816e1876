//! The current row of every id in append-only tables (rule I1).

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use polars::prelude::*;
use rayon::prelude::*;

use super::scan::POSITION;
use crate::error::{Error, Result};

/// Join key of the row's own id.
pub const ROW_KEY: &str = "_row_key";
/// Whether the current row is a deletion.
pub const DELETED: &str = "deleted";
/// What says which row is current, and nothing else.
const EXPORT_COLUMNS: [&str; 5] = [ROW_KEY, POSITION, "versionnumber", "SinkModifiedOn", "IsDelete"];

/// Keeps of every [`ROW_KEY`] the row with the greatest version, ties broken by the latest
/// modification, then by deletion, then by position; adds [`DELETED`] and removes the export
/// columns. Input may be split by [`ROW_KEY`].
pub fn current(frame: DataFrame, versioned: bool) -> Result<DataFrame> {
    let doing = || Error::engine("finding current rows");
    let current = if versioned { Some(current_rows(&frame).map_err(doing())?) } else { None };
    let deleted = frame.column("IsDelete").and_then(|column| column.bool().cloned()).map_err(doing())?;
    let deleted: BooleanChunked = deleted.iter().map(|deleted| Some(deleted == Some(true))).collect();
    let mut columns = frame.drop_many(EXPORT_COLUMNS).into_columns();
    columns.push(deleted.with_name(DELETED.into()).into_column());
    let current = current.flatten();
    // Column by column, each freed before the next: the whole table twice would be the peak of a run.
    let columns = columns.into_iter().map(|column| match &current {
        Some(current) => Ok(column.filter(current)?.rechunk()),
        None => Ok(column.rechunk()),
    });
    let columns = columns.collect::<PolarsResult<_>>();
    columns.and_then(DataFrame::new_infer_height).map_err(doing())
}

/// The columns that [`current`] takes, for tables whose rows all stand.
pub fn unversioned() -> [Expr; 5] {
    [
        lit(NULL).cast(DataType::UInt64).alias(ROW_KEY),
        lit(NULL).cast(DataType::Int64).alias("versionnumber"),
        lit(NULL).cast(DataType::Datetime(TimeUnit::Microseconds, None)).alias("SinkModifiedOn"),
        lit(NULL).cast(DataType::Boolean).alias("IsDelete"),
        col(POSITION),
    ]
}

/// Which rows are current, or none when all are. Rows without a key stand for themselves.
fn current_rows(frame: &DataFrame) -> PolarsResult<Option<BooleanChunked>> {
    let rivals = rivals(frame.column(ROW_KEY)?.u64()?);
    if rivals.is_empty() {
        return Ok(None);
    }
    // Only rows that share a key are compared, and only they are brought together.
    let order = IdxCa::from_vec(PlSmallStr::EMPTY, rivals);
    let ranks = frame.select(EXPORT_COLUMNS)?.take(&order)?;
    let modified = ranks.column("SinkModifiedOn")?.cast(&DataType::Int64)?;
    let versions = ranks.column("versionnumber")?.i64()?.iter();
    let rest = modified.i64()?.iter().zip(ranks.column("IsDelete")?.bool()?.iter());
    let rest = rest.zip(ranks.column(POSITION)?.u64()?.iter());
    let mut ranked: Vec<_> = ranks
        .column(ROW_KEY)?
        .u64()?
        .iter()
        .zip(versions)
        .zip(rest)
        .zip(order.iter().flatten())
        .map(|(((key, version), ((modified, deleted), position)), row)| {
            (key, version, modified, deleted == Some(true), position, row)
        })
        .collect();
    ranked.sort_unstable();
    let mut current = vec![true; frame.height()];
    for pair in ranked.windows(2) {
        if pair[0].0 == pair[1].0 {
            current[pair[0].5 as usize] = false;
        }
    }
    Ok(Some(BooleanChunked::from_slice("current".into(), &current)))
}

/// Rows whose key another row has as well, in order. A share of the keys at a time, so that the
/// table that looks for them stays small, and the shares side by side.
fn rivals(keys: &UInt64Chunked) -> Vec<IdxSize> {
    const SHARES: u64 = 8;
    let mut rivals: Vec<IdxSize> = (0..SHARES)
        .into_par_iter()
        .flat_map_iter(|share| {
            let mut first: HashTable<(u64, IdxSize)> = HashTable::with_capacity(keys.len() / SHARES as usize);
            let mut rivals = Vec::new();
            let mut meet = |key: u64, row: IdxSize| match first.entry(key, |&(other, _)| other == key, |&(key, _)| key)
            {
                Entry::Vacant(place) => {
                    place.insert((key, row));
                }
                Entry::Occupied(place) => rivals.extend([place.get().1, row]),
            };
            let mut start = 0;
            for array in keys.downcast_iter() {
                for (row, &key) in (start..).zip(array.values().iter()) {
                    if (key >> 32) % SHARES == share
                        && array.validity().is_none_or(|valid| valid.get_bit((row - start) as usize))
                    {
                        meet(key, row);
                    }
                }
                start += array.len() as IdxSize;
            }
            rivals
        })
        .collect();
    rivals.sort_unstable();
    rivals.dedup();
    rivals
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn greatest_version_wins_then_modification_then_deletion_then_position() {
        let frame = df!(
            ROW_KEY => UInt64Chunked::from_slice(PlSmallStr::EMPTY, &[1, 1, 2, 2, 3, 3, 4, 4]).into_series(),
            "versionnumber" => [2i64, 1, 5, 5, 7, 7, 9, 9],
            "SinkModifiedOn" => [0i64, 9, 1, 2, 3, 3, 4, 4],
            "IsDelete" => [None, None, None, None, Some(true), None, None, None],
            POSITION => [0u64, 1, 2, 3, 4, 5, 6, 7],
            "row" => [0i64, 1, 2, 3, 4, 5, 6, 7],
        )
        .expect("a frame");
        let current = current(frame, true).expect("current rows");
        let rows: Vec<_> = current.column("row").expect("row").i64().expect("i64").iter().flatten().collect();
        assert_eq!(rows, [0, 3, 4, 7]);
        let deleted: Vec<_> =
            current.column(DELETED).expect("deleted").bool().expect("bool").iter().flatten().collect();
        assert_eq!(deleted, [false, false, true, false]);
    }
}
