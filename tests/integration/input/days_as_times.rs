//! Days that an export writes as times (rule I3).

use polars::prelude::*;
use rstest::rstest;

use crate::support::small_lake::SmallLake;

const STOCKHOLM: &str = "timezone=\"Europe/Stockholm\"";
const NEW_YORK: &str = "timezone=\"America/New_York\"";
const UTC: &str = "timezone=\"UTC\"";

/// The second deal was closed on 2026-03-15.
fn closed(column: Column) -> SmallLake {
    let lake = SmallLake::new();
    lake.change("opportunity", |mut deals| {
        deals.with_column(column.with_name("actualclosedate".into())).unwrap();
        deals
    });
    lake
}

fn text(text: &str) -> Column {
    Column::new(PlSmallStr::EMPTY, [None, Some(text)])
}

fn time(text: &str) -> Column {
    let instant = chrono::DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis();
    let dtype = DataType::Datetime(TimeUnit::Milliseconds, Some(TimeZone::UTC));
    Column::new(PlSmallStr::EMPTY, [None, Some(instant)]).cast(&dtype).unwrap()
}

#[rstest]
#[case::of_a_day(STOCKHOLM, text("2026-03-15"))]
#[case::of_midnight_in_utc(NEW_YORK, text("2026-03-15T00:00:00Z"))]
#[case::of_midnight_where_it_is_written(NEW_YORK, text("2026-03-15T00:00:00+05:30"))]
#[case::of_midnight_in_stockholm(STOCKHOLM, text("2026-03-14T23:00:00Z"))]
#[case::of_midnight_in_new_york(NEW_YORK, text("2026-03-15T04:00:00Z"))]
#[case::of_an_evening_in_new_york(NEW_YORK, text("2026-03-16T01:30:00.000Z"))]
#[case::typed_of_midnight_in_utc(NEW_YORK, time("2026-03-15T00:00:00Z"))]
#[case::typed_of_midnight_in_stockholm(STOCKHOLM, time("2026-03-14T23:00:00Z"))]
#[case::typed_of_an_evening_in_new_york(NEW_YORK, time("2026-03-16T01:30:00Z"))]
fn a_deal_is_closed_on_the_day_that_a_time_stands_for(#[case] timezone: &str, #[case] written: Column) {
    let as_day = SmallLake::new().published(&["--set", timezone]);
    let as_time = closed(written).published(&["--set", timezone]);
    let differing: Vec<&String> =
        as_day.iter().filter(|(path, bytes)| as_time.get(*path) != Some(bytes)).map(|(path, _)| path).collect();
    assert!(differing.is_empty(), "{differing:?}");
}

#[test]
fn the_day_is_published() {
    let [day, evening] = ["2026-03-15", "2026-03-14T12:00:00Z"].map(|day| closed(text(day)).published(&["--set", UTC]));
    assert!(day.keys().eq(evening.keys()) && day != evening, "tables that differ by a day tell it");
}
