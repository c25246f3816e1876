//! Arguments of `explain`, and their help.

use chrono::NaiveDate;
use clap::Args;

use super::diff_options::DataFormat;
use super::options::{SourceOptions, date};

pub(super) const EXAMPLES: &str = "\
Examples:
  rapport explain account_kpis b0000001-0000-4000-8000-000000000000 response_rate_by_them
  rapport explain opportunity_kpis b0000001-0000-4000-8000-000000000000 --as-of 2026-03-31
  rapport explain relationship_health contact c0000001-0000-4000-8000-000000000000 health_score
  rapport explain connections COLLEAGUE contact CONTACT strength --format json
  rapport explain record c0000001-0000-4000-8000-000000000000

KEY are the values of the table's key in their order, as rapport tables TABLE lists them. Where
a key begins with record_type and record_id, the id alone will do. With a COLUMN, the
interactions are listed that counted for the value, each with what it adds, and those that did
not, with the reason; without, every value of the row. record tells who a record is in touch
with, how it stands and what comes next. Reads what is published; the lake for a single value that
only the lake tells, of who took part in what and of what readers did with followed emails, and
with --lake. A day that is not published is computed from the lake and thrown away.";

#[derive(Debug, Args)]
pub(super) struct ExplainOptions {
    /// A table, or `record`
    #[arg(value_name = "TABLE")]
    pub table: String,

    /// Values of the key, then perhaps a column; of a record its id
    #[arg(value_name = "KEY", required = true, num_args = 1..)]
    pub key: Vec<String>,

    /// The day [default: the newest that is published]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub as_of: Option<NaiveDate>,

    /// How many interactions are listed in text; JSON and CSV have all
    #[arg(long, value_name = "N", default_value = "20")]
    pub limit: usize,

    /// Look into the lake too: what values of a whole row are made of, and what has to do with the record and
    /// does not count for it, and why
    #[arg(long)]
    pub lake: bool,

    /// How the story is told
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    pub format: DataFormat,

    #[command(flatten)]
    pub source: SourceOptions,
}
