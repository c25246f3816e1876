//! The won deals that each open deal is most similar to, and how it compares with them (rules S1 to S5).
//!
//! `standard` says what deals may be compared by, `deals` reads it as of a date, `factors` turns it
//! into numbers and categories, `leakage` refuses columns that reveal the outcome, `importance` learns how
//! much each factor matters, `nearest` finds the most similar won deals, `comparison` makes the lists,
//! `kpis_at_age` measures the won deals when they were as old as the open ones are, by `links_of_deals`. `similar_won_deals`,
//! `similar_won_factors` and `opportunity_benchmarks` are the tables.

pub mod at_same_age;
pub mod columns;
pub mod comparison;
pub mod currencies;
pub mod deals;
pub mod factors;
pub mod importance;
mod interned_names;
pub mod kernel;
pub mod kpis_at_age;
pub mod leakage;
mod links_of_deals;
pub mod nearest;
pub mod opportunity_benchmarks;
pub mod outlook;
pub mod packed_deals;
mod pairs;
pub mod sample;
pub mod similar_won_deals;
pub mod similar_won_factors;
pub mod standard;
