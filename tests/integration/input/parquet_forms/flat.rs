//! The physical forms in which writers leave columns that are no nested ones.

use chrono::{DateTime, Duration, NaiveDate};
use rapport::sources::contract::ValueKind;
use serde_json::Value;

use super::written::Cell;
use crate::support::dice::Dice;

const DAY: i64 = 86_400_000_000;

/// A column as a file declares it, and its cells.
pub struct Column {
    pub declared: String,
    pub cells: Vec<Cell>,
}

impl Column {
    /// Of cells of one type, which say `required` where none is null and the dice likes it.
    pub fn of(dice: &mut Dice, dtype: &str, name: &str, meaning: &str, cells: Vec<Cell>) -> Column {
        let required = !cells.contains(&Cell::Null) && dice.once_in(2);
        let repetition = if required { "REQUIRED" } else { "OPTIONAL" };
        Column { declared: format!("{repetition} {dtype} {name} {meaning};"), cells }
    }
}

/// What each value is in the form; none for a column that the form cannot hold.
fn all(values: &[Value], cell: impl Fn(&Value) -> Option<Cell>) -> Option<Vec<Cell>> {
    values.iter().map(|value| if value.is_null() { Some(Cell::Null) } else { cell(value) }).collect()
}

/// A column in a form that the dice choose among those that can hold its values. Instants are microseconds
/// and days are counted, both from 1970.
pub fn drawn(dice: &mut Dice, name: &str, kind: ValueKind, is_id: bool, values: &[Value]) -> Column {
    for _ in 0..500 {
        let form = match kind {
            ValueKind::Text if is_id => id(dice.below(6), values),
            ValueKind::Text => text(dice.below(6), values),
            ValueKind::Int => integer(dice.below(13), values),
            ValueKind::Bool => truth(dice, values),
            ValueKind::Instant => instant(dice.below(14), values),
            ValueKind::Date => day(dice.below(6), values),
            ValueKind::Number => {
                all(values, |value| value.as_f64().map(Cell::Float)).map(|cells| ("DOUBLE", "", cells))
            }
            ValueKind::Texts | ValueKind::Struct | ValueKind::Structs => panic!("{name} is nested"),
        };
        if let Some((dtype, meaning, cells)) = form {
            return Column::of(dice, dtype, name, meaning, cells);
        }
    }
    panic!("{name} is no {kind:?}: {values:?}")
}

type Form = Option<(&'static str, &'static str, Vec<Cell>)>;

pub fn text(form: usize, values: &[Value]) -> Form {
    let meaning = ["(STRING)", "(UTF8)", "", "(ENUM)", "(JSON)", "(STRING)"][form];
    Some(("BYTE_ARRAY", meaning, all(values, |value| value.as_str().map(Cell::text))?))
}

fn bytes_of(id: &str) -> Option<Vec<u8>> {
    let digits: String = id.chars().filter(|c| *c != '-').collect();
    (0..16).map(|at| u8::from_str_radix(digits.get(2 * at..2 * at + 2)?, 16).ok()).collect()
}

/// Whether every value is a GUID in the spelling in which ids are published.
pub fn are_guids(values: &[Value]) -> bool {
    let is_guid = |text: &str| {
        text.len() == 36
            && text.bytes().enumerate().all(|(at, byte)| match at {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
            })
    };
    values.iter().all(|value| value.as_str().is_none_or(is_guid)) && values.iter().any(|value| !value.is_null())
}

fn id(form: usize, values: &[Value]) -> Form {
    let texts = |spelled: fn(&str) -> String| all(values, |value| Some(Cell::text(&spelled(value.as_str()?))));
    let bytes = || all(values, |value| bytes_of(value.as_str()?).map(Cell::Bytes));
    Some(match form {
        0 => ("FIXED_LEN_BYTE_ARRAY(16)", "(UUID)", bytes()?),
        1 => ("FIXED_LEN_BYTE_ARRAY(16)", "", bytes()?),
        2 => ("BYTE_ARRAY", "", bytes()?),
        3 => ("FIXED_LEN_BYTE_ARRAY(36)", "", texts(str::to_string)?),
        4 => ("BYTE_ARRAY", "(STRING)", texts(str::to_uppercase)?),
        _ => ("BYTE_ARRAY", "(UTF8)", texts(|id| format!("{{{id}}}"))?),
    })
}

fn integer(form: usize, values: &[Value]) -> Form {
    let within = |from: i64, to: i64, of: fn(i64) -> Cell| {
        all(values, |value| value.as_i64().filter(|number| (from..=to).contains(number)).map(of))
    };
    let signed = |bits: u32| (-(1i64 << (bits - 1)), (1i64 << (bits - 1)) - 1);
    const EXACT: i64 = 1 << 53;
    Some(match form {
        0 => ("INT32", "", within(i32::MIN.into(), i32::MAX.into(), Cell::Int)?),
        1 => ("INT64", "", within(i64::MIN, i64::MAX, Cell::Int)?),
        2 => ("INT32", "(INTEGER(8,true))", within(signed(8).0, signed(8).1, Cell::Int)?),
        3 => ("INT32", "(INTEGER(16,false))", within(0, 65_535, Cell::Int)?),
        4 => ("INT32", "(INTEGER(32,true))", within(i32::MIN.into(), i32::MAX.into(), Cell::Int)?),
        5 => ("INT64", "(INTEGER(64,false))", within(0, i64::MAX, Cell::Int)?),
        6 => ("FLOAT", "", within(-(1 << 24), 1 << 24, |number| Cell::Float(number as f64))?),
        7 => ("DOUBLE", "", within(-EXACT, EXACT, |number| Cell::Float(number as f64))?),
        8 => ("INT32", "(DECIMAL(9,2))", within(-9_999_999, 9_999_999, |number| Cell::Int(number * 100))?),
        9 => ("INT64", "(DECIMAL(18,0))", within(-EXACT, EXACT, Cell::Int)?),
        10 => ("FIXED_LEN_BYTE_ARRAY(9)", "(DECIMAL(20,3))", within(-EXACT, EXACT, |n| decimal(n * 1000, 9))?),
        11 => ("BYTE_ARRAY", "(DECIMAL(20,0))", within(-EXACT, EXACT, |number| decimal(number, 8))?),
        _ => ("BYTE_ARRAY", "(STRING)", all(values, |value| Some(Cell::text(&value.as_i64()?.to_string())))?),
    })
}

