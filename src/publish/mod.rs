//! The only place that writes results: a partition is replaced whole or not at all (O4).

mod local;
mod lock;
mod parquet;
mod remote;
mod replace;
mod run_report;
mod temporary;

pub use replace::{Partition, PublishedTable, metadata, replace};
pub use run_report::{RunReport, runs_table, write_report};

/// The folder with the newest partition of every table under one stable name.
pub const CURRENT: &str = "current";
