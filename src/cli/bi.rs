//! `bi`: files for reporting tools, from the dictionary and from what is published.

use std::fs;
use std::path::{self, Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::job_files::load_for_tables;
use super::msdyn::of_records;
use super::options::SourceOptions;
use super::places::{self, TemporaryFolder};
use super::session::{Session, Shown};
use super::signals;
use super::stdout::print;
use crate::bi::power_bi::{self, StorageMode};
use crate::bi::{GeneratedFile, PublishedTables, dbt, sql};
use crate::config::Job;
use crate::error::{Error, Result};
use crate::forget::published;
use crate::jobs;
use crate::publish::Outputs;
use crate::storage::Location;
use crate::table::Table;

pub(super) const EXAMPLES: &str = "\
Examples:
  rapport bi
  rapport bi reporting --for dbt,sql
  rapport bi --for power-bi --storage-mode direct-lake

Writes into a folder, by default reporting:
  dbt/        sources with tests: keys, values that are always known, words, records that are there
  sql/        views with comments for DuckDB, Spark, Trino and Fabric
  power_bi/   a project with a semantic model in TMDL: a star of records, people and days, measures, and
              where record_access is published a role by which colleagues see their own records
Only tables that are published are described. Files that were made before are replaced.";

#[derive(Debug, Args)]
pub(super) struct BiOptions {
    /// The folder to write to
    #[arg(value_name = "DIR", default_value = "reporting")]
    pub folder: PathBuf,

    /// Only for these, with commas between them [default: all]
    #[arg(long = "for", value_name = "TOOLS", value_enum, value_delimiter = ',')]
    pub tools: Vec<Tool>,

    /// How the model of Power BI holds its data
    #[arg(long, value_enum, default_value = "import", value_name = "MODE")]
    pub storage_mode: Mode,

    #[command(flatten)]
    pub source: SourceOptions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Tool {
    Dbt,
    Sql,
    PowerBi,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Mode {
    Import,
    DirectLake,
}

pub(super) fn bi(options: &BiOptions, shown: &Shown<'_>) -> Result<u8> {
    let folder = TemporaryFolder::new();
    let session = Session::new(&folder);
    signals::watch(&session, Duration::ZERO).map_err(Error::storage("signal handler"))?;
    let jobs = load_for_tables(&options.source)?;
    let job = of_records(&jobs)?;
    let published = published(&places::outputs(&jobs, &folder.spool)?, job)?;
    let is_wanted = |tool| options.tools.is_empty() || options.tools.contains(&tool);
    let mode = match options.storage_mode {
        Mode::Import => StorageMode::Import,
        Mode::DirectLake => StorageMode::DirectLake,
    };
    let mut files = Vec::new();
    if is_wanted(Tool::Dbt) {
        files.extend(dbt::files(&published));
    }
    if is_wanted(Tool::Sql) {
        files.extend(sql::files(&published));
    }
    if is_wanted(Tool::PowerBi) {
        files.extend(power_bi::files(&published, mode));
    }
    files.iter().try_for_each(|file| write(&options.folder, file))?;
    if !shown.quiet {
        let (count, tables, folder) = (files.len(), published.tables.len(), options.folder.display());
        print(&format!("{count} files about {tables} tables in {folder}\n"));
    }
    Ok(0)
}

/// The tables that lie in the outputs, with the columns that their newest files have.
fn published(outputs: &Outputs, job: &Job) -> Result<PublishedTables> {
    let mut tables: Vec<Table> = Vec::new();
    for mut table in jobs::tables_with_subjects() {
        if table.name == "runs" {
            if !tables.is_empty() {
                tables.push(table);
            }
            continue;
        }
        let files = outputs.files(table.name)?;
        let Some(newest) = files.last() else { continue };
        let schema = published::open(newest.bring()?)?.schema;
        table.columns.retain(|column| schema.contains(column.name));
        tables.push(table);
    }
    if tables.is_empty() {
        return Err(Error::usage(
            "--output",
            format!("nothing is published in {}", job.output),
            "Publish tables by rapport run, or name the place where they are",
        ));
    }
    let root = match &job.output {
        Location::Local(folder) => {
            let folder = path::absolute(folder).unwrap_or_else(|_| folder.clone());
            fs::canonicalize(&folder).unwrap_or(folder).display().to_string()
        }
        Location::Remote(url) => url.clone(),
    };
    Ok(PublishedTables { tables, root, format: job.format })
}

fn write(folder: &Path, file: &GeneratedFile) -> Result<()> {
    let place = folder.join(&file.path);
    if let Some(above) = place.parent() {
        fs::create_dir_all(above).map_err(Error::storage(above))?;
    }
    fs::write(&place, &file.text).map_err(Error::storage(&place))
}
