//! Whether others wrote to a table while it was read: then nothing that was read of it is to be trusted, and what
//! is wrong with it is no fault of the lake. A run ends then in a way that says to run again (rule R4).
//!
//! In a store every request names the version that was listed; here the files are looked at before and after.

use std::path::Path;
use std::thread;

use crate::error::Result;
use crate::sources::contract::SourceTable;
use crate::sources::files::files_before::{FilesBefore, REPLACED_WITHIN};
use crate::sources::files::lake::Lake;
use crate::sources::files::listing;

/// Reads what `read` reads of a table, and remembers its files for [`check`].
///
/// # Errors
/// Those of `read`; another one when files of the table changed meanwhile.
pub fn watched<T>(lake: &Lake, table: &SourceTable, read: impl FnOnce() -> Result<T>) -> Result<T> {
    let Some(folder) = lake.local_folder(table.system) else { return read() };
    let places = listing::places(folder, table);
    let before = FilesBefore::of(folder, places);
    match read() {
        Ok(read) => {
            before.check()?;
            lake.remember(before);
            Ok(read)
        }
        Err(error) => Err(before.cause(error)),
    }
}

/// Whether all tables that were read are still as they were.
///
/// # Errors
/// A file that changed.
pub fn check(lake: &Lake) -> Result<()> {
    lake.remembered(|all| all.iter().try_for_each(FilesBefore::check))
}

/// Whether something appears where nothing was, as when it is being replaced.
pub fn appears(place: &Path) -> bool {
    thread::sleep(REPLACED_WITHIN);
    place.exists()
}
