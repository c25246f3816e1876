//! The current row of every id in append-only tables (rule I1).

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use polars::prelude::*;

use super::scan::POSITION;
use crate::error::{Error, Result};

/// Join key of the row's own id.
pub const ROW_KEY: &str = "_row_key";
/// Whether the current row is a deletion.
pub const DELETED: &str = "deleted";

/// Keeps of every [`ROW_KEY`] the row with the greatest version, ties broken by the latest
/// modification, then by deletion, then by position; adds [`DELETED`] and removes the export
/// columns. Input may be split by [`ROW_KEY`].
pub fn current(frame: DataFrame, versioned: bool) -> Result<DataFrame> {
    let winners = if versioned { Some(winners(&frame).map_err(Error::engine("finding current rows"))?) } else { None };
    let frame = match winners {
        Some(winners) if winners.len() < frame.height() => {
            frame.take(&winners).map_err(Error::engine("finding current rows"))?
        }
        _ => frame,
    };
    frame
        .lazy()
        .with_column(col("IsDelete").fill_null(lit(false)).alias(DELETED))
        .drop(cols([ROW_KEY, POSITION, "versionnumber", "SinkModifiedOn", "IsDelete"]))
        .collect()
        .map_err(Error::engine("finding current rows"))
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

/// Positions of the winning rows, in the order of the frame. Rows without a key stand for themselves.
fn winners(frame: &DataFrame) -> PolarsResult<IdxCa> {
    let keys = frame.column(ROW_KEY)?.u64()?.rechunk();
    let versions = frame.column("versionnumber")?.i64()?.rechunk();
    let modified = frame.column("SinkModifiedOn")?.cast(&DataType::Int64)?;
    let modified = modified.i64()?.rechunk();
    let deleted = frame.column("IsDelete")?.bool()?.rechunk();
    let positions = frame.column(POSITION)?.u64()?.rechunk();
    let rank =
        |row: usize| (versions.get(row), modified.get(row), deleted.get(row).unwrap_or(false), positions.get(row));
    let mut latest: HashTable<u32> = HashTable::with_capacity(frame.height());
    let mut loses = vec![false; frame.height()];
    for (row, key) in keys.iter().enumerate() {
        let Some(key) = key else { continue };
        let same = |&other: &u32| keys.get(other as usize) == Some(key);
        let rehash = |&other: &u32| keys.get(other as usize).unwrap_or_default();
        match latest.entry(key, same, rehash) {
            Entry::Vacant(place) => {
                place.insert(row as u32);
            }
            Entry::Occupied(mut place) => {
                let other = *place.get() as usize;
                if rank(row) > rank(other) {
                    loses[other] = true;
                    *place.get_mut() = row as u32;
                } else {
                    loses[row] = true;
                }
            }
        }
    }
    let kept: Vec<IdxSize> = (0..frame.height()).filter(|&row| !loses[row]).map(|row| row as IdxSize).collect();
    Ok(IdxCa::from_vec(PlSmallStr::EMPTY, kept))
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
