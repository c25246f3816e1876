//! Days of the reporting zone, looked up without a calendar, and sets of them.

use chrono::{Days, NaiveDate};

use crate::as_of::{AsOf, DAY};

/// Consecutive days of the reporting zone (rule T4).
#[derive(Clone, Debug)]
pub struct LocalDays {
    /// The instant at which each day begins, and the first instant after the last.
    starts: Vec<i64>,
    /// The last of the days.
    pub last: NaiveDate,
}

impl LocalDays {
    /// So many days, `as_of` being the last.
    pub fn until(as_of: &AsOf, days: u32) -> LocalDays {
        let first = as_of.date - Days::new(u64::from(days) - 1);
        let starts = (0..=u64::from(days)).map(|day| as_of.day_start(first + Days::new(day))).collect();
        LocalDays { starts, last: as_of.date }
    }

    /// How many there are.
    pub fn count(&self) -> u32 {
        self.starts.len() as u32 - 1
    }

    /// How many days its last one is after that of others.
    pub fn days_after(&self, others: &LocalDays) -> u32 {
        (self.last - others.last).num_days().unsigned_abs() as u32
    }

    /// The place of an instant's day among them.
    pub fn place(&self, at: i64) -> Option<u32> {
        let first = *self.starts.first()?;
        let (&end, _) = self.starts.split_last()?;
        if at < first || at >= end {
            return None;
        }
        // Days are a little shorter or longer than 24 hours, twice a year.
        let mut place = (((at - first) / DAY) as usize).min(self.starts.len() - 2);
        while self.starts[place] > at {
            place -= 1;
        }
        while self.starts[place + 1] <= at {
            place += 1;
        }
        Some(place as u32)
    }
}

/// For each of many numbered things a set of days, by their places among [`LocalDays`].
#[derive(Clone, Debug)]
pub struct DaySets {
    words: usize,
    bits: Vec<u64>,
}

impl DaySets {
    /// Empty sets of so many days for so many things.
    pub fn empty(things: usize, days: u32) -> DaySets {
        let words = (days as usize).div_ceil(64);
        DaySets { words, bits: vec![0; things * words] }
    }

    /// Puts a day into the set of a thing.
    pub fn insert(&mut self, thing: u32, place: u32) {
        self.bits[thing as usize * self.words + place as usize / 64] |= 1 << (place % 64);
    }

    /// How many sets there are.
    pub fn things(&self) -> u32 {
        self.bits.len().checked_div(self.words).unwrap_or(0) as u32
    }

    /// The places of the days of a thing, ascending.
    pub fn places(&self, thing: u32) -> impl Iterator<Item = u32> {
        let from = thing as usize * self.words;
        self.bits[from..from + self.words].iter().zip(0u32..).flat_map(|(&word, at)| {
            let mut left = word;
            std::iter::from_fn(move || {
                let place = left.trailing_zeros();
                (left != 0).then(|| {
                    left &= left - 1;
                    at * 64 + place
                })
            })
        })
    }

    /// The last day of a thing up to a place.
    pub fn last_until(&self, thing: u32, place: u32) -> Option<u32> {
        let from = thing as usize * self.words;
        let (word, bit) = (place as usize / 64, place % 64);
        let below = |at: usize| match at {
            at if at == word => self.bits[from + at] & (u64::MAX >> (63 - bit)),
            at => self.bits[from + at],
        };
        (0..=word.min(self.words - 1)).rev().find_map(|at| {
            let left = below(at);
            (left != 0).then(|| at as u32 * 64 + 63 - left.leading_zeros())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_follow_the_zone_also_when_clocks_change() {
        let date = NaiveDate::from_ymd_opt(2026, 4, 1).expect("a day");
        let as_of = AsOf { date, timezone: chrono_tz::Europe::Stockholm };
        let days = LocalDays::until(&as_of, 10);
        for place in 0..10u64 {
            let day = date - Days::new(9 - place);
            let (start, next) = (as_of.day_start(day), as_of.day_start(day + Days::new(1)));
            assert_eq!((days.place(start), days.place(next - 1)), (Some(place as u32), Some(place as u32)), "{day}");
        }
        assert_eq!((days.place(as_of.cutoff()), days.place(as_of.cutoff() - 11 * DAY)), (None, None));
    }

    #[test]
    fn sets_know_their_days_and_the_last_one() {
        let mut sets = DaySets::empty(2, 130);
        for place in [3, 64, 129] {
            sets.insert(1, place);
        }
        assert_eq!(sets.places(1).collect::<Vec<_>>(), [3, 64, 129]);
        assert_eq!(sets.places(0).count(), 0);
        let last = [2, 3, 63, 64, 128, 129].map(|place| sets.last_until(1, place));
        assert_eq!(last, [None, Some(3), Some(3), Some(64), Some(64), Some(129)]);
    }
}
