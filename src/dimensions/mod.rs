//! Tables that others are joined to: people, records and days, each once, with what a list shows of them (rules O2, T4).

pub mod dates;
pub mod people;
pub mod records;
