//! Columns of Delta tables whose type nobody here knows: no matter where nobody needs them, and refused by
//! name where somebody does (rules I3, I4, I6).

use std::fs;
use std::path::Path;

use polars::prelude::*;
use serde_json::{Value, json};

use crate::support::delta_checkpoint::write_checkpoint;
use crate::support::delta_log::*;
use crate::support::small_lake::*;

const CHECKPOINT: &str = "00000000000000000001.checkpoint.parquet";
const LIVE: [&str; 2] = ["PartitionId=2026/live%20one.parquet", "PartitionId=2026/live-2.parquet"];

/// Features that say nothing but which types columns may have.
const OF_TYPES: [&str; 9] = [
    "geospatial",
    "geospatial-preview",
    "variantType",
    "variantType-preview",
    "variantShredding",
    "variantShredding-preview",
    "timestampNanos",
    "collations-preview",
    "typeWidening",
];

fn list_of(dtype: Value) -> Value {
    json!({"type": "array", "elementType": dtype, "containsNull": true})
}

fn map_of(dtype: Value) -> Value {
    json!({"type": "map", "keyType": "string", "valueType": dtype, "valueContainsNull": true})
}

fn within(dtype: Value) -> Value {
    json!({"type": "struct", "fields": [column("part", dtype)]})
}

fn column(name: &str, dtype: Value) -> Value {
    json!({"name": name, "type": dtype, "nullable": true, "metadata": {}})
}

fn odd_types() -> Vec<Value> {
    let twice = json!({"type": "struct", "fields": [field("part", "string"), field("Part", "string")]});
    let deep = (0..100).fold(json!("string"), |inner, _| within(inner));
    let point = json!({"type": "udt", "class": "org.example.Point", "sqlType": list_of(json!("double"))});
    let texts = [
        "geometry",
        "geometry(OGC:CRS84)",
        "geography(OGC:CRS84, spherical)",
        "variant",
        "void",
        "interval",
        "interval year to month",
        "interval day to second",
        "timestamp_nanos",
        "timestamp_ntz",
        "time(6)",
        "char(3)",
        "decimal(50,2)",
        "of tomorrow",
    ];
    let mut all: Vec<Value> = texts.iter().map(|text| json!(text)).collect();
    for text in texts {
        all.extend([list_of(json!(text)), map_of(json!(text)), within(list_of(within(json!(text))))]);
    }
    all.extend([twice, deep, point, json!({"type": "vector", "length": 3}), json!(7)]);
    all
}

/// The emails' columns and some more, with the features that go with them.
fn declared(more: impl IntoIterator<Item = Value>, features: &[&str]) -> [Value; 2] {
    let mut columns = fields(&SmallLake::new().read("email"));
    columns.push(field("PartitionId", "string"));
    columns.extend(more);
    [protocol(features), metadata(&columns, &["PartitionId"], json!({}))]
}

/// The emails of the small lake, declared so.
fn emails_with(more: impl IntoIterator<Item = Value>, features: &[&str]) -> SmallLake {
    let lake = SmallLake::new();
    let mut commits = email_commits();
    commits[0].1.splice(..2, declared(more, features));
    emails_as_delta(&lake, &commits);
    lake
}

fn odd_columns() -> impl Iterator<Item = Value> {
    odd_types().into_iter().enumerate().map(|(at, dtype)| column(&format!("new_{at}"), dtype))
}

#[test]
fn columns_that_nobody_needs_may_be_of_any_type() {
    let clean = SmallLake::new().published(&[]);
    assert!(emails_with(odd_columns(), &OF_TYPES).published(&[]) == clean);
    // Nor does anybody ask whether the features were declared.
    assert!(emails_with(odd_columns(), &[]).published(&[]) == clean);
}

#[test]
fn features_that_say_more_than_which_types_there_are_are_refused() {
    for feature in ["geospatialIndex", "rowsByMoonlight"] {
        let refused = emails_with([column("new_odd", json!("geometry"))], &["geospatial", feature]);
        refused.refused(3, &["table email", "plain Parquet", &format!("'{feature}'")]);
    }
}

/// What the log says in a checkpoint, without the commits before it.
fn in_checkpoint(write: impl FnOnce(&Path, Vec<Value>, Vec<Value>)) -> SmallLake {
    let lake = SmallLake::new();
    emails_as_delta(&lake, &[]);
    let features = [&OF_TYPES[..], &["v2Checkpoint"]].concat();
    let version = declared(odd_columns(), &features).to_vec();
    write(&lake.root().join("dataverse/email_partitioned/_delta_log"), version, LIVE.map(add).to_vec());
    lake
}

#[test]
fn checkpoints_may_have_them_too() {
    let clean = SmallLake::new().published(&[]);
    let of_version_1 = in_checkpoint(|log, version, files| {
        write_checkpoint(&log.join(CHECKPOINT), &[version, files].concat());
        let schema = within(within(json!("geometry")));
        let last = json!({"version": 1, "size": 4, "checkpointSchema": schema});
        fs::write(log.join("_last_checkpoint"), last.to_string()).unwrap();
    });
    assert!(of_version_1.published(&[]) == clean);
    let uuid = "3a0d65cd-4056-49b8-937b-95f9e3ee90e5";
    for form in ["parquet", "json"] {
        let of_version_2 = in_checkpoint(|log, version, files| {
            let beside = format!("{uuid}.parquet");
            write_checkpoint(&log.join("_sidecars").join(&beside), &files);
            let size = log.join("_sidecars").join(&beside).metadata().unwrap().len();
            let sidecar = json!({"sidecar": {"path": beside, "sizeInBytes": size, "modificationTime": 0}});
            let actions = [vec![json!({"checkpointMetadata": {"version": 1}}), sidecar], version].concat();
            let name = log.join(format!("00000000000000000001.checkpoint.{uuid}.{form}"));
            match form {
                "json" => fs::write(name, lines(&actions)).unwrap(),
                _ => write_checkpoint(&name, &actions),
            }
        });
        assert!(of_version_2.published(&[]) == clean, "{form}");
    }
}

