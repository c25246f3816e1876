//! What needs attention: one row per record and reason, with the chance of what the reason fears and the evidence for it.
//!
//! `waiting` finds emails without an answer, `estimate` learns the chance that a relationship falls silent, `reasons` decides
//! what holds of each record, `relationship` says how it stands, `words` says it in four languages, `table` publishes it. The formulas are in
//! `jobs/FORMULAS.md`.

pub mod estimate;
pub mod reasons;
pub mod relationship;
pub mod surroundings;
pub mod table;
pub mod waiting;
pub mod words;

pub use reasons::{FoundReason, RecordFacts, found};
pub use table::attention;
