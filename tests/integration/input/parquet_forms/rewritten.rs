//! A lake written again, file by file, every column in a form that a seed draws.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::DateTime;
use parquet::basic::{Compression, Encoding, Type as Physical};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::SchemaDescriptor;
use polars::prelude::*;
use rapport::sources::contract::{EXPORT_COLUMNS, SourceTable, System, ValueKind};
use serde_json::Value;

use super::flat::{self, Column};
use super::nested_columns;
use super::written::{Cell, write};
use crate::support::dice::Dice;
use crate::support::lake_files::TABLES;
use crate::support::nested;
use crate::support::small_lake::read_parquet;

/// Writes the lake in `from` to `to`, and says which forms each file has.
pub fn rewrite(from: &Path, to: &Path, dice: &mut Dice) -> Vec<String> {
    let mut notes = Vec::new();
    for table in TABLES {
        let system = match table.system {
            System::Dataverse => "dataverse",
            System::Exchange => "exchange",
            System::Control => "control",
        };
        let below = Path::new(system).join(table.name);
        for file in files(&from.join(&below)) {
            let target = to.join(file.strip_prefix(from).expect("below the lake"));
            notes.push(rewrite_file(table, &file, &target, dice));
        }
    }
    notes
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

fn rewrite_file(table: &SourceTable, from: &Path, to: &Path, dice: &mut Dice) -> String {
    let rows = plain_rows(&read_parquet(from));
    let mut columns = Vec::new();
    let of_export = if table.system == System::Dataverse { EXPORT_COLUMNS } else { &[] };
    for column in table.columns.iter().chain(of_export) {
        let Some(name) = rows.first().and_then(|row| row.keys().find(|name| name.eq_ignore_ascii_case(column.name)))
        else {
            continue;
        };
        let values: Vec<Value> = rows.iter().map(|row| plain(column.kind, &row[name])).collect();
        let spelled = match dice.below(4) {
            0 => name.to_lowercase(),
            1 => name.to_uppercase(),
            _ => name.clone(),
        };
        let is_id = table.system == System::Dataverse && flat::are_guids(&values);
        columns.push(match column.kind {
            ValueKind::Texts => {
                nested_columns::drawn(dice, &spelled, &DataType::List(Box::new(DataType::String)), &values)
            }
            ValueKind::Struct | ValueKind::Structs => {
                nested_columns::drawn(dice, &spelled, &nested::dtype(column.name), &values)
            }
            kind => flat::drawn(dice, &spelled, kind, is_id, &values),
        });
    }
    columns.extend((0..dice.below(4)).map(|at| hostile(dice, at, rows.len())));
    dice.shuffle(&mut columns);
    let declared = columns.iter().map(|column| column.declared.as_str()).collect::<Vec<_>>().join(" ");
    let cells: Vec<Vec<Cell>> = columns.into_iter().map(|column| column.cells).collect();
    let group_rows = *dice.pick(&[3, 50, 10_000]);
    let (properties, note) = properties(dice, &declared);
    write(to, &declared, &cells, properties, group_rows);
    format!("{}: {note}, {group_rows} rows a group: {declared}", to.display())
}

/// The rows of a file, instants as microseconds and days as numbers.
fn plain_rows(frame: &DataFrame) -> Vec<crate::support::lake::Row> {
    let plain = frame.columns().iter().map(|column| match column.dtype() {
        DataType::Datetime(_, _) => {
            let micros = column.cast(&DataType::Datetime(TimeUnit::Microseconds, None)).expect("instants");
            micros.cast(&DataType::Int64).expect("microseconds")
        }
        DataType::Date => column.cast(&DataType::Int32).expect("days"),
        _ => column.clone(),
    });
    let mut plain = DataFrame::new(frame.height(), plain.collect()).expect("a frame");
    let mut lines = Vec::new();
    JsonWriter::new(&mut lines).with_json_format(JsonFormat::JsonLines).finish(&mut plain).expect("JSON");
    let lines = String::from_utf8(lines).expect("UTF-8");
    lines.lines().map(|line| serde_json::from_str(line).expect("a row")).collect()
}

/// Text that is an instant as microseconds, numbers that are truths as such.
fn plain(kind: ValueKind, value: &Value) -> Value {
    match (kind, value) {
        (ValueKind::Instant, Value::String(text)) => {
            let zone = if text.ends_with('Z') { "" } else { "Z" };
            let instant = DateTime::parse_from_rfc3339(&format!("{text}{zone}")).expect("an instant");
            instant.timestamp_micros().into()
        }
        (ValueKind::Bool, Value::Number(number)) => (number.as_i64() == Some(1)).into(),
        (_, value) => value.clone(),
    }
}

/// A column that nobody needs, of a type that few readers know.
fn hostile(dice: &mut Dice, at: usize, rows: usize) -> Column {
    let name = format!("extra_{at}");
    let declared = match dice.below(8) {
        0 => format!(
            "OPTIONAL GROUP {name} (MAP) {{ REPEATED GROUP key_value {{ REQUIRED BYTE_ARRAY key (UTF8); OPTIONAL INT32 value; }} }}"
        ),
        1 => format!("OPTIONAL FIXED_LEN_BYTE_ARRAY(12) {name} (INTERVAL);"),
        2 => format!("OPTIONAL FIXED_LEN_BYTE_ARRAY(32) {name} (DECIMAL(76,4));"),
        3 => format!("OPTIONAL INT64 {name} (TIME(NANOS,false));"),
        4 => format!("OPTIONAL GROUP {name} {{ REQUIRED BYTE_ARRAY metadata; REQUIRED BYTE_ARRAY value; }}"),
        5 => format!("OPTIONAL BYTE_ARRAY {name} (BSON);"),
        6 => format!("OPTIONAL FIXED_LEN_BYTE_ARRAY(2) {name} (FLOAT16);"),
        _ => format!("OPTIONAL FIXED_LEN_BYTE_ARRAY(16) {name} (UUID);"),
    };
    Column { declared, cells: vec![Cell::Null; rows] }
}

/// How the bytes lie: compressions, encodings, pages.
fn properties(dice: &mut Dice, declared: &str) -> (WriterProperties, String) {
    let schema = parse_message_type(&format!("message schema {{ {declared} }}")).expect("a schema");
    let schema = SchemaDescriptor::new(Arc::new(schema));
    let version = *dice.pick(&[WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0]);
    let (page_rows, dictionary) = (*dice.pick(&[2, 7, 20_000]), dice.once_in(2));
    let statistics = *dice.pick(&[EnabledStatistics::None, EnabledStatistics::Chunk, EnabledStatistics::Page]);
    let mut properties = WriterProperties::builder()
        .set_writer_version(version)
        .set_dictionary_enabled(dictionary)
        .set_statistics_enabled(statistics)
        .set_write_batch_size(page_rows.min(64))
        .set_data_page_row_count_limit(page_rows);
    let mut note = format!("{version:?} {page_rows} rows a page, dictionary {dictionary}");
    for leaf in schema.columns() {
        let compression = *dice.pick(&[
            Compression::UNCOMPRESSED,
            Compression::SNAPPY,
            Compression::GZIP(Default::default()),
            Compression::BROTLI(Default::default()),
            Compression::LZ4,
            Compression::LZ4_RAW,
            Compression::ZSTD(Default::default()),
        ]);
        let encodings: &[Encoding] = match leaf.physical_type() {
            Physical::BOOLEAN => &[Encoding::PLAIN, Encoding::RLE],
            Physical::INT32 | Physical::INT64 => {
                &[Encoding::PLAIN, Encoding::DELTA_BINARY_PACKED, Encoding::BYTE_STREAM_SPLIT]
            }
            Physical::FLOAT | Physical::DOUBLE => &[Encoding::PLAIN, Encoding::BYTE_STREAM_SPLIT],
            Physical::BYTE_ARRAY => &[Encoding::PLAIN, Encoding::DELTA_LENGTH_BYTE_ARRAY, Encoding::DELTA_BYTE_ARRAY],
            Physical::FIXED_LEN_BYTE_ARRAY => {
                // BYTE_STREAM_SPLIT is refused: see `refused`.
                &[Encoding::PLAIN, Encoding::DELTA_BYTE_ARRAY]
            }
            Physical::INT96 => &[Encoding::PLAIN],
        };
        let (path, encoding) = (leaf.path().clone(), *dice.pick(encodings));
        note += &format!(", {path} {compression:?} {encoding}");
        properties = properties.set_column_compression(path.clone(), compression);
        if !dictionary {
            properties = properties.set_column_encoding(path, encoding);
        }
    }
    (properties.build(), note)
}
