//! The table `runs`: one small file per run, and the only results that know the clock.

use std::fs::File;
use std::iter;
use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};
use polars::prelude::*;

use super::{BegunRun, lock, modes, parquet, runs_table, temporary};
use crate::context::RunContext;
use crate::error::{Error, Result};
use crate::quality::freshness::{Freshness, SourceAge};
use crate::storage::{Storage, Tally};
use crate::table::{ColumnType, conform};

/// What happened in a run. The details are JSON text.
#[derive(Debug, Clone)]
pub struct RunReport {
    /// The job's name.
    pub job: String,
    /// The first day that was asked for.
    pub from_date: NaiveDate,
    /// The last day that was asked for.
    pub as_of_date: NaiveDate,
    /// When the run began.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: DateTime<Utc>,
    /// `done`, `failed` or `interrupted`.
    pub status: &'static str,
    /// What it failed by, as it was told.
    pub error: Option<String>,
    /// What kind of error that was, in one word.
    pub error_class: Option<&'static str>,
    /// The code that the run ended with.
    pub exit_code: u8,
    /// What the run warned about, each once.
    pub warnings: Vec<String>,
    /// Equal for runs with equal settings.
    pub config_hash: String,
    /// Rows read of the lake, all versions.
    pub rows_read: i64,
    /// Rows published.
    pub rows_out: i64,
    /// Files and rows read, by table.
    pub inputs_json: String,
    /// Partitions and rows published, by table.
    pub tables_json: String,
    /// Rows left out, by reason (N8).
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
    publish(context, row(&context.run_id, report), &report.config_hash)
}

/// What nobody knows of a run that was killed.
const UNKNOWN_OF_KILLED: [&str; 9] = [
    "finished_at",
    "duration_seconds",
    "rows_read",
    "rows_out",
    "inputs_json",
    "tables_json",
    "dropped_json",
    "exit_code",
    "warnings_json",
];

/// Writes the row of a run that was killed, by the note that it left.
///
/// # Errors
/// What storage refuses.
pub fn write_killed(context: &RunContext<'_>, run: &BegunRun) -> Result<()> {
    let report = RunReport {
        job: run.job.clone(),
        from_date: run.from_date,
        as_of_date: run.as_of_date,
        started_at: run.started_at,
        finished_at: run.started_at,
        status: "killed",
        error: Some(
            "the run ended without a word: it was killed, maybe for want of memory, or the machine went down"
                .to_string(),
        ),
        error_class: Some("killed"),
        exit_code: 0,
        warnings: Vec::new(),
        config_hash: run.config_hash.clone(),
        rows_read: 0,
        rows_out: 0,
        inputs_json: String::new(),
        tables_json: String::new(),
        dropped_json: String::new(),
        freshness: None,
        computation_accuracy: None,
        traffic: None,
    };
    let unknown = |mut row: DataFrame| -> PolarsResult<DataFrame> {
        row.with_column(Column::new("program_version".into(), [run.program_version.as_str()]))?;
        for name in UNKNOWN_OF_KILLED {
            let dtype = row.column(name)?.dtype().clone();
            row.with_column(Column::full_null(name.into(), 1, &dtype))?;
        }
        Ok(row)
    };
    publish(context, row(&run.run_id, &report).and_then(unknown), &run.config_hash)
}

fn publish(context: &RunContext<'_>, row: PolarsResult<DataFrame>, config_hash: &str) -> Result<()> {
    let table = runs_table();
    let frame = row.and_then(|row| conform(row.lazy(), &table).collect()).map_err(Error::engine("table runs"))?;
    let name = format!("{}.parquet", context.run_id);
    match &context.output.storage {
        Storage::Local(output) => write_local(context, &output.join(table.name), &name, frame, config_hash),
        Storage::Remote(output) => {
            let (path, file) = output.access().spool.file(&name)?;
            write(&path, &file, frame, config_hash)?;
            output.join(table.name).overwrite(&name, &path)
        }
    }
}

/// All runs report into one folder, each for an instant.
fn write_local(context: &RunContext<'_>, folder: &Path, name: &str, frame: DataFrame, config_hash: &str) -> Result<()> {
    modes::make_folders(folder, context.output.file_mode)?;
    let _lock = lock::wait(folder, context, runs_table().name)?;
    temporary::remove_leftovers(folder)?;
    let (temporary, file) = temporary::create(folder, runs_table().name, context)?;
    write(temporary.path(), &file, frame, config_hash)?;
    temporary.complete(&file)?;
    temporary.take_place_of(&folder.join(name))
}

fn write(path: &Path, file: &File, frame: DataFrame, config_hash: &str) -> Result<()> {
    let table = runs_table();
    let metadata = [
        ("rapport.table", table.name),
        ("rapport.table_version", &table.version.to_string()),
        ("rapport.config_hash", config_hash),
        ("rapport.program_version", env!("CARGO_PKG_VERSION")),
    ]
    .map(|(name, value)| (name.to_string(), value.to_string()));
    parquet::write_file(parquet::OpenFile { path, file }, &table, iter::once(Ok(frame.into())), &metadata)?;
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
        "exit_code" => [i64::from(report.exit_code)],
        "error_class" => [report.error_class],
        "warnings_json" => [serde_json::to_string(&report.warnings).unwrap_or_default()],
    )?;
    let instants = runs_table().columns.into_iter().filter(|column| column.dtype == ColumnType::Timestamp);
    for name in instants.map(|column| column.name) {
        let instant = row.column(name)?.cast(&ColumnType::Timestamp.to_polars())?;
        row.replace(name, instant)?;
    }
    Ok(row)
}
