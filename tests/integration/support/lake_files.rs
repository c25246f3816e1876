//! Lakes as folders of Parquet files in the types of the input contract.

use std::collections::BTreeSet;
use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate};
use polars::prelude::*;
use rapport::sources::contract::{self, SourceTable, System, ValueKind};
use serde_json::{Value, json};

use crate::support::lake::{Lake, Row};
use crate::support::nested;

pub const TABLES: [&SourceTable; 23] = [
    &contract::ACCOUNT,
    &contract::CONTACT,
    &contract::LEAD,
    &contract::OPPORTUNITY,
    &contract::SYSTEMUSER,
    &contract::ROLE,
    &contract::SYSTEMUSERROLES,
    &contract::TEAMMEMBERSHIP,
    &contract::PRINCIPALOBJECTACCESS,
    &contract::CONNECTION,
    &contract::CONNECTIONROLE,
    &contract::EMAIL,
    &contract::APPOINTMENT,
    &contract::PHONECALL,
    &contract::TASK,
    &contract::ACTIVITYPARTY,
    &contract::MESSAGES,
    &contract::CALENDAR_VIEW,
    &contract::USERS,
    &contract::OPT_OUTS,
    &contract::ERASURES,
    &contract::ALIASES,
    &contract::GROUP_MEMBERS,
];

/// Writes the lake, one file per table; the tables that a lake must have are there even when empty.
pub fn write(lake: &Lake, root: &Path) {
    write_parts(lake, root, 1);
}

/// Writes every table as up to `parts` files, in the order of its rows.
pub fn write_parts(lake: &Lake, root: &Path, parts: usize) {
    if let Some(name) = lake.tables.keys().find(|name| TABLES.iter().all(|table| table.name != **name)) {
        panic!("the contract has no table {name}");
    }
    for table in TABLES {
        let rows = lake.tables.get(table.name).map_or(&[][..], Vec::as_slice);
        if rows.is_empty() && !table.required {
            continue;
        }
        let system = match table.system {
            System::Dataverse => "dataverse",
            System::Exchange => "exchange",
            System::Control => "control",
        };
        let folder = root.join(system).join(table.name);
        fs::create_dir_all(&folder).expect("a folder for the table");
        let columns = columns(table, rows);
        for (number, part) in rows.chunks(rows.len().div_ceil(parts).max(1)).enumerate() {
            write_file(&folder.join(format!("part-{number}.parquet")), &columns, part);
        }
        if rows.is_empty() {
            write_file(&folder.join("part-0.parquet"), &columns, rows);
        }
    }
}

/// The columns that any row has, and those that the contract requires.
fn columns(table: &SourceTable, rows: &[Row]) -> Vec<(String, ValueKind)> {
    let required = table.columns.iter().filter(|column| column.required).map(|column| column.name.to_string());
    let names: BTreeSet<String> = rows.iter().flat_map(Row::keys).cloned().chain(required).collect();
    names.into_iter().map(|name| (name.clone(), kind(table, &name, rows))).collect()
}

/// The kind of a column by the contract; of what deals and customers have beyond it, by its values.
fn kind(table: &SourceTable, name: &str, rows: &[Row]) -> ValueKind {
    let known = table.columns.iter().chain(contract::EXPORT_COLUMNS).find(|column| column.name == name);
    match known {
        Some(column) => column.kind,
        None if name.ends_with("_entitytype") || name == "requested_on" => ValueKind::Text,
        None if matches!(table.name, "opportunity" | "account") => {
            match rows.iter().filter_map(|row| row.get(name)).find(|value| !value.is_null()) {
                Some(Value::Number(number)) if number.is_i64() => ValueKind::Int,
                Some(Value::Number(_)) => ValueKind::Number,
                Some(Value::Bool(_)) => ValueKind::Bool,
                _ => ValueKind::Text,
            }
        }
        None => panic!("table {} has no column {name} in the contract", table.name),
    }
}

fn write_file(path: &Path, columns: &[(String, ValueKind)], rows: &[Row]) {
    let stored = |(name, kind): &(String, ValueKind)| {
        let dtype = match kind {
            ValueKind::Text => DataType::String,
            ValueKind::Int | ValueKind::Instant => DataType::Int64,
            ValueKind::Bool => DataType::Boolean,
            ValueKind::Date => DataType::Int32,
            ValueKind::Number => DataType::Float64,
            ValueKind::Texts => DataType::List(Box::new(DataType::String)),
            ValueKind::Struct | ValueKind::Structs => nested::dtype(name),
        };
        Field::new(name.as_str().into(), dtype)
    };
    let schema: SchemaRef = Arc::new(columns.iter().map(stored).collect());
    let line = |row: &Row| {
        let values = columns.iter().map(|(name, kind)| (name.clone(), value(row.get(name), *kind)));
        serde_json::to_string(&values.collect::<Row>()).expect("a row is JSON")
    };
    let frame = if rows.is_empty() {
        DataFrame::empty_with_schema(&schema)
    } else {
        let lines: Vec<String> = rows.iter().map(line).collect();
        let reader = JsonReader::new(Cursor::new(lines.join("\n"))).with_json_format(JsonFormat::JsonLines);
        reader.with_schema(schema).finish().expect("rows fit the contract's types")
    };
    let final_type = |(name, kind): &(String, ValueKind)| match kind {
        ValueKind::Instant => col(name).cast(DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC))),
        ValueKind::Date => col(name).cast(DataType::Date),
        _ => col(name),
    };
    let exprs: Vec<Expr> = columns.iter().map(final_type).collect();
    let mut frame = frame.lazy().select(exprs).collect().expect("columns in the contract's types");
    let file = fs::File::create(path).expect("a file for the table");
    ParquetWriter::new(file).finish(&mut frame).expect("the table is written");
}

fn value(value: Option<&Value>, kind: ValueKind) -> Value {
    match (kind, value) {
        (_, None | Some(Value::Null)) => Value::Null,
        (ValueKind::Instant, Some(Value::String(text))) => json!(micros(text)),
        (ValueKind::Date, Some(Value::String(text))) => {
            let day: NaiveDate = text.parse().expect("a day");
            json!(day.signed_duration_since(NaiveDate::default()).num_days())
        }
        (_, Some(value)) => value.clone(),
    }
}

/// Microseconds of `2026-03-02T09:00Z`, with seconds and fractions where they matter.
pub fn micros(text: &str) -> i64 {
    let with_seconds = if text.len() == 17 { text.replace('Z', ":00Z") } else { text.to_string() };
    let instant = DateTime::parse_from_rfc3339(&with_seconds);
    instant.unwrap_or_else(|error| panic!("{text} is no instant: {error}")).timestamp_micros()
}
