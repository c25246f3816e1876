//! The current row of every id in append-only tables (rule I1).

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use polars::prelude::*;
use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::frames::keys::{KEY, Key, Keys, place};
use crate::scratch::Scratch;
use crate::sources::files::needed_columns::POSITION;

/// Join key of the row's own id.
pub const ROW_KEY: &str = "_row_key";
/// Whether the current row is a deletion.
pub const DELETED: &str = "deleted";
/// What says which row is current, and nothing else.
const EXPORT_COLUMNS: [&str; 5] = [ROW_KEY, POSITION, "versionnumber", "SinkModifiedOn", "IsDelete"];

/// Which rows of a table stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Of each key the newest.
    Newest,
    /// All, of a table without versions.
    All,
    /// Of a table without versions the newest of each key, and what is deleted: for activities of which two rows would
    /// be one interaction twice.
    OnePerKey,
}

/// With [`Standing::Newest`] keeps of every [`ROW_KEY`] the row with the greatest version, ties broken by the latest
/// modification, then by deletion, then by position; a deleting row without a version stands where
/// its time puts it. Adds [`DELETED`] and removes the export columns. Input may be split by [`ROW_KEY`]. What is too
/// large for memory is kept in `scratch`.
pub fn current(frame: DataFrame, standing: Standing, scratch: &Scratch) -> Result<DataFrame> {
    let doing = || Error::engine("finding current rows");
    let current = match standing {
        Standing::All => None,
        Standing::Newest | Standing::OnePerKey => Some(current_rows(&frame, standing).map_err(doing())?),
    };
    let deleted = frame.column("IsDelete").and_then(|column| column.bool().cloned()).map_err(doing())?;
    let deleted: BooleanChunked = deleted.iter().map(|deleted| Some(deleted == Some(true))).collect();
    let mut columns = frame.drop_many(EXPORT_COLUMNS).into_columns();
    columns.push(deleted.with_name(DELETED.into()).into_column());
    let current = current.flatten();
    // Column by column, each freed before the next: the whole table twice would be the peak of a run.
    let columns = columns.into_iter().map(|column| scratch.filtered(column, current.as_ref()));
    let columns = columns.collect::<Result<_>>()?;
    DataFrame::new_infer_height(columns).map_err(doing())
}

/// The columns that [`current`] takes, for tables whose rows all stand.
pub fn unversioned() -> [Expr; 5] {
    [
        lit(NULL).cast(KEY).alias(ROW_KEY),
        lit(NULL).cast(DataType::Int64).alias("versionnumber"),
        lit(NULL).cast(DataType::Datetime(TimeUnit::Microseconds, None)).alias("SinkModifiedOn"),
        lit(NULL).cast(DataType::Boolean).alias("IsDelete"),
        col(POSITION),
    ]
}

/// Which rows are current, or none when all are. Rows without a key stand for themselves.
fn current_rows(frame: &DataFrame, standing: Standing) -> PolarsResult<Option<BooleanChunked>> {
    let rivals = rivals(frame.column(ROW_KEY)?.i128()?);
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
    let keys = ranks.column(ROW_KEY)?.i128()?.iter();
    let rows = keys.zip(versions).zip(rest).zip(order.iter().flatten());
    let mut ranked: Vec<Ranked> = rows
        .map(|(((key, version), ((modified, deletes), position)), row)| {
            let deletes = deletes == Some(true);
            Ranked { key, version, modified, deletes, position, row }
        })
        .collect();
    ranked.sort_unstable();
    let mut current = vec![true; frame.height()];
    for rivals in ranked.chunk_by(|a, b| a.key == b.key) {
        let chosen = match standing {
            Standing::OnePerKey => rivals.iter().rev().find(|rival| !rival.deletes).map(|rival| rival.row),
            Standing::Newest | Standing::All => Some(chosen(rivals)),
        };
        let stands = |rival: &Ranked| Some(rival.row) == chosen || standing == Standing::OnePerKey && rival.deletes;
        rivals.iter().filter(|rival| !stands(rival)).for_each(|rival| current[rival.row as usize] = false);
    }
    Ok(Some(BooleanChunked::from_slice("current".into(), &current)))
}