fn decimal(number: i64, length: usize) -> Cell {
    Cell::Bytes(i128::from(number).to_be_bytes()[16 - length..].into())
}

fn truth(dice: &mut Dice, values: &[Value]) -> Form {
    let number = |value: &Value| Some(i64::from(value.as_bool()?));
    let spelling = dice.below(5);
    let spelled = |value: &Value| {
        let words = [("true", "false"), ("True", "False"), ("TRUE", "FALSE"), ("1", "0"), (" true ", "false")];
        let (yes, no) = words[spelling];
        Some(Cell::text(if value.as_bool()? { yes } else { no }))
    };
    Some(match dice.below(7) {
        0 => ("BOOLEAN", "", all(values, |value| value.as_bool().map(Cell::Bool))?),
        1 => ("INT32", "", all(values, |value| number(value).map(Cell::Int))?),
        2 => ("INT64", "(INTEGER(64,true))", all(values, |value| number(value).map(Cell::Int))?),
        3 => ("INT32", "(INTEGER(8,false))", all(values, |value| number(value).map(Cell::Int))?),
        4 => ("DOUBLE", "", all(values, |value| Some(Cell::Float(number(value)? as f64)))?),
        5 => ("INT32", "(DECIMAL(1,0))", all(values, |value| number(value).map(Cell::Int))?),
        _ => ("BYTE_ARRAY", "(STRING)", all(values, spelled)?),
    })
}

fn instant(form: usize, values: &[Value]) -> Form {
    let whole = |unit: i64| {
        all(values, |value| value.as_i64().filter(|micros| micros % unit == 0).map(|micros| Cell::Int(micros / unit)))
    };
    // What 64 bits of nanoseconds hold.
    let nanos = || {
        all(values, |value| {
            let micros = value.as_i64().filter(|micros| micros.abs() < 9_000_000_000_000_000)?;
            Some(Cell::Int(micros * 1000))
        })
    };
    let texts = |offset: i64, format: &str| {
        all(values, |value| {
            let local = DateTime::from_timestamp_micros(value.as_i64()? + offset * 60_000_000)?;
            Some(Cell::text(&local.format(format).to_string()))
        })
    };
    Some(match form {
        0 => ("INT64", "(TIMESTAMP(MICROS,true))", whole(1)?),
        1 => ("INT64", "(TIMESTAMP(MICROS,false))", whole(1)?),
        2 => ("INT64", "(TIMESTAMP(MILLIS,true))", whole(1000)?),
        3 => ("INT64", "(TIMESTAMP(MILLIS,false))", whole(1000)?),
        4 => ("INT64", "(TIMESTAMP(NANOS,true))", nanos()?),
        5 => ("INT64", "(TIMESTAMP(NANOS,false))", nanos()?),
        6 => ("INT64", "(TIMESTAMP_MILLIS)", whole(1000)?),
        7 => ("INT64", "(TIMESTAMP_MICROS)", whole(1)?),
        8 => ("INT96", "", all(values, |value| value.as_i64().map(Cell::Int96))?),
        9 => ("INT32", "(DATE)", whole(DAY)?),
        10 => ("BYTE_ARRAY", "(STRING)", texts(0, "%Y-%m-%dT%H:%M:%S%.6fZ")?),
        11 => ("BYTE_ARRAY", "(STRING)", texts(330, "%Y-%m-%dT%H:%M:%S%.6f0+05:30")?),
        12 => ("BYTE_ARRAY", "", texts(0, "%Y-%m-%d %H:%M:%S%.6f")?),
        _ => ("BYTE_ARRAY", "(UTF8)", texts(-60, "%Y-%m-%d %H:%M:%S%.6f -0100")?),
    })
}

fn day(form: usize, values: &[Value]) -> Form {
    let days = |cell: fn(i64) -> Cell| all(values, |value| value.as_i64().map(cell));
    let texts = |format: &str| {
        all(values, |value| {
            let day = NaiveDate::default() + Duration::days(value.as_i64()?);
            Some(Cell::text(&day.format(format).to_string()))
        })
    };
    Some(match form {
        0 => ("INT32", "(DATE)", days(Cell::Int)?),
        1 => ("INT64", "(TIMESTAMP(MICROS,true))", days(|day| Cell::Int(day * DAY))?),
        2 => ("INT64", "(TIMESTAMP(MILLIS,false))", days(|day| Cell::Int(day * DAY / 1000))?),
        3 => ("INT96", "", days(|day| Cell::Int96(day * DAY))?),
        4 => ("BYTE_ARRAY", "(STRING)", texts("%Y-%m-%d")?),
        _ => ("BYTE_ARRAY", "", texts("%Y-%m-%dT00:00:00Z")?),
    })
}
