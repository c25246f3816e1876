//! Publishing: the same bytes, whole or not at all, one publisher at a time.

use std::fs;
use std::path::{Path, PathBuf};

use polars::prelude::*;
use rapport::config::OutputFormat;
use rapport::context::{Interruption, Progress, RunContext};
use rapport::error::{Error, Result};
use rapport::publish::{Partition, PublishedTable, replace};
use rapport::table::{Column, ColumnType, Table};
use tempfile::TempDir;

fn table() -> Table {
    let column = |name, dtype| Column { name, dtype, unit: "", description: "", empty: "", rule: "", example: "" };
    Table {
        name: "account_kpis",
        version: 1,
        grain: "account",
        description: "",
        key: &["account_id"],
        columns: vec![
            column("account_id", ColumnType::Text),
            column("emails_sent", ColumnType::Int64),
            column("first_interaction_at", ColumnType::Timestamp),
        ],
    }
}

fn rows(ids: std::ops::Range<i64>) -> DataFrame {
    let names: Vec<String> = ids.clone().map(|id| format!("{id:08}")).collect();
    let at = polars::prelude::Column::new("first_interaction_at".into(), ids.clone().collect::<Vec<_>>());
    let at = at.cast(&ColumnType::Timestamp.to_polars()).unwrap();
    let mut frame = df!("account_id" => names, "emails_sent" => ids.collect::<Vec<_>>()).unwrap();
    frame.with_column(at).unwrap();
    frame
}

fn partition() -> Partition {
    Partition::as_of("2026-03-31".parse().unwrap())
}

fn publish(output: &Path, frames: Vec<Result<DataFrame>>) -> Result<PublishedTable> {
    publish_with(output, frames, &Interruption::default())
}

