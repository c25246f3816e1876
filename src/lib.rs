//! Relationship KPIs from a data lake of Dataverse and Exchange.
//!
//! `cli` turns arguments into a [`config::Job`] and days, `jobs` runs it, `publish` writes what
//! comes out, `table` and `dictionary` say what the results are. Only `cli` reads the clock.

pub mod cli;
pub mod config;
pub mod context;
pub mod dictionary;
pub mod error;
pub mod jobs;
pub mod publish;
pub mod table;
