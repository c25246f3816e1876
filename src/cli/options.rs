//! The options of each command.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::builder::TypedValueParser;
use clap::{Args, ValueEnum};

use super::memory_limit::MemoryOptions;
use crate::config::{parse_date, parse_override};
use crate::language::Language;
use crate::storage::Location;

#[derive(Debug, Args)]
pub(super) struct RunOptions {
    /// Jobs by name [default: all in the jobs folder]
    #[arg(value_name = "JOB")]
    pub jobs: Vec<String>,

    /// The day to compute as of [default: yesterday in the job's reporting time zone]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub as_of: Option<NaiveDate>,

    /// Only these of the jobs' tables, with commas between them
    #[arg(long, value_name = "TABLES", value_delimiter = ',')]
    pub tables: Vec<String>,

    /// With --parts: a folder or URL with parts that `rapport stage` has built; those that are missing are built here
    #[arg(long, value_name = "DIR|URL", value_parser = location, requires = "parts")]
    pub work: Option<Location>,

    #[command(flatten)]
    pub memory: MemoryOptions,

    #[command(flatten)]
    pub source: SourceOptions,
}

#[derive(Debug, Args)]
pub(super) struct BackfillOptions {
    /// The job's name
    #[arg(value_name = "JOB")]
    pub job: String,

    /// First day to compute as of
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub from: NaiveDate,

    /// Last day to compute as of
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub to: NaiveDate,

    /// Only these of the jobs' tables, with commas between them
    #[arg(long, value_name = "TABLES", value_delimiter = ',')]
    pub tables: Vec<String>,

    #[command(flatten)]
    pub memory: MemoryOptions,

    #[command(flatten)]
    pub source: SourceOptions,
}

#[derive(Debug, Args)]
pub(super) struct CheckOptions {
    /// Jobs by name [default: all in the jobs folder]
    #[arg(value_name = "JOB")]
    pub jobs: Vec<String>,

    /// The day to look at the lake as of [default: yesterday in the job's reporting time zone]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub as_of: Option<NaiveDate>,

    /// How findings are shown: tables for people, or one JSON object for jobs that read a lake alike
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    pub format: CheckFormat,

    #[command(flatten)]
    pub source: SourceOptions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum CheckFormat {
    Text,
    Json,
}

#[derive(Debug, Args)]
pub(super) struct ForgetOptions {
    /// Jobs by name [default: all in the jobs folder]
    #[arg(value_name = "JOB")]
    pub jobs: Vec<String>,

    /// Rewrite the published files, instead of only saying what would change
    #[arg(long)]
    pub apply: bool,

    /// A report of these tables that no job wrote: with --apply it is deleted, for it may show somebody erased; may be repeated
    #[arg(long, value_name = "DIR")]
    pub report: Vec<PathBuf>,

    /// Where rapport msdyn --to has put tables of Dynamics 365 Sales, besides the folder msdyn of the output; may be repeated
    #[arg(long, value_name = "URL", value_parser = Location::parse)]
    pub msdyn: Vec<Location>,

    #[command(flatten)]
    pub source: SourceOptions,
}

#[derive(Debug, Args)]
pub(super) struct ExportOptions {
    /// Jobs by name [default: all in the jobs folder]
    #[arg(value_name = "JOB")]
    pub jobs: Vec<String>,

    /// The person: a mail address, or the id of a contact, lead or systemuser; may be repeated
    #[arg(long, value_name = "ADDRESS|ID", required = true)]
    pub subject: Vec<String>,

    /// Where rapport msdyn --to has put tables of Dynamics 365 Sales, besides the folder msdyn of the output; may be repeated
    #[arg(long, value_name = "URL", value_parser = Location::parse)]
    pub msdyn: Vec<Location>,

    /// The file to write [default: stdout]
    #[arg(long, value_name = "FILE")]
    pub to: Option<PathBuf>,

    #[command(flatten)]
    pub source: SourceOptions,
}

#[derive(Debug, Args)]
pub(super) struct ReportOptions {
    /// The day whose tables are shown [default: that of current/]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub date: Option<NaiveDate>,

    /// Only records of this owner: an owner_id, or a colleague's address
    #[arg(long, value_name = "OWNER")]
    pub owner: Option<String>,

    /// Only records that this colleague may read, by record_access: a systemuser_id, or what they sign in with
    #[arg(long, value_name = "COLLEAGUE")]
    pub reader: Option<String>,

    /// Only the record with this id; may be repeated
    #[arg(long, value_name = "ID")]
    pub record: Vec<String>,