fn publish_with(output: &Path, frames: Vec<Result<DataFrame>>, interruption: &Interruption) -> Result<PublishedTable> {
    let context =
        RunContext { run_id: "20260401T003000Z-00000001".to_string(), progress: &|_: Progress<'_>| {}, interruption };
    let metadata = [("rapport.config_hash".to_string(), "abc".to_string())];
    replace(&context, (output, OutputFormat::Parquet), &table(), &partition(), frames.into_iter(), &metadata)
}

fn broken() -> Result<DataFrame> {
    Err(Error::Checks { message: "broken".to_string() })
}

fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn folder(output: &Path) -> PathBuf {
    output.join("account_kpis/as_of_date=2026-03-31")
}

#[test]
fn a_partition_is_one_file_with_its_metadata() {
    let output = TempDir::new().unwrap();
    let published = publish(output.path(), vec![Ok(rows(0..3)), Ok(rows(3..5))]).unwrap();
    assert_eq!(published.path, folder(output.path()).join("account_kpis.parquet"));
    assert_eq!(files(&folder(output.path())), ["account_kpis.parquet"]);
    assert_eq!((published.rows, published.bytes), (5, fs::metadata(&published.path).unwrap().len()));

    let mut reader = ParquetReader::new(fs::File::open(&published.path).unwrap());
    let metadata = reader.get_metadata().unwrap().key_value_metadata().clone().unwrap();
    assert!(metadata.iter().any(|pair| pair.key == "rapport.config_hash" && pair.value.as_deref() == Some("abc")));
    assert_eq!(metadata.iter().filter(|pair| pair.key == "ARROW:schema").count(), 1);
    assert_eq!(reader.finish().unwrap(), rows(0..5));
}

#[test]
fn bytes_do_not_depend_on_the_chunks() {
    let output = TempDir::new().unwrap();
    let bytes = |cuts: &[i64]| {
        let frames = cuts.windows(2).map(|cut| Ok(rows(cut[0]..cut[1]))).collect();
        fs::read(publish(output.path(), frames).unwrap().path).unwrap()
    };
    let whole = bytes(&[0, 700_000]);
    assert_eq!(bytes(&[0, 1, 499_999, 500_001, 700_000]), whole);
    assert_eq!(bytes(&[0, 500_000, 500_000, 700_000]), whole);
}

#[test]
fn an_empty_table_has_a_file_with_its_schema() {
    let output = TempDir::new().unwrap();
    for frames in [vec![], vec![Ok(rows(0..0))]] {
        let published = publish(output.path(), frames).unwrap();
        let frame = ParquetReader::new(fs::File::open(&published.path).unwrap()).finish().unwrap();
        assert_eq!((published.rows, frame.height()), (0, 0));
        assert_eq!(**frame.schema(), table().schema());
    }
}

#[test]
fn a_failure_leaves_the_old_partition_as_it_was() {
    let output = TempDir::new().unwrap();
    let path = publish(output.path(), vec![Ok(rows(0..3))]).unwrap().path;
    let old = fs::read(&path).unwrap();
    for frames in [
        vec![Ok(rows(0..2)), broken()],
        vec![broken()],
        vec![Ok(rows(0..2)), Ok(rows(1..3))],
        vec![df!("account_id" => ["a"]).map_err(Error::engine("test"))],
    ] {
        assert_eq!(publish(output.path(), frames).unwrap_err().exit_code(), 1);
        assert_eq!(files(&folder(output.path())), ["account_kpis.parquet"]);
        assert_eq!(fs::read(&path).unwrap(), old);
    }
}

#[test]
fn a_computation_that_fails_at_once_leaves_no_trace() {
    let output = TempDir::new().unwrap();
    assert!(publish(output.path(), vec![broken()]).is_err());
    assert!(files(output.path()).is_empty());
}

#[test]
fn leftovers_of_killed_runs_and_foreign_data_files_go() {
    let output = TempDir::new().unwrap();
    let folder = folder(output.path());
    fs::create_dir_all(&folder).unwrap();
    for name in [".account_kpis.20260101T000000Z-dead.tmp", ".lock", "part-0.parquet", "_SUCCESS"] {
        fs::write(folder.join(name), "x").unwrap();
    }
    publish(output.path(), vec![Ok(rows(0..3))]).unwrap();
    assert_eq!(files(&folder), ["_SUCCESS", "account_kpis.parquet"]);
}

#[test]
fn a_partition_being_published_is_busy() {
    let output = TempDir::new().unwrap();
    let folder = folder(output.path());
    fs::create_dir_all(&folder).unwrap();
    let other = fs::File::create(folder.join(".lock")).unwrap();
    other.lock().unwrap();
    let error = publish(output.path(), vec![Ok(rows(0..3))]).unwrap_err();
    assert_eq!(error.exit_code(), 76);
    assert!(error.to_string().contains("account_kpis") && error.to_string().contains("as_of_date=2026-03-31"));
    assert_eq!(files(&folder), [".lock"]);
    drop(other);
    publish(output.path(), vec![Ok(rows(0..3))]).unwrap();
}

#[test]
fn of_many_publishers_at_once_every_one_publishes_or_is_busy() {
    let output = TempDir::new().unwrap();
    let publish_often = |rows_of_mine: i64| {
        for _ in 0..20 {
            if let Err(error) = publish(output.path(), vec![Ok(rows(0..rows_of_mine))]) {
                assert_eq!(error.exit_code(), 76, "{error}");
            }
        }
    };
    std::thread::scope(|scope| {
        for rows_of_mine in 1..=8 {
            let publish_often = &publish_often;
            scope.spawn(move || publish_often(rows_of_mine));
        }
    });
    assert_eq!(files(&folder(output.path())), ["account_kpis.parquet"]);
}

#[test]
fn an_interrupted_publication_leaves_nothing() {
    let output = TempDir::new().unwrap();
    let interruption = Interruption::default();
    interruption.raise(15);
    let error = publish_with(output.path(), vec![Ok(rows(0..3))], &interruption).unwrap_err();
    assert_eq!(error.exit_code(), 143);
    assert!(files(&folder(output.path())).is_empty());
}

#[test]
fn an_output_that_cannot_be_written_is_a_storage_error() {
    let output = TempDir::new().unwrap();
    fs::write(output.path().join("account_kpis"), "a file").unwrap();
    assert_eq!(publish(output.path(), vec![Ok(rows(0..3))]).unwrap_err().exit_code(), 75);
}
