//! What results can be trusted for: how old the newest data is, and what was found in the lake.

pub mod data_quality;
pub mod freshness;
pub mod measures;
