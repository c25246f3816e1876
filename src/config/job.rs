//! A job as the rest of the program sees it: complete, checked, with the overrides applied.

use std::path::PathBuf;

use super::{Retention, Settings};
use crate::storage::{Location, Timeouts};

/// A job file, read and checked, with what the command line changed.
#[derive(Debug, Clone)]
pub struct Job {
    /// The job file's name without its ending.
    pub name: String,
    /// What the job computes.
    pub kind: JobKind,
    /// The job file.
    pub file: PathBuf,
    /// Where the lake lies.
    pub input: Input,
    /// Where results go.
    pub output: Location,
    /// Where a report goes.
    pub site: Location,
    /// With object stores.
    pub timeouts: Timeouts,
    /// How tables are laid out there.
    pub format: OutputFormat,
    /// Who may read published files in a local folder; none for what the umask says.
    pub file_mode: Option<u32>,
    /// How much history each table keeps (O7).
    pub retention: Retention,
    /// Whether a run whose results are partial ends with an error (K12).
    pub fail_on_partial: bool,
    /// Five cron fields; read by the scheduler, not by this program.
    pub schedule: String,
    /// What is counted and how.
    pub settings: Settings,
    /// The tables to publish, in the order of [`JobKind::tables`].
    pub tables: Vec<String>,
    /// The same for the same effective settings, whatever the paths, the schedule and the order of keys.
    pub config_hash: String,
}

/// The lake: a root folder, and the folder of each source system, in it or elsewhere.
#[derive(Debug, Clone)]
pub struct Input {
    /// The folder that holds the others, unless they are named apart.
    pub root: Location,
    /// Tables of Dataverse.
    pub dataverse: Location,
    /// Tables of Exchange.
    pub exchange: Location,
    /// Lists that the administrator keeps (C1 to C4).
    pub control: Location,
    /// Whether a folder of its own is named for control tables, which then has to be there.
    pub control_is_named: bool,
    /// The same of the tables of Exchange.
    pub exchange_is_named: bool,
}

/// How tables of results are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputFormat {
    /// One Parquet file per partition, under a name of its own.
    Parquet,
    /// Delta tables: the same files, and a log that says which are live.
    Delta,
}

/// What a job computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobKind {
    /// KPIs, health and sentences of every record, daily.
    RelationshipKpis,
    /// Connections and introductions, daily.
    WhoKnowsWhom,
    /// Won deals that open deals are like, weekly.
    SimilarWonDeals,
    /// Pages of what the other jobs of the folder have published, daily and after them.
    Report,
}

impl JobKind {
    /// All kinds, in the order in which they are listed.
    pub const ALL: &[JobKind] =
        &[JobKind::RelationshipKpis, JobKind::WhoKnowsWhom, JobKind::SimilarWonDeals, JobKind::Report];

    /// As in job files: `relationship_kpis`, `who_knows_whom`, `similar_won_deals`, `report`.
    pub fn name(self) -> &'static str {
        match self {
            JobKind::RelationshipKpis => "relationship_kpis",
            JobKind::WhoKnowsWhom => "who_knows_whom",
            JobKind::SimilarWonDeals => "similar_won_deals",
            JobKind::Report => "report",
        }
    }

    /// The kind of that name, if there is one.
    pub fn from_name(name: &str) -> Option<JobKind> {
        JobKind::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// The tables a job of this kind can publish.
    pub fn tables(self) -> &'static [&'static str] {
        match self {
            JobKind::RelationshipKpis => &[
                "account_kpis",
                "contact_kpis",
                "lead_kpis",
                "opportunity_kpis",
                "daily_activity",
                "top_contacts",
                "relationship_health",
                "summaries",
                "interactions",
                "interaction_records",
                "dropped_activities",
                "data_quality",
                "people",
                "records",
                "dates",
                "missing_people",
                "account_coverage",
                "handover",
                "changes",
                "attention",
                "score_calibration",
                "record_access",
            ],
            JobKind::WhoKnowsWhom => &["connections", "who_knows_whom", "account_connections"],
            JobKind::SimilarWonDeals => &["similar_won_deals", "similar_won_factors", "opportunity_benchmarks"],
            JobKind::Report => &[],
        }
    }
}
