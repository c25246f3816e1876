//! Everything that needs files or the program itself, as one test binary.

mod cases;
mod cli;
mod config;
mod expectation;
mod golden;
mod golden_names;
mod lake;
mod lake_files;
mod nested;
mod publish;
mod results;
mod tables;
