//! Relationship intelligence for a sales organisation's own data lake.
//!
//! Data flows one way: `sources` reads the lake, `people` says who is who at a date, `interactions`
//! merges and judges what happened, `quality` says what of it can be trusted, `kpis` counts it per record, `publish` writes tables, `forget`
//! takes people out of written ones. `storage` reaches folders and object stores. `jobs` wires these
//! steps, `cli` turns arguments into a [`config::Job`] and days; only `cli` reads the clock and the
//! environment.

pub mod as_of;
pub mod cli;
pub mod columns;
pub mod config;
pub mod connections;
pub mod context;
pub mod decay;
pub mod delta;
pub mod dictionary;
pub mod error;
pub mod forget;
pub mod grouped;
pub mod guard;
pub mod health;
pub mod interactions;
pub mod jobs;
pub mod kpis;
pub mod literals;
pub mod memory;
pub mod people;
pub mod plain;
pub mod publish;
pub mod quality;
pub mod reasons;
pub mod rules;
pub mod similar_deals;
pub mod sources;
pub mod storage;
pub mod summaries;
pub mod table;
