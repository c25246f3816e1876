//! Everything that needs files or the program itself, as one test binary.

mod bad_input;
mod checking;
mod cli;
mod config;
mod drift;
mod interruption;
mod publish;
mod small_lake;
