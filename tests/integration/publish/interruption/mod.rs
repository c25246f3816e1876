//! Runs that are killed, stopped, crowded out or out of space: readers see the old or the new
//! partition whole, and the next run mends the rest (rules O4, R4).

mod every_write;
pub mod forgetting;
pub mod kills;
mod reading;
mod signals;
pub mod storage;
mod traced;
