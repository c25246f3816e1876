//! Everything that needs files or the program itself, as one test binary.

mod cli;
mod config;
mod publish;
