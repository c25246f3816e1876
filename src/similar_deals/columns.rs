//! Turns columns of any type into candidates for factors: measures, choices and durations.

use chrono::{Datelike, Days, NaiveDate};
use polars::prelude::*;

use super::factors::{Candidate, FactorKind, Values};
use crate::error::{Error, Result};

/// Whole numbers with at most this many different values are taken as choices.
const CHOICES: usize = 24;
/// Where Dynamics begins to number the choices that an organisation adds.
const FIRST_CUSTOM_CHOICE: f64 = 100_000_000.0;

/// A column of deals as a candidate: text and booleans are choices, as are whole numbers of few
/// different values; other numbers are measures; dates are days since `created`, where they are
/// known by `as_of` and, of a closed deal, by its end.
pub fn candidate(
    name: &str,
    column: &Column,
    created: &[Option<i32>],
    known_until: &dyn Fn(usize) -> i32,
) -> Result<Option<Candidate>> {
    let series = column.as_materialized_series();
    let doing = || Error::engine(format!("column {name}"));
    let (kind, values) = match series.dtype() {
        DataType::String => (FactorKind::Category, Values::Texts(texts(series).map_err(doing())?)),
        DataType::Boolean => {
            let texts = series.cast(&DataType::String).and_then(|series| texts(&series)).map_err(doing())?;
            (FactorKind::Category, Values::Texts(texts))
        }
        DataType::Date | DataType::Datetime(_, _) => {
            let days = series.cast(&DataType::Date).and_then(|series| series.cast(&DataType::Int32)).map_err(doing())?;
            let days: Vec<Option<i32>> = days.i32().map_err(doing())?.iter().collect();
            let known = |(deal, day): (usize, Option<i32>)| day.filter(|&day| day <= known_until(deal));
            (FactorKind::Duration, durations(days.into_iter().enumerate().map(known), created))
        }
        dtype if dtype.is_primitive_numeric() => {
            let numbers = series.cast(&DataType::Float64).map_err(doing())?;
            let numbers: Vec<f64> = numbers.f64().map_err(doing())?.iter().map(|n| n.unwrap_or(f64::NAN)).collect();
            if dtype.is_integer() && are_choices(&numbers) {
                (FactorKind::Category, choices(&numbers))
            } else {
                (FactorKind::Number, Values::Numbers(numbers))
            }
        }
        _ => return Ok(None),
    };
    Ok(Some(Candidate { name: name.to_string(), kind, values }))
}

/// A column as Gower's coefficient takes it: numbers are measures, however few different ones there are, and all else
/// is a choice, letter by letter. Dates are choices too.
///
/// # Errors
/// Only what the engine runs into.
pub fn plain_candidate(name: &str, column: &Column) -> Result<Candidate> {
    let series = column.as_materialized_series();
    let doing = || Error::engine(format!("column {name}"));
    let name = name.to_string();
    if series.dtype().is_primitive_numeric() {
        let numbers = series.cast(&DataType::Float64).map_err(doing())?;
        let numbers = numbers.f64().map_err(doing())?.iter().map(|number| number.unwrap_or(f64::NAN)).collect();
        return Ok(Candidate { name, kind: FactorKind::Number, values: Values::Numbers(numbers) });
    }
    let texts = series.cast(&DataType::String).map_err(doing())?;
    let texts = texts.str().map_err(doing())?.iter().map(|text| text.map(str::to_string)).collect();
    Ok(Candidate { name, kind: FactorKind::Category, values: Values::Texts(texts) })
}

fn texts(series: &Series) -> PolarsResult<Vec<Option<String>>> {
    let text = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_string);
    Ok(series.str()?.iter().map(text).collect())
}

/// Whether whole numbers are choices: few different ones, or such as Dynamics gives to choices.
fn are_choices(numbers: &[f64]) -> bool {
    let mut known: Vec<f64> = numbers.iter().copied().filter(|number| !number.is_nan()).collect();
    known.sort_by(f64::total_cmp);
    known.dedup();
    known.len() <= CHOICES || known.first().is_some_and(|&least| least >= FIRST_CUSTOM_CHOICE)
}

/// Numbers of choices as their levels.
pub fn choices(numbers: &[f64]) -> Values {
    Values::Texts(numbers.iter().map(|number| (!number.is_nan()).then(|| number.to_string())).collect())
}

/// Days from creation to each day; unknown where either is.
pub fn durations(days: impl Iterator<Item = Option<i32>>, created: &[Option<i32>]) -> Values {
    let between = |(day, created): (Option<i32>, &Option<i32>)| match (day, created) {
        (Some(day), Some(created)) => f64::from(day - created),
        _ => f64::NAN,
    };
    Values::Numbers(days.zip(created).map(between).collect())
}

/// Name of the factor of [`days_to_quarter_end`].
pub const DAYS_TO_QUARTER_END: &str = "days_to_quarter_end";

/// Days from creation to the end of the calendar quarter. Sales close towards the end of a quarter, so that deals that
/// began at the same point of one had the same time ahead of them.
pub fn days_to_quarter_end(created: &[Option<i32>]) -> Candidate {
    let left = |day: &Option<i32>| day.and_then(quarter_end).map_or(f64::NAN, f64::from);
    let values = Values::Numbers(created.iter().map(left).collect());
    Candidate { name: DAYS_TO_QUARTER_END.into(), kind: FactorKind::Duration, values }
}

fn quarter_end(day: i32) -> Option<i32> {
    let epoch = NaiveDate::default();
    let date = epoch.checked_add_signed(chrono::Duration::days(i64::from(day)))?;
    let (year, next) = match date.month0() / 3 * 3 + 3 {
        12 => (date.year() + 1, 1),
        month => (date.year(), month + 1),
    };
    let end = NaiveDate::from_ymd_opt(year, next, 1)?.checked_sub_days(Days::new(1))?;
    Some((end - date).num_days() as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_end_where_calendars_say() {
        let days_left = |text: &str| {
            let date: NaiveDate = text.parse().expect("a day");
            quarter_end((date - NaiveDate::default()).num_days() as i32)
        };
        assert_eq!(days_left("2026-03-31"), Some(0));
        assert_eq!(days_left("2026-04-01"), Some(90));
        assert_eq!(days_left("2025-12-30"), Some(1));
    }

    #[test]
    fn types_decide_how_a_column_is_compared() {
        let created = [Some(10), Some(20), None];
        let found = |column: Column| candidate("c", &column, &created, &|_| 25).expect("it is read");
        let kind = |column| found(column).map(|candidate| candidate.kind);
        assert_eq!(kind(Column::new("c".into(), [Some("a"), Some(" "), None])), Some(FactorKind::Category));
        assert_eq!(kind(Column::new("c".into(), [1i64, 2, 3])), Some(FactorKind::Category));
        assert_eq!(kind(Column::new("c".into(), [1.5, 2.0, 3.0])), Some(FactorKind::Number));
        let dates = Column::new("c".into(), [15i32, 30, 5]).cast(&DataType::Date).expect("days");
        let Some(Candidate { values: Values::Numbers(days), .. }) = found(dates) else { panic!("a duration") };
        assert!(days[0] == 5.0 && days[1].is_nan() && days[2].is_nan(), "{days:?}");
    }
}
