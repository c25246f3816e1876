//! The tables of the original where people are to be forgotten: they are copies of published tables.

use chrono::{DateTime, NaiveDate, Utc};

use super::ours::Ours;
use super::{fill, personal_columns, tables};
use crate::config::{Job, OutputFormat};
use crate::context::{Output, RunContext};
use crate::error::Result;
use crate::forget::Folder;
use crate::publish::{Outputs, PublishedFile, published_files, stored_format};
use crate::time::AsOf;

/// What of the tables lies in a place, in either format: whoever filled them may have chosen another than the jobs.
///
/// # Errors
/// What storage refuses.
pub fn folders(place: &Output) -> Result<Vec<Folder>> {
    let mut folders = [OutputFormat::Parquet, OutputFormat::Delta].map(|format| Folder {
        output: Output { format, ..place.clone() },
        tables: Vec::new(),
        personal_data: personal_columns::personal_data,
    });
    for filled in tables() {
        let format = stored_format(&place.storage, filled.table.name)?;
        let Some(folder) = folders.iter_mut().find(|folder| folder.output.format == format) else { continue };
        if !published_files(&folder.output, filled.table.name)?.is_empty() {
            folder.tables.push(filled.table.clone().dated());
        }
    }
    Ok(folders.into_iter().filter(|folder| !folder.tables.is_empty()).collect())
}

/// Fills the tables of a place again where they hold one of these days.
///
/// # Errors
/// Those of [`fill`].
pub fn renew(
    place: &Output,
    days: &[NaiveDate],
    job: &Job,
    outputs: &Outputs,
    run: &RunContext<'_>,
    before: DateTime<Utc>,
) -> Result<()> {
    for folder in folders(place)? {
        let mut held = Vec::new();
        for table in &folder.tables {
            let files = published_files(&folder.output, table.name)?;
            held.extend(files.iter().filter_map(PublishedFile::partition).filter_map(|partition| partition.day()));
        }
        if let Some(day) = held.into_iter().max().filter(|day| days.contains(day)) {
            let ours = Ours { outputs, as_of: AsOf { date: day, timezone: job.settings.timezone } };
            let run = RunContext { output: &folder.output, run_id: run.run_id.clone(), ..*run };
            fill(&ours, job, &run, before)?;
        }
    }
    Ok(())
}
