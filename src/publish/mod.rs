//! The only place that writes results: a partition is replaced whole or not at all (O4).

pub mod delta;
mod lock;
mod parquet;
mod replace;
mod run_report;
mod temporary;

pub use replace::{Partition, PublishedTable, check_format, metadata, replace};
pub use run_report::{RunReport, runs_table, write_report};
