//! Lakes as Synapse Link writes them by default: CSV without header, described by `model.json` (rule I6).

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use polars::prelude::*;
use serde_json::json;

use crate::support::small_lake::{files_below, read_parquet};

/// How the files of a table lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Layout {
    /// `<table>/<year>.csv`, `model.json` beside the tables.
    Root,
    /// In folders of incremental updates, each with its own `model.json`.
    Incremental,
    /// The first rows in folders of updates, the others beside the tables.
    Both,
}

/// One table as texts.
pub struct Table {
    pub name: String,
    /// Names and the types by which `model.json` calls them.
    pub columns: Vec<(String, &'static str)>,
    pub rows: Vec<Vec<Option<String>>>,
}

pub const UPDATES: [&str; 2] = ["2026-03-30T02.00.00Z", "2026-03-31T02.00.00Z"];

/// Writes the tables of Dataverse of a lake in Parquet as CSV, and copies whatever else it has.
pub fn convert(from: &Path, to: &Path, layout: Layout) {
    for (name, bytes) in files_below(from) {
        if !name.starts_with("dataverse/") {
            let path = to.join(&name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    }
    write(&to.join("dataverse"), &tables(&from.join("dataverse")), layout);
}

/// The tables in a folder of Parquet.
pub fn tables(folder: &Path) -> Vec<Table> {
    let mut found: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for name in files_below(folder).into_keys() {
        assert!(name.ends_with(".parquet"), "{name}");
        let table = name.split('/').next().unwrap().to_string();
        found.entry(table).or_default().push(folder.join(name));
    }
    found.into_iter().map(|(name, files)| table(name, &files)).collect()
}

fn table(name: String, files: &[PathBuf]) -> Table {
    let frames: Vec<DataFrame> = files.iter().map(|file| read_parquet(file)).collect();
    let mut columns: Vec<(String, &'static str)> = Vec::new();
    for column in frames.iter().flat_map(DataFrame::columns) {
        if columns.iter().all(|(name, _)| name != column.name().as_str()) {
            columns.push((column.name().to_string(), said(column.dtype())));
        }
    }
    let mut rows = Vec::new();
    for frame in &frames {
        let texts: Vec<Option<Column>> =
            columns.iter().map(|(name, _)| frame.column(name).ok().map(as_texts)).collect();
        for row in 0..frame.height() {
            let text = |column: &Option<Column>| column.as_ref()?.str().unwrap().get(row).map(str::to_string);
            rows.push(texts.iter().map(text).collect());
        }
    }
    Table { name, columns, rows }
}

fn said(dtype: &DataType) -> &'static str {
    match dtype {
        DataType::Boolean => "boolean",
        DataType::Datetime(_, _) => "dateTime",
        DataType::Date => "date",
        dtype if dtype.is_integer() => "int64",
        dtype if dtype.is_float() || dtype.is_decimal() => "decimal",
        _ => "string",
    }
}

fn as_texts(column: &Column) -> Column {
    match column.dtype() {
        DataType::Boolean => {
            let texts = column.bool().unwrap().iter().map(|b| b.map(|b| if b { "True" } else { "False" }));
            Column::new(column.name().clone(), texts.collect::<Vec<_>>())
        }
        DataType::Datetime(_, _) => {
            let micros = column.cast(&DataType::Datetime(TimeUnit::Microseconds, None)).unwrap();
            let texts = micros.datetime().unwrap().phys.iter().map(|micros| {
                let time = chrono::DateTime::from_timestamp_micros(micros?).unwrap();
                Some(time.format("%Y-%m-%dT%H:%M:%S%.6f0Z").to_string())
            });
            Column::new(column.name().clone(), texts.collect::<Vec<_>>())
        }
        _ => column.cast(&DataType::String).unwrap(),
    }
}

/// Writes tables below the folder of Dataverse.
pub fn write(folder: &Path, tables: &[Table], layout: Layout) {
    fs::create_dir_all(folder).unwrap();
    let halves = |table: &Table| match layout {
        Layout::Root => 0,
        Layout::Both => table.rows.len() / 2,
        Layout::Incremental => table.rows.len(),
    };
    for (at, update) in UPDATES.iter().enumerate() {
        let base = folder.join(update);
        let mut described = Vec::new();
        for table in tables {
            let end = halves(table);
            let rows = if at == 0 { &table.rows[..end / 2] } else { &table.rows[end / 2..end] };
            // A table changes: the later description has its columns in another order.
            let order: Vec<usize> = match at {
                0 => (0..table.columns.len()).collect(),
                _ => (0..table.columns.len()).rev().collect(),
            };
            if end > 0 && !rows.is_empty() {
                write_rows(&base.join(&table.name).join("2026.csv"), rows, &order);
            }
            described.push(entity(table, &order));
        }
        if layout != Layout::Root {
            write_model(&base.join("model.json"), described);
        }
    }
    if layout != Layout::Incremental {
        for table in tables {
            let order: Vec<usize> = (0..table.columns.len()).collect();
            let file = folder.join(&table.name).join("2026.csv");
            write_rows(&file, &table.rows[halves(table)..], &order);
        }
        let all = |table: &Table| entity(table, &(0..table.columns.len()).collect::<Vec<_>>());
        write_model(&folder.join("model.json"), tables.iter().map(all).collect());
    }
    // What else Synapse Link leaves in its container.
    for (name, text) in [
        ("Changelog/changelog.info", "2026-04-01T02.00.00Z"),
        ("Changelog/Synapse.log", "2026-03-30T02.00.00Z,2026-03-31T02.00.00Z"),
        ("Microsoft.Athena.TrickleFeedService/account-EntityMetadata.json", "{}"),
        ("OptionsetMetadata/OptionsetMetadata.csv", "account,1"),
        ("2026-04-01T02.00.00Z/account/2026.csv", "half a row"),
    ] {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

fn entity(table: &Table, order: &[usize]) -> serde_json::Value {
    let attribute = |at: &usize| json!({"name": table.columns[*at].0, "dataType": table.columns[*at].1});
    let attributes: Vec<_> = order.iter().map(attribute).collect();
    json!({"$type": "LocalEntity", "name": table.name, "attributes": attributes, "partitions": []})
}

pub fn write_model(path: &Path, entities: Vec<serde_json::Value>) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let model = json!({"name": "cdm", "description": "cdm", "version": "1.0", "entities": entities});
    fs::write(path, serde_json::to_string_pretty(&model).unwrap()).unwrap();
}

fn write_rows(path: &Path, rows: &[Vec<Option<String>>], order: &[usize]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let line = |row: &Vec<Option<String>>| {
        let values = order.iter().map(|at| quoted(row[*at].as_deref()));
        values.collect::<Vec<_>>().join(",") + "\r\n"
    };
    fs::write(path, rows.iter().map(line).collect::<String>()).unwrap();
}

fn quoted(value: Option<&str>) -> String {
    match value {
        Some(text) if text.contains(['"', ',', '\r', '\n']) => format!("\"{}\"", text.replace('"', "\"\"")),
        other => other.unwrap_or_default().to_string(),
    }
}
