//! Arguments of `msdyn` and `compare`, and their help.

use chrono::NaiveDate;
use clap::Args;

use super::diff_options::DataFormat;
use super::options::{SourceOptions, date};

pub(super) const MSDYN_EXAMPLES: &str = "\
Examples:
  rapport msdyn
  rapport msdyn --as-of 2026-03-31 --to abfss://reports@contoso.dfs.core.windows.net/sales
  rapport msdyn --set format=delta

Reads what the jobs have published, never the lake, and fills the tables of Dynamics 365 Sales
from it (msdyn_opportunitykpiitem, msdyn_mostcontacted, …), so that reports on them go on.
jobs/MSDYN.md says what stands in each column. Each table holds one day: current/msdyn_….parquet
is the file for a report. rapport forget covers those in the output; name others to it by --msdyn.";

pub(super) const COMPARE_EXAMPLES: &str = "\
Examples:
  rapport compare
  rapport compare --items /mnt/lake/dataverse --as-of 2026-03-31
  rapport compare --format csv > compared.csv

Holds what rapport has published against the KPI items that Dynamics 365 Sales has computed
itself, where the lake still has them (msdyn_accountkpiitem, msdyn_contactkpiitem,
msdyn_leadkpiitem, msdyn_opportunitykpiitem). Of each column it says in how many records both
agree, how far the others are apart, and the scale that fits best, for the reference does not
tell the scale of rates. Two numbers agree where they are no further apart than half a unit of
the last digit that Dataverse keeps.";

#[derive(Debug, Args)]
pub(super) struct MsdynOptions {
    /// The day whose tables are taken [default: the newest that is published]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub as_of: Option<NaiveDate>,

    /// Where the tables go [default: the folder msdyn in the output]
    #[arg(long, value_name = "URL")]
    pub to: Option<String>,

    /// What stands in each column, as a Markdown page
    #[arg(long)]
    pub markdown: bool,

    #[command(flatten)]
    pub source: SourceOptions,
}

#[derive(Debug, Args)]
pub(super) struct CompareOptions {
    /// The day whose tables are taken [default: the newest that is published]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub as_of: Option<NaiveDate>,

    /// The folder that holds the exported tables msdyn_…kpiitem [default: that of Dataverse in the lake]
    #[arg(long, value_name = "URL")]
    pub items: Option<String>,

    /// How many of the largest differences are listed per column
    #[arg(long, value_name = "N", default_value = "3")]
    pub limit: usize,

    /// How the comparison is shown
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    pub format: DataFormat,

    #[command(flatten)]
    pub source: SourceOptions,
}
