//! Relationship KPIs from a data lake of Dataverse and Exchange.
pub mod config;
pub mod context;
pub mod dictionary;
pub mod error;
pub mod publish;
pub mod table;
