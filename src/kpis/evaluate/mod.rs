//! The evaluator of KPIs: a [`plan::Plan`] says what is stated for each interaction, `contributions` states it once
//! per interaction, `per_record` adds it up for each record, or for each deal until a moment.

#[cfg(test)]
mod against_the_engine;
mod contributions;
mod per_record;
mod plan;
mod statistics;

pub use contributions::Contributions;
pub use per_record::{FIRST, LAST, NEXT, add_up, add_up_until};
pub use plan::Plan;
