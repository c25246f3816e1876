//! Everything that needs files or the program itself, as one test binary.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod additivity;
mod agreement;
mod bad_input;
mod cases;
mod changing_input;
mod checking;
mod cli;
mod clouds;
mod config;
mod control_lists;
mod csv_input;
mod csv_lake;
mod delta_input;
mod delta_log;
mod delta_output;
mod delta_readers;
mod dice;
mod drift;
mod exit_codes;
mod expectation;
mod forget;
mod fuzz;
mod golden;
mod golden_names;
mod health_backfill;
mod hostile_names;
mod installed;
mod interruption;
mod lake;
mod lake_files;
mod nested;
mod parquet_forms;
mod properties;
mod publish;
mod random_lake;
mod readers;
mod real_life;
mod results;
mod scores;
mod similar_deals;
mod small_lake;
mod tables;
mod truncation;
mod trust;
