//! SIGINT and SIGTERM: stop between two steps, or within seconds when a step is long.

use std::io;
use std::process;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::log::Log;
use crate::context::Interruption;
use crate::error::Error;
use crate::storage::Spool;

/// How long a run may take to end by itself.
const GRACE: Duration = Duration::from_secs(3);

pub(super) fn watch(interruption: Arc<Interruption>, spool: Arc<Spool>, log: Log) -> io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    thread::Builder::new().name("signals".to_string()).spawn(move || {
        if let Some(signal) = signals.forever().next() {
            interruption.raise(signal);
            thread::sleep(GRACE);
            let error = Error::Interrupted(signal);
            let _nothing_new_begins = interruption.clear_away();
            spool.clear_away();
            log.failure(&error, &[]);
            process::exit(i32::from(error.exit_code()));
        }
    })?;
    Ok(())
}
