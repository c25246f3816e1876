//! Instants and days written as text: ISO-8601 as exports spell it, and local times of calendars (rules I3, I8).

use chrono::NaiveDate;

use crate::sources::values::null_words::is_null_word;
use crate::sources::values::shown_zones;
use crate::sources::values::time_zones::{UnknownZones, zone};
use crate::sources::values::written_times::WrittenTimes;
use crate::sources::values::zone_offsets::offset_of;
use crate::time::{DAY, HOUR, MINUTE, SECOND, days_since_epoch, to_utc};

/// Microseconds since 1970, UTC, of an ISO-8601 text; a text without zone is UTC. The null date of
/// Exchange, `0001-01-01T00:00:00Z`, and blank text are no instant; anything else is an error. With
/// `us_dates`, a text may also be like `3/31/2026 9:00:00 AM`.
pub fn parse(text: &str, us_dates: bool) -> Result<Option<i64>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if us_dates && let Some((day, time)) = us_parts(text) {
        return Ok((!is_null_date(day)).then(|| i64::from(days_since_epoch(day)) * DAY + time));
    }
    let (local, offset) =
        parse_parts(text).ok_or_else(|| "expected ISO-8601, like 2026-03-31T09:00:00Z".to_string())?;
    if text.starts_with("0001-01-01") {
        return Ok(None);
    }
    Ok(Some(local - offset.unwrap_or(0)))
}

/// The day that an ISO-8601 text means, with or without a time, or with `us_dates` one like `3/31/2026`; see
/// [`WrittenTimes::day`].
pub fn parse_day(text: &str, times: WrittenTimes) -> Result<Option<i32>, String> {
    let text = text.trim();
    if times.us_dates
        && let Some((day, time)) = us_parts(text)
    {
        return Ok((!is_null_date(day)).then(|| times.day(i64::from(days_since_epoch(day)) * DAY + time)));
    }
    if text.is_empty() || text.starts_with("0001-01-01") {
        return Ok(None);
    }
    if let Some((local, offset)) = parse_parts(text) {
        return Ok(Some(times.day_of_local(local, local - offset.unwrap_or(0))));
    }
    let day = text.get(..10).and_then(|day| NaiveDate::parse_from_str(day, "%Y-%m-%d").ok());
    day.map(|day| Some(days_since_epoch(day))).ok_or_else(|| "expected a date, like 2026-03-31".to_string())
}

/// Day and microseconds since midnight of `M/D/YYYY`, with or without a time, that with or without AM or PM.
fn us_parts(text: &str) -> Option<(NaiveDate, i64)> {
    let number = |text: &str, digits: usize| -> Option<u32> {
        let fits = (1..=digits).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| text.parse().ok())?
    };
    // Newer systems write a narrow space before AM and PM.
    let mut parts = text.split(|c: char| c.is_whitespace() || c == '\u{202F}').filter(|part| !part.is_empty());
    let mut day = parts.next()?.split('/');
    let (month, of_month, year) = (number(day.next()?, 2)?, number(day.next()?, 2)?, day.next()?);
    if day.next().is_some() || year.len() != 4 {
        return None;
    }
    let day = NaiveDate::from_ymd_opt(number(year, 4)? as i32, month, of_month)?;
    let (time, half, rest) = (parts.next(), parts.next(), parts.next());
    let Some(time) = time else { return Some((day, 0)) };
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let mut clock = time.split(':');
    let (hour, minute) = (number(clock.next()?, 2)?, number(clock.next()?, 2)?);
    let second = clock.next().map_or(Some(0), |second| number(second, 2))?;
    if clock.next().is_some() || rest.is_some() {
        return None;
    }
    let hour = match half {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(half) if half.eq_ignore_ascii_case("AM") => hour % 12,
        Some(half) if half.eq_ignore_ascii_case("PM") => hour % 12 + 12,
        Some(_) => return None,
    };
    number(fraction, 9)?;
    let micros =
        fraction.bytes().zip([100_000, 10_000, 1_000, 100, 10, 1]).map(|(digit, unit)| i64::from(digit - b'0') * unit);
    Some((day, time_of_day(hour.into(), minute.into(), second.into())? + micros.sum::<i64>()))
}

