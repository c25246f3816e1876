//! The table `runs`: one small file per run, and the only results that know the clock.

use std::fs::File;
use std::iter;
use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};
use polars::prelude::*;

use super::{lock, modes, parquet, temporary};
use crate::context::RunContext;
use crate::error::{Error, Result};
use crate::quality::freshness::{Freshness, SourceAge};
use crate::storage::{Storage, Tally};
use crate::table::{Column as Declared, ColumnType, Table, conform};

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
    /// How new the sources were, of the last day computed; none where that was not reached.
    pub freshness: Option<Freshness>,
    /// `complete`, or `partial` where a day of the run is.
    pub computation_accuracy: Option<&'static str>,
    /// What went over the wire; none when everything lies on this machine.
    pub traffic: Option<Tally>,
}

/// Writes `<output>/runs/<run_id>.parquet`.
pub fn write_report(context: &RunContext<'_>, report: &RunReport) -> Result<()> {
    let table = runs_table();
    let frame = row(&context.run_id, report)
        .and_then(|row| conform(row.lazy(), &table).collect())
        .map_err(Error::engine("table runs"))?;
    let name = format!("{}.parquet", context.run_id);
    match &context.output.storage {
        Storage::Local(output) => write_local(context, &output.join(table.name), &name, (frame, report)),
        Storage::Remote(output) => {
            let (path, file) = output.access().spool.file(&name)?;
            write(&path, &file, frame, report)?;
            output.join(table.name).overwrite(&name, &path)
        }
    }
}

/// All runs report into one folder, each for an instant.
fn write_local(
    context: &RunContext<'_>,
    folder: &Path,
    name: &str,
    (frame, report): (DataFrame, &RunReport),
) -> Result<()> {
    modes::make_folders(folder, context.output.file_mode)?;
    let _lock = lock::wait(folder, context, runs_table().name)?;
    temporary::remove_leftovers(folder)?;
    let (temporary, file) = temporary::create(folder, runs_table().name, context)?;
    write(temporary.path(), &file, frame, report)?;
    temporary.complete(&file)?;
    temporary.take_place_of(&folder.join(name))
}

fn write(path: &Path, file: &File, frame: DataFrame, report: &RunReport) -> Result<()> {
    let table = runs_table();
    let metadata = [
        ("rapport.table", table.name),
        ("rapport.table_version", &table.version.to_string()),
        ("rapport.config_hash", &report.config_hash),
        ("rapport.program_version", env!("CARGO_PKG_VERSION")),
    ]
    .map(|(name, value)| (name.to_string(), value.to_string()));
    parquet::write_file((path, file), &table, iter::once(Ok(frame.into())), &metadata)?;
    Ok(())
}

fn row(run_id: &str, report: &RunReport) -> PolarsResult<DataFrame> {
    let duration = report.finished_at - report.started_at;
    let instants = [report.started_at, report.finished_at].map(|at| at.timestamp_micros());
    let count = |of: fn(Tally) -> u64| report.traffic.map(|traffic| i64::try_from(of(traffic)).unwrap_or(i64::MAX));
    let of_source = |source: fn(&Freshness) -> &SourceAge| report.freshness.as_ref().map(source);
    let dataverse = of_source(|freshness| &freshness.dataverse);
    let exchange = of_source(|freshness| &freshness.exchange);
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
        "store_requests" => [count(|traffic| traffic.requests)],
        "store_bytes_received" => [count(|traffic| traffic.received)],
        "store_bytes_sent" => [count(|traffic| traffic.sent)],
        "computation_accuracy" => [report.computation_accuracy],
        "dataverse_newest_row_at" => [dataverse.and_then(|source| source.newest_row_at)],
        "dataverse_newest_event_at" => [dataverse.and_then(|source| source.newest_event_at)],
        "dataverse_age_hours" => [dataverse.and_then(|source| source.age_hours)],
        "exchange_newest_row_at" => [exchange.and_then(|source| source.newest_row_at)],
        "exchange_newest_event_at" => [exchange.and_then(|source| source.newest_event_at)],
        "exchange_age_hours" => [exchange.and_then(|source| source.age_hours)],
    )?;
    let instants = runs_table().columns.into_iter().filter(|column| column.dtype == ColumnType::Timestamp);
    for name in instants.map(|column| column.name) {
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
    let of_stores = |name, unit, description, example| Declared {
        empty: "input and output are local",
        ..column(name, Int64, unit, description, example)
    };
    let of_source = |name, dtype, unit, description, example| Declared {
        rule: "K12",
        empty: "the source has no such row, or is off",
        ..column(name, dtype, unit, description, example)
    };
    Table {
        defined_in: file!(),
        name: "runs",
        version: 3,
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
                "Per input table: files and rows read; requests and bytes when it lies in a store.",
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
            of_stores("store_requests", "requests", "HTTP requests to object stores, retries included.", "212"),
            of_stores("store_bytes_received", "bytes", "Bytes that stores sent.", "48210331"),
            of_stores("store_bytes_sent", "bytes", "Bytes sent to stores.", "9120442"),
            Declared {
                rule: "K12",
                empty: "the run failed before that was known",
                ..column(
                    "computation_accuracy",
                    Text,
                    "",
                    "complete, or partial when a source was missing or too old on one of the days.",
                    "complete",
                )
            },
            of_source(
                "dataverse_newest_row_at",
                Timestamp,
                "",
                "When the newest activity row of Dataverse was written, as of the last day computed.",
                "2026-03-31T21:40:00Z",
            ),
            of_source(
                "dataverse_newest_event_at",
                Timestamp,
                "",
                "The newest activity of Dataverse by the end of that day.",
                "2026-03-31T15:02:00Z",
            ),
            of_source(
                "dataverse_age_hours",
                Float64,
                "hours",
                "From the newest row of Dataverse to the end of that day; 0 when it is newer.",
                "2.3",
            ),
            of_source(
                "exchange_newest_row_at",
                Timestamp,
                "",
                "When the newest row of Exchange that may be used was made.",
                "2026-03-31T20:11:00Z",
            ),
            of_source(
                "exchange_newest_event_at",
                Timestamp,
                "",
                "The newest message or event that may be used by the end of that day.",
                "2026-03-31T20:11:00Z",
            ),
            of_source(
                "exchange_age_hours",
                Float64,
                "hours",
                "From the newest row of Exchange to the end of that day; 0 when it is newer.",
                "3.8",
            ),
        ],
    }
}
