//! Panics while reading files, as errors.
//!
//! polars checks much of a file only while it decodes it, and panics on some of what it meets: a
//! page that was damaged, a type that it does not know. A file of the lake must end in a message
//! that names it, not in a crash (rule R6). This is the one place where panics are caught for that;
//! everything else that panics is a mistake of the program and is reported as one.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// How many guarded calls are under way; panics come from worker threads of polars as well.
static GUARDED: AtomicUsize = AtomicUsize::new(0);
static LAST_PLACE: Mutex<Option<String>> = Mutex::new(None);

/// Runs `f`; a panic becomes the place in the source at which it happened.
///
/// What a panic says is left out: it may quote the data (rule R5).
pub fn guarded<T>(f: impl FnOnce() -> T) -> Result<T, String> {
    GUARDED.fetch_add(1, Ordering::SeqCst);
    let outcome = catch_unwind(AssertUnwindSafe(f));
    GUARDED.fetch_sub(1, Ordering::SeqCst);
    outcome.map_err(|_| {
        let place = LAST_PLACE.lock().unwrap_or_else(PoisonError::into_inner).take();
        place.unwrap_or_else(|| "an unknown place".to_string())
    })
}

/// For the panic hook: notes the place and says whether somebody turns the panic into an error,
/// so that it need not be reported.
pub fn takes_panic(place: Option<String>) -> bool {
    if GUARDED.load(Ordering::SeqCst) == 0 {
        return false;
    }
    *LAST_PLACE.lock().unwrap_or_else(PoisonError::into_inner) = place.as_deref().map(in_crate);
    true
}

/// The place without the folder in which the machine that built the program kept its crates.
fn in_crate(place: &str) -> String {
    let below = place.split_once("/registry/src/").and_then(|(_, below)| below.split_once('/'));
    below.map_or(place, |(_, below)| below).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_without_its_words() {
        let caught: Result<(), String> = guarded(|| panic!("anna@nordwind.example"));
        assert!(!caught.unwrap_err().contains("anna"));
        assert_eq!(guarded(|| 1), Ok(1));
        assert_eq!(in_crate("/x/registry/src/index-1/polars-0.1/src/a.rs:1:2"), "polars-0.1/src/a.rs:1:2");
    }
}
