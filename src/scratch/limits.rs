//! How much memory a run may take, and what of it a step may.

use std::io;
use std::sync::Arc;

use bytemuck::{AnyBitPattern, NoUninit};
use bytesize::ByteSize;

use super::list::Growing;
use crate::error::{Error, Result};
use crate::storage::{Spool, Storage};

/// How much of the limit the tables of a step may take while it works on them: it needs about as much again for what it
/// makes of them, and what came before is still there.
const SHARE: u64 = 8;
/// A part is not made smaller than this, whatever the limit: each costs a look at everybody's records.
const SMALLEST: u64 = 32 << 20;
/// More parts than this are never made: their results are put together all at once.
const MOST_PARTS: u32 = 10_000;
/// Bytes of memory that a byte of compressed files becomes.
const UNPACKED: u64 = 4;
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

    /// Gives back what the step before left free, where memory is limited: tables of one step fit badly into what is left
    /// of another's, so that it would count towards the run until its end.
    pub fn make_room(&self) {
        if self.is_limited() {
            crate::memory::make_room();
        }
    }

    /// Whether memory has a limit.
    pub fn is_limited(&self) -> bool {
        self.0.is_some()
    }

    /// Where files of the run lie; none without a limit.
    pub(super) fn spool(&self) -> Option<&Spool> {
        self.0.as_ref().map(|bounded| &*bounded.spool)
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

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
        let spool = Arc::new(Spool::below(root.path().to_path_buf()));
        let scratch = Scratch::beyond(Limit::Bytes(1 << 30), spool);
        scratch.needs(1 << 20).unwrap();
        assert!(scratch.takes(256 << 20).unwrap());
        let error = scratch.needs(u64::MAX).unwrap_err().to_string();
        assert!(error.contains("about 16.0 EiB are needed, ") && error.contains("TMPDIR"), "{error}");
        assert!(scratch.takes(u64::MAX).is_err() && Scratch::default().needs(u64::MAX).is_ok());
    }
}
