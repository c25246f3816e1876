//! What lasts as long as a command does, and how what happens is shown.

use std::sync::Arc;

use indicatif::MultiProgress;

use super::memory_limit::Bounds;
use super::ongoing::Ongoing;
use super::places::TemporaryFolder;
use crate::context::Interruption;
use crate::scratch::Limit;

/// How a run is shown to who started it.
pub(super) struct Shown<'a> {
    /// Where bars are drawn, for people who watch.
    pub bars: Option<&'a MultiProgress>,
    /// Whether the summary is left out.
    pub quiet: bool,
}

/// What all runs of a command share.
pub(super) struct Session<'a> {
    pub folder: &'a TemporaryFolder,
    pub interruption: Arc<Interruption>,
    pub ongoing: Ongoing,
    /// What runs are held to.
    pub bounds: Bounds,
}

impl Session<'_> {
    /// Of a command that begins: no run is under way, and nobody has told it to stop.
    pub(super) fn new(folder: &TemporaryFolder) -> Session<'_> {
        Session { folder, interruption: Arc::default(), ongoing: Ongoing::default(), bounds: Bounds::none() }
    }

    /// The same of a command that publishes: its runs are told to whom the environment names, and are held to bounds.
    pub(super) fn of_runs(folder: &TemporaryFolder, bounds: Bounds) -> Session<'_> {
        if let Some(Limit::Bytes(bytes)) = bounds.limit {
            crate::memory::may_take(bytes);
        }
        Session { ongoing: Ongoing::told_by_environment(), bounds, ..Session::new(folder) }
    }
}
