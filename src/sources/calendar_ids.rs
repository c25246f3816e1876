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

/// An id as it compares: trimmed, upper case, without the day of an occurrence. None where it is blank.
fn normal(id: &str) -> Option<Cow<'_, str>> {
    let id = id.trim();
    if id.is_empty() {
        return None;
    }
    let is_upper = id.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_lowercase());
    if is_upper && day(id).is_none_or(|day| day == NO_DAY) {
        return Some(Cow::Borrowed(id));
    }
    let mut id = id.to_uppercase();
    if day(&id).is_some() {
        id.replace_range(DAY, NO_DAY);
    }
    Some(Cow::Owned(id))
}

/// The day that an id may hold, in hex digits.
fn day(id: &str) -> Option<&str> {
    let head = id.get(..CLASS.len())?;
    let day = id.get(DAY)?;
    (head.eq_ignore_ascii_case(CLASS) && day.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(day)
}

/// `column` of calendar ids as they compare; blank ones become null.
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
            let named = |id: &str| day(id.trim()).is_some_and(|day| day != NO_DAY);
            let is = c.str()?.iter().map(|id| id.is_some_and(named));
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
        assert_eq!(normal(occurrence).as_deref(), Some(series));
        assert_eq!(normal(series).as_deref(), Some(series));
        assert_eq!(normal(" ab01 ").as_deref(), Some("AB01"));
        assert_eq!(normal("040000008200E001").as_deref(), Some("040000008200E001"));
        assert_eq!(normal(" "), None);
        assert!(day(occurrence).is_some_and(|day| day != NO_DAY) && day(series) == Some(NO_DAY));
    }
}
