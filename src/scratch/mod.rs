//! Tables and lists that are too large for memory: files of which the system holds as much as there is room for.
//!
//! A file has no name from the moment it is mapped, so that nothing of it is left however a run ends, and is made in the
//! folder of the run that is closed to others. They need as much disk as the tables would need memory.

mod gather;
mod list;
mod mapped;

use std::io;
use std::sync::Arc;

use bytemuck::{AnyBitPattern, NoUninit};
use bytesize::ByteSize;
use polars::prelude::*;

use crate::error::{Error, Result};
use crate::storage::{Spool, Storage};
use gather::Place;
use mapped::on_disk;

pub use list::{Growing, List};

/// How much of the limit the tables of a step may take while it works on them: it needs about as much again for what it
/// makes of them, and what came before is still there.
const SHARE: u64 = 8;
/// A part is not made smaller than this, whatever the limit: each costs a look at everybody's records.
const SMALLEST: u64 = 32 << 20;
/// More parts than this are never made: their results are put together all at once.
const MOST_PARTS: u32 = 10_000;
/// Bytes of memory that a byte of compressed files becomes.
const UNPACKED: u64 = 4;
/// A table of fewer bytes is one file: each file is a mapping, of which the system allows a process some ten thousand.
const SMALL_TABLE: usize = 16 << 20;
/// So many values are held at a time, however low the limit.
const LEAST_VALUES: usize = 1 << 16;
/// So many where a number of parts is asked for: the parts of a small lake have few.
const FEW_VALUES: usize = 1 << 10;

/// How much memory a run may take, and where it puts what is beyond. Copies share it.
#[derive(Clone, Debug, Default)]
pub struct Scratch(Option<Bounded>);

#[derive(Clone, Debug)]
struct Bounded {
    limit: Limit,
    spool: Arc<Spool>,
    /// How many parts are worked on at a time.
    workers: u32,
    /// Where parts lie that other processes have made.
    work: Option<Storage>,
}

/// What a run is held to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// About so many bytes of memory.
    Bytes(u64),
    /// So many parts, with all tables on disk, whatever the memory.
    Parts(u32),
}

impl Scratch {
    /// For a run that is held to a limit. What is beyond goes to the spool.
    pub fn beyond(limit: Limit, spool: Arc<Spool>) -> Scratch {
        Scratch(Some(Bounded { limit, spool, workers: 1, work: None }))
    }

    /// The same for a run that works on so many parts at a time, each within its share of the limit.
    pub fn with_workers(mut self, workers: u32) -> Scratch {
        if let Some(bounded) = &mut self.0 {
            bounded.workers = workers.max(1);
        }
        self
    }

    /// The same for a run that takes the parts that other processes have put there.
    pub fn with_work(mut self, work: Storage) -> Scratch {
        if let Some(bounded) = &mut self.0 {
            bounded.work = Some(work);
        }
        self
    }

    /// How many parts are worked on at a time.
    pub fn workers(&self) -> u32 {
        self.0.as_ref().map_or(1, |bounded| bounded.workers)
    }

    /// Where parts lie that other processes have made, and where what comes from there lies meanwhile.
    pub fn work(&self) -> Option<(&Storage, Arc<Spool>)> {
        let bounded = self.0.as_ref()?;
        Some((bounded.work.as_ref()?, Arc::clone(&bounded.spool)))
    }

    /// Whether a table whose files have so many bytes is too large to be held; if so, there is room for it on disk.
    ///
    /// # Errors
    /// Like [`Scratch::needs`].
    pub fn takes(&self, file_bytes: u64) -> Result<bool> {
        let bytes = file_bytes.saturating_mul(UNPACKED);
        if !self.is_beyond(bytes) {
            return Ok(false);
        }
        self.needs(bytes)?;
        Ok(true)
    }

    /// In how many parts a step is to work on tables of so many bytes.
    pub fn parts(&self, bytes: u64) -> u32 {
        match self.0.as_ref().map(|bounded| bounded.limit) {
            None => 1,
            Some(Limit::Parts(parts)) => parts.clamp(1, MOST_PARTS),
            Some(Limit::Bytes(limit)) => {
                let of_worker = limit / SHARE / u64::from(self.workers());
                let parts = bytes.div_ceil(of_worker.max(SMALLEST));
                u32::try_from(parts).unwrap_or(MOST_PARTS).clamp(self.workers().min(MOST_PARTS), MOST_PARTS)
            }
        }
    }

    /// Whether a table of so many bytes is too large to be held.
    pub fn is_beyond(&self, bytes: u64) -> bool {
        match self.0.as_ref().map(|bounded| bounded.limit) {
            None => false,
            Some(Limit::Parts(_)) => true,
            Some(Limit::Bytes(limit)) => bytes > limit / SHARE,
        }
    }

