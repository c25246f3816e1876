//! The published tables of one day, wherever they lie, and what is not there.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use polars::prelude::*;

use super::sheet::{Row, Sheet};
use crate::context::Output;
use crate::error::{Error, Result};
use crate::forget::published;
use crate::language::Language;
use crate::publish::{self, CURRENT, PublishedFile, published_files};
use crate::table::AS_OF;

/// The tables of a job and where they lie.
pub struct Source<'a> {
    /// The job's name.
    pub job: &'a str,
    /// Where it publishes.
    pub output: &'a Output,
    /// The tables that its kind publishes.
    pub tables: &'a [&'static str],
}

/// What the report shows of a table, and by which columns its rows are found.
const TABLES: [(&str, &[&str]); 22] = [
    ("account_kpis", &["account_id"]),
    ("contact_kpis", &["contact_id"]),
    ("lead_kpis", &["lead_id"]),
    ("opportunity_kpis", &["opportunity_id"]),
    ("daily_activity", RECORD),
    ("top_contacts", RECORD),
    (HEALTH, RECORD),
    ("summaries", RECORD),
    ("data_quality", &["check"]),
    ("connections", &["person_type", "person_id"]),
    ("who_knows_whom", &["person_type", "person_id"]),
    ("account_connections", &["account_id"]),
    ("similar_won_deals", &["opportunity_id"]),
    ("similar_won_factors", &["factor"]),
    ("opportunity_benchmarks", &["opportunity_id"]),
    ("attention", RECORD),
    ("changes", RECORD),
    ("people", &["person_type", "person_id"]),
    ("account_coverage", &["account_id"]),
    ("missing_people", &["finding"]),
    ("handover", RECORD),
    ("score_calibration", &["score"]),
];
const RECORD: &[&str] = &["record_type", "record_id"];
const HEALTH: &str = "relationship_health";

/// How many earlier days of relationship health are shown.
const HISTORY: usize = 60;

/// The published tables of a day.
pub struct Published {
    /// The day.
    pub as_of: NaiveDate,
    sheets: HashMap<&'static str, Sheet>,
    /// Of each table that is not there, the job that publishes it.
    missing: BTreeMap<&'static str, String>,
    /// The day as of which a table is, where it is another one: weekly tables.
    days: HashMap<&'static str, NaiveDate>,
    /// Health of earlier published days and of the day itself, in order.
    pub history: Vec<(NaiveDate, Sheet)>,
}

impl Published {
    /// Reads what is published as of `date`, or where none is given as of the day of `current/`.
    ///
    /// # Errors
    /// What storage refuses, files that are no Parquet, and outputs without a table of records.
    pub fn read(sources: &[Source<'_>], date: Option<NaiveDate>, language: Language) -> Result<Published> {
        let as_of = match date {
            Some(date) => date,
            None => current_day(sources)?,
        };
        let mut read = Published {
            as_of,
            sheets: HashMap::new(),
            missing: BTreeMap::new(),
            days: HashMap::new(),
            history: Vec::new(),
        };
        for (table, key) in TABLES {
            let Some(source) = source_of(sources, table) else {
                read.missing.insert(table, String::new());
                continue;
            };
            let files = published_files(source.output, table)?;
            let Some((file, day)) = as_of_day(&files, as_of)? else {
                read.missing.insert(table, source.job.to_string());
                continue;
            };
            if day != as_of {
                read.days.insert(table, day);
            }
            let frame = of_language(rows_of(file, |plan| plan)?, language)?;
            read.sheets.insert(table, Sheet::new(table, frame, key)?);
            if table == HEALTH {
                read.history = history(&files, as_of)?;
            }
        }
        match TABLES[..4].iter().any(|(table, _)| read.sheets.contains_key(table)) {
            true => Ok(read),
            false => Err(nothing(sources, Some(as_of))),
        }
    }

    /// The table, if it is there.
    pub fn table(&self, table: &str) -> Option<&Sheet> {
        self.sheets.get(table)
    }

    /// Rows of a table by its key.
    pub fn of<'a>(&'a self, table: &str, key: &str) -> Vec<Row<'a>> {
        self.table(table).map(|sheet| sheet.of(key).collect()).unwrap_or_default()
    }

    /// The first of these.
    pub fn first(&self, table: &str, key: &str) -> Option<Row<'_>> {
        self.table(table)?.of(key).next()
    }

    /// The command that makes a table which is not there.
    pub fn way_out(&self, table: &str) -> Option<String> {
        let job = self.missing.get(table)?;
        let job = if job.is_empty() { "" } else { &format!(" {job}") };
        Some(format!("rapport run{job} --as-of {}", self.as_of))
    }

    /// As of which day a table is.
    pub fn day_of(&self, table: &str) -> NaiveDate {
        self.days.get(table).copied().unwrap_or(self.as_of)
    }

    /// Tables that are not there, in the order of their names.
    pub fn missing(&self) -> impl Iterator<Item = &'static str> {
        self.missing.keys().copied()
    }
}

