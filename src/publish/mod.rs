//! The only place that writes results: a partition is replaced whole or not at all (O4).

mod begun_run;
pub mod delta;
mod format;
mod local;
mod lock;
mod modes;
mod outputs;
mod parquet;
mod partition;
mod published;
mod remote;
mod replace;
mod retention;
mod rewrite;
mod run_report;
mod runs_table;
mod temporary;
mod texts;

pub use begun_run::{BegunRun, Killed, Note, begin};
pub use format::{check_format, stored_format};
pub use outputs::{Outputs, TablesAt, of_day};
pub use parquet::ROWS_PER_GROUP;
pub use partition::Partition;
pub use published::{LocalFile, PublishedFile, published_files};
pub use replace::{PublishedTable, metadata, replace};
pub use retention::{Kept, kept, remove, vacuum};
pub use rewrite::{Rewriting, purge, renew_current, rewrite};
pub use run_report::{RunReport, write_killed, write_report};
pub use runs_table::runs_table;

/// The folder with the newest partition of every table under one stable name.
pub const CURRENT: &str = "current";