#[test]
fn what_a_checksum_says_of_types_is_not_asked() {
    let clean = SmallLake::new().published(&[]);
    let lake = emails_with([column("new_odd", json!("geometry"))], &OF_TYPES);
    let [protocol, metadata] = declared([column("new_odd", json!("geometry"))], &OF_TYPES);
    let checksum = json!({
        "tableSizeBytes": 2, "numFiles": 2, "numMetadata": 1, "numProtocol": 1,
        "metadata": metadata["metaData"], "protocol": protocol["protocol"],
    });
    let log = lake.root().join("dataverse/email_partitioned/_delta_log");
    fs::write(log.join("00000000000000000001.crc"), checksum.to_string()).unwrap();
    assert!(lake.published(&[]) == clean);
}

/// The emails, of which one column is declared as another type than files have for it.
fn emails_of(name: &str, dtype: Value, change: impl FnOnce(DataFrame) -> DataFrame) -> SmallLake {
    let lake = SmallLake::new();
    lake.change("email", change);
    let [protocol, mut metadata] = declared([], &OF_TYPES);
    let schema = metadata["metaData"]["schemaString"].as_str().unwrap();
    let mut schema: Value = serde_json::from_str(schema).unwrap();
    let column = schema["fields"].as_array_mut().unwrap().iter_mut().find(|field| field["name"] == name).unwrap();
    column["type"] = dtype;
    metadata["metaData"]["schemaString"] = schema.to_string().into();
    let mut commits = email_commits();
    commits[0].1.splice(..2, [protocol, metadata]);
    emails_as_delta(&lake, &commits);
    lake
}

#[test]
fn a_column_that_is_needed_is_refused_by_name() {
    for (dtype, word) in [
        (json!("geometry(OGC:CRS84)"), "a geometry"),
        (json!("geography"), "a geography"),
        (json!("variant"), "a variant"),
        (json!("interval day to second"), "an interval"),
        (json!("time(6)"), "a type that is not known here"),
        (list_of(json!("variant")), "a variant"),
        (json!({"type": "vector", "length": 3}), "a type that is not known here"),
    ] {
        let lake = emails_of("senton", dtype, |emails| emails);
        lake.refused(
            3,
            &["table email", "column senton", "PartitionId=2026", word, "Export the column in its own type"],
        );
    }
}

/// Of such a column the values are in the log, as texts.
#[test]
fn a_partition_column_that_is_needed_is_refused_by_name() {
    let partitioned = |dtype: &str, value: Value| {
        let lake = SmallLake::new();
        lake.change("email", |emails| emails.drop("subject").unwrap());
        let mut commits = email_commits();
        let columns = fields(&SmallLake::new().read("email")).into_iter();
        let columns = columns.map(|column| if column["name"] == "subject" { field("subject", dtype) } else { column });
        let columns: Vec<Value> = columns.chain([field("PartitionId", "string")]).collect();
        commits[0].1[1] = metadata(&columns, &["PartitionId", "subject"], json!({}));
        for add in commits.iter_mut().flat_map(|(_, actions)| actions).filter(|action| action.get("add").is_some()) {
            add["add"]["partitionValues"]["subject"] = value.clone();
        }
        emails_as_delta(&lake, &commits);
        lake
    };
    for (dtype, word) in [("time(6)", "a type that is not known here"), ("geometry", "a geometry")] {
        let parts = ["table email", "column subject", "PartitionId=2026", word, "Export the column in its own type"];
        let refused = partitioned(dtype, json!("x"));
        let output = refused.run(&["--set", "publish_subjects=true"]);
        let said = stderr(&output);
        assert!(output.status.code() == Some(3) && parts.iter().all(|part| said.contains(part)), "{dtype}: {said}");
    }
    let nothing = partitioned("time(6)", Value::Null);
    let clean = partitioned("string", Value::Null).published(&["--set", "publish_subjects=true"]);
    assert!(nothing.published(&["--set", "publish_subjects=true"]) == clean);
}

#[test]
fn a_column_that_is_needed_and_holds_nothing_is_read_as_nothing() {
    let emptied = |emails: DataFrame| {
        let nothing = Column::full_null("subject".into(), emails.height(), &DataType::String);
        let mut emails = emails;
        emails.with_column(nothing).unwrap();
        emails
    };
    let plain = SmallLake::new();
    plain.change("email", emptied);
    let clean = plain.published(&["--set", "publish_subjects=true"]);
    for dtype in ["variant", "void", "of tomorrow"] {
        let lake = emails_of("subject", json!(dtype), emptied);
        assert!(lake.published(&["--set", "publish_subjects=true"]) == clean, "{dtype}");
    }
}

#[test]
fn times_in_nanoseconds_are_times() {
    let clean = SmallLake::new().published(&[]);
    for dtype in ["timestamp_ntz", "timestamp_nanos", "timestamp_nanos_ntz"] {
        let in_nanoseconds = |mut emails: DataFrame| {
            let dtype = DataType::Datetime(TimeUnit::Nanoseconds, Some(TimeZone::UTC));
            let times = emails.column("senton").unwrap().cast(&dtype).unwrap();
            emails.with_column(times).unwrap();
            emails
        };
        assert!(emails_of("senton", json!(dtype), in_nanoseconds).published(&[]) == clean, "{dtype}");
    }
}
