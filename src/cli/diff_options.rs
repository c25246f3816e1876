//! Arguments of `diff`, and their help.

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::options::{SourceOptions, date};
use crate::config::parse_override;

pub(super) const EXAMPLES: &str = "\
Examples:
  rapport diff 2026-03-30 2026-03-31
  rapport diff out /mnt/results/rapport --as-of 2026-03-31 --table relationship_health
  rapport diff out computed --as-of 2026-03-31 --set-b expected_contact=weekly
  rapport diff computed computed --set-b profile=dynamics --format csv
  rapport diff jobs/relationship_kpis.toml changed.toml

A and B are each one of
  2026-03-31 or 2026-W13   what the jobs have published as of the day or week
  a folder or URL          what is published there
  computed                 what the jobs would publish now, with --set-a or --set-b
  FILE.toml                what this job file would publish
What is computed lies in a folder of temporary files while the command lasts; nothing is published.
Numbers are compared exactly, and unknown is not zero. Ends with 0 whether or not anything differs;
with --exit-code it ends with 1 where something does.";

/// How something is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum DataFormat {
    Text,
    Json,
    Csv,
}

#[derive(Debug, Args)]
pub(super) struct DiffOptions {
    /// What is before: a day, a week, a folder or URL, `computed`, or a job file
    #[arg(value_name = "A")]
    pub a: String,

    /// What is after, in the same way
    #[arg(value_name = "B")]
    pub b: String,

    /// Only this table; may be repeated
    #[arg(long, value_name = "NAME")]
    pub table: Vec<String>,

    /// The day of sides that do not name one [default: that of the other side, else the newest that both have]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub as_of: Option<NaiveDate>,

    /// A key of the job files as A computes with it; may be repeated
    #[arg(long, value_name = "KEY=VALUE", value_parser = parse_override)]
    pub set_a: Vec<(String, String)>,

    /// A key of the job files as B computes with it; may be repeated
    #[arg(long, value_name = "KEY=VALUE", value_parser = parse_override)]
    pub set_b: Vec<(String, String)>,

    /// How many differences are listed per table; they are all counted
    #[arg(long, value_name = "N", default_value = "20")]
    pub limit: usize,

    /// How differences are shown
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    pub format: DataFormat,

    /// End with 1 where anything differs
    #[arg(long)]
    pub exit_code: bool,

    #[command(flatten)]
    pub source: SourceOptions,
}
