//! How results are published: partitions, Delta tables, the table of runs, other readers, and runs that are cut short.

mod delta_output;
mod delta_readers;
pub mod interruption;
mod partitions;
pub mod readers;
mod retention;
pub mod run_rows;
