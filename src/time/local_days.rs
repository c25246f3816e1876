//! Days of the reporting zone, looked up without a calendar.

use chrono::{Days, NaiveDate};

use super::{AsOf, DAY};

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

    /// The instant at which the day at a place begins; of [`LocalDays::count`] the first one after the last day.
    pub fn start(&self, place: u32) -> i64 {
        self.starts.get(place as usize).or(self.starts.last()).copied().unwrap_or(i64::MAX)
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
}
