//! The threads that talk to stores. What is asynchronous ends here: everybody else waits for it.

use std::future::Future;
use std::sync::OnceLock;

use tokio::runtime::{Builder, Handle, Runtime};

use crate::error::{Error, Result};

/// The threads that talk to stores, started when they are first needed.
///
/// # Errors
/// A machine that starts no more threads.
pub fn threads() -> Result<Handle> {
    static RUNTIME: OnceLock<std::io::Result<Runtime>> = OnceLock::new();
    let runtime = RUNTIME
        .get_or_init(|| Builder::new_multi_thread().worker_threads(2).thread_name("storage").enable_all().build());
    match runtime {
        Ok(runtime) => Ok(runtime.handle().clone()),
        Err(error) => Err(Error::storage("threads for storage")(std::io::Error::new(error.kind(), error.to_string()))),
    }
}

/// Runs what stores do to its end.
///
/// # Errors
/// Like [`threads`].
pub fn block_on<F: Future>(work: F) -> Result<F::Output> {
    Ok(threads()?.block_on(work))
}
