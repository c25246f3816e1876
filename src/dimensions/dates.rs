//! The table `dates`: every day that other tables may name, with the parts by which reports group days.

use std::ops::RangeInclusive;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use polars::prelude::*;

use crate::config::Settings;
use crate::error::{Error, Result};
use crate::interactions::columns::OCCURRED_AT;
use crate::interactions::{Context, Interactions};
use crate::people::record_details::ESTIMATED_CLOSE;
use crate::table::{Column as Declared, ColumnType, Table};
use crate::time::{AsOf, WorkingHours, days_since_epoch};

/// One row per day, in order. `details` has the days on which deals are expected to close.
///
/// # Errors
/// Only what the engine runs into.
pub fn dates(context: &Context, interactions: &Interactions, details: &DataFrame) -> Result<DataFrame> {
    let times = interactions.table.column(OCCURRED_AT).and_then(|times| times.datetime());
    let times = &times.map_err(Error::engine("table dates"))?.phys;
    let days = details.column(ESTIMATED_CLOSE).and_then(|days| days.cast(&DataType::Int32));
    let due = days.and_then(|days| Ok(days.i32()?.max())).map_err(Error::engine("table dates"))?;
    let due = due.and_then(NaiveDate::from_epoch_days);
    let year = |at: Option<i64>| Some(context.as_of.day_of(at?)?.year());
    let years = years(&context.as_of, year(times.min()), year(times.max()), due);
    frame(years, context.settings).map_err(Error::engine("table dates"))
}

/// From the first interaction's year on, at the latest from the year before the date, to the year after the date or the year
/// of the last plan or expected close, as far as interactions are plausible (rule N3).
fn years(as_of: &AsOf, first: Option<i32>, last: Option<i32>, due: Option<NaiveDate>) -> RangeInclusive<i32> {
    let year = as_of.date.year();
    let latest = last.max(due.map(|day| day.year())).unwrap_or(year).clamp(year + 1, year + 5);
    first.unwrap_or(year).min(year - 1)..=latest
}

fn frame(years: RangeInclusive<i32>, settings: &Settings) -> PolarsResult<DataFrame> {
    let first = NaiveDate::from_ymd_opt(*years.start(), 1, 1).unwrap_or_default();
    of_days(&first.iter_days().take_while(|day| day.year() <= *years.end()).collect::<Vec<_>>(), settings)
}

/// The row of one day.
///
/// # Errors
/// Only what the engine runs into.
pub fn day(day: NaiveDate, settings: &Settings) -> PolarsResult<DataFrame> {
    of_days(&[day], settings)
}

fn of_days(days: &[NaiveDate], settings: &Settings) -> PolarsResult<DataFrame> {
    let number = |of: &dyn Fn(&NaiveDate) -> i64| days.iter().map(of).collect::<Vec<i64>>();
    let date = |name: &str, of: &dyn Fn(&NaiveDate) -> NaiveDate| {
        let days: Vec<i32> = days.iter().map(|day| days_since_epoch(of(day))).collect();
        Column::new(name.into(), days).cast(&DataType::Date)
    };
    let weekday = |day: &NaiveDate| u64::from(day.weekday().num_days_from_monday());
    DataFrame::new(
        days.len(),
        vec![
            date(DATE, &|day| *day)?,
            Column::new("year".into(), number(&|day| day.year().into())),
            Column::new("quarter".into(), number(&|day| day.quarter().into())),
            Column::new("month".into(), number(&|day| day.month().into())),
            Column::new("day_of_month".into(), number(&|day| day.day().into())),
            Column::new("iso_year".into(), number(&|day| day.iso_week().year().into())),
            Column::new("iso_week".into(), number(&|day| day.iso_week().week().into())),
            Column::new("week".into(), days.iter().map(|day| day.format("%G-W%V").to_string()).collect::<Vec<_>>()),
            Column::new("weekday".into(), number(&|day| day.weekday().number_from_monday().into())),
            date("week_start_date", &|day| *day - Days::new(weekday(day)))?,
            date("week_end_date", &|day| *day + Days::new(6 - weekday(day)))?,
            Column::new(
                "is_working_day".into(),
                days.iter().map(|day| is_worked(day, settings.working_hours.as_ref())).collect::<Vec<_>>(),
            ),
        ],
    )
}

