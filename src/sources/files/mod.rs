//! The files of the lake: finding them, opening and checking them, and reading the rows of a table from all of its files.

pub(super) mod casts;
pub(super) mod concurrent_writes;
pub mod control_folder;
pub mod delta;
pub(super) mod diagnose;
pub(super) mod files_before;
pub(super) mod flattened;
pub(super) mod formats;
pub(super) mod incremental;
pub(super) mod lake;
pub(super) mod listing;
pub(super) mod mirror;
pub(super) mod needed_columns;
pub(super) mod open;
mod other_names;
pub(super) mod parquet;
mod refusals;
mod required;
pub(super) mod scan;
mod selection;
mod shared_values;
mod stored_instants;
pub(super) mod text;
pub(super) mod walk;
