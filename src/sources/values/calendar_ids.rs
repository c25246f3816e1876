//! Calendar ids of meetings: how they compare (rule N5), and which name one occurrence of a series.
//!
//! Outlook writes the day of an occurrence into the id of its series: as year, month and day in hex digits 33 to
//! 40 of ids that begin with a certain class id. Dataverse may keep the series' id where Exchange has the
//! occurrence's, so that ids compare without the day.
//!
//! Of meetings that other calendars sent, Outlook keeps their id within one of its own: Dataverse may have the
//! outer one, where Exchange has the inner.

use std::borrow::Cow;

use polars::prelude::*;

use crate::sources::values::null_words::is_nothing;

/// How ids begin that hold a day.
const CLASS: &str = "040000008200E00074C5B7101A82E008";
/// Where the day stands.
const DAY: std::ops::Range<usize> = 32..40;
const NO_DAY: &str = "00000000";
/// What stands before the id of another calendar: `vCal-Uid` and the number 1, from hex digit 81 on.
const FOREIGN: &str = "7643616C2D55696401000000";
const FOREIGN_AT: usize = 80;

/// An id in one spelling: trimmed, upper case. None where it is blank.
fn normal(id: &str) -> Option<Cow<'_, str>> {
    let id = id.trim();
    if is_nothing(id) {
        return None;
    }
    if let Some(inner) = of_other_calendar(id) {
        return Some(Cow::Owned(inner.to_uppercase()));
    }
    let is_upper = id.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_lowercase());
    Some(if is_upper { Cow::Borrowed(id) } else { Cow::Owned(id.to_uppercase()) })
}

/// The id of another calendar within one of Outlook.
fn of_other_calendar(id: &str) -> Option<String> {
    let head = id.get(..CLASS.len())?;
    let mark = id.get(FOREIGN_AT..FOREIGN_AT + FOREIGN.len())?;
    if !head.eq_ignore_ascii_case(CLASS) || !mark.eq_ignore_ascii_case(FOREIGN) {
        return None;
    }
    let digits = id.get(FOREIGN_AT + FOREIGN.len()..)?.as_bytes().chunks_exact(2);
    let bytes = digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    let bytes: Vec<u8> = bytes.collect::<Option<_>>()?;
    let inner = String::from_utf8(bytes).ok()?;
    let inner = inner.trim_end_matches('\0').trim();
    (!inner.is_empty() && !inner.contains(char::is_control)).then(|| inner.to_string())
}

/// What stands where an id may hold a day, in hex digits.
fn day(id: &str) -> Option<&str> {
    let head = id.get(..CLASS.len())?;
    let day = id.get(DAY)?;
    (head.eq_ignore_ascii_case(CLASS) && day.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(day)
}

/// Whether an id holds a day of a calendar, and so names an occurrence, whatever its row says. Ids of other
/// programs may have any digits there.
fn holds_day(id: &str) -> bool {
    let number = |digits: Option<&str>| u16::from_str_radix(digits?, 16).ok();
    let Some(day) = day(id) else { return false };
    let is =
        |digits: Option<&str>, range: std::ops::RangeInclusive<u16>| number(digits).is_some_and(|n| range.contains(&n));
    is(day.get(..4), 1970..=2200) && is(day.get(4..6), 1..=12) && is(day.get(6..), 1..=31)
}

/// The id of an occurrence without the day, as it compares with that of its series (rule N5).
pub fn without_day(id: &str) -> Cow<'_, str> {
    match day(id) {
        Some(day) if day != NO_DAY => Cow::Owned([&id[..DAY.start], NO_DAY, &id[DAY.end..]].concat()),
        _ => Cow::Borrowed(id),
    }
}

/// `column` of calendar ids in one spelling; blank ones become null.
pub fn column(column: Expr) -> Expr {
    column.map(
        |c| {
            let ids: StringChunked = c.str()?.iter().map(|id| id.and_then(normal)).collect();
            Ok(ids.with_name(c.name().clone()).into_column())
        },
        |_, field| Ok(field.clone()),
    )
}

/// Whether each id of `column` names one occurrence of a series.
pub fn names_an_occurrence(column: Expr) -> Expr {
    column.map(
        |c| {
            let is = c.str()?.iter().map(|id| id.is_some_and(|id| holds_day(id.trim())));
            Ok(BooleanChunked::from_iter_values(c.name().clone(), is).into_column())
        },
        |_, field| Ok(Field::new(field.name().clone(), DataType::Boolean)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_other_calendars_compare_with_what_outlook_made_of_them() {
        let wrapped = |day: &str| {
            let id: String = "7kuk@calendar.example\0".bytes().map(|byte| format!("{byte:02X}")).collect();
            format!("{CLASS}{day}{}2E000000{FOREIGN}{id}", "0".repeat(32))
        };
        for day in [NO_DAY, "07EA0310"] {
            let id = wrapped(day);
            assert_eq!(id.get(FOREIGN_AT..FOREIGN_AT + FOREIGN.len()), Some(FOREIGN));
            assert_eq!(normal(&id).as_deref(), Some("7KUK@CALENDAR.EXAMPLE"));
            assert_eq!(normal(&id.to_lowercase()).as_deref(), Some("7KUK@CALENDAR.EXAMPLE"));
        }
        let cut = &wrapped(NO_DAY)[..FOREIGN_AT + FOREIGN.len()];
        assert_eq!(normal(cut).as_deref(), Some(cut));
    }

    #[test]
    fn ids_compare_without_letter_case_and_the_day_of_an_occurrence() {
        let series = "040000008200E00074C5B7101A82E00800000000756DC3EEFFE5CC01";
        let occurrence = "040000008200e00074c5b7101a82e00807ea0310756dc3eeffe5cc01";
        let named = |id: &'static str| normal(id).map(|id| without_day(&id).into_owned());
        assert_eq!(named(occurrence).as_deref(), Some(series));
        assert_eq!(named(series).as_deref(), Some(series));
        assert_eq!(named(" ab01 ").as_deref(), Some("AB01"));
        assert_eq!(named("040000008200E001").as_deref(), Some("040000008200E001"));
        assert_eq!(normal(" "), None);
        assert!(holds_day(occurrence) && !holds_day(series));
        assert!(!holds_day("040000008200E00074C5B7101A82E008041B3EC7D6E852BB"), "no day of any calendar");
    }
}
