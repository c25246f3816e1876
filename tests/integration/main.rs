//! Everything that needs files or the program itself, as one test binary.

mod additivity;
mod cases;
mod cli;
mod config;
mod dice;
mod expectation;
mod golden;
mod golden_names;
mod lake;
mod lake_files;
mod nested;
mod properties;
mod publish;
mod random_lake;
mod results;
mod tables;
mod truncation;
