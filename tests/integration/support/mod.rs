//! What tests of several themes use: lakes described in a few lines or drawn by a seed, runs on them and what they
//! published, expectations, and what `.ci/servers` installs.

pub mod csv_lake;
pub mod delta_checkpoint;
pub mod delta_log;
pub mod dice;
pub mod expectation;
pub mod golden_names;
pub mod history_lake;
pub mod installed;
pub mod lake;
pub mod lake_files;
pub mod nested;
pub mod not_tested;
pub mod promises;
pub mod published_golden;
pub mod random_lake;
pub mod results;
pub mod signals;
pub mod small_lake;
pub mod truncation;
