//! Calendar ids of meetings: how they compare (rule N5), and which name one occurrence of a series.
//!
//! Outlook writes the day of an occurrence into the id of its series: as year, month and day in hex digits 33 to
//! 40 of ids that begin with a certain class id. Dataverse may keep the series' id where Exchange has the
//! occurrence's, so that ids compare without the day.

use std::borrow::Cow;

use polars::prelude::*;

/// How ids begin that hold a day.
const CLASS: &str = "040000008200E00074C5B7101A82E008";
/// Where the day stands.
const DAY: std::ops::Range<usize> = 32..40;
const NO_DAY: &str = "00000000";

/// An id in one spelling: trimmed, upper case. None where it is blank.
fn normal(id: &str) -> Option<Cow<'_, str>> {
    let id = id.trim();
    if id.is_empty() {
        return None;
    }
    let is_upper = id.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_lowercase());
    Some(if is_upper { Cow::Borrowed(id) } else { Cow::Owned(id.to_uppercase()) })
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
