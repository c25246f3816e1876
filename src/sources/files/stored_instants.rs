//! Days and instants of files, in microseconds and within what calendars hold.

use polars::prelude::*;

use crate::sources::values::written_times::WrittenTimes;
use crate::time::DAY;

/// The first instant after the null date `0001-01-01` (rule I8), in microseconds. In the calendar of
/// Julius the null date is two days earlier.
pub const AFTER_NULL_DATE: i64 = -719_161 * DAY;
const NULL_DATE: i64 = AFTER_NULL_DATE - 3 * DAY;
/// The last instant of the year 9999. Later ones are as absurd, and no calendar need hold them.
pub const LAST: i64 = 2_932_897 * DAY - 1;

/// Days and instants of any unit in microseconds. The null date is null; what is absurd stays absurd,
/// within what calendars hold.
pub fn instants_of(column: Column) -> PolarsResult<Column> {
    let target = DataType::Datetime(TimeUnit::Microseconds, None);
    // How many of the column's units are a microsecond, or the other way round.
    let (times, parts) = match column.dtype() {
        DataType::Date => (DAY, 1),
        DataType::Datetime(TimeUnit::Milliseconds, _) => (1000, 1),
        DataType::Datetime(TimeUnit::Nanoseconds, _) => (1, 1000),
        _ => (1, 1),
    };
    let physical = column.to_physical_repr().cast(&DataType::Int64)?;
    let numbers = physical.i64()?;
    let is_ordinary = |(first, last): (i64, i64)| {
        first.saturating_mul(times).div_euclid(parts) >= AFTER_NULL_DATE
            && last.saturating_mul(times).div_euclid(parts) <= LAST
    };
    if numbers.min_max().is_none_or(is_ordinary) {
        return column.cast(&target);
    }
    let kept: Int64Chunked = numbers
        .iter()
        .map(|number| {
            let instant = number?.saturating_mul(times).div_euclid(parts);
            (!(NULL_DATE..AFTER_NULL_DATE).contains(&instant)).then(|| instant.clamp(AFTER_NULL_DATE, LAST))
        })
        .collect();
    kept.with_name(column.name().clone()).into_column().cast(&target)
}

/// Days that a column of days means, of days and instants of any unit; see [`WrittenTimes::day`]. Files hold instants in
/// UTC, whatever zone they were written in.
pub fn days_of(column: Column, times: WrittenTimes) -> PolarsResult<Column> {
    let instants = instants_of(column)?;
    let physical = instants.to_physical_repr();
    let days: Int32Chunked = physical.i64()?.iter().map(|instant| instant.map(|instant| times.day(instant))).collect();
    days.with_name(instants.name().clone()).into_column().cast(&DataType::Date)
}
