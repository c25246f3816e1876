//! What the values of a column of Parquet mean, by its logical type.

use crate::sources::files::parquet::thrift::{Reader, Wire};

/// What the format calls a logical type; those of its first version are told in the same words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    Text,
    Map,
    List,
    /// Scale and precision.
    Decimal(i32, i32),
    Date,
    Time,
    Timestamp(Unit),
    /// Bits, and whether there is a sign.
    Integer(i8, bool),
    /// Nothing but nulls.
    Null,
    Uuid,
    Float16,
    Interval,
    /// Something else, by a word for it.
    Other(&'static str),
}

/// The unit of a timestamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Millis,
    Micros,
    Nanos,
}

/// Reads a logical type.
pub fn meaning(reader: &mut Reader<'_>, wire: Wire) -> Option<Meaning> {
    (wire == Wire::Struct).then_some(())?;
    let mut meaning = Meaning::Other("a type that is not known here");
    reader.fields(|reader, id, wire| {
        (wire == Wire::Struct).then_some(())?;
        meaning = match id {
            1 => Meaning::Text,
            2 => Meaning::Map,
            3 => Meaning::List,
            4 | 12 => Meaning::Text,
            5 => {
                let (mut scale, mut precision) = (0, 0);
                reader.fields(|reader, id, wire| {
                    match id {
                        1 => scale = reader.integer(wire)?,
                        2 => precision = reader.integer(wire)?,
                        _ => return Some(false),
                    }
                    Some(true)
                })?;
                meaning = Meaning::Decimal(scale, precision);
                return Some(true);
            }
            6 => Meaning::Date,
            7 => Meaning::Time,
            8 => {
                meaning = timestamp(reader)?;
                return Some(true);
            }
            10 => {
                let (mut bits, mut signed) = (0, false);
                reader.fields(|reader, id, wire| {
                    match id {
                        1 => bits = reader.integer(wire)?,
                        2 => signed = wire == Wire::True,
                        _ => return Some(false),
                    }
                    Some(id == 1)
                })?;
                meaning = Meaning::Integer(bits, signed);
                return Some(true);
            }
            11 => Meaning::Null,
            13 => Meaning::Other("BSON"),
            14 => Meaning::Uuid,
            15 => Meaning::Float16,
            16 => Meaning::Other("a variant"),
            17 => Meaning::Other("a geometry"),
            18 => Meaning::Other("a geography"),
            _ => meaning,
        };
        Some(false)
    })?;
    Some(meaning)
}

/// Whether it is adjusted to UTC is not asked: without a zone, an instant is in UTC (rule I3).
fn timestamp(reader: &mut Reader<'_>) -> Option<Meaning> {
    let mut meaning = Meaning::Other("a timestamp of an unknown unit");
    reader.fields(|reader, id, wire| {
        if id != 2 || wire != Wire::Struct {
            return Some(false);
        }
        reader.fields(|_, unit, _| {
            meaning = match unit {
                1 => Meaning::Timestamp(Unit::Millis),
                2 => Meaning::Timestamp(Unit::Micros),
                3 => Meaning::Timestamp(Unit::Nanos),
                _ => meaning,
            };
            Some(false)
        })?;
        Some(true)
    })?;
    Some(meaning)
}

/// The meaning of a code of the first version of the format.
pub fn converted_meaning(code: i32, scale: i32, precision: i32) -> Option<Meaning> {
    Some(match code {
        0 | 4 | 19 => Meaning::Text,
        1 | 2 => Meaning::Map,
        3 => Meaning::List,
        5 => Meaning::Decimal(scale, precision),
        6 => Meaning::Date,
        7 | 8 => Meaning::Time,
        9 => Meaning::Timestamp(Unit::Millis),
        10 => Meaning::Timestamp(Unit::Micros),
        11..=14 => Meaning::Integer(8 << (code - 11), false),
        15..=18 => Meaning::Integer(8 << (code - 15), true),
        20 => Meaning::Other("BSON"),
        21 => Meaning::Interval,
        _ => return None,
    })
}