/// Whether it is what Exchange and .NET write for none (rule I8).
fn is_null_date(day: NaiveDate) -> bool {
    NaiveDate::from_ymd_opt(1, 1, 1) == Some(day)
}

/// Local time in microseconds and the offset in microseconds, if the text has one.
fn parse_parts(text: &str) -> Option<(i64, Option<i64>)> {
    let bytes = text.as_bytes();
    if let Some(micros) = whole_seconds(bytes) {
        return Some((micros, Some(0)));
    }
    let number = |from: usize, to: usize| -> Option<i64> {
        bytes.get(from..to)?.iter().try_fold(0i64, |n, b| b.is_ascii_digit().then(|| n * 10 + i64::from(b - b'0')))
    };
    if bytes.get(4) != Some(&b'-') || bytes.get(7) != Some(&b'-') {
        return None;
    }
    let day = NaiveDate::from_ymd_opt(number(0, 4)? as i32, number(5, 7)? as u32, number(8, 10)? as u32)?;
    let mut micros = i64::from(days_since_epoch(day)) * DAY;
    if bytes.len() == 10 {
        return Some((micros, None));
    }
    if !matches!(bytes[10], b'T' | b't' | b' ') || bytes.get(13) != Some(&b':') {
        return None;
    }
    let (hour, minute) = (number(11, 13)?, number(14, 16)?);
    let (second, mut at) = if bytes.get(16) == Some(&b':') { (number(17, 19)?, 19) } else { (0, 16) };
    micros += time_of_day(hour, minute, second)?;
    if matches!(bytes.get(at), Some(b'.' | b',')) {
        at += 1;
        let mut unit = 100_000;
        while let Some(digit) = bytes.get(at).filter(|b| b.is_ascii_digit()) {
            micros += i64::from(digit - b'0') * unit;
            unit /= 10;
            at += 1;
        }
    }
    // A blank may stand before the offset.
    if matches!(bytes.get(at..), Some([b' ', b'+' | b'-' | b'Z' | b'z', ..])) {
        at += 1;
    }
    let offset = match bytes.get(at..)? {
        b"" => None,
        b"Z" | b"z" | b" UTC" | b"UTC" | b" GMT" | b"GMT" => Some(0),
        [sign @ (b'+' | b'-'), ..] => {
            let hours = number(at + 1, at + 3)?;
            let minutes = match bytes.len() - at {
                3 => 0,
                5 => number(at + 3, at + 5)?,
                6 => number(at + 4, at + 6)?,
                _ => return None,
            };
            let size = (hours * 60 + minutes) * MINUTE;
            Some(if *sign == b'-' { -size } else { size })
        }
        _ => return None,
    };
    Some((micros, offset))
}

/// Microseconds of `2026-03-31T09:00:00Z`, as Graph spells nearly all instants. Going through it place by
/// place would take four times as long, a thirtieth of reading.
fn whole_seconds(bytes: &[u8]) -> Option<i64> {
    const DIGITS: [usize; 14] = [0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18];
    const MARKS: [(usize, u8); 6] = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':'), (19, b'Z')];
    let places: &[u8; 20] = bytes.try_into().ok()?;
    // Without an early exit, these are a few instructions for all places together.
    let strays = DIGITS.iter().fold(false, |strays, &at| strays | !places[at].is_ascii_digit());
    if MARKS.iter().fold(strays, |strays, &(at, mark)| strays | (places[at] != mark)) {
        return None;
    }
    let two = |at: usize| i64::from(places[at] - b'0') * 10 + i64::from(places[at + 1] - b'0');
    let day = NaiveDate::from_ymd_opt((two(0) * 100 + two(2)) as i32, two(5) as u32, two(8) as u32)?;
    Some(i64::from(days_since_epoch(day)) * DAY + time_of_day(two(11), two(14), two(17))?)
}

