//! Rows of two files of one table brought together by their keys, a part of the files at a time: both are in the order
//! of the key.

use std::cmp::Ordering;

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::forget::published::{CHUNK, OpenedFile};
use crate::table::Table;

/// Rows of a part of both files.
pub struct RowsOfBoth {
    /// Rows of A and of B.
    pub frames: [DataFrame; 2],
    /// Rows with the same key, by their places in both.
    pub same: [Vec<IdxSize>; 2],
    /// Rows whose key the other side does not have, by their places.
    pub only: [Vec<IdxSize>; 2],
}

/// Both files, read as far as rows were handed on.
pub struct Merge<'a> {
    table: &'a Table,
    read: Vec<&'a str>,
    files: [&'a OpenedFile; 2],
    offsets: [usize; 2],
    pending: [DataFrame; 2],
}

impl<'a> Merge<'a> {
    /// Of the key and of `columns`.
    pub fn new(table: &'a Table, columns: &[&'a str], files: [&'a OpenedFile; 2]) -> Merge<'a> {
        let read = table.key.iter().chain(columns).copied().collect();
        Merge { table, read, files, offsets: [0, 0], pending: [DataFrame::empty(), DataFrame::empty()] }
    }

    /// The next rows; none where both files are at their end.
    ///
    /// # Errors
    /// Files that are no readable Parquet, or not in the order of their key.
    pub fn next_rows(&mut self) -> Result<Option<RowsOfBoth>> {
        for side in 0..2 {
            self.fill(side)?;
        }
        let keys = [self.keys(0)?, self.keys(1)?];
        let [a, b] = [self.pending[0].height(), self.pending[1].height()];
        let taken = match (a, b) {
            (0, 0) => return Ok(None),
            (_, 0) | (0, _) => [a, b],
            // What lies up to the smaller of the two last keys, nothing that is still to be read can belong to.
            _ => match keys[0].compare(a - 1, &keys[1], b - 1) {
                Ordering::Greater => [keys[0].until(&keys[1], b - 1), b],
                _ => [a, keys[1].until(&keys[0], a - 1)],
            },
        };
        let mut rows = aligned(&keys, taken);
        for ((pending, frame), taken) in self.pending.iter_mut().zip(&mut rows.frames).zip(taken) {
            (*frame, *pending) = pending.split_at(taken as i64);
        }
        Ok(Some(rows))
    }

    fn fill(&mut self, side: usize) -> Result<()> {
        let (file, offset) = (self.files[side], self.offsets[side]);
        // Also of a file without rows the columns are needed.
        if self.pending[side].height() > 0 || (offset > 0 && offset >= file.rows) {
            return Ok(());
        }
        self.pending[side] = file.read(&self.read, offset, CHUNK)?;
        self.pending[side].rechunk_mut();
        self.offsets[side] += CHUNK;
        let keys = self.keys(side)?;
        let rows = 1..self.pending[side].height();
        match rows.clone().find(|&row| keys.compare(row - 1, &keys, row) != Ordering::Less) {
            None => Ok(()),
            Some(row) => Err(Error::Checks {
                message: format!(
                    "table {}: row {} of one of the files is not in the order of the key; publish the partition again",
                    self.table.name,
                    offset + row + 1
                ),
            }),
        }
    }

    fn keys(&self, side: usize) -> Result<Keys> {
        let frame = &self.pending[side];
        if frame.height() == 0 {
            return Ok(Keys(Vec::new()));
        }
        let doing = || Error::engine(format!("table {}: comparing keys", self.table.name));
        let column = |name: &&str| -> PolarsResult<KeyColumn> {
            let column = frame.column(name)?;
            Ok(match column.dtype() {
                DataType::String => KeyColumn::Texts(column.str()?.clone()),
                _ => KeyColumn::Numbers(column.to_physical_repr().cast(&DataType::Int64)?.i64()?.clone()),
            })
        };
        let columns = self.table.key.iter().map(column).collect::<PolarsResult<Vec<_>>>();
        columns.map(Keys).map_err(doing())
    }
}

/// The columns of a key.
struct Keys(Vec<KeyColumn>);

enum KeyColumn {
    Texts(StringChunked),
    Numbers(Int64Chunked),
}

impl Keys {
    fn compare(&self, row: usize, other: &Keys, other_row: usize) -> Ordering {
        let compared = self.0.iter().zip(&other.0).map(|columns| match columns {
            (KeyColumn::Texts(one), KeyColumn::Texts(other)) => one.get(row).cmp(&other.get(other_row)),
            (KeyColumn::Numbers(one), KeyColumn::Numbers(other)) => one.get(row).cmp(&other.get(other_row)),
            (KeyColumn::Texts(_), KeyColumn::Numbers(_)) => Ordering::Less,
            (KeyColumn::Numbers(_), KeyColumn::Texts(_)) => Ordering::Greater,
        });
        compared.fold(Ordering::Equal, Ordering::then)
    }

    fn rows(&self) -> usize {
        match self.0.first() {
            Some(KeyColumn::Texts(texts)) => texts.len(),
            Some(KeyColumn::Numbers(numbers)) => numbers.len(),
            None => 0,
        }
    }

    /// How many rows come no later than a row of another file.
    fn until(&self, other: &Keys, row: usize) -> usize {
        let (mut low, mut high) = (0, self.rows());
        while low < high {
            let middle = low.midpoint(high);
            match self.compare(middle, other, row) {
                Ordering::Greater => high = middle,
                _ => low = middle + 1,
            }
        }
        low
    }
}

fn aligned(keys: &[Keys; 2], taken: [usize; 2]) -> RowsOfBoth {
    let mut rows = RowsOfBoth {
        frames: [DataFrame::empty(), DataFrame::empty()],
        same: [Vec::new(), Vec::new()],
        only: [Vec::new(), Vec::new()],
    };
    let (mut a, mut b) = (0, 0);
    while a < taken[0] || b < taken[1] {
        let order = match (a < taken[0], b < taken[1]) {
            (true, true) => keys[0].compare(a, &keys[1], b),
            (true, false) => Ordering::Less,
            _ => Ordering::Greater,
        };
        match order {
            Ordering::Less => rows.only[0].push(a as IdxSize),
            Ordering::Greater => rows.only[1].push(b as IdxSize),
            Ordering::Equal => {
                rows.same[0].push(a as IdxSize);
                rows.same[1].push(b as IdxSize);
            }
        }
        a += usize::from(order != Ordering::Greater);
        b += usize::from(order != Ordering::Less);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(ids: &[&str], days: &[i64]) -> Keys {
        let texts = StringChunked::from_slice("id".into(), ids);
        Keys(vec![KeyColumn::Texts(texts), KeyColumn::Numbers(Int64Chunked::from_slice("day".into(), days))])
    }

    #[test]
    fn rows_meet_by_every_column_of_the_key() {
        let both = [keys(&["a", "a", "c"], &[1, 3, 1]), keys(&["a", "a", "b"], &[2, 3, 1])];
        let rows = aligned(&both, [3, 3]);
        assert_eq!(rows.same, [[1], [1]]);
        assert_eq!(rows.only, [[0, 2], [0, 2]]);
        assert_eq!(both[0].until(&both[1], 2), 2);
        assert_eq!(both[1].until(&both[0], 1), 2);
    }
}
