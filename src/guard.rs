//! Panics while reading files, as errors.
//!
//! polars checks much of a file only while it decodes it, and panics on some of what it meets: a
//! page that was damaged, a type that it does not know. A file of the lake must end in a message
//! that names it, not in a crash (rule R6). This is the one place where panics are caught for that;
//! everything else that panics is a mistake of the program and is reported as one.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many guarded calls are under way; panics come from worker threads of polars as well.
static GUARDED: AtomicUsize = AtomicUsize::new(0);

/// What was called panicked. What a panic says is left out: it may quote the data (rule R5), and where it
/// happened is a place in the engine's source, of use to nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Panicked;

/// Runs `f`.
///
/// # Errors
/// A panic, its own or that of a thread that worked for it.
pub fn guarded<T>(f: impl FnOnce() -> T) -> Result<T, Panicked> {
    GUARDED.fetch_add(1, Ordering::SeqCst);
    let outcome = catch_unwind(AssertUnwindSafe(f));
    GUARDED.fetch_sub(1, Ordering::SeqCst);
    outcome.map_err(|_| Panicked)
}

/// For the panic hook: whether somebody turns panics into errors, so that they need not be reported.
pub fn takes_panics() -> bool {
    GUARDED.load(Ordering::SeqCst) > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_without_its_words() {
        assert_eq!(guarded(|| panic!("anna@nordwind.example")).map(|()| 1), Err(Panicked));
        assert_eq!(guarded(|| 1), Ok(1));
    }
}
