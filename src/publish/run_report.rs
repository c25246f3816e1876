//! The table `runs`: one small file per run, and the only results that know the clock.

use std::fs;
use std::iter;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use polars::prelude::*;

use super::{lock, parquet, temporary};
use crate::context::RunContext;
use crate::error::{Error, Result};
use crate::table::{Column as Declared, ColumnType, Table, conform};

/// How often, and how long, to wait for another run that writes its report.
const WAITS: u32 = 250;
const WAIT: Duration = Duration::from_millis(20);

/// What happened in a run. The details are JSON text.
#[derive(Debug, Clone)]
pub struct RunReport {
    pub job: String,
    pub from_date: NaiveDate,
    pub as_of_date: NaiveDate,
    pub started_at: DateTime<Utc>,
    pub finished_at: DateTime<Utc>,
    /// `done`, `failed` or `interrupted`.
    pub status: &'static str,
    pub error: Option<String>,
    pub config_hash: String,
    pub rows_read: i64,
    pub rows_out: i64,
    pub inputs_json: String,
    pub tables_json: String,
    pub dropped_json: String,
}

/// Writes `<output>/runs/<run_id>.parquet`.
pub fn write_report(context: &RunContext<'_>, output: &Path, report: &RunReport) -> Result<PathBuf> {
    let table = runs_table();
    let frame = row(&context.run_id, report)
        .and_then(|row| conform(row.lazy(), &table).collect())
        .map_err(Error::engine("table runs"))?;

    let folder = output.join(table.name);
    fs::create_dir_all(&folder).map_err(Error::storage(&folder))?;
    let _lock = wait_for(&folder, context)?;
    temporary::remove_leftovers(&folder)?;
    let (temporary, file) = temporary::create(&folder, table.name, &context.run_id, context.interruption)?;
    let frames = iter::once(Ok(frame));
    let metadata = [
        ("rapport.table", table.name),
        ("rapport.table_version", &table.version.to_string()),
        ("rapport.config_hash", &report.config_hash),
        ("rapport.program_version", env!("CARGO_PKG_VERSION")),
    ]
    .map(|(name, value)| (name.to_string(), value.to_string()));
    parquet::write_file((temporary.path(), &file), &table, frames, &metadata)?;
    let path = folder.join(format!("{}.parquet", context.run_id));
    temporary.take_place_of(&path)?;
    Ok(path)
}

/// All runs report into one folder, each for an instant.
fn wait_for<'a>(folder: &Path, context: &'a RunContext<'_>) -> Result<lock::Lock<'a>> {
    for _ in 0..WAITS {
        match lock::acquire(folder, context.interruption)? {
            Some(lock) => return Ok(lock),
            None => thread::sleep(WAIT),
        }
    }
    Err(Error::PartitionBusy { table: runs_table().name.to_string(), partition: context.run_id.clone() })
}

fn row(run_id: &str, report: &RunReport) -> PolarsResult<DataFrame> {
    let duration = report.finished_at - report.started_at;
    let instants = [report.started_at, report.finished_at].map(|at| at.timestamp_micros());
    let mut row = df!(
        "run_id" => [run_id],
        "job" => [report.job.as_str()],
        "from_date" => [report.from_date],
        "as_of_date" => [report.as_of_date],
        "started_at" => [instants[0]],
        "finished_at" => [instants[1]],
        "duration_seconds" => [duration.num_milliseconds() as f64 / 1000.0],
        "status" => [report.status],
        "error" => [report.error.as_deref()],
        "program_version" => [env!("CARGO_PKG_VERSION")],
        "config_hash" => [report.config_hash.as_str()],
        "rows_read" => [report.rows_read],
        "rows_out" => [report.rows_out],
        "inputs_json" => [report.inputs_json.as_str()],
        "tables_json" => [report.tables_json.as_str()],
        "dropped_json" => [report.dropped_json.as_str()],
    )?;
    for name in ["started_at", "finished_at"] {
        let instant = row.column(name)?.cast(&ColumnType::Timestamp.to_polars())?;
        row.replace(name, instant)?;
    }
    Ok(row)
}

/// The declaration of `runs`.
pub fn runs_table() -> Table {
    use ColumnType::{Date, Float64, Int64, Text, Timestamp};
    let column =
        |name, dtype, unit, description, example| Declared::new(name, dtype, unit, description, "", "O5", example);
    Table {
        name: "runs",
        version: 1,
        grain: "job run that published something",
        description: "When each run happened, how it ended, and what it read, left out and published. \
                      Not partitioned: one file per run.",
        key: &["run_id"],
        columns: vec![
            column("run_id", Text, "", "Identifies the run.", "20260401T003000Z-5f3a9c1e"),
            column("job", Text, "", "Name of the job.", "relationship_kpis"),
            column("from_date", Date, "", "First day computed; of a backfill earlier than the last.", "2026-03-31"),
            column("as_of_date", Date, "", "Last day computed.", "2026-03-31"),
            column("started_at", Timestamp, "", "Start of the run.", "2026-04-01T00:30:00Z"),
            column("finished_at", Timestamp, "", "End of the run.", "2026-04-01T00:30:42Z"),
            column("duration_seconds", Float64, "seconds", "From start to end.", "42.1"),
            column("status", Text, "", "done, failed or interrupted.", "done"),
            Declared { empty: "the run is done", ..column("error", Text, "", "What ended the run.", "") },
            column("program_version", Text, "", "Version of the program.", "0.1.0"),
            column("config_hash", Text, "", "Equal for runs with the same effective settings.", "9c1f0a7be2d34410"),
            column("rows_read", Int64, "rows", "Rows read from the input.", "48211"),
            column("rows_out", Int64, "rows", "Rows published.", "10433"),
            column(
                "inputs_json",
                Text,
                "",
                "Per input table: files and rows read.",
                r#"{"email":{"files":3,"rows":20411}}"#,
            ),
            column(
                "tables_json",
                Text,
                "",
                "Per published table: partitions and rows.",
                r#"{"account_kpis":{"partitions":1,"rows":120}}"#,
            ),
            column("dropped_json", Text, "", "Source rows left out, per reason (N8).", r#"{"draft":12}"#),
        ],
    }
}
