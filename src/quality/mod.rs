//! What results can be trusted for: how old the newest data is, and what the lake lacks.

pub mod freshness;
