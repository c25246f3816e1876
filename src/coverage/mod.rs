//! How well the relationships of the company are covered: people who are in no record and contacts who can no longer be
//! reached (rule W6), on how many people the relationship with an account rests (W7), and what colleagues who leave
//! have to hand over (W8).

pub mod account_coverage;
pub mod handover;
pub mod hierarchy;
pub mod leaving;
pub mod missing_people;
pub mod open_work;

use polars::prelude::*;

use crate::table::ColumnType;

/// The unit of shares.
const SHARE: &str = "share 0–1";

/// A column of instants as it is published.
fn instants(name: &str, instants: Vec<Option<i64>>) -> PolarsResult<Column> {
    let micros = Column::new(name.into(), instants).cast(&DataType::Datetime(TimeUnit::Microseconds, None))?;
    micros.cast(&ColumnType::Timestamp.to_polars())
}
