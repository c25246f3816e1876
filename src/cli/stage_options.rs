//! What `stage` and `clean` can be asked for.

use chrono::NaiveDate;
use clap::Args;

use super::memory_limit;
use super::options::{SourceOptions, date, location};
use crate::interactions::parts::PartOf;
use crate::storage::Location;

pub(super) const EXAMPLES: &str = "\
Examples:
  rapport stage relationship_kpis --part 3/16 --work /mnt/work --as-of 2026-03-31
  rapport run relationship_kpis --parts 16 --work /mnt/work --as-of 2026-03-31

For a lake that is too much for one machine: tasks of a cluster build one part of the interactions each, side by
side, and the run puts them together and publishes. Results are those of a run by itself, byte for byte. A part
that is missing, because its task was lost, is built by the run; a task that runs twice does no harm. Prints one
line of JSON about the part. Every task reads the whole lake and holds one part of it in memory.";

#[derive(Debug, Args)]
pub(super) struct StageOptions {
    /// The job's name
    #[arg(value_name = "JOB")]
    pub job: String,

    /// Which part to build, and of how many: 3/16
    #[arg(long, value_name = "I/N", value_parser = memory_limit::part_of)]
    pub part: PartOf,

    /// Where to put it: a folder or URL that the run of the job reaches too
    #[arg(long, value_name = "DIR|URL", value_parser = location)]
    pub work: Location,

    /// The day to compute as of [default: yesterday in the job's reporting time zone]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub as_of: Option<NaiveDate>,

    #[command(flatten)]
    pub source: SourceOptions,
}

#[derive(Debug, Args)]
pub(super) struct CleanOptions {
    /// The folder or URL that was given to `rapport stage`
    #[arg(long, value_name = "DIR|URL", value_parser = location)]
    pub work: Location,
}
