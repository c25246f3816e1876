//! Signals that stop a run: between two steps, or within seconds when a step is long. And what ends it at
//! once. Nothing unfinished and nothing that came from a store is left behind.

use std::fs;
use std::io;
use std::process;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::iterator::Signals;

use super::lost_input;
use super::ongoing::Ongoing;
use super::session::Session;
use crate::context::Interruption;
use crate::error::Error;
use crate::storage::Spool;

/// How long a run may take to end by itself.
pub(super) const GRACE: Duration = Duration::from_secs(3);

pub(super) fn watch(session: &Session<'_>, grace: Duration) -> io::Result<()> {
    let end = Ending {
        interruption: Arc::clone(&session.interruption),
        spool: Arc::clone(&session.folder.spool),
        ongoing: session.ongoing.clone(),
    };
    // Who ignores one, as nohup does, is not to be stopped by it.
    let heeded = [SIGINT, SIGTERM, SIGHUP, SIGQUIT].into_iter().filter(|signal| !is_ignored(*signal));
    let mut signals = Signals::new(heeded)?;
    let stopped = end.clone();
    thread::Builder::new().name("signals".to_string()).spawn(move || {
        if let Some(signal) = signals.forever().next() {
            stopped.interruption.raise(signal);
            thread::sleep(grace);
            stopped.end(Error::Interrupted(signal));
        }
    })?;
    lost_input::watch(move |error| end.end(error))
}

/// What it takes to end the program at once.
#[derive(Clone)]
struct Ending {
    interruption: Arc<Interruption>,
    spool: Arc<Spool>,
    ongoing: Ongoing,
}

impl Ending {
    fn end(&self, error: Error) {
        let code = error.exit_code();
        self.ongoing.end_soon(error, &self.spool, &self.interruption);
        let _nothing_new_begins = self.interruption.clear_away();
        self.spool.clear_away();
        process::exit(i32::from(code));
    }
}

/// Where the system does not tell, nothing is.
fn is_ignored(signal: i32) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| u64::from_str_radix(line.strip_prefix("SigIgn:")?.trim(), 16).ok());
    ignored.is_some_and(|ignored| ignored >> (signal - 1) & 1 == 1)
}
