//! When the rows of a table were written, as far as anybody asks: the newest instant of each day.

use std::collections::BTreeMap;

use polars::prelude::*;

use crate::time::DAY;

/// When a stored row was last written; only the newest of each day is kept (rule K12).
pub(in crate::sources) const TOUCHED: &str = "touched";

/// Days since 1970 that are counted by place: 1990 to 2100.
const USUAL: std::ops::Range<i64> = 7_305..47_847;

/// The newest instant of each day on which rows were written, in microseconds.
#[derive(Clone, Debug, Default)]
pub struct LastWrites(BTreeMap<i64, i64>);

impl LastWrites {
    /// Of a column of instants.
    pub fn of(instants: &Int64Chunked) -> LastWrites {
        let mut usual = vec![i64::MIN; (USUAL.end - USUAL.start) as usize];
        let mut written = LastWrites::default();
        for instant in instants.iter().flatten() {
            let day = instant.div_euclid(DAY);
            match usual.get_mut(usize::try_from(day - USUAL.start).unwrap_or(usize::MAX)) {
                Some(newest) => *newest = instant.max(*newest),
                None => written.add(day, instant),
            }
        }
        for (day, newest) in USUAL.zip(usual).filter(|(_, newest)| *newest > i64::MIN) {
            written.add(day, newest);
        }
        written
    }

    fn add(&mut self, day: i64, instant: i64) {
        self.0.entry(day).and_modify(|newest| *newest = instant.max(*newest)).or_insert(instant);
    }

    /// Takes in what another table says.
    pub fn extend(&mut self, other: &LastWrites) {
        other.0.iter().for_each(|(&day, &instant)| self.add(day, instant));
    }

    /// The newest of the days' instants that is not after `limit`: rows that say that they were written in
    /// the future say nothing.
    pub fn newest_until(&self, limit: i64) -> Option<i64> {
        self.0.values().rev().copied().find(|&newest| newest <= limit)
    }

    /// Whether a row says that it was written after `limit`.
    pub fn goes_beyond(&self, limit: i64) -> bool {
        self.0.values().next_back().is_some_and(|&newest| newest > limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_from_the_future_hides_no_other() {
        let days = [20_000, 20_003, 20_003, 33_000, 900_000, -5].map(|day| day * DAY + 7);
        let written = LastWrites::of(&Int64Chunked::from_slice("at".into(), &days));
        assert_eq!(written.newest_until(20_010 * DAY), Some(20_003 * DAY + 7));
        assert_eq!(written.newest_until(i64::MAX), Some(900_000 * DAY + 7));
        assert_eq!(written.newest_until(0), Some(-5 * DAY + 7));
        assert!(written.goes_beyond(20_010 * DAY) && !written.goes_beyond(900_001 * DAY));
        assert_eq!(LastWrites::default().newest_until(i64::MAX), None);
    }
}
