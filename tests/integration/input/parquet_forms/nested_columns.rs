//! The forms in which writers leave structs and lists: the format's own, those of Hive, Avro, Thrift and
//! Protocol Buffers, and JSON.

use polars::prelude::{DataType, Field};
use serde_json::{Map, Value};

use super::flat::Column;
use super::written::Cell;
use crate::support::dice::Dice;

/// A column of `dtype`, as [`crate::support::nested::dtype`] has it, in a form that the dice choose.
pub fn drawn(dice: &mut Dice, name: &str, dtype: &DataType, values: &[Value]) -> Column {
    if dice.once_in(4) {
        return json(dice, name, values);
    }
    match dtype {
        DataType::List(element) => list(dice, name, element, values),
        dtype => {
            let cells = values.iter().map(|value| cell(dtype, value)).collect();
            Column { declared: declared(dtype, "OPTIONAL", name), cells }
        }
    }
}

fn json(dice: &mut Dice, name: &str, values: &[Value]) -> Column {
    let text = |value: &Value| if value.is_null() { Cell::Null } else { Cell::text(&value.to_string()) };
    let meaning = *dice.pick(&["(STRING)", "(JSON)", ""]);
    Column::of(dice, "BYTE_ARRAY", name, meaning, values.iter().map(text).collect())
}

fn list(dice: &mut Dice, name: &str, element: &DataType, values: &[Value]) -> Column {
    let tuple = format!("{name}_tuple");
    // The name of what is repeated, and of the element in it where that is a level of its own.
    let (repeated, inner, meaning) = *dice.pick(&[
        ("list", Some("element"), "(LIST)"),
        ("list", Some("item"), "(LIST)"),
        ("bag", Some("array_element"), "(LIST)"),
        ("list", Some("element"), ""),
        ("array", None, "(LIST)"),
        (tuple.as_str(), None, "(LIST)"),
        (name, None, ""),
    ]);
    let elements = |value: &Value| {
        let cells = value.as_array().into_iter().flatten().map(|value| cell(element, value));
        Cell::Repeated(if inner.is_some() {
            cells.map(|cell| Cell::Group(vec![cell])).collect()
        } else {
            cells.collect()
        })
    };
    let is_bare = inner.is_none() && repeated == name;
    let cells = values.iter().map(|value| match (is_bare, value) {
        (true, value) => elements(value),
        (false, Value::Null) => Cell::Null,
        (false, value) => Cell::Group(vec![elements(value)]),
    });
    let repeated = match inner {
        Some(inner) => format!("REPEATED GROUP {repeated} {{ {} }}", declared(element, "OPTIONAL", inner)),
        None => declared(element, "REPEATED", repeated),
    };
    let declared = if is_bare { repeated } else { format!("OPTIONAL GROUP {name} {meaning} {{ {repeated} }}") };
    Column { declared, cells: cells.collect() }
}

fn declared(dtype: &DataType, repetition: &str, name: &str) -> String {
    match dtype {
        DataType::Struct(fields) => {
            let fields: Vec<String> =
                fields.iter().map(|field| declared(field.dtype(), "OPTIONAL", field.name())).collect();
            format!("{repetition} GROUP {name} {{ {} }}", fields.join(" "))
        }
        DataType::Boolean => format!("{repetition} BOOLEAN {name};"),
        _ => format!("{repetition} BYTE_ARRAY {name} (STRING);"),
    }
}

fn cell(dtype: &DataType, value: &Value) -> Cell {
    match (dtype, value) {
        (DataType::Struct(fields), Value::Object(row)) => {
            Cell::Group(fields.iter().map(|field| cell(field.dtype(), of(row, field))).collect())
        }
        (_, Value::Bool(flag)) => Cell::Bool(*flag),
        (_, Value::String(text)) => Cell::text(text),
        (_, Value::Null) => Cell::Null,
        (dtype, value) => panic!("{value} is no {dtype}"),
    }
}

fn of<'a>(row: &'a Map<String, Value>, field: &Field) -> &'a Value {
    let found = row.iter().find(|(name, _)| name.eq_ignore_ascii_case(field.name()));
    found.map_or(&Value::Null, |(_, value)| value)
}
