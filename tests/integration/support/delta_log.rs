//! Delta tables for a small lake: logs written by hand, after the protocol, and tables of other writers.

use std::fs;
use std::path::{Path, PathBuf};

use polars::prelude::*;
use serde_json::{Value, json};

use crate::support::small_lake::*;

pub type Commit = (&'static str, Vec<Value>);

pub fn commit_name(version: usize) -> &'static str {
    ["00000000000000000000.json", "00000000000000000001.json", "00000000000000000002.json", "00000000000000000003.json"]
        [version]
}

pub fn checkpoint_name(version: usize) -> &'static str {
    assert_eq!(version, 10);
    "00000000000000000010.checkpoint.parquet"
}

pub fn protocol(reader_features: &[&str]) -> Value {
    json!({"protocol": {
        "minReaderVersion": 3, "minWriterVersion": 7, "readerFeatures": reader_features, "writerFeatures": reader_features,
    }})
}

pub fn metadata(fields: &[Value], partitioned_by: &[&str], configuration: Value) -> Value {
    let schema = json!({"type": "struct", "fields": fields});
    json!({"metaData": {
        "id": "1", "format": {"provider": "parquet", "options": {}}, "schemaString": schema.to_string(),
        "partitionColumns": partitioned_by, "configuration": configuration,
    }})
}

pub fn field(name: &str, dtype: &str) -> Value {
    json!({"name": name, "type": dtype, "nullable": true, "metadata": {}})
}

/// The columns of a frame as Delta declares them.
pub fn fields(frame: &DataFrame) -> Vec<Value> {
    let dtype = |dtype: &DataType| match dtype {
        DataType::String => "string",
        DataType::Boolean => "boolean",
        DataType::Int32 => "integer",
        DataType::Int64 => "long",
        DataType::Float64 => "double",
        DataType::Date => "date",
        DataType::Datetime(_, _) => "timestamp",
        other => panic!("{other} has no name here"),
    };
    frame.schema().iter().map(|(name, stored)| field(name, dtype(stored))).collect()
}

pub fn add(path: &str) -> Value {
    json!({"add": {
        "path": path, "partitionValues": {"PartitionId": "2026"}, "size": 1, "modificationTime": 0, "dataChange": true,
    }})
}

pub fn remove(path: &str) -> Value {
    json!({"remove": {"path": path, "dataChange": true, "deletionTimestamp": 0}})
}

pub fn write_log(folder: &Path, commits: &[Commit]) {
    let log = folder.join("_delta_log");
    fs::create_dir_all(&log).unwrap();
    for (name, actions) in commits {
        fs::write(log.join(name), lines(actions)).unwrap();
    }
}

/// Moves the emails into a Delta folder as Synapse Link has it, with a dead copy of some beside them,
/// and writes the log.
pub fn emails_as_delta(lake: &SmallLake, commits: &[Commit]) -> String {
    let folder = lake.root().join("dataverse/email_partitioned");
    let frame = lake.read("email");
    let partition = folder.join("PartitionId=2026");
    write_parquet(&partition.join("live one.parquet"), &frame.head(Some(2)));
    write_parquet(&partition.join("live-2.parquet"), &frame.slice(2, 2));
    write_parquet(&partition.join("dead.parquet"), &frame.head(Some(1)));
    lake.remove("email");
    write_log(&folder, commits);
    folder.join("_delta_log").display().to_string()
}

/// Two commits, after which [`emails_as_delta`] holds the emails of the lake.
pub fn email_commits() -> Vec<Commit> {
    let mut columns = fields(&SmallLake::new().read("email"));
    columns.push(field("PartitionId", "string"));
    let partition = |name: &str| format!("PartitionId=2026/{name}");
    vec![
        (
            commit_name(0),
            vec![
                json!({"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}}),
                metadata(&columns, &["PartitionId"], json!({"delta.columnMapping.mode": "none"})),
                add(&partition("dead.parquet")),
                add(&partition("live%20one.parquet")),
            ],
        ),
        (commit_name(1), vec![remove(&partition("dead.parquet")), add(&partition("live-2.parquet"))]),
    ]
}

/// A file or folder of `tests/delta_tables`.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/delta_tables").join(name)
}

/// Puts a table of another writer in the place of one of the lake.
pub fn put_delta(lake: &SmallLake, table: &str, name: &str) {
    lake.remove(table);
    let to = lake.root().join("dataverse").join(name);
    for (path, bytes) in files_below(&fixture(table)) {
        fs::create_dir_all(to.join(&path).parent().unwrap()).unwrap();
        fs::write(to.join(path), bytes).unwrap();
    }
}