    /// Makes sure, before anything is written, that the disk has room for about so many bytes; without a limit nothing
    /// is written.
    ///
    /// # Errors
    /// A disk that has less, with what to do about it.
    pub fn needs(&self, bytes: u64) -> Result<()> {
        let Some(bounded) = &self.0 else { return Ok(()) };
        let folder = bounded.spool.folder()?;
        let free = fs4::available_space(&folder).map_err(Error::storage(&folder))?;
        if free >= bytes {
            return Ok(());
        }
        let message = format!("about {} are needed, {} are free", ByteSize::b(bytes), ByteSize::b(free));
        Err(Error::storage(&folder)(io::Error::new(io::ErrorKind::StorageFull, message)))
    }

    /// A list to be written, on disk where memory has a limit.
    ///
    /// # Errors
    /// Like [`Scratch::keep`].
    pub fn list<T: AnyBitPattern + NoUninit>(&self) -> Result<Growing<T>> {
        self.0.as_ref().map_or_else(|| Ok(Growing::in_memory()), |bounded| Growing::in_file(&bounded.spool))
    }

    /// How many values of so many bytes a step may hold in memory at a time.
    pub fn values(&self, bytes: usize) -> usize {
        match self.0.as_ref().map(|bounded| bounded.limit) {
            None => usize::MAX,
            Some(Limit::Parts(_)) => FEW_VALUES,
            Some(Limit::Bytes(limit)) => {
                usize::try_from(limit / SHARE / bytes.max(1) as u64).unwrap_or(usize::MAX).max(LEAST_VALUES)
            }
        }
    }

    /// Both at once, or one after the other where memory is limited: each needs its own.
    pub fn join<A: Send, B: Send>(&self, one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B + Send) -> (A, B) {
        if self.is_limited() { (one(), other()) } else { rayon::join(one, other) }
    }

    /// Whether memory has a limit.
    pub fn is_limited(&self) -> bool {
        self.0.is_some()
    }

    /// The same table on disk, in one piece; where memory has no limit, as it is.
    ///
    /// # Errors
    /// A disk that is full, with what to do about it.
    pub fn keep(&self, table: DataFrame) -> Result<DataFrame> {
        match &self.0 {
            Some(bounded) if table.height() > 0 && table.width() > 0 => on_disk(table, &bounded.spool),
            _ => Ok(table),
        }
    }

    /// The same table on disk, each column in one piece. Memory has to hold one column besides the table, and the table
    /// goes away column by column.
    ///
    /// # Errors
    /// Like [`Scratch::keep`].
    pub fn keep_columns(&self, table: DataFrame) -> Result<DataFrame> {
        if self.0.is_none() || table.estimated_size() < SMALL_TABLE {
            return self.keep(table);
        }
        let height = table.height();
        let columns = table.into_columns().into_iter().map(|column| self.keep_column(column));
        DataFrame::new(height, columns.collect::<Result<_>>()?).map_err(Error::engine("a table on disk"))
    }

    /// The same table on disk if it is too large to be held.
    ///
    /// # Errors
    /// Like [`Scratch::keep`].
    pub fn keep_large(&self, table: DataFrame) -> Result<DataFrame> {
        if self.is_beyond(table.estimated_size() as u64) { self.keep_columns(table) } else { Ok(table) }
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

    use tempfile::TempDir;

    use super::*;
    use crate::frames::keys::Keys;

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

    #[test]
    fn parts_grow_with_the_tables_and_shrink_with_the_limit() {
        let of = |limit: u64| Scratch::beyond(Limit::Bytes(limit), Arc::new(Spool::below(std::path::PathBuf::new())));
        assert_eq!(
            [of(8 << 30).parts(1 << 30), of(8 << 30).parts((1 << 30) + 1), of(1 << 30).parts(1 << 30)],
            [1, 2, 8]
        );
        assert_eq!([of(1).parts(64 << 20), of(1).parts(0), Scratch::default().parts(u64::MAX)], [2, 1, 1]);
        assert!(!of(8 << 30).takes(256 << 20).unwrap() && !Scratch::default().takes(u64::MAX).unwrap());
        let five = Scratch::beyond(Limit::Parts(5), Arc::new(Spool::below(std::path::PathBuf::new())));
        assert_eq!((five.parts(0), five.is_beyond(0)), (5, true));
        assert_eq!(of(1).parts(u64::MAX), 10_000);
    }

    #[test]
    fn a_disk_without_room_is_told_of_before_anything_is_written() {
        let root = TempDir::new().unwrap();
        let (scratch, _) = scratch(&root);
        scratch.needs(1 << 20).unwrap();
        assert!(scratch.takes(256 << 20).unwrap());
        let error = scratch.needs(u64::MAX).unwrap_err().to_string();
        assert!(error.contains("about 16.0 EiB are needed, ") && error.contains("TMPDIR"), "{error}");
        assert!(scratch.takes(u64::MAX).is_err() && Scratch::default().needs(u64::MAX).is_ok());
    }
}
