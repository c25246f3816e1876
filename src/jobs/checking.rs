//! `check`: the input as runs would read it, once for all jobs that read it alike, and what results could be
//! trusted for.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::published_day::publishes;
use super::{absent, folders, named_folders, reading, warnings};
use crate::access;
use crate::config::{Job, JobKind};
use crate::context::Output;
use crate::error::Error;
use crate::interactions::{self, Context};
use crate::people::{self, taken_out};
use crate::quality::freshness;
use crate::quality::measures::{self, MeasureState, QualityMeasure};
use crate::similar_deals::deals;
use crate::sources;
use crate::sources::contract::PRINCIPALOBJECTACCESS;
use crate::sources::{InputTable, Lake};
use crate::time::{AsOf, DAY};

/// What a check found in a lake that runs may read.
#[derive(Serialize)]
pub struct Findings {
    /// The day as of which the lake was looked at.
    pub as_of: NaiveDate,
    /// Tables with their files and rows.
    pub read: Vec<InputTable>,
    /// Optional tables that the lake lacks.
    pub absent: Vec<&'static str>,
    /// What the administrator's lists take out.
    pub taken_out: Vec<String>,
    /// What a person should know.
    pub warnings: Vec<String>,
    /// Why results would be partial.
    pub partial: Vec<String>,
    /// What results can be trusted for.
    pub measures: Vec<QualityMeasure>,
}

impl Findings {
    /// The first measure that is an error.
    pub fn failed(&self) -> Option<&QualityMeasure> {
        self.measures.iter().find(|measure| measure.state == MeasureState::Failed)
    }
}

/// The jobs, those that read the same lake in the same way together.
pub fn alike(jobs: &[Job]) -> Vec<Vec<&Job>> {
    let mut groups: Vec<Vec<&Job>> = Vec::new();
    for job in jobs {
        match groups.iter_mut().find(|group| read_alike(group[0], job)) {
            Some(group) => group.push(job),
            None => groups.push(vec![job]),
        }
    }
    groups
}

pub(super) fn read_alike(one: &Job, other: &Job) -> bool {
    let places = |job: &Job| (job.input.dataverse.clone(), job.input.exchange.clone(), job.input.control.clone());
    let (mut left, mut right) = (one.settings.clone(), other.settings.clone());
    // What only tells how results are computed from what was read.
    for settings in [&mut left, &mut right] {
        let default = crate::config::Settings::of_profile(settings.profile);
        settings.health = default.health;
        settings.connection_profile = default.connection_profile;
        settings.calls_connect = default.calls_connect;
        (settings.strong_from, settings.good_from) = (default.strong_from, default.good_from);
        settings.suggest_all = default.suggest_all;
        settings.introductions = default.introductions;
        settings.coverage = default.coverage;
        settings.similar_deals = default.similar_deals;
        settings.languages = default.languages;
        settings.working_hours = default.working_hours;
        settings.publish_subjects = default.publish_subjects;
        settings.manager_levels = default.manager_levels;
        settings.dataverse_url = default.dataverse_url;
        settings.attention = default.attention;
        settings.pages = default.pages;
        settings.response_horizon_days = default.response_horizon_days;
        settings.quality = default.quality;
    }
    places(one) == places(other) && left == right
}

/// The folders that a job names, before the lake is read.
///
/// # Errors
/// What is wrong with them.
pub fn check_folders(job: &Job, output: &Output) -> crate::error::Result<()> {
    folders::check(job, output).and_then(|()| folders::check_writable(&output.storage))
}

/// Looks at the input as runs of jobs that read it alike would, and writes nothing.
///
/// # Errors
/// Everything that a run would stop at, one after the other, were the ones before mended.
pub fn check(
    jobs: &[&Job],
    lake: &Lake,
    as_of: NaiveDate,
    now: DateTime<Utc>,
) -> std::result::Result<Findings, Vec<Error>> {
    let one = |error| vec![error];
    let of_kind = |kind| jobs.iter().find(|job| job.kind == kind);
    let (Some(first), past_until) = (jobs.first(), now.timestamp_micros().saturating_add(DAY)) else {
        return Err(Vec::new());
    };
    let reader = jobs.iter().find(|job| job.settings.publish_subjects).unwrap_or(first);
    let settings = &of_kind(JobKind::RelationshipKpis).unwrap_or(first).settings;
    let about_lists = named_folders::look(first, lake);
    let (mut sources, mut warnings) = match (sources::examine(lake, &reading::how(reader)), about_lists) {
        (Ok(sources), Ok(about_lists)) => (sources, about_lists),
        (sources, about_lists) => {
            return Err(about_lists.err().into_iter().chain(sources.err().unwrap_or_default()).collect());
        }
    };
    warnings.extend(warnings::of(settings, &sources, past_until).map_err(one)?);
    let taken_out = taken_out::by_lists(&sources, settings).map_err(one)?;
    let taken_out = taken_out.iter().map(ToString::to_string).collect();
    if let Some(job) = of_kind(JobKind::SimilarWonDeals) {
        let columns = deals::read(lake, &job.settings.similar_deals.custom_columns).map_err(one)?;
        warnings.extend(columns.warnings);
    }
    if let Some(job) = of_kind(JobKind::RelationshipKpis).filter(|job| publishes(job, &access::table())) {
        let shares = sources::shares(lake).map_err(one)?;
        warnings.extend(absent::access(job, &sources, &shares));
        if shares.input.is_none() {
            sources.absent.push(PRINCIPALOBJECTACCESS.name);
        }
        sources.inputs.extend(shares.input);
    }
    let activities = std::mem::take(&mut sources.activities);
    let as_of_day = AsOf { date: as_of, timezone: settings.timezone };
    let people = people::resolve(&sources, settings, &as_of_day).map_err(one)?;
    let mut context = Context::new(&sources, activities, &people, settings, as_of_day).map_err(one)?;
    let freshness =
        freshness::of(&sources, &context.activities, &people, settings, as_of_day, past_until).map_err(one)?;
    let interactions = interactions::build(&mut context).map_err(one)?;
    let measures = measures::measures(&context, &interactions, &freshness).map_err(one)?;
    warnings.extend(measures.iter().filter_map(QualityMeasure::warning));
    let partial = freshness.warnings(settings);
    drop(context);
    Ok(Findings { as_of, read: sources.inputs, absent: sources.absent, taken_out, warnings, partial, measures })
}
