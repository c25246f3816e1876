//! The values of a table of the original, from rows of ours.

use polars::prelude::*;

use super::column::{ChoiceValue, ColumnPart, DataverseType, Mapped, Origin};
use super::original::{Original, Stored};
use super::room::cut_column;
use crate::error::{Error, Result};
use crate::table::{DECIMAL_DIGITS, DECIMAL_PLACES};
use crate::time::{AsOf, DAY};

/// The rows of a table as its files have them, in the order of their key.
///
/// # Errors
/// Rows without a column that the mapping names: a mistake of the program.
pub fn of_table(table: &Original, rows: DataFrame, as_of: AsOf) -> Result<DataFrame> {
    let doing = || Error::engine(format!("table {}", table.name));
    let plan = rows.lazy().select(table.stored().iter().map(|stored| stored_value(stored, as_of)).collect::<Vec<_>>());
    let frame = plan.collect().map_err(doing())?;
    frame.sort(["Id"], SortMultipleOptions::default()).map_err(doing())
}

fn stored_value(stored: &Stored, as_of: AsOf) -> Expr {
    let Stored { name, of, part } = stored;
    let value = value(of, as_of);
    // What is the same in every row is worked out here: an expression of literals alone has no rows.
    let part = match (part, of.kind, of.origin) {
        (ColumnPart::Value | ColumnPart::WebId, ..) => value,
        (ColumnPart::Name, DataverseType::Choice(choices), Origin::Number(code)) => {
            let label = choices.iter().find(|choice| choice.code == code).map(|choice| choice.label);
            label.map_or_else(unknown_text, lit)
        }
        (ColumnPart::Name, DataverseType::Choice(choices), _) => label(value, choices),
        (ColumnPart::Name, ..) => of.label.map_or_else(unknown_text, col),
        (ColumnPart::EntityType, DataverseType::Lookup(target), Origin::Column(own)) => {
            when(col(own).is_not_null()).then(lit(target)).otherwise(unknown_text())
        }
        (ColumnPart::EntityType, ..) => unknown_text(),
    };
    part.cast(of.stored(stored.part).to_polars()).alias(name.as_str())
}

/// The value of a column.
pub fn value(of: &Mapped, as_of: AsOf) -> Expr {
    let instant = |micros: i64| lit(micros).cast(DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)));
    match (of.origin, of.kind) {
        (Origin::Column(own), DataverseType::Text(longest)) => cut_column(col(own), longest),
        (Origin::Column(own), DataverseType::DateOnly) => midnight(col(own)),
        (Origin::Column(own), _) => col(own),
        (Origin::Times(..), DataverseType::Decimal(digits)) => decimal(number(of), digits),
        (Origin::Times(..), _) => half_up(number(of)).cast(DataType::Int64),
        (Origin::Words(..), _) => number(of).cast(DataType::Int64),
        (Origin::Spelled(own, spelled), _) => chosen(col(own), spelled.iter().map(|(word, text)| (*word, lit(*text)))),
        (Origin::AfterColon(own), _) => after_colon(col(own)),
        (Origin::Number(number), _) => lit(number),
        (Origin::Word(word), _) => lit(word),
        (Origin::Cutoff, _) => instant(as_of.cutoff()),
        (Origin::DayStart, _) => instant(as_of.day_start(as_of.date)),
        (Origin::Version, _) => lit(as_of.cutoff()),
        (Origin::Year, _) => lit(as_of.date.format("%Y").to_string()),
        (Origin::Unknown(_), _) => lit(NULL),
    }
}

/// The value of a column that is a number, before it is rounded: a choice is its code, an instant its hours since 1970.
pub fn number(of: &Mapped) -> Expr {
    match (of.origin, of.kind) {
        (Origin::Times(own, scale), _) => col(own) * lit(scale),
        (Origin::Words(own, codes), _) => {
            let first = coalesce(&own.iter().map(|own| col(*own)).collect::<Vec<_>>());
            chosen(first, codes.iter().map(|(word, code)| (*word, lit(*code)))).cast(DataType::Float64)
        }
        (Origin::Column(own), _) => col(own).cast(DataType::Float64),
        (Origin::Number(number), _) => lit(number as f64),
        _ => lit(NULL).cast(DataType::Float64),
    }
}

/// What stands beside the word that a text is.
fn chosen(text: Expr, words: impl DoubleEndedIterator<Item = (&'static str, Expr)>) -> Expr {
    words
        .rev()
        .fold(lit(NULL), |otherwise, (word, value)| when(text.clone().eq(lit(word))).then(value).otherwise(otherwise))
}

fn label(code: Expr, choices: &'static [ChoiceValue]) -> Expr {
    choices.iter().rev().fold(unknown_text(), |otherwise, choice| {
        when(code.clone().eq(lit(choice.code))).then(lit(choice.label)).otherwise(otherwise)
    })
}

fn unknown_text() -> Expr {
    lit(NULL).cast(DataType::String)
}

fn half_up(number: Expr) -> Expr {
    (number + lit(0.5)).floor()
}

/// A number rounded to so many digits, exactly: a float has no tenths.
fn decimal(number: Expr, digits: u32) -> Expr {
    let rounded = half_up(number * lit(10_f64.powi(digits as i32))).cast(DataType::Int64);
    let unit = 10_i128.pow(DECIMAL_PLACES as u32 - digits);
    rounded.map(
        move |column| {
            let whole = column.i64()?;
            let units: Int128Chunked = whole.iter().map(|whole| whole.map(|whole| i128::from(whole) * unit)).collect();
            let decimals = units.with_name(column.name().clone()).into_decimal(DECIMAL_DIGITS, DECIMAL_PLACES)?;
            Ok(decimals.into_column())
        },
        |_, field| Ok(Field::new(field.name().clone(), DataType::Decimal(DECIMAL_DIGITS, DECIMAL_PLACES))),
    )
}

fn after_colon(id: Expr) -> Expr {
    id.map(
        |column| {
            let ids = column.str()?;
            let bare = |id: &str| id.split_once(':').map_or_else(|| id.to_string(), |(_, bare)| bare.to_string());
            let bare: StringChunked = ids.iter().map(|id| id.map(bare)).collect();
            Ok(bare.with_name(column.name().clone()).into_column())
        },
        |_, field| Ok(field.clone()),
    )
}

/// Midnight in UTC of a day, as exports write days without a time.
fn midnight(day: Expr) -> Expr {
    let micros = day.cast(DataType::Int32).cast(DataType::Int64) * lit(DAY);
    micros.cast(DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)))
}
