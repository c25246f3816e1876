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

use super::log::Log;
use super::lost_input;
use crate::context::Interruption;
use crate::error::Error;
use crate::storage::Spool;

/// How long a run may take to end by itself.
pub(super) const GRACE: Duration = Duration::from_secs(3);

pub(super) fn watch(interruption: Arc<Interruption>, spool: Arc<Spool>, log: Log, grace: Duration) -> io::Result<()> {
    // Who ignores one, as nohup does, is not to be stopped by it.
    let heeded = [SIGINT, SIGTERM, SIGHUP, SIGQUIT].into_iter().filter(|signal| !is_ignored(*signal));
    let mut signals = Signals::new(heeded)?;
    let (stopped, files) = (Arc::clone(&interruption), Arc::clone(&spool));
    thread::Builder::new().name("signals".to_string()).spawn(move || {
        if let Some(signal) = signals.forever().next() {
            stopped.raise(signal);
            thread::sleep(grace);
            end(&Error::Interrupted(signal), &stopped, &files, log);
        }
    })?;
    lost_input::watch(move |error| end(&error, &interruption, &spool, log))
}

fn end(error: &Error, interruption: &Interruption, spool: &Spool, log: Log) {
    let _nothing_new_begins = interruption.clear_away();
    spool.clear_away();
    log.failure(error, &[]);
    process::exit(i32::from(error.exit_code()));
}

/// Where the system does not tell, nothing is.
fn is_ignored(signal: i32) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| u64::from_str_radix(line.strip_prefix("SigIgn:")?.trim(), 16).ok());
    ignored.is_some_and(|ignored| ignored >> (signal - 1) & 1 == 1)
}