fn source_of<'a, 'b>(sources: &'a [Source<'b>], table: &str) -> Option<&'a Source<'b>> {
    sources.iter().find(|source| source.tables.contains(&table))
}

/// The file of a table as of a day, where it is there.
pub(super) fn file_of_day(sources: &[Source<'_>], table: &str, as_of: NaiveDate) -> Result<Option<PublishedFile>> {
    let Some(source) = source_of(sources, table) else { return Ok(None) };
    let files = published_files(source.output, table)?;
    Ok(as_of_day(&files, as_of)?.map(|(file, _)| file.clone()))
}

/// What a plan makes of a file.
pub(super) fn rows_of(file: &PublishedFile, plan: impl FnOnce(LazyFrame) -> LazyFrame) -> Result<DataFrame> {
    published::open(file.bring()?)?.collect(plan)
}

fn of_language(frame: DataFrame, language: Language) -> Result<DataFrame> {
    if frame.column("language").is_err() {
        return Ok(frame);
    }
    let own = col("language").eq(lit(language.code()));
    frame.lazy().filter(own).collect().map_err(Error::engine("table summaries: one language"))
}

/// The file of a day: its partition; of weekly tables the newest that had ended by then; else the current one
/// where it is of that day.
fn as_of_day(files: &[PublishedFile], as_of: NaiveDate) -> Result<Option<(&PublishedFile, NaiveDate)>> {
    if let Some(found) = publish::of_day(files, as_of) {
        return Ok(Some(found));
    }
    match files.iter().find(|file| file.partition == CURRENT) {
        Some(file) if day_within(file)? == Some(as_of) => Ok(Some((file, as_of))),
        _ => Ok(None),
    }
}

fn history(files: &[PublishedFile], as_of: NaiveDate) -> Result<Vec<(NaiveDate, Sheet)>> {
    let days = files.iter().filter_map(|file| Some((file.partition()?.day()?, file)));
    let mut days: Vec<(NaiveDate, &PublishedFile)> = days.filter(|(day, _)| *day <= as_of).collect();
    days.sort_by_key(|(day, _)| *day);
    let from = days.len().saturating_sub(HISTORY);
    let sheets = days[from..].iter().map(|(day, file)| {
        let columns = ["record_type", "record_id", "health_score", "health_state"].map(col);
        let frame = published::open(file.bring()?)?.collect(|plan| plan.select(columns))?;
        Ok((*day, Sheet::new(HEALTH, frame, RECORD)?))
    });
    sheets.collect()
}

/// The day that a file says it is of; none where it has no rows, or is of a version that did not say.
fn day_within(file: &PublishedFile) -> Result<Option<NaiveDate>> {
    let opened = published::open(file.bring()?)?;
    if opened.rows == 0 || opened.schema.get(AS_OF).is_none() {
        return Ok(None);
    }
    let sheet = Sheet::new("current", opened.read(&[AS_OF], 0, 1)?, &[])?;
    Ok(sheet.rows().next().and_then(|row| row.day(AS_OF)))
}

fn current_day(sources: &[Source<'_>]) -> Result<NaiveDate> {
    let mut newest = None;
    for (table, _) in &TABLES[..4] {
        let Some(source) = source_of(sources, table) else { continue };
        let files = published_files(source.output, table)?;
        if let Some(file) = files.iter().find(|file| file.partition == CURRENT)
            && let Some(day) = day_within(file)?
        {
            return Ok(day);
        }
        newest = newest.max(files.iter().filter_map(|file| file.partition()?.day()).max());
    }
    newest.ok_or_else(|| nothing(sources, None))
}

fn nothing(sources: &[Source<'_>], as_of: Option<NaiveDate>) -> Error {
    let place = source_of(sources, "account_kpis").map(|source| source.output.storage.to_string());
    let day = as_of.map(|day| format!(" as of {day}")).unwrap_or_default();
    let option = as_of.map(|day| format!(" --as-of {day}")).unwrap_or_default();
    Error::usage(
        "--output",
        format!(
            "no table of accounts, contacts, leads or opportunities is published{day} in {}",
            place.unwrap_or_default()
        ),
        format!("Publish them by rapport run{option}, or name the place where they are"),
    )
}
