//! The tables of what is counted: interactions, the records they count for, and dropped rows.

mod dictionaries;
mod dropped_activities;
mod interaction_records;
mod interactions;
mod thread_names;

pub use dictionaries::{Dictionaries, STATUSES, ids, type_place};
pub use dropped_activities::{dropped_activities, dropped_activities_table};
pub use interaction_records::{interaction_records, interaction_records_table};
pub use interactions::{interactions, interactions_table};
