//! Response times: elapsed, or only what falls into working hours (rule K5).

use std::sync::Arc;

use chrono::{Datelike, Days, NaiveDate, NaiveTime, Timelike, Weekday};
use chrono_tz::Tz;
use polars::prelude::*;

use super::{DAY, SECOND, days_since_epoch, to_utc};

/// When response times run (K5).
#[derive(Debug, Clone, PartialEq)]
pub struct WorkingHours {
    /// Where people work.
    pub timezone: Tz,
    /// On which days of the week.
    pub days: Vec<Weekday>,
    /// From what time of these days.
    pub start: NaiveTime,
    /// Until what time of these days.
    pub end: NaiveTime,
    /// On which days they do not work.
    pub holidays: Vec<NaiveDate>,
}

impl WorkingHours {
    /// Whether people work on a day.
    pub fn is_worked(&self, day: NaiveDate) -> bool {
        self.days.contains(&day.weekday()) && !self.holidays.contains(&day)
    }
}

/// Working time up to any instant.
pub struct WorkingTime {
    /// In order.
    intervals: Vec<Interval>,
}

/// The working hours of one day, in microseconds.
struct Interval {
    begin: i64,
    end: i64,
    /// How much was worked in all intervals before.
    worked_before: i64,
}

impl WorkingTime {
    /// The calendar's intervals from the first to the last instant that will be asked for.
    pub fn new(hours: &WorkingHours, from: i64, to: i64) -> Self {
        let day_of = |micros: i64| {
            let utc = chrono::DateTime::from_timestamp_micros(micros).unwrap_or_default();
            utc.with_timezone(&hours.timezone).date_naive()
        };
        let micros = |time: NaiveTime| i64::from(time.num_seconds_from_midnight()) * SECOND;
        let mut worked = 0;
        let mut intervals = Vec::new();
        let mut day: NaiveDate = day_of(from);
        let last = day_of(to);
        while day <= last {
            if hours.is_worked(day) {
                let midnight = i64::from(days_since_epoch(day)) * DAY;
                let begin = to_utc(midnight + micros(hours.start), hours.timezone);
                let end = to_utc(midnight + micros(hours.end), hours.timezone);
                intervals.push(Interval { begin, end, worked_before: worked });
                worked += (end - begin).max(0);
            }
            day = day + Days::new(1);
        }
        Self { intervals }
    }

    /// The last interval that had begun by an instant.
    fn last_begun(&self, at: i64) -> Option<&Interval> {
        let after = self.intervals.partition_point(|interval| interval.begin <= at);
        self.intervals.get(after.checked_sub(1)?)
    }

    fn worked_until(&self, at: i64) -> i64 {
        self.last_begun(at).map_or(0, |Interval { begin, end, worked_before }| worked_before + at.min(*end) - begin)
    }

    /// Whether an instant lies in working time.
    pub fn contains(&self, at: i64) -> bool {
        self.last_begun(at).is_some_and(|interval| at < interval.end)
    }

    /// Working microseconds between two instants.
    pub fn between(&self, from: i64, to: i64) -> i64 {
        self.worked_until(to) - self.worked_until(from)
    }
}

/// Whether each instant of a column lies in working time.
pub fn is_worked(instants: Expr, calendar: Arc<WorkingTime>) -> Expr {
    instants.cast(DataType::Int64).map(
        move |column| {
            let worked: BooleanChunked =
                column.i64()?.iter().map(|instant| instant.map(|instant| calendar.contains(instant))).collect();
            Ok(worked.with_name(column.name().clone()).into_column())
        },
        |_, field| Ok(Field::new(field.name().clone(), DataType::Boolean)),
    )
}

/// Microseconds between two columns of instants: of working time if there is a calendar.
pub fn response(from: Expr, to: Expr, calendar: Option<Arc<WorkingTime>>) -> Expr {
    let Some(calendar) = calendar else { return to.cast(DataType::Int64) - from.cast(DataType::Int64) };
    from.cast(DataType::Int64).map_many(
        move |columns| {
            let (from, to) = (columns[0].i64()?, columns[1].i64()?);
            let between: Int64Chunked =
                from.iter().zip(to.iter()).map(|(from, to)| Some(calendar.between(from?, to?))).collect();
            Ok(between.with_name(columns[0].name().clone()).into_column())
        },
        &[to.cast(DataType::Int64)],
        |_, fields| Ok(Field::new(fields[0].name().clone(), DataType::Int64)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::HOUR;
    use chrono::{DateTime, Utc};

    #[test]
    fn nights_and_weekends_do_not_count() {
        let hours = WorkingHours {
            timezone: chrono_tz::Europe::Stockholm,
            days: vec![Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri],
            start: NaiveTime::from_hms_opt(9, 0, 0).expect("a time"),
            end: NaiveTime::from_hms_opt(17, 0, 0).expect("a time"),
            holidays: vec![],
        };
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("an instant").timestamp_micros();
        let calendar = WorkingTime::new(&hours, at("2026-03-01T00:00:00Z"), at("2026-04-10T00:00:00Z"));
        // Friday 16:30 to Monday 9:30 local: half an hour and half an hour.
        assert_eq!(calendar.between(at("2026-03-06T15:30:00Z"), at("2026-03-09T08:30:00Z")), HOUR);
        // The same over the change to summer time.
        assert_eq!(calendar.between(at("2026-03-27T15:30:00Z"), at("2026-03-30T07:30:00Z")), HOUR);
        // Begin counts, end does not; Saturdays do not.
        let contains = |text: &str| calendar.contains(at(text));
        assert!(contains("2026-03-06T08:00:00Z") && contains("2026-03-06T15:59:59Z"));
        assert!(
            !contains("2026-03-06T16:00:00Z") && !contains("2026-03-07T10:00:00Z") && !contains("1990-01-01T10:00:00Z")
        );
        // 8:30 to 9:15 local is a quarter of an hour.
        assert_eq!(calendar.between(at("2026-03-10T07:30:00Z"), at("2026-03-10T08:15:00Z")), HOUR / 4);
    }
}
