//! Tables and columns on disk.

use polars::prelude::*;

use super::gather::{self, Place};
use super::limits::Scratch;
use super::mapped::on_disk;
use crate::error::{Error, Result};

/// A table of fewer bytes is one file: each file is a mapping, of which the system allows a process some ten thousand.
const SMALL_TABLE: usize = 16 << 20;

impl Scratch {
    /// The same table on disk, in one piece; where memory has no limit, as it is.
    ///
    /// # Errors
    /// A disk that is full, with what to do about it.
    pub fn keep(&self, table: DataFrame) -> Result<DataFrame> {
        match self.spool() {
            Some(spool) if table.height() > 0 && table.width() > 0 => on_disk(table, spool),
            _ => Ok(table),
        }
    }

    /// The same table on disk, each column in one piece. Memory has to hold one column besides the table, and the table
    /// goes away column by column.
    ///
    /// # Errors
    /// Like [`Scratch::keep`].
    pub fn keep_columns(&self, table: DataFrame) -> Result<DataFrame> {
        if !self.is_limited() || table.estimated_size() < SMALL_TABLE {
            return self.keep(table);
        }
        let height = table.height();
        let columns = table.into_columns().into_iter().map(|column| self.keep_column(column));
        DataFrame::new(height, columns.collect::<Result<_>>()?).map_err(Error::engine("a table on disk"))
    }

