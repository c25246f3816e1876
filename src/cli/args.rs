//! Arguments and their help (rule R2).

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::builder::TypedValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::config::{parse_date, parse_override};
use crate::error::exit_codes_help;
use crate::language::Language;

/// Relationship KPIs from a data lake of Dataverse and Exchange.
///
/// Results go to stdout, messages and progress to stderr.
#[derive(Debug, Parser)]
#[command(version, after_help = exit_codes_help(), arg_required_else_help = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub command: Command,

    /// How messages are written to stderr: text, or one JSON object per line
    #[arg(long, global = true, value_enum, default_value = "text", value_name = "FORMAT")]
    pub log_format: LogFormat,

    /// Nothing where all goes well; its warnings and errors where a run fails
    #[arg(long, short, global = true)]
    pub quiet: bool,

    /// Each table read and published, rows left out by reason, age of each source; JSON lines always have them
    #[arg(long, short, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum CheckFormat {
    Text,
    Json,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Compute and publish jobs as of one day
    #[command(after_help = "\
Examples:
  rapport run
  rapport run relationship_kpis --as-of 2026-03-31
  rapport run --input /mnt/lake --output /mnt/results --set profile=dynamics
  rapport run --set 'company_domains=[\"nordwind.example\"]' --set consent=true")]
    Run(RunOptions),

    /// Compute and publish a job for each day of a period
    #[command(after_help = "\
Example:
  rapport backfill relationship_kpis --from 2026-03-01 --to 2026-03-31

Each day gets the bytes that running that day alone gives.")]
    Backfill(BackfillOptions),

    /// Check configuration, input contract, access, and what results can be trusted for; writes nothing
    #[command(after_help = "\
Example:
  rapport check relationship_kpis --input /mnt/lake
  rapport check --as-of 2026-03-31 --format json")]
    Check(CheckOptions),

    /// Take erased people out of what is already published; without --apply only say what would change
    #[command(after_help = "\
Examples:
  rapport forget
  rapport forget --apply
  rapport forget relationship_kpis --input /mnt/lake --output /mnt/results --apply

Who is erased stands in the lake's control table erasures. Every table that the jobs can
publish is looked through, every date and week of it. Name no job, so that names known from
one job's tables are found in the texts of the others. Numbers about other people stay as
they were published; a backfill computes them again.")]
    Forget(ForgetOptions),

    /// Write published tables as pages to look at: an overview and a page per record
    #[command(after_help = "\
Examples:
  rapport report
  rapport report --owner anna@nordwind.example --language sv --site anna
  rapport report --date 2026-03-31 --top 50 --output s3://results/rapport

Reads what the jobs have published, never the lake. Pages work from a file share, without a
network; index.html is the one to open.
A report is a copy: rapport forget --apply --report DIR deletes it; then write it anew.")]
    Report(ReportOptions),

    /// List the jobs
    #[command(after_help = "\
Example:
  rapport list --jobs jobs")]
    List(ListOptions),

    /// Show the dictionary of the published tables
    #[command(after_help = "\
Examples:
  rapport tables
  rapport tables account_kpis")]
    Tables(TablesOptions),
}

#[derive(Debug, Args)]
pub(super) struct RunOptions {
    /// Jobs by name [default: all in the jobs folder]
    #[arg(value_name = "JOB")]
    pub jobs: Vec<String>,

    /// The day to compute as of [default: yesterday in the job's reporting time zone]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub as_of: Option<NaiveDate>,

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

#[derive(Debug, Args)]
pub(super) struct ForgetOptions {
    /// Jobs by name [default: all in the jobs folder]
    #[arg(value_name = "JOB")]
    pub jobs: Vec<String>,

    /// Rewrite the published files, instead of only saying what would change
    #[arg(long)]
    pub apply: bool,

    /// A report of these tables: with --apply it is deleted, for it may show an erased person; may be repeated
    #[arg(long, value_name = "DIR")]
    pub report: Vec<PathBuf>,

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
pub(super) struct ListOptions {
    /// Folder of the job files
    #[arg(long, value_name = "DIR", default_value = "jobs")]
    pub jobs: PathBuf,
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

#[derive(Debug, Args)]
pub(super) struct SourceOptions {
    /// Folder of the job files
    #[arg(id = "jobs_dir", long = "jobs", value_name = "DIR", default_value = "jobs")]
    pub dir: PathBuf,

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

fn date(text: &str) -> Result<NaiveDate, String> {
    parse_date(text).ok_or_else(|| "expects a date as YYYY-MM-DD, such as 2026-03-31".to_string())
}

/// Whoever may write a page has to be able to read it, and nobody executes one.
fn file_mode(text: &str) -> Result<u32, String> {
    let mode = u32::from_str_radix(text, 8).ok().filter(|mode| mode & !0o666 == 0 && mode & 0o600 == 0o600);
    mode.ok_or_else(|| "expects an octal mode from 0600 to 0666, such as 0640".to_string())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Arguments;

    #[test]
    fn the_command_is_consistent() {
        Arguments::command().debug_assert();
    }
}
