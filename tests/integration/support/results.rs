//! Runs of the jobs on a lake, and what they published.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate};
use polars::prelude::*;
use rapport::config::{self, Job, JobKind, OutputFormat, Overrides};
use rapport::context::{Interruption, Output, Progress, RunContext};
use rapport::interactions::parts::PartOf;
use rapport::jobs;
use rapport::scratch::{Limit, Scratch};
use rapport::storage::{Spool, Storage};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::lake::{Lake, Row};
use crate::support::lake_files;

const JOB: &str = r#"
job = "KIND"
schedule = "30 2 * * *"
[input]
root = "lake"
[output]
path = "out"
"#;

/// The published tables of one or more days.
pub struct Results {
    output: PathBuf,
    _folder: TempDir,
}

/// Keys of the job file with their values, in TOML or as bare words.
pub type Settings = [(String, String)];

/// Settings given by keys and values.
pub fn settings(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
}

/// A setting in TOML: text stands as it is, so that dates and tables can be written.
pub fn toml(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_string)
}

/// Writes the lake and runs the jobs on it as of the days.
pub fn run(lake: &Lake, settings: &Settings, days: &[&str]) -> Results {
    let folder = TempDir::new().expect("a temporary folder");
    let input = folder.path().join("lake");
    lake_files::write(lake, &input);
    run_on(&input, settings, days)
}

/// Runs every job that publishes one of the tables asked for, all unless the settings name some, on
/// a lake that lies in a folder.
pub fn run_on(lake: &Path, settings: &Settings, days: &[&str]) -> Results {
    run_within(&Scratch::default(), lake, settings, days)
}

/// The same, with so many parts of activities, and all large tables on disk.
pub fn run_in_parts(parts: u32, lake: &Path, settings: &Settings, days: &[&str]) -> Results {
    let folder = TempDir::new().expect("a temporary folder");
    let spool = Arc::new(Spool::below(folder.path().to_path_buf()));
    let results = run_within(&Scratch::beyond(Limit::Parts(parts), Arc::clone(&spool)), lake, settings, days);
    let left = fs::read_dir(spool.folder().expect("the spool")).expect("the spool").count();
    assert_eq!(left, 1, "nothing but the lock of the spool has a name");
    results
}

/// The same with several parts at a time.
pub fn run_by_workers(workers: u32, parts: u32, lake: &Path, settings: &Settings, days: &[&str]) -> Results {
    let folder = TempDir::new().expect("a temporary folder");
    let spool = Arc::new(Spool::below(folder.path().to_path_buf()));
    let scratch = Scratch::beyond(Limit::Parts(parts), spool).with_workers(workers);
    run_within(&scratch, lake, settings, days)
}

/// Builds those of so many parts of each job's day that `is_staged` names by themselves, as processes do, lets
/// `meanwhile` look at the folder in which they are put, and runs the jobs on top of that. Says what is left in it.
pub fn run_on_staged(
    parts: u32,
    is_staged: impl Fn(u32) -> bool,
    lake: &Path,
    settings: &Settings,
    day: &str,
    meanwhile: impl FnOnce(&Path),
) -> (Results, Vec<PathBuf>) {
    let folder = TempDir::new().expect("a temporary folder");
    let (spool, work) = (folder.path().join("spool"), folder.path().join("work"));
    fs::create_dir(&spool).expect("a folder");
    let scratch = || {
        let scratch = Scratch::beyond(Limit::Parts(parts), Arc::new(Spool::below(spool.clone())));
        scratch.with_work(Storage::Local(work.clone()))
    };
    let date: NaiveDate = day.parse().expect("a day");
    for part in (0..parts).filter(|&part| is_staged(part)) {
        // Nothing is handed on from one process to the next.
        let read = rapport::sources::Lake::local(lake).with_scratch(scratch());
        let output = folder.path().join("out");
        with_context(&output, |context| {
            for job in JobKind::ALL.iter().filter_map(|kind| job(*kind, lake, &output, settings)) {
                jobs::stage(&job, &read, date, PartOf { part, count: parts }, context).expect("a part");
            }
        });
    }
    meanwhile(&work);
    let results = run_within(&scratch(), lake, settings, &[day]);
    let left = fs::read_dir(&work).map(|left| left.flatten().map(|entry| entry.path()).collect());
    (results, left.unwrap_or_default())
}

fn run_within(scratch: &Scratch, lake: &Path, settings: &Settings, days: &[&str]) -> Results {
    let folder = TempDir::new().expect("a temporary folder");
    let output = folder.path().join("out");
    let days: Vec<NaiveDate> = days.iter().map(|day| day.parse().expect("a day")).collect();
    let read = rapport::sources::Lake::local(lake).with_scratch(scratch.clone());
    with_context(&output, |context| {
        for kind in JobKind::ALL {
            if let Some(job) = job(*kind, lake, &output, settings) {
                jobs::run(&job, &read, &days, context).unwrap_or_else(|error| panic!("the run failed: {error}"));
            }
        }
    });
    Results { output, _folder: folder }
}