    /// Puts tables on disk that are too large together to be held, but for the small ones among them.
    ///
    /// # Errors
    /// Like [`Scratch::keep`].
    pub fn keep_together<'t>(&self, tables: impl Iterator<Item = &'t mut DataFrame>) -> Result<()> {
        let tables: Vec<&mut DataFrame> = tables.collect();
        let sizes: Vec<usize> = tables.iter().map(|table| table.estimated_size()).collect();
        let size = sizes.iter().sum::<usize>() as u64;
        if !self.is_beyond(size) {
            return Ok(());
        }
        self.needs(size)?;
        for (table, size) in tables.into_iter().zip(sizes) {
            if size >= SMALL_TABLE {
                *table = self.keep_columns(std::mem::take(table))?;
            }
        }
        Ok(())
    }

    /// The column that several become of which each gives its next value when it is its turn: `turns` has their places.
    ///
    /// # Errors
    /// Like [`Scratch::keep`].
    pub fn in_turns(&self, columns: &[&Column], turns: &[u16]) -> Result<Column> {
        let places = || {
            let mut next = vec![0; columns.len()];
            turns.iter().map(move |&turn| {
                let piece = usize::from(turn);
                next[piece] += 1;
                Place { piece, at: next[piece] - 1 }
            })
        };
        gather::column(columns, &places, self)
    }

    /// The values of a column that are `kept`, or all of them, in one piece. Where memory is limited, the column must be
    /// on disk.
    ///
    /// # Errors
    /// Like [`Scratch::keep`].
    pub fn filtered(&self, column: Column, kept: Option<&BooleanChunked>) -> Result<Column> {
        if !self.is_limited() {
            let filtered = kept.map_or_else(|| Ok(column.clone()), |kept| column.filter(kept));
            return Ok(filtered.map_err(Error::engine("a filter"))?.rechunk());
        }
        let lengths: Vec<usize> = column.as_materialized_series().chunk_lengths().collect();
        if kept.is_none() && lengths.len() == 1 {
            return Ok(column);
        }
        let kept = kept.map(|kept| kept.rechunk().downcast_as_array().values().clone());
        let all =
            || lengths.iter().enumerate().flat_map(|(piece, &length)| (0..length).map(move |at| Place { piece, at }));
        match kept {
            None => gather::pieces(&column, &all, self),
            Some(kept) => {
                let those = || all().zip(kept.iter()).filter(|(_, kept)| *kept).map(|(place, _)| place);
                gather::pieces(&column, &those, self)
            }
        }
    }

    /// The same column on disk, in one piece; where memory has no limit, in one piece.
    ///
    /// # Errors
    /// Like [`Scratch::keep`].
    pub fn keep_column(&self, column: Column) -> Result<Column> {
        let doing = || Error::engine("a column on disk");
        let column = column.rechunk();
        let table = DataFrame::new(column.len(), vec![column]).map_err(doing())?;
        self.keep(table)?.into_columns().pop().ok_or_else(|| doing()(PolarsError::NoData("no column".into())))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::Arc;

    use tempfile::TempDir;

    use super::*;
    use crate::frames::keys::Keys;
    use crate::scratch::Limit;
    use crate::storage::Spool;

    fn table() -> DataFrame {
        let texts = ["", "short", "a text that is longer than what fits into a view"];
        let lists: Vec<Option<Series>> = vec![
            Some(Keys::from_slice(PlSmallStr::EMPTY, &[1, i128::MAX]).into_series()),
            None,
            Some(Keys::from_slice(PlSmallStr::EMPTY, &[]).into_series()),
        ];
        let mut table = df!(
            "key" => Keys::from_iter([Some(i128::MIN), None, Some(7)]).into_series(),
            "text" => texts,
            "maybe" => [Some("x"), None, Some("a text that is longer than what fits into a view")],
            "truth" => [Some(true), None, Some(false)],
            "number" => [1u32, 2, 3],
            "byte" => [Some(1u8), None, Some(3)],
            "share" => [0.5, f64::NAN, -0.0],
            "keys" => lists.into_iter().collect::<ListChunked>().into_series(),
        )
        .unwrap();
        let at = Int64Chunked::from_slice("at".into(), &[1, -1, i64::MAX]).into_series();
        table.with_column(at.cast(&DataType::Datetime(TimeUnit::Microseconds, None)).unwrap().into_column()).unwrap();
        table
    }

    fn scratch(root: &TempDir) -> (Scratch, Arc<Spool>) {
        let spool = Arc::new(Spool::below(root.path().to_path_buf()));
        (Scratch::beyond(Limit::Bytes(1 << 30), Arc::clone(&spool)), spool)
    }

    #[test]
    fn a_table_on_disk_is_the_same_in_one_piece_and_leaves_no_file() {
        let root = TempDir::new().unwrap();
        let (scratch, spool) = scratch(&root);
        let twice = table().vstack(&table()).unwrap();
        let kept = scratch.keep(twice.clone()).unwrap();
        assert!(kept.equals_missing(&twice));
        assert_eq!(kept.schema(), twice.schema());
        assert!(kept.columns().iter().all(|column| column.as_materialized_series().n_chunks() == 1));
        let left = fs::read_dir(spool.folder().unwrap()).unwrap().count();
        assert_eq!(left, 1, "the lock alone");
        assert!(scratch.keep(twice.clear()).unwrap().equals_missing(&twice.clear()));
        assert!(Scratch::default().keep(twice.clone()).unwrap().equals_missing(&twice));
        assert!(scratch.keep_columns(twice.clone()).unwrap().equals_missing(&twice));
    }

    /// Whether it lies in a file that is mapped.
    fn is_mapped(place: usize) -> bool {
        let maps = fs::read_to_string("/proc/self/maps").unwrap();
        let line = maps.lines().find(|line| {
            let (from, to) = line.split_once(' ').unwrap().0.split_once('-').unwrap();
            let number = |text| usize::from_str_radix(text, 16).unwrap();
            (number(from)..number(to)).contains(&place)
        });
        line.unwrap().contains("table")
    }

    /// Where values of 16 bytes begin is for the length of what stands before them to say: of names, for one.
    #[test]
    fn keys_lie_where_they_can_be_used_without_a_copy() {
        let root = TempDir::new().unwrap();
        let (scratch, _) = scratch(&root);
        let many: Keys = (0..1000).map(|at| (at % 3 > 0).then_some(at)).collect();
        for length in 0..24 {
            let name: PlSmallStr = "k".repeat(length).into();
            let kept = scratch.keep_column(many.clone().with_name(name.clone()).into_column()).unwrap();
            assert_eq!(kept.name(), &name);
            let place = kept.i128().unwrap().downcast_as_array().values().as_slice().as_ptr() as usize;
            assert!(is_mapped(place), "{length}");
            let list = many.clone().into_series().implode().unwrap().with_name(name.clone()).into_series();
            let table = DataFrame::new(1, vec![list.into_column(), Column::new("text".into(), ["a"])]).unwrap();
            let kept = scratch.keep(table).unwrap();
            let keys = kept.column(&name).unwrap().list().unwrap().get_inner();
            let place = keys.i128().unwrap().downcast_as_array().values().as_slice().as_ptr() as usize;
            assert!(is_mapped(place), "{length} in a list");
        }
    }
}
