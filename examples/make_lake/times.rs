//! Instants, the history's bounds, working hours, time zones and how instants are written.
//!
//! Instants are seconds since 1970 in UTC.

use chrono::{DateTime, Datelike, Timelike, Weekday};

use crate::random::Random;

pub const MINUTE: i64 = 60;
pub const HOUR: i64 = 3_600;
pub const DAY: i64 = 86_400;

/// 2024-04-01T00:00:00Z: two years of history.
pub const START: i64 = 19_814 * DAY;
/// 2026-03-31T20:00:00Z, the evening of the as-of date: nothing has happened after it.
pub const END: i64 = 20_543 * DAY + 20 * HOUR;

/// The span of one file: `from <= instant < to`.
pub struct Period {
    pub from: i64,
    pub to: i64,
    pub label: String,
}

/// Calendar years, or months where a year would not fit into memory.
pub fn periods(monthly: bool) -> Vec<Period> {
    let mut out: Vec<Period> = Vec::new();
    let mut at = START;
    while at < END {
        let date = utc(at);
        let label = if monthly { format!("{}-{:02}", date.year(), date.month()) } else { date.year().to_string() };
        match out.last_mut() {
            Some(last) if last.label == label => {}
            _ => {
                if let Some(last) = out.last_mut() {
                    last.to = at;
                }
                out.push(Period { from: at, to: END, label });
            }
        }
        at += DAY;
    }
    out
}

fn utc(at: i64) -> DateTime<chrono::Utc> {
    DateTime::from_timestamp(at, 0).unwrap_or_default()
}

pub fn year(at: i64) -> i32 {
    utc(at).year()
}

/// `2026-03-31T20:00:00Z`.
pub fn iso(at: i64) -> String {
    format!("{}Z", local_text(at))
}

/// `2026-03-31T20:00:00`, of an instant that was shifted into its zone.
pub fn local_text(at: i64) -> String {
    let t = utc(at);
    format!("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", t.year(), t.month(), t.day(), t.hour(), t.minute(), t.second())
}

/// The start of the day.
pub fn midnight(at: i64) -> i64 {
    at - at.rem_euclid(DAY)
}

/// Whether Europe has summer time: from the last Sunday of March to the last one of October, 01:00 UTC.
pub fn summer(at: i64) -> bool {
    let t = utc(at);
    let since_sunday = i64::from(t.weekday().num_days_from_sunday());
    // March and October have 31 days: their last Sunday is the 25th or later.
    let past_last_sunday = i64::from(t.day()) - since_sunday >= 25 && (since_sunday > 0 || t.hour() >= 1);
    match t.month() {
        4..=9 => true,
        3 => past_last_sunday,
        10 => !past_last_sunday,
        _ => false,
    }
}

/// A time zone as calendars name it.
#[derive(Clone, Copy)]
pub struct Zone {
    pub name: &'static str,
    hours: i64,
    summer_time: bool,
}

impl Zone {
    const fn new(name: &'static str, hours: i64, summer_time: bool) -> Self {
        Zone { name, hours, summer_time }
    }

    pub fn local(&self, at: i64) -> i64 {
        at + (self.hours + i64::from(self.summer_time && summer(at))) * HOUR
    }
}

/// Windows names, IANA names, and one name that nobody knows.
pub fn zone(country: &str) -> Zone {
    match country {
        "FI" => Zone::new("FLE Standard Time", 2, true),
        "FR" => Zone::new("Romance Standard Time", 1, true),
        "GB" => Zone::new("GMT Standard Time", 0, true),
        "IE" => Zone::new("Europe/Dublin", 0, true),
        "NL" => Zone::new("W. Europe Standard Time", 1, true),
        "SE" => Zone::new("Europe/Stockholm", 1, true),
        "SG" => Zone::new("Singapore Standard Time", 8, false),
        "unknown" => Zone::new("Nordwind House Time", 0, false),
        _ => Zone::new("UTC", 0, false),
    }
}

fn stockholm_hour(at: i64) -> i64 {
    zone("SE").local(at).rem_euclid(DAY) / HOUR
}

/// Whether nobody works: night or weekend.
pub fn off_hours(at: i64) -> bool {
    let local = zone("SE").local(at);
    matches!(utc(local).weekday(), Weekday::Sat | Weekday::Sun) || !(7..19).contains(&stockholm_hour(at))
}

/// The next working morning.
pub fn next_morning(random: &mut Random, at: i64) -> i64 {
    let mut day = midnight(at);
    if stockholm_hour(at) >= 7 {
        day += DAY;
    }
    while matches!(utc(day).weekday(), Weekday::Sat | Weekday::Sun) {
        day += DAY;
    }
    day + 6 * HOUR + random.log_normal(70.0, 0.7).min(420.0) as i64 * MINUTE
}

fn day_weight(day: i64) -> f64 {
    let t = utc(day);
    let week = match t.weekday() {
        Weekday::Sat => 0.05,
        Weekday::Sun => 0.04,
        Weekday::Fri => 0.85,
        _ => 1.0,
    };
    let season = match (t.month(), t.day()) {
        (7, _) => 0.45,
        (12, 22..) | (1, ..=6) => 0.25,
        _ => 1.0,
    };
    week * season
}

/// How much of the history's work falls into a span.
pub fn work(from: i64, to: i64) -> f64 {
    let mut day = midnight(from);
    let mut sum = 0.0;
    while day < to {
        sum += day_weight(day);
        day += DAY;
    }
    sum
}

/// An instant in the span, mostly on working days between 8 and 17.
pub fn working_instant(random: &mut Random, from: i64, to: i64) -> i64 {
    for _ in 0..64 {
        let day = midnight(random.between(from, to));
        if !random.chance(day_weight(day)) {
            continue;
        }
        let hour = if random.chance(0.04) {
            random.unit() * 24.0
        } else if random.chance(0.55) {
            9.0 + 1.2 * random.normal()
        } else {
            13.2 + 1.6 * random.normal()
        };
        let at = day + (hour * HOUR as f64) as i64;
        if (from..to).contains(&at) {
            return at;
        }
    }
    from
}

/// A full or half hour of a working day, as meetings begin.
pub fn meeting_start(random: &mut Random, near: i64) -> i64 {
    let mut day = midnight(near);
    while matches!(utc(day).weekday(), Weekday::Sat | Weekday::Sun) {
        day += DAY;
    }
    day + 7 * HOUR + random.between(0, 18) * 30 * MINUTE
}