/// Does something in the context of a run that publishes there.
fn with_context(output: &Path, act: impl FnOnce(&RunContext<'_>)) {
    let interruption = Interruption::default();
    let storage =
        Output { storage: Storage::Local(output.to_path_buf()), format: OutputFormat::Parquet, file_mode: None };
    let run_id = "test".to_string();
    let context = RunContext {
        run_id,
        now: chrono::Utc::now().with_timezone(&chrono_tz::UTC),
        output: &storage,
        progress: &|_: Progress<'_>| {},
        interruption: &interruption,
    };
    act(&context);
}

/// The job of a kind, if it is the one that the settings name, or publishes a table that they ask
/// for. The weekly job, whose weeks are no days, runs only when it is asked for.
fn job(kind: JobKind, lake: &Path, output: &Path, settings: &Settings) -> Option<Job> {
    let mut settings = settings.to_vec();
    let named = settings.iter().find(|(key, _)| key == "job").map(|(_, name)| name.as_str());
    let asked_for = settings.iter().any(|(key, _)| key == "tables") || kind != JobKind::SimilarWonDeals;
    if !named.map_or(asked_for, |name| name == kind.name()) {
        return None;
    }
    if let Some((_, tables)) = settings.iter_mut().find(|(key, _)| key == "tables") {
        let mut chosen: Vec<String> = serde_json::from_str(tables).expect("a list of tables");
        chosen.retain(|table| kind.tables().contains(&table.as_str()));
        if chosen.is_empty() {
            return None;
        }
        *tables = serde_json::to_string(&chosen).expect("names");
    }
    let folder = TempDir::new().expect("a temporary folder");
    let file = folder.path().join("kpis.toml");
    fs::write(&file, JOB.replace("KIND", kind.name())).expect("the job file is written");
    let (input, output) = (lake.to_str().expect("a path in UTF-8"), output.to_str().expect("a path in UTF-8"));
    let overrides = Overrides {
        set: settings,
        input: Some(input.to_string()),
        output: Some(output.to_string()),
        ..Overrides::default()
    };
    let job = config::load(&file, &overrides);
    Some(job.unwrap_or_else(|error| panic!("the job file: {error}")))
}

impl Results {
    /// What a job wrote below `output`, in a folder that goes with it.
    pub fn of(folder: TempDir, output: PathBuf) -> Results {
        Results { output, _folder: folder }
    }

    /// A table as it was published for a day, or for the ISO week that ends on it.
    pub fn frame(&self, table: &str, day: &str) -> DataFrame {
        let of = |partition: String| self.output.join(format!("{table}/{partition}/{table}.parquet"));
        let date: NaiveDate = day.parse().expect("a day");
        let paths = [of(format!("as_of_date={day}")), of(date.format("week=%G-W%V").to_string())];
        let path = paths.iter().find(|path| path.exists()).unwrap_or(&paths[0]);
        let file = fs::File::open(path).unwrap_or_else(|error| panic!("{table} as of {day}: {error}"));
        ParquetReader::new(file).finish().expect("a published table is Parquet")
    }

    /// The rows of a table; instants and days as text, as [`value`] spells them.
    pub fn rows(&self, table: &str, day: &str) -> Vec<Row> {
        rows(&self.frame(table, day))
    }

    /// The bytes of every partition by its path below the output.
    pub fn bytes(&self) -> BTreeMap<String, Vec<u8>> {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.output.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("the output can be listed") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let name = path.strip_prefix(&self.output).expect("below the output").display().to_string();
                if name.contains('=') {
                    found.insert(name, fs::read(&path).expect("a published file"));
                }
            }
        }
        found
    }
}

/// The rows of a frame as JSON.
pub fn rows(frame: &DataFrame) -> Vec<Row> {
    let names = frame.get_column_names_owned();
    let row = |at: usize| -> Row {
        let cell = |name: &PlSmallStr| frame.column(name).expect("a column").get(at).expect("a cell");
        names.iter().map(|name| (name.to_string(), value(cell(name)))).collect()
    };
    (0..frame.height()).map(row).collect()
}

/// `2026-03-02T09:00` for instants, with seconds where they are not 0; `2026-03-02` for days.
fn value(cell: AnyValue) -> Value {
    match cell {
        AnyValue::Null => Value::Null,
        AnyValue::String(text) => json!(text),
        AnyValue::StringOwned(text) => json!(text.as_str()),
        AnyValue::Boolean(flag) => json!(flag),
        AnyValue::Int64(number) => json!(number),
        AnyValue::Float64(number) => json!(number),
        AnyValue::Date(days) => json!((NaiveDate::default() + chrono::Duration::days(i64::from(days))).to_string()),
        AnyValue::Datetime(micros, _, _) | AnyValue::DatetimeOwned(micros, _, _) => {
            let instant = DateTime::from_timestamp_micros(micros).expect("an instant");
            let format = if micros % 60_000_000 == 0 { "%Y-%m-%dT%H:%M" } else { "%Y-%m-%dT%H:%M:%S%.f" };
            json!(instant.format(format).to_string())
        }
        other => panic!("{other:?} is of no type that results may have"),
    }
}
