//! Days as numbers, and times of a zone as instants.

use chrono::{LocalResult, NaiveDate, NaiveDateTime, TimeZone};
use chrono_tz::Tz;

use super::SECOND;

/// Days since 1970-01-01.
pub fn days_since_epoch(day: NaiveDate) -> i32 {
    day.to_epoch_days()
}

/// The instant of a local time in `zone`, both in microseconds. A local time that a clock change repeats is the first of
/// the two; one that it skips counts on from the offset before the change.
pub fn to_utc(local: i64, zone: Tz) -> i64 {
    let Some(naive) = chrono::DateTime::from_timestamp_micros(local).map(|t| t.naive_utc()) else { return local };
    let offset_at = |naive: NaiveDateTime| match zone.offset_from_local_datetime(&naive) {
        LocalResult::Single(offset) | LocalResult::Ambiguous(offset, _) => Some(offset),
        LocalResult::None => None,
    };
    let offset = offset_at(naive).or_else(|| offset_at(naive - chrono::Duration::hours(3)));
    let seconds = offset.map_or(0, |offset| i64::from(chrono::Offset::fix(&offset).local_minus_utc()));
    local - seconds * SECOND
}
