//! Who may see what: the records that Dataverse lets each colleague read (rule C7).
//!
//! [`readers`] knows the ways to a record, [`record_access`] is the table.

pub mod readers;
pub mod record_access;

pub use record_access::table;
