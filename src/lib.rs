//! Relationship intelligence for a sales organisation's own data lake.

pub mod as_of;
pub mod columns;
pub mod config;
pub mod error;
pub mod people;
pub mod reasons;
pub mod sources;
