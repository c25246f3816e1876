//! The definitions of all KPIs, by what they say of a relationship.

pub mod completeness;
pub mod email_engagement;
pub mod first_last_next;
pub mod responsiveness;
pub mod silence;
pub mod time_spent;
pub mod volume;