/// By the calendar of response times, where there is one, else from Monday to Friday.
fn is_worked(day: &NaiveDate, hours: Option<&WorkingHours>) -> bool {
    match hours {
        Some(hours) => hours.is_worked(*day),
        None => !matches!(day.weekday(), Weekday::Sat | Weekday::Sun),
    }
}

/// The key of the table.
pub const DATE: &str = "date";

/// The table `dates`.
pub fn table() -> Table {
    let column =
        |name, dtype, description, rule, example| Declared::new(name, dtype, "", description, "never", rule, example);
    let number = |name, description, example| column(name, ColumnType::Int64, description, "T4", example);
    let day = |name, description, example| column(name, ColumnType::Date, description, "T4", example);
    Table {
        defined_in: file!(),
        name: "dates",
        version: 1,
        grain: "day",
        description: "Days in whole years: from the year of the first interaction, or from the year before the date, to the year \
                      after the date, or the year of the last plan or expected close (at most five years on). Weekly tables join by \
                      week_end_date, which is their as_of.",
        key: &[DATE],
        columns: vec![
            day(DATE, "The day, of the reporting time zone.", "2026-03-31"),
            number("year", "Its calendar year.", "2026"),
            number("quarter", "Its quarter, 1 to 4.", "1"),
            number("month", "Its month, 1 to 12.", "3"),
            number("day_of_month", "Its day in the month, 1 to 31.", "31"),
            number("iso_year", "The year of its ISO week, which differs from year around New Year.", "2026"),
            number("iso_week", "Its ISO week, 1 to 53.", "14"),
            column(
                "week",
                ColumnType::Text,
                "Its ISO week as the folders of weekly tables spell it.",
                "S1",
                "2026-W14",
            ),
            number("weekday", "Its day in the week: 1 is Monday, 7 is Sunday.", "2"),
            day("week_start_date", "The Monday of its week.", "2026-03-30"),
            day("week_end_date", "The Sunday of its week.", "2026-04-05"),
            column(
                "is_working_day",
                ColumnType::Boolean,
                "Whether people work on it: by the days and holidays of the setting working_hours, without one from Monday to Friday.",
                "K5",
                "true",
            ),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Profile;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn years_cover_what_is_known_and_a_year_on_either_side() {
        let as_of = AsOf { date: day("2026-03-31"), timezone: chrono_tz::Tz::UTC };
        assert_eq!(years(&as_of, None, None, None), 2025..=2027);
        assert_eq!(years(&as_of, Some(1998), Some(2026), Some(day("2029-01-01"))), 1998..=2029);
        assert_eq!(years(&as_of, Some(2026), Some(2031), Some(day("2099-01-01"))), 2025..=2031);
    }

    #[test]
    fn weeks_are_those_of_iso_and_holidays_are_no_working_days() {
        let mut settings = Settings::of_profile(Profile::Default);
        let worked = |settings: &Settings, at: usize| {
            let frame = frame(2026..=2027, settings).expect("days");
            frame.column("is_working_day").expect("days").bool().expect("days").get(at)
        };
        let frame = frame(2026..=2027, &settings).expect("days");
        assert_eq!(frame.height(), 730);
        let text = |name: &str, at: usize| frame.column(name).expect("a column").get(at).expect("a value").to_string();
        // New Year's Day of 2027 is a Friday in the last week of 2026.
        let new_year = 365;
        assert_eq!(text("week", new_year), "\"2026-W53\"");
        assert_eq!([text("week_start_date", new_year), text("week_end_date", new_year)], ["2026-12-28", "2027-01-03"]);
        assert_eq!([text("iso_year", new_year), text("weekday", new_year)], ["2026", "5"]);
        assert_eq!([worked(&settings, new_year), worked(&settings, new_year + 1)], [Some(true), Some(false)]);
        settings.working_hours = Some(WorkingHours {
            timezone: chrono_tz::Tz::UTC,
            days: vec![Weekday::Fri, Weekday::Sat],
            start: Default::default(),
            end: Default::default(),
            holidays: vec![day("2027-01-01")],
        });
        assert_eq!([worked(&settings, new_year), worked(&settings, new_year + 1)], [Some(false), Some(true)]);
    }
}