/// What says which of the rows with one key is current; they sort from the oldest to the newest.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Ranked {
    key: Option<Key>,
    version: Option<i64>,
    modified: Option<i64>,
    deletes: bool,
    position: Option<u64>,
    row: IdxSize,
}

impl Ranked {
    fn is_unversioned_deletion(&self) -> bool {
        self.deletes && self.version.is_none()
    }
}

/// The current one of rows with one key, which come from the oldest to the newest. A deleting row without
/// a version is newer than what was written before it or with it, or than everything where nobody knows
/// when it was written (rule I1).
fn chosen(rivals: &[Ranked]) -> IdxSize {
    let newest = rivals.iter().rev().find(|row| !row.is_unversioned_deletion());
    let unknown_first = |row: &&Ranked| (row.modified.is_none(), row.modified, row.position);
    let deletion = rivals.iter().filter(|row| row.is_unversioned_deletion()).max_by_key(unknown_first);
    match (newest, deletion) {
        (Some(newest), Some(deletion)) if deletion.modified.is_some() && deletion.modified < newest.modified => {
            newest.row
        }
        (_, Some(deletion)) => deletion.row,
        (Some(newest), None) => newest.row,
        (None, None) => rivals[0].row,
    }
}

/// Rows whose key another row has as well, in order. A share of the keys at a time, so that the
/// table that looks for them stays small, and the shares side by side. The table holds rows alone, whose keys
/// are looked at only where their places agree: nearly always because they are the same.
fn rivals(keys: &Keys) -> Vec<IdxSize> {
    const SHARES: u64 = 8;
    let mut starts = Vec::new();
    let mut end = 0;
    for chunk in keys.downcast_iter() {
        starts.push(end);
        end += chunk.len();
    }
    let chunks: Vec<_> = keys.downcast_iter().map(|chunk| chunk.values().as_slice()).collect();
    let key_of = |row: IdxSize| {
        let chunk = starts.partition_point(|&start| start <= row as usize) - 1;
        chunks[chunk][row as usize - starts[chunk]]
    };
    let mut rivals: Vec<IdxSize> = (0..SHARES)
        .into_par_iter()
        .flat_map_iter(|share| {
            let mut first: HashTable<IdxSize> = HashTable::with_capacity(keys.len() / SHARES as usize);
            let mut rivals = Vec::new();
            let mut meet = |key: Key, row: IdxSize| match first.entry(
                place(key),
                |&other| key_of(other) == key,
                |&row| place(key_of(row)),
            ) {
                Entry::Vacant(place) => {
                    place.insert(row);
                }
                Entry::Occupied(place) => rivals.extend([*place.get(), row]),
            };
            let mut start = 0;
            for array in keys.downcast_iter() {
                for (row, &key) in (start..).zip(array.values().iter()) {
                    if (place(key) >> 32) % SHARES == share
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
    use crate::frames::keys::ALIKE;

    #[test]
    fn greatest_version_wins_then_modification_then_deletion_then_position() {
        let frame = df!(
            ROW_KEY => Keys::from_slice(PlSmallStr::EMPTY, &[1, 1, 2, 2, 3, 3, 4, 4]).into_series(),
            "versionnumber" => [2i64, 1, 5, 5, 7, 7, 9, 9],
            "SinkModifiedOn" => [0i64, 9, 1, 2, 3, 3, 4, 4],
            "IsDelete" => [None, None, None, None, Some(true), None, None, None],
            POSITION => [0u64, 1, 2, 3, 4, 5, 6, 7],
            "row" => [0i64, 1, 2, 3, 4, 5, 6, 7],
        )
        .expect("a frame");
        let current = current(frame, Standing::Newest, &Scratch::default()).expect("current rows");
        let rows: Vec<_> = current.column("row").expect("row").i64().expect("i64").iter().flatten().collect();
        assert_eq!(rows, [0, 3, 4, 7]);
        let deleted: Vec<_> =
            current.column(DELETED).expect("deleted").bool().expect("bool").iter().flatten().collect();
        assert_eq!(deleted, [false, false, true, false]);
    }

    #[test]
    fn rows_are_rivals_only_where_all_bits_of_their_keys_are_the_same() {
        let frame = df!(
            ROW_KEY => ALIKE.into_iter().chain([ALIKE[1]]).map(Some).collect::<Keys>().into_series(),
            "versionnumber" => [1i64, 2, 3, 4],
            "SinkModifiedOn" => [0i64; 4],
            "IsDelete" => [None::<bool>; 4],
            POSITION => [0u64, 1, 2, 3],
            "row" => [0i64, 1, 2, 3],
        );
        let current = current(frame.expect("a frame"), Standing::Newest, &Scratch::default()).expect("current rows");
        let rows: Vec<_> = current.column("row").expect("row").i64().expect("i64").iter().flatten().collect();
        assert_eq!(rows, [0, 2, 3]);
    }

    /// Rows of one id as version, time and whether they delete: which is current.
    fn current_of(rows: &[(Option<i64>, Option<i64>, bool)]) -> i64 {
        let frame = df!(
            ROW_KEY => Keys::full(PlSmallStr::EMPTY, 1, rows.len()).into_series(),
            "versionnumber" => rows.iter().map(|row| row.0).collect::<Vec<_>>(),
            "SinkModifiedOn" => rows.iter().map(|row| row.1).collect::<Vec<_>>(),
            "IsDelete" => rows.iter().map(|row| row.2.then_some(true)).collect::<Vec<_>>(),
            POSITION => (0..rows.len() as u64).collect::<Vec<_>>(),
            "row" => (0..rows.len() as i64).collect::<Vec<_>>(),
        );
        let current = current(frame.expect("a frame"), Standing::Newest, &Scratch::default()).expect("current rows");
        assert_eq!(current.height(), 1);
        current.column("row").expect("row").i64().expect("i64").get(0).expect("a row")
    }

    #[test]
    fn a_deletion_without_version_stands_where_its_time_puts_it() {
        let (live, deletes) = (false, true);
        // Written before it, or with it: gone, in whatever order the files hold them.
        assert_eq!(current_of(&[(Some(9), Some(1), live), (None, Some(2), deletes)]), 1);
        assert_eq!(current_of(&[(None, Some(2), deletes), (Some(9), Some(1), live)]), 0);
        assert_eq!(current_of(&[(Some(9), Some(2), live), (None, Some(2), deletes)]), 1);
        assert_eq!(current_of(&[(Some(9), None, live), (None, Some(2), deletes)]), 1);
        // Written after it: created again, also where an earlier deletion came between.
        assert_eq!(current_of(&[(Some(9), Some(1), live), (None, Some(2), deletes), (Some(10), Some(3), live)]), 2);
        assert_eq!(current_of(&[(None, Some(5), deletes), (Some(9), Some(7), live), (None, Some(6), deletes)]), 1);
        assert_eq!(current_of(&[(None, Some(5), deletes), (Some(9), Some(7), live), (None, Some(8), deletes)]), 2);
        // Nobody knows when it was written: newer than everything.
        assert_eq!(current_of(&[(Some(9), Some(1), live), (None, None, deletes), (Some(10), Some(3), live)]), 1);
        // The version says which row is the newest, and that row's time whether it outlived the deletion.
        assert_eq!(current_of(&[(Some(9), Some(1), live), (None, Some(2), deletes), (Some(3), Some(4), live)]), 1);
        // With a version, it is a row like any other.
        assert_eq!(current_of(&[(Some(9), Some(1), live), (Some(8), Some(5), deletes)]), 0);
    }
}
