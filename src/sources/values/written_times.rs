//! How a lake writes days and times, and which day a time stands for (rule I3).

use chrono::DateTime;
use chrono_tz::Tz;

use crate::time::{DAY, days_since_epoch};

/// What is not said with each day or time, but of the lake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrittenTimes {
    /// Whether texts may hold times the way they are written in the US.
    pub us_dates: bool,
    /// The reporting time zone, in which times are days.
    pub timezone: Tz,
}

impl Default for WrittenTimes {
    fn default() -> WrittenTimes {
        WrittenTimes { us_dates: false, timezone: Tz::UTC }
    }
}

impl WrittenTimes {
    /// The day, since 1970, that a column of days means by an instant in microseconds, UTC. Midnight is how a day is
    /// written as a time. Dynamics also keeps the days of a form as midnight where its user is, which is the evening
    /// before in UTC; such a time, and any other, is on the day that it is in the reporting time zone.
    pub fn day(self, instant: i64) -> i32 {
        let in_utc = instant.div_euclid(DAY) as i32;
        if instant.rem_euclid(DAY) == 0 {
            return in_utc;
        }
        let there = DateTime::from_timestamp_micros(instant).map(|at| at.with_timezone(&self.timezone).date_naive());
        there.map_or(in_utc, days_since_epoch)
    }

    /// The same of a time that is written in a zone of its own, of which `local` is what a clock shows there.
    pub fn day_of_local(self, local: i64, instant: i64) -> i32 {
        if local.rem_euclid(DAY) == 0 { local.div_euclid(DAY) as i32 } else { self.day(instant) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{HOUR, MINUTE};

    #[test]
    fn a_day_is_midnight_in_utc_or_in_the_reporting_time_zone() {
        let times = |timezone| WrittenTimes { us_dates: false, timezone };
        let (stockholm, kolkata, pacific) =
            (times(Tz::Europe__Stockholm), times(Tz::Asia__Kolkata), times(Tz::America__Los_Angeles));
        // 2026-03-31; clocks are put forward on the 29th.
        let day = 20_543;
        let midnight = i64::from(day) * DAY;
        assert_eq!([stockholm, kolkata, pacific].map(|times| times.day(midnight)), [day; 3]);
        assert_eq!(stockholm.day(midnight - 2 * HOUR), day);
        assert_eq!(stockholm.day(midnight - 3 * DAY - HOUR), day - 3);
        assert_eq!(kolkata.day(midnight - 5 * HOUR - 30 * MINUTE), day);
        assert_eq!(pacific.day(midnight + 7 * HOUR), day);
        assert_eq!(pacific.day(midnight + 3 * HOUR), day - 1, "it is the evening before there");
        assert_eq!(times(Tz::UTC).day(midnight - 2 * HOUR), day - 1);
    }

    #[test]
    fn midnight_where_a_time_is_written_is_the_day_there() {
        let times = WrittenTimes::default();
        assert_eq!(times.day_of_local(2 * DAY, 2 * DAY - 2 * HOUR), 2);
        assert_eq!(times.day_of_local(2 * DAY + HOUR, 2 * DAY - HOUR), 1);
    }
}