/// Microseconds since midnight.
fn time_of_day(hour: i64, minute: i64, second: i64) -> Option<i64> {
    (hour <= 24 && minute <= 59 && second <= 60).then_some(hour * HOUR + minute * MINUTE + second * SECOND)
}

/// UTC microseconds of a calendar's local time. An instant that a clock change repeats is the
/// first of the two; one that it skips counts on from the offset before the change.
///
/// With `us_dates`, a text may also be like `3/31/2026 9:00:00 AM`.
pub fn local_to_utc(
    text: &str,
    zone_name: Option<&str>,
    us_dates: bool,
    unknown: &UnknownZones,
) -> Result<Option<i64>, String> {
    let text = text.trim();
    if text.is_empty() || is_null_word(text) || text.starts_with("0001-01-01") {
        return Ok(None);
    }
    let american = || us_parts(text).filter(|_| us_dates);
    let parts = match american() {
        Some((day, _)) if is_null_date(day) => return Ok(None),
        Some((day, time)) => Some((i64::from(days_since_epoch(day)) * DAY + time, None)),
        None => parse_parts(text),
    };
    let (local, offset) = parts.ok_or_else(|| "expected a local time, like 2026-03-31T09:00:00".to_string())?;
    if let Some(offset) = offset {
        return Ok(Some(local - offset));
    }
    let Some(name) = zone_name.filter(|name| !name.trim().is_empty()) else { return Ok(Some(local)) };
    match (zone(name), offset_of(name)) {
        (Some(zone), _) => Ok(Some(to_utc(local, zone))),
        (None, Some(offset)) => Ok(Some(local - offset)),
        (None, None) => {
            unknown.note(name);
            Ok(Some(local - shown_zones::offset(name).unwrap_or_default()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn micros(text: &str) -> i64 {
        parse(text, false).expect("valid").expect("an instant")
    }

    #[test]
    fn spellings_of_one_instant() {
        let instant = micros("2026-03-31T09:00:00Z");
        for text in
            ["2026-03-31 09:00:00", "2026-03-31T11:00:00+02:00", "2026-03-31T09:00:00.0000000", "2026-03-31T09:00Z"]
                .into_iter()
                .chain([
                    "2026-03-31 09:00:00 GMT",
                    "2026-03-31 09:00:00 +00:00",
                    "2026-03-31T09:00:00 Z",
                    "2026-03-31 04:00:00.000 -0500",
                ])
        {
            assert_eq!(micros(text), instant, "{text}");
        }
        assert_eq!(micros("2026-02-28T23:59:58Z"), micros("2026-03-01T00:59:58+01:00"));
        assert_eq!(parse("0001-01-01T00:00:00Z", false), Ok(None));
        for no_time in ["2026-02-29T09:00:00Z", "2026-02-28T25:00:00Z", "2026-02-28T09:00:0xZ", "2026-02-28 09:00;00Z"]
        {
            assert!(parse(no_time, false).is_err(), "{no_time}");
        }
        assert_eq!(parse(" ", false), Ok(None));
        assert!(parse("yesterday", false).is_err());
    }

    #[test]
    fn calendar_times_are_local_to_windows_and_iana_zones() {
        let unknown = UnknownZones::default();
        let utc = |zone| local_to_utc("2026-03-13T10:00:00.0000000", Some(zone), false, &unknown);
        assert_eq!(utc("W. Europe Standard Time"), Ok(Some(micros("2026-03-13T09:00:00Z"))));
        assert_eq!(utc("Europe/Stockholm"), Ok(Some(micros("2026-03-13T09:00:00Z"))));
        for zone in ["w. europe standard time", "europe/stockholm", "+01:00", "UTC+1", "gmt+0100"] {
            assert_eq!(utc(zone), Ok(Some(micros("2026-03-13T09:00:00Z"))), "{zone}");
        }
        assert_eq!(utc("UTC-03:30"), Ok(Some(micros("2026-03-13T13:30:00Z"))));
        assert_eq!(utc("Z"), Ok(Some(micros("2026-03-13T10:00:00Z"))));
        for zone in [
            "(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna",
            "W. Europe Daylight Time",
            "/freeassociation.sourceforge.net/Europe/Stockholm",
            "\"Europe/Stockholm\"",
            "CET",
            "Etc/GMT-1",
        ] {
            assert_eq!(utc(zone), Ok(Some(micros("2026-03-13T09:00:00Z"))), "{zone}");
        }
        for zone in ["tzone://Microsoft/Utc", "TZONE://MICROSOFT/UTC", "(UTC) Coordinated Universal Time"] {
            assert_eq!(utc(zone), Ok(Some(micros("2026-03-13T10:00:00Z"))), "{zone}");
        }
        assert!(unknown.names().is_empty(), "{:?}", unknown.names());
        assert_eq!(utc("Middle Earth Time"), Ok(Some(micros("2026-03-13T10:00:00Z"))));
        assert_eq!(utc("(UTC+01:00) Middle Earth"), Ok(Some(micros("2026-03-13T09:00:00Z"))));
        assert_eq!(unknown.names(), ["(UTC+01:00) Middle Earth", "Middle Earth Time"]);
    }

    #[test]
    fn clock_changes_repeat_and_skip_an_hour() {
        let unknown = UnknownZones::default();
        let utc = |text| local_to_utc(text, Some("Europe/Stockholm"), false, &unknown);
        assert_eq!(utc("2025-10-26T02:30:00"), Ok(Some(micros("2025-10-26T00:30:00Z"))));
        assert_eq!(utc("2026-03-29T02:30:00"), Ok(Some(micros("2026-03-29T01:30:00Z"))));
    }

    #[test]
    fn times_as_they_are_written_in_the_us() {
        let us = |text| parse(text, true).expect("a time").expect("an instant");
        for (text, iso) in [
            ("3/31/2026 9:00:00 AM", "2026-03-31T09:00:00Z"),
            ("03/01/2026 12:05:09 am", "2026-03-01T00:05:09Z"),
            ("12/1/2026 12:00 PM", "2026-12-01T12:00:00Z"),
            ("12/1/2026 11:59:59.25\u{202F}PM", "2026-12-01T23:59:59.25Z"),
            ("12/31/2026 23:00:00", "2026-12-31T23:00:00Z"),
            ("1/2/2026", "2026-01-02T00:00:00Z"),
            ("2026-03-31T09:00:00Z", "2026-03-31T09:00:00Z"),
        ] {
            assert_eq!(us(text), micros(iso), "{text}");
        }
        for no_time in
            ["31/3/2026", "3/31/26", "3/31/2026 13:00 PM", "3/31/2026 0:30 AM", "3/31/2026 9 AM", "3/31/2026 9:00 XM"]
        {
            assert!(parse(no_time, true).is_err(), "{no_time}");
        }
        assert_eq!(parse("1/1/0001 12:00:00 AM", true), Ok(None));
        assert!(parse("3/31/2026 9:00:00 AM", false).is_err());
        let times = WrittenTimes { us_dates: true, ..WrittenTimes::default() };
        assert_eq!(parse_day("3/31/2026 12:00:00 AM", times), parse_day("2026-03-31", WrittenTimes::default()));
        let unknown = UnknownZones::default();
        let local = local_to_utc("3/13/2026 10:00:00 AM", Some("Europe/Stockholm"), true, &unknown);
        assert_eq!(local, Ok(Some(micros("2026-03-13T09:00:00Z"))));
    }
}