    /// Of each kind of record only so many, those with the most interactions
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..).map(|n| n as usize))]
    pub top: Option<usize>,

    /// The language of the pages
    #[arg(long, value_name = "LANGUAGE", default_value = "en", value_parser = Language::CODES)]
    pub language: String,

    /// The folder to write to; an earlier report in it is replaced
    #[arg(long, value_name = "DIR", default_value = "report")]
    pub site: PathBuf,

    /// Who may read the pages, as an octal mode
    #[arg(long, value_name = "MODE", default_value = "0600", value_parser = file_mode)]
    pub file_mode: u32,

    #[command(flatten)]
    pub source: SourceOptions,
}

#[derive(Debug, Args)]
pub(super) struct PruneOptions {
    /// Jobs by name [default: all in the jobs folder]
    #[arg(value_name = "JOB")]
    pub jobs: Vec<String>,

    /// Remove, instead of only saying what would go
    #[arg(long)]
    pub apply: bool,

    /// For how many hours files stay that are no part of a Delta table any more, for readers of older versions
    #[arg(long, value_name = "HOURS", default_value_t = 168)]
    pub vacuum_after: u32,

    #[command(flatten)]
    pub source: SourceOptions,
}

#[derive(Debug, Args)]
pub(super) struct DemoOptions {
    /// The folder to make
    #[arg(value_name = "DIR", default_value = "rapport-demo")]
    pub folder: PathBuf,

    /// The language of the pages
    #[arg(long, value_name = "LANGUAGE", default_value = "en", value_parser = Language::CODES)]
    pub language: String,
}

#[derive(Debug, Args)]
pub(super) struct NewOptions {
    /// Kinds of jobs: relationship_kpis, who_knows_whom, similar_won_deals, report [default: all]
    #[arg(value_name = "JOB")]
    pub jobs: Vec<String>,

    /// The folder to write to
    #[arg(id = "jobs_dir", long = "jobs", value_name = "DIR", default_value = "jobs")]
    pub folder: PathBuf,

    /// Where the lake lies
    #[arg(long, value_name = "URL")]
    pub input: Option<String>,

    /// Where results go
    #[arg(long, value_name = "URL")]
    pub output: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct CompletionsOptions {
    /// The shell, or man for the manual page
    #[arg(value_name = "SHELL", value_enum)]
    pub of: Completed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Completed {
    Bash,
    Zsh,
    Fish,
    Elvish,
    Powershell,
    Man,
}

#[derive(Debug, Args)]
pub(super) struct ListOptions {
    /// Folder of the job files [default: RAPPORT_JOBS, else the folder jobs here or above]
    #[arg(long, value_name = "DIR")]
    pub jobs: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct TablesOptions {
    /// One table, with all its columns
    #[arg(value_name = "NAME")]
    pub name: Option<String>,

    /// The whole dictionary as a Markdown page
    #[arg(long, conflicts_with = "name")]
    pub markdown: bool,
}

#[derive(Debug, Clone, Args)]
pub(super) struct SourceOptions {
    /// Folder of the job files [default: RAPPORT_JOBS, else the folder jobs here or above]
    #[arg(id = "jobs_dir", long = "jobs", value_name = "DIR")]
    pub dir: Option<PathBuf>,

    /// Where the lake lies, instead of input.root
    #[arg(long, value_name = "URL")]
    pub input: Option<String>,

    /// Where results go, instead of output.path
    #[arg(long, value_name = "URL")]
    pub output: Option<String>,

    /// Override a key of the job file, by its name, with a value in TOML; may be repeated
    #[arg(long, value_name = "KEY=VALUE", value_parser = parse_override)]
    pub set: Vec<(String, String)>,
}

impl SourceOptions {
    /// The job files of a folder as they are.
    pub(super) fn of_folder(dir: Option<PathBuf>) -> SourceOptions {
        SourceOptions { dir, input: None, output: None, set: Vec::new() }
    }
}

pub(super) fn location(text: &str) -> Result<Location, String> {
    Location::parse(text)
}

pub(super) fn date(text: &str) -> Result<NaiveDate, String> {
    parse_date(text).ok_or_else(|| "expects a date as YYYY-MM-DD, such as 2026-03-31".to_string())
}

/// Whoever may write a page has to be able to read it, and nobody executes one.
fn file_mode(text: &str) -> Result<u32, String> {
    let mode = u32::from_str_radix(text, 8).ok().filter(|mode| mode & !0o666 == 0 && mode & 0o600 == 0o600);
    mode.ok_or_else(|| "expects an octal mode from 0600 to 0666, such as 0640".to_string())
}
