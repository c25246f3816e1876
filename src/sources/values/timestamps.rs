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
        return of_far_year(text);
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

/// The same of a text whose year has a sign, or more than four digits, as ISO-8601 writes years beyond 9999. Such an
/// instant is implausible, and not missing (rule N3): like one in binary form, it is at an end of the calendar.
fn of_far_year(text: &str) -> Option<(i64, Option<i64>)> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digits = unsigned.bytes().take_while(u8::is_ascii_digit).count();
    let (year, rest) = unsigned.split_at_checked(digits)?;
    if !(4..=6).contains(&digits) || digits == 4 && unsigned.len() == text.len() {
        return None;
    }
    let year = year.parse::<i32>().ok().map(|year| if text.starts_with('-') { -year } else { year })?;
    let end = match year {
        1..=9999 => return parse_parts(&format!("{year:04}{rest}")),
        10_000.. => NaiveDate::from_ymd_opt(9999, 12, 31),
        _ => NaiveDate::from_ymd_opt(1, 1, 2),
    };
    // The rest is to be that of a time all the same; a leap year has all days there may be.
    parse_parts(&format!("2000{rest}"))?;
    Some((i64::from(days_since_epoch(end?)) * DAY, Some(0)))
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

/// What is noted of times without a zone.
const NO_ZONE: &str = "(none)";

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
    let Some(name) = zone_name.filter(|name| !name.trim().is_empty() && !is_null_word(name.trim())) else {
        unknown.note(NO_ZONE);
        return Ok(Some(local));
    };
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
mod tests;
