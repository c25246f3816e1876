//! Which won deals an open deal is like, and how it stands beside them (rules S1 to S5).
//!
//! `columns` says what deals may be compared by, `deals` reads it as of a date, `factors` turns it
//! into numbers and categories, `leakage` refuses what gives the outcome away, `importance` learns how
//! much each factor matters, `nearest` finds the most similar won deals.

pub mod bytes;
pub mod columns;
pub mod deals;
pub mod factors;
pub mod importance;
pub mod kernel;
pub mod leakage;
pub mod nearest;
pub mod outlook;
pub mod sample;
pub mod standard;
pub mod threads;
