//! Checkpoints of Delta tables, written by hand: the actions of a version as Parquet.

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use delta_kernel::arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use delta_kernel::arrow::json::ReaderBuilder;
use parquet::arrow::ArrowWriter;
use serde_json::Value;

use crate::support::small_lake::lines;

/// Writes actions as a checkpoint, or as a file beside one that it leaves them in.
pub fn write_checkpoint(path: &Path, actions: &[Value]) {
    let schema = Arc::new(schema());
    let text = lines(actions);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), Arc::clone(&schema), None).unwrap();
    for batch in ReaderBuilder::new(schema).build(text.as_bytes()).unwrap() {
        writer.write(&batch.unwrap()).unwrap();
    }
    writer.close().unwrap();
}

/// The columns of a checkpoint, with the statistics of a column in types that Delta does not have.
fn schema() -> Schema {
    let odd = group(
        "minValues",
        vec![
            of("new_time", DataType::Time64(TimeUnit::Microsecond)),
            of("new_nanos", DataType::Timestamp(TimeUnit::Nanosecond, None)),
            of("new_wide", DataType::Decimal256(50, 2)),
        ],
    );
    Schema::new(vec![
        group(
            "protocol",
            vec![
                of("minReaderVersion", DataType::Int32),
                of("minWriterVersion", DataType::Int32),
                list("readerFeatures"),
                list("writerFeatures"),
            ],
        ),
        group(
            "metaData",
            vec![
                text("id"),
                text("name"),
                text("description"),
                group("format", vec![text("provider"), map("options")]),
                text("schemaString"),
                list("partitionColumns"),
                of("createdTime", DataType::Int64),
                map("configuration"),
            ],
        ),
        group(
            "add",
            vec![
                text("path"),
                map("partitionValues"),
                of("size", DataType::Int64),
                of("modificationTime", DataType::Int64),
                of("dataChange", DataType::Boolean),
                group("stats_parsed", vec![of("numRecords", DataType::Int64), odd]),
            ],
        ),
        group("checkpointMetadata", vec![of("version", DataType::Int64)]),
        group(
            "sidecar",
            vec![text("path"), of("sizeInBytes", DataType::Int64), of("modificationTime", DataType::Int64)],
        ),
    ])
}

fn of(name: &str, dtype: DataType) -> Field {
    Field::new(name, dtype, true)
}

fn text(name: &str) -> Field {
    of(name, DataType::Utf8)
}

fn group(name: &str, fields: Vec<Field>) -> Field {
    of(name, DataType::Struct(fields.into()))
}

fn list(name: &str) -> Field {
    of(name, DataType::List(Arc::new(text("element"))))
}

fn map(name: &str) -> Field {
    Field::new_map(name, "key_value", Field::new("key", DataType::Utf8, false), text("value"), false, true)
}
