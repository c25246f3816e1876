//! The program as its users meet it: commands, job files and their keys, checks, logs and exit codes.

mod checking;
mod commands;
mod config;
mod exit_codes;
mod first_steps;
mod image;
mod job_files;
mod logs;
mod python_package;
mod readings;
mod staging;
mod texts;
