//! Everything that needs files or the program itself, as one test binary.
//!
//! Folders are themes; [`support`] has what several of them use: lakes described in a few lines, runs on them, and what
//! is installed for tests.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod bi;
mod cli;
mod clouds;
mod diff;
mod documents;
mod explain;
mod forget;
mod input;
mod lineage;
mod msdyn;
mod orchestrators;
mod publish;
mod report;
mod rules;
mod support;
mod tidy;
