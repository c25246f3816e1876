//! TOML values read as what a key expects; an `Err` says what was found instead.

use std::str::FromStr;

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;
use toml::Value;

use crate::plain;
use crate::suggest::nearest;

pub(super) type Read<T> = Result<T, String>;

pub(super) fn found(value: &Value) -> String {
    match value {
        Value::String(text) => format!("found the text {}", plain::value(text)),
        Value::Array(_) => "found a list".to_string(),
        Value::Table(_) => "found a table".to_string(),
        other => format!("found {}", plain::cut(&other.to_string(), 100)),
    }
}

pub(super) fn boolean(value: &Value) -> Read<bool> {
    value.as_bool().ok_or_else(|| found(value))
}

pub(super) fn text(value: &Value) -> Read<String> {
    match value.as_str().map(str::trim) {
        Some(text) if !text.is_empty() => Ok(text.to_string()),
        _ => Err(found(value)),
    }
}

pub(super) fn whole_number(value: &Value, least: u32, most: u32) -> Read<u32> {
    value
        .as_integer()
        .and_then(|number| u32::try_from(number).ok())
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| found(value))
}

/// A number from 0 to 1.
pub(super) fn share(value: &Value) -> Read<f64> {
    let number = value.as_float().or_else(|| value.as_integer().map(|whole| whole as f64));
    number.filter(|number| (0.0..=1.0).contains(number)).ok_or_else(|| found(value))
}

/// `"none"` or `"unlimited"`, as TOML knows no null.
pub(super) fn optional<T>(value: &Value, read: impl FnOnce(&Value) -> Read<T>) -> Read<Option<T>> {
    match value.as_str() {
        Some("none" | "unlimited") => Ok(None),
        _ => read(value).map(Some),
    }
}

/// A list as a set: the order and repetitions say nothing, so they must not change the hash.
pub(super) fn set_of(value: &Value, read: impl Fn(&Value) -> Read<String>) -> Read<Vec<String>> {
    let mut items = list_of(value, read)?;
    items.sort();
    items.dedup();
    Ok(items)
}

pub(super) fn list_of<T>(value: &Value, read: impl Fn(&Value) -> Read<T>) -> Read<Vec<T>> {
    let items = value.as_array().ok_or_else(|| found(value))?;
    items.iter().map(|item| read(item).map_err(|reason| format!("{reason} in the list"))).collect()
}

pub(super) fn date(value: &Value) -> Read<NaiveDate> {
    let written = match value {
        Value::String(text) => text.clone(),
        Value::Datetime(instant) => instant.to_string(),
        _ => return Err(found(value)),
    };
    parse_date(&written).ok_or_else(|| found(value))
}

/// YYYY-MM-DD and nothing else.
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|date| date.format("%Y-%m-%d").to_string() == text)
}

pub(super) fn time_of_day(value: &Value) -> Read<NaiveTime> {
    let written = match value {
        Value::String(text) => text.clone(),
        Value::Datetime(instant) => instant.to_string(),
        _ => return Err(found(value)),
    };
    NaiveTime::parse_from_str(&written, "%H:%M")
        .or_else(|_| NaiveTime::parse_from_str(&written, "%H:%M:%S"))
        .map_err(|_| found(value))
}

pub(super) fn timezone(value: &Value) -> Read<Tz> {
    let name = text(value)?;
    Tz::from_str(&name).map_err(|_| {
        let known = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
        match nearest(&name, known) {
            Some(zone) => format!("{}; did you mean {zone:?}?", found(value)),
            None => found(value),
        }
    })
}

/// An address in the web, without a slash at its end.
pub(super) fn web_address(value: &Value) -> Read<String> {
    let address = text(value)?.trim_end_matches('/').to_string();
    let rest = address.strip_prefix("https://").filter(|rest| !rest.is_empty() && !rest.starts_with('/'));
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '"' | '<' | '>' | '`');
    if rest.is_some_and(|rest| rest.chars().all(plain)) { Ok(address) } else { Err(found(value)) }
}

pub(super) fn country(value: &Value) -> Read<String> {
    let code = text(value)?.to_ascii_uppercase();
    if code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()) { Ok(code) } else { Err(found(value)) }
}

pub(super) fn domain(value: &Value) -> Read<String> {
    let name = text(value)?.to_lowercase();
    let plain = |c: char| c.is_alphanumeric() || c == '-' || c == '.';
    if name.contains('.') && !name.starts_with('.') && !name.ends_with('.') && name.chars().all(plain) {
        Ok(name)
    } else {
        Err(found(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_iso_and_exact() {
        assert!(parse_date("2026-02-28").is_some());
        for wrong in ["2026-2-28", "2026-02-29", "28.02.2026", "2026-02-28T00:00:00", ""] {
            assert_eq!(parse_date(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn domains_are_lower_cased_and_addresses_refused() {
        assert_eq!(domain(&Value::from(" Nordwind.Example ")), Ok("nordwind.example".into()));
        assert!(domain(&Value::from("info@nordwind.example")).is_err());
        assert!(domain(&Value::from("https://nordwind.example")).is_err());
    }

    #[test]
    fn web_addresses_are_complete_and_lose_their_last_slash() {
        let read = |text: &str| web_address(&Value::from(text));
        assert_eq!(read("https://contoso.crm4.dynamics.com/"), Ok("https://contoso.crm4.dynamics.com".into()));
        for wrong in ["contoso.crm4.dynamics.com", "http://contoso.example", "https://", "https:// x", "https://a\"b"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_mistyped_zone_gets_a_suggestion() {
        let reason = timezone(&Value::from("Europe/Stokholm")).unwrap_err();
        assert!(reason.contains("Europe/Stockholm"), "{reason}");
    }
}
