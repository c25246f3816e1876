//! The only place that writes results: a partition is replaced whole or not at all (O4).

mod lock;
mod parquet;
mod replace;
mod rewrite;
mod run_report;
mod temporary;

pub use replace::{Partition, PublishedTable, metadata, replace};
pub use rewrite::{Rewriting, rewrite};
pub use run_report::{RunReport, runs_table, write_report};
