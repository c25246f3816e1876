//! The context of a run that all steps share: its id, its output, whom it reports to, and whether it was interrupted.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;

use crate::config::OutputFormat;
use crate::error::{Error, Result};
use crate::quality::{freshness::Freshness, measures::QualityMeasure};
use crate::sources::Fetched;
use crate::storage::Storage;
use crate::time::DAY;

/// Where tables of results go, and how they are laid out there.
#[derive(Debug, Clone)]
pub struct Output {
    /// The folder.
    pub storage: Storage,
    /// How partitions are laid out in it.
    pub format: OutputFormat,
    /// Who may read published files in a local folder; none for what the umask says.
    pub file_mode: Option<u32>,
}

/// What a run hands down to every step.
pub struct RunContext<'a> {
    /// Unique among all runs; part of file names.
    pub run_id: String,
    /// When the run began, in the reporting time zone. It only tells what lies in the future: such days are
    /// never current, and such rows no sign of a fresh export.
    pub now: DateTime<Tz>,
    /// Where results go.
    pub output: &'a Output,
    /// Where the run says what it does.
    pub progress: &'a (dyn Fn(Progress<'_>) + Sync),
    /// Whether it was told to stop.
    pub interruption: &'a Interruption,
}

/// What a run reports while it works. It must not contain personal data, because it is logged.
#[derive(Debug, Clone, Copy)]
pub enum Progress<'a> {
    /// How many steps there will be, over all days of the run.
    Steps(u64),
    /// A phase of the work begins, for a day or for all of them; the one before is done.
    Phase {
        /// As people read it: `reading the lake`.
        name: &'a str,
        /// The day; none where the phase serves all days.
        as_of: Option<NaiveDate>,
    },
    /// A table of results is begun. Several may be under way.
    Table(&'a str),
    /// An input table was read.
    Read {
        /// The table.
        table: &'a str,
        /// Its data files.
        files: u64,
        /// Rows in them, superseded versions and deletes included.
        rows: u64,
        /// What was read of a store.
        fetched: Option<Fetched>,
    },
    /// Source rows were left out (N8), counted per reason.
    Dropped {
        /// One of the reasons of rule N8.
        reason: &'a str,
        /// How many rows.
        rows: u64,
    },
    /// A partition of a table was replaced.
    Published {
        /// The table.
        table: &'a str,
        /// `as_of_date=2026-03-31`.
        partition: &'a str,
        /// Its rows.
        rows: u64,
    },
    /// How new the sources are as of a day.
    Freshness(&'a Freshness),
    /// What of the lake is beyond a limit of the settings.
    Quality(&'a QualityMeasure),
    /// What somebody should look at.
    Warning(&'a str),
    /// Of people who opted out or are erased: told even by a run that is to be quiet.
    PrivacyWarning(&'a str),
}

impl RunContext<'_> {
    /// The day in the reporting time zone.
    pub fn today(&self) -> NaiveDate {
        self.now.date_naive()
    }

    /// The latest instant that can be past, microseconds: clocks differ, but not by a day.
    pub fn past_until(&self) -> i64 {
        self.now.timestamp_micros().saturating_add(DAY)
    }

    /// Says what the run does now.
    pub fn report(&self, progress: Progress<'_>) {
        (self.progress)(progress);
    }

    /// To be asked between steps: an error once the program was told to stop.
    pub fn check_interrupted(&self) -> Result<()> {
        match self.interruption.signal() {
            Some(signal) => Err(Error::Interrupted(signal)),
            None => Ok(()),
        }
    }
}

/// The signal that came, if any, and the files to remove when the program ends at once.
#[derive(Debug, Default)]
pub struct Interruption {
    signal: AtomicI32,
    unfinished: Mutex<Vec<PathBuf>>,
}

impl Interruption {
    /// Notes the signal that came.
    pub fn raise(&self, signal: i32) {
        self.signal.store(signal, Ordering::Release);
    }

    /// The signal that came, if any.
    pub fn signal(&self) -> Option<i32> {
        match self.signal.load(Ordering::Acquire) {
            0 => None,
            signal => Some(signal),
        }
    }

    /// Removes the unfinished files. While the guard lives no other can be begun,
    /// so that a program that exits with the guard in hand leaves nothing behind.
    pub fn clear_away(&self) -> MutexGuard<'_, Vec<PathBuf>> {
        let unfinished = self.lock();
        for path in unfinished.iter() {
            // A file that cannot be removed is cleaned up by the next run of its partition.
            let _ = fs::remove_file(path);
        }
        unfinished
    }

    pub(crate) fn begin(&self, path: &Path) {
        self.lock().push(path.to_path_buf());
    }

    pub(crate) fn end(&self, path: &Path) {
        self.lock().retain(|unfinished| unfinished != path);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<PathBuf>> {
        self.unfinished.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
