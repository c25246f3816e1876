//! The date of a run and the instants that follow from it (rules T1 to T4).

use chrono::{Datelike, Days, NaiveDate};
use chrono_tz::Tz;
use polars::prelude::*;

use super::{DAY, days_since_epoch, to_utc};

/// Results are computed as of a day of the reporting time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AsOf {
    /// The day.
    pub date: NaiveDate,
    /// The reporting time zone.
    pub timezone: Tz,
}

impl AsOf {
    /// The first instant after the day, in microseconds.
    pub fn cutoff(&self) -> i64 {
        self.day_start(self.date + Days::new(1))
    }

    /// The first instant of a day of the reporting zone.
    pub fn day_start(&self, day: NaiveDate) -> i64 {
        to_utc(i64::from(days_since_epoch(day)) * DAY, self.timezone)
    }

    /// The first instant after a day given in days since 1970.
    pub fn day_end(&self, days_since_epoch: i32) -> i64 {
        to_utc((i64::from(days_since_epoch) + 1) * DAY, self.timezone)
    }

    /// The day of the reporting zone on which an instant falls.
    pub fn day_of(&self, instant: i64) -> Option<NaiveDate> {
        Some(chrono::DateTime::from_timestamp_micros(instant)?.with_timezone(&self.timezone).date_naive())
    }

    /// The latest plausible instant: five years after the cutoff (rule N3).
    pub fn implausible_from(&self) -> i64 {
        let day = self.date + Days::new(1);
        let later = day.with_year(day.year() + 5).unwrap_or(day + Days::new(5 * 365 + 1));
        self.day_start(later)
    }

    /// The day of the reporting zone on which each instant of `column` falls.
    pub fn local_day(&self, column: Expr) -> Expr {
        let zone = self.timezone;
        column.map(
            move |c| {
                let instants = c.datetime()?;
                let days: Int32Chunked = instants
                    .phys
                    .iter()
                    .map(|instant| {
                        let utc = chrono::DateTime::from_timestamp_micros(instant?)?;
                        Some(days_since_epoch(utc.with_timezone(&zone).date_naive()))
                    })
                    .collect();
                days.with_name(c.name().clone()).into_column().cast(&DataType::Date)
            },
            |_, field| Ok(Field::new(field.name().clone(), DataType::Date)),
        )
    }
}

/// Earliest plausible instant: 1990 (rule N3).
pub const PLAUSIBLE_FROM: i64 = 631_152_000_000_000;

/// A literal instant of the type in which instants travel.
pub fn instant(micros: i64) -> Expr {
    lit(micros).cast(DataType::Datetime(TimeUnit::Microseconds, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cutoff_is_midnight_of_the_reporting_zone() {
        let date = NaiveDate::from_ymd_opt(2026, 3, 31).expect("a day");
        let as_of = AsOf { date, timezone: chrono_tz::Europe::Stockholm };
        assert_eq!(as_of.cutoff(), 1_774_994_400_000_000);
        assert_eq!(as_of.day_end(days_since_epoch(date)), as_of.cutoff());
    }
}
