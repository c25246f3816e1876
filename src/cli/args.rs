//! Arguments and their help (rule R2).

use std::sync::LazyLock;

use clap::{Parser, Subcommand, ValueEnum};

use super::bi::{self, BiOptions};
use super::diff_options::{self, DiffOptions};
use super::explain_options::{self, ExplainOptions};
use super::msdyn_options::{self, CompareOptions, MsdynOptions};
use super::options::{
    BackfillOptions, CheckOptions, CompletionsOptions, DemoOptions, ExportOptions, ForgetOptions, ListOptions,
    NewOptions, PruneOptions, ReportOptions, RunOptions, TablesOptions,
};
use super::stage_options::{self, CleanOptions, StageOptions};
use crate::error::exit_codes_help;

/// The version, the commit where the build was told it (`RAPPORT_COMMIT`), and the engine.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let commit = option_env!("RAPPORT_COMMIT").map(|commit| format!("commit {commit}, ")).unwrap_or_default();
    format!("{} ({commit}polars {})", env!("CARGO_PKG_VERSION"), polars::VERSION)
});

/// Relationship KPIs from a data lake of Dataverse and Exchange.
///
/// Results go to stdout, messages and progress to stderr.
#[derive(Debug, Parser)]
#[command(version = VERSION.as_str(), after_help = exit_codes_help(), arg_required_else_help = true)]
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

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Compute and publish jobs as of one day
    #[command(after_help = "\
Examples:
  rapport run
  rapport run relationship_kpis --as-of 2026-03-31
  rapport run --tables account_kpis,relationship_health
  rapport run --input /mnt/lake --output /mnt/results --set profile=dynamics
  rapport run --set 'company_domains=[\"nordwind.example\"]' --set consent=true")]
    Run(RunOptions),

    /// Compute and publish a job for each day of a period
    #[command(after_help = "\
Example:
  rapport backfill relationship_kpis --from 2026-03-01 --to 2026-03-31

Each day gets the bytes that running that day alone gives.")]
    Backfill(BackfillOptions),

    /// Build one part of the interactions of a job's day, for a run on many machines
    #[command(after_help = stage_options::EXAMPLES)]
    Stage(StageOptions),

    /// Remove parts that `stage` has left in a work folder, of whatever job and day
    Clean(CleanOptions),

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
publish is looked through, every date and week of it, and those that rapport msdyn has filled
from them. Name no job, so that names known from one job's tables are found in the texts of
the others. Numbers about other people stay as they were published; a backfill computes them
again.")]
    Forget(ForgetOptions),

    /// Write every published row that names or concerns a person, as JSON, and where it was looked for
    #[command(after_help = "\
Examples:
  rapport export --subject rut.kall@provhamn.example
  rapport export --subject c0000001-0000-4000-8000-000000000000 --to rut.json
  rapport export --subject rut.kall@provhamn.example --output s3://results/rapport --to rut.json

For who asks what is held about them. A subject is a mail address, or the id of a contact, lead or
systemuser; what belongs to it (addresses, further records, what was merged) is followed through
the lake as an erasure is. Every partition of every table that the jobs can publish is looked
through. Each row comes with the columns by which it was found. The file holds personal data, of
others too where a row names several; only its owner may read it.")]
    Export(ExportOptions),

    /// Write published tables as pages to look at: an overview and a page per record
    #[command(after_help = "\
Examples:
  rapport report
  rapport report --owner anna@nordwind.example --language sv --site anna
  rapport report --reader anna@nordwind.example --site anna
  rapport report --date 2026-03-31 --top 50 --output s3://results/rapport

Reads what the jobs have published, never the lake. Pages work from a file share, without a
network; index.html is the one to open. Where record_access is published, --owner shows no
record that its owner may not read, and --reader all that a colleague may.
A job of the kind report writes the same every day, see jobs/report.toml.
A report is a copy: rapport forget --apply writes those of jobs anew and, with --report DIR,
deletes any other.")]
    Report(ReportOptions),

    /// Remove partitions that tables no longer keep; without --apply only say what would go
    #[command(after_help = "\
Examples:
  rapport prune
  rapport prune --apply
  rapport prune relationship_kpis --set 'keep={ interactions = \"14 days\" }' --apply

How much each table keeps is the key output.keep. A run applies it to what it has published;
prune applies it to every table of its jobs, and deletes what Delta tables no longer need.")]
    Prune(PruneOptions),
    /// Say what differs between two days, two outputs, or what two configurations make of a lake
    #[command(after_help = diff_options::EXAMPLES)]
    Diff(DiffOptions),

    /// Fill the tables of Dynamics 365 Sales (msdyn_…) from what is published, for reports made on them
    #[command(after_help = msdyn_options::MSDYN_EXAMPLES)]
    Msdyn(MsdynOptions),

    /// Hold what is published against the KPI items that Dynamics 365 Sales has computed itself
    #[command(after_help = msdyn_options::COMPARE_EXAMPLES)]
    Compare(CompareOptions),

    /// Write what reporting tools need to know of the tables: dbt sources, SQL views, a Power BI project
    #[command(after_help = bi::EXAMPLES)]
    Bi(BiOptions),

    /// Compute the sample lake that the program carries, and show it: results without a lake of your own
    #[command(after_help = "\
Examples:
  rapport demo
  rapport demo /tmp/rapport-demo --language sv

Writes the lake, its job files, every table and a report into one new folder.")]
    Demo(DemoOptions),

    /// Write job files to begin with, every key explained in them
    #[command(after_help = "\
Examples:
  rapport new
  rapport new relationship_kpis --jobs jobs --input s3://lake/crm --output s3://results/rapport

Writes the files of the jobs, what they share (rapport.toml) and a schema by which editors
complete and check them. A file that is there already is never changed.")]
    New(NewOptions),

    /// Print the JSON schema of job files, for editors
    #[command(after_help = "\
Example:
  rapport schema > jobs/rapport.schema.json

A job file whose first line is #:schema ./rapport.schema.json is completed and checked by
editors that know TOML, such as those with Even Better TOML or Tombi.")]
    Schema,

    /// Print what makes a shell complete commands, or the manual page
    #[command(after_help = "\
Examples:
  rapport completions bash > ~/.local/share/bash-completion/completions/rapport
  rapport completions man > ~/.local/share/man/man1/rapport.1")]
    Completions(CompletionsOptions),

    /// Say how a published value came about, or all about a record
    #[command(after_help = explain_options::EXAMPLES)]
    Explain(ExplainOptions),

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

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Arguments;

    #[test]
    fn the_command_is_consistent() {
        Arguments::command().debug_assert();
    }
}
