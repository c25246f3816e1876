//! The calendar of the `working_hours` switch (K5).

use chrono::Weekday;
use toml::Value;

use super::values::{Read, date, found, list_of, time_of_day, timezone};
use crate::time::WorkingHours;

pub(super) const EXAMPLE: &str = r#"{ timezone = "Europe/Stockholm", days = ["mon", "tue", "wed", "thu", "fri"], start = "09:00", end = "17:00", holidays = [2026-12-25] }"#;

const PARTS: &[&str] = &["timezone", "days", "start", "end", "holidays"];

pub(super) fn read(value: &Value) -> Read<WorkingHours> {
    let table = value.as_table().ok_or_else(|| found(value))?;
    if let Some(name) = table.keys().find(|name| !PARTS.contains(&name.as_str())) {
        return Err(format!("found {name:?} in it"));
    }
    let part = |name: &str| table.get(name).ok_or_else(|| format!("found no {name:?} in it"));
    let within = |name: &'static str| move |reason: String| format!("{reason} as its {name}");

    let mut days = list_of(part("days")?, weekday).map_err(within("days"))?;
    days.sort_by_key(|day| day.num_days_from_monday());
    days.dedup();
    let mut holidays = match table.get("holidays") {
        Some(list) => list_of(list, date).map_err(within("holidays"))?,
        None => Vec::new(),
    };
    holidays.sort();
    holidays.dedup();

    let hours = WorkingHours {
        timezone: timezone(part("timezone")?).map_err(within("timezone"))?,
        days,
        start: time_of_day(part("start")?).map_err(within("start"))?,
        end: time_of_day(part("end")?).map_err(within("end"))?,
        holidays,
    };
    if hours.days.is_empty() {
        return Err("found no working day in it".to_string());
    }
    if hours.start >= hours.end {
        return Err("found an end that is not after its start".to_string());
    }
    Ok(hours)
}

fn weekday(value: &Value) -> Read<Weekday> {
    value.as_str().and_then(|name| name.parse().ok()).ok_or_else(|| found(value))
}

/// The calendar in one line, for the configuration hash.
pub(super) fn write(hours: &WorkingHours) -> String {
    let days: Vec<String> = hours.days.iter().map(|day| day.to_string()).collect();
    let holidays: Vec<String> = hours.holidays.iter().map(|day| day.to_string()).collect();
    format!(
        "{} {} {}-{} {}",
        hours.timezone.name(),
        days.join(","),
        hours.start.format("%H:%M:%S"),
        hours.end.format("%H:%M:%S"),
        holidays.join(",")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Read<WorkingHours> {
        let table: toml::Table = toml::from_str(&format!("value = {text}")).unwrap();
        read(&table["value"])
    }

    #[test]
    fn the_example_is_valid() {
        let hours = parse(EXAMPLE).unwrap();
        assert_eq!(write(&hours), "Europe/Stockholm Mon,Tue,Wed,Thu,Fri 09:00:00-17:00:00 2026-12-25");
    }

    #[test]
    fn mistakes_are_named() {
        for (from, to, reason) in [
            ("\"17:00\"", "\"08:00\"", "not after its start"),
            ("\"mon\"", "\"måndag\"", "as its days"),
            ("start", "begin", "\"begin\""),
            ("2026-12-25", "\"xmas\"", "as its holidays"),
        ] {
            let error = parse(&EXAMPLE.replace(from, to)).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
    }
}
