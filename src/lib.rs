//! Relationship KPIs from a data lake of Dataverse and Exchange.
pub mod config;
pub mod dictionary;
pub mod error;
pub mod table;
