//! Spans of time in microseconds, the unit of all instants.

/// A second.
pub const SECOND: i64 = 1_000_000;
/// A minute.
pub const MINUTE: i64 = 60 * SECOND;
/// An hour.
pub const HOUR: i64 = 60 * MINUTE;
/// 24 hours; days of a time zone may be shorter or longer.
pub const DAY: i64 = 24 * HOUR;
