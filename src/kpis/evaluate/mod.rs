//! The evaluator of KPIs: a [`plan::Plan`] says what is stated for each interaction, `contributions` states it once
//! per interaction, `sums` adds it up for each record, or for each deal until a moment, and `per_record` makes columns of that.

#[cfg(test)]
mod against_the_engine;
mod contributions;
mod per_record;
mod plan;
mod statistics;
mod sums;

pub use contributions::Contributions;
pub use per_record::{FIRST, LAST, NEXT, add_up_until, columns};
pub use plan::Plan;
pub use sums::Sums;
