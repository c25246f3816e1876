//! What the jobs of one command have in common: the lake, read once for all that want the same of it, and the
//! people and interactions of a day, resolved once for all that look at them in the same way.

use std::collections::VecDeque;

use chrono::NaiveDate;
use polars::prelude::DataFrame;

use super::checking::read_alike;
use super::reading;
use crate::config::{Job, JobKind};
use crate::connections;
use crate::context::{Progress, RunContext};
use crate::error::Result;
use crate::interactions::Interactions;
use crate::people::People;
use crate::quality::freshness::Freshness;
use crate::sources::values::written_times::WrittenTimes;
use crate::sources::{Lake, Sources};
use crate::storage::Location;

/// What was read for a job, as long as a later one wants the same. Copies of tables share their memory.
#[derive(Default)]
pub struct Readings {
    coming: VecDeque<Coming>,
    read: Option<Read>,
    resolved: Option<Resolved>,
}

/// A job that has not begun yet.
struct Coming {
    job: Job,
    days: Vec<NaiveDate>,
}

struct Read {
    /// The job that it was read for.
    by: String,
    wanted: Wanted,
    sources: Sources,
}

/// What decides what is read, and in which form.
#[derive(Clone, PartialEq)]
struct Wanted {
    places: [Location; 3],
    times: WrittenTimes,
    company_domains: Vec<String>,
    subjects: bool,
    automated_subjects: Vec<String>,
}

/// The people and interactions of a day, as a job resolved them.
pub(super) struct Resolved {
    pub job: Job,
    pub date: NaiveDate,
    pub people: People,
    pub freshness: Freshness,
    /// Those of the day.
    pub interactions: Interactions,
}

impl Readings {
    /// Those of jobs that run one after the other, each for its days.
    pub fn of<'a>(jobs: impl Iterator<Item = (&'a Job, &'a [NaiveDate])>) -> Readings {
        let coming = jobs.map(|(job, days)| Coming { job: job.clone(), days: days.to_vec() }).collect();
        Readings { coming, ..Readings::default() }
    }

    /// The order in which jobs share most and hold least: the weekly ones first, since the last to take the activities
    /// of the lake can let go of them while it works, and those that look at the same day next to each other. Reports last: they show what the others publish.
    pub fn order(jobs: &[Job]) -> Vec<usize> {
        let turn = |job: &Job| match job.kind {
            JobKind::SimilarWonDeals => 0,
            JobKind::RelationshipKpis => 1,
            JobKind::WhoKnowsWhom => 2,
            JobKind::Report => 3,
        };
        let mut order: Vec<usize> = (0..jobs.len()).collect();
        order.sort_by_key(|&at| turn(&jobs[at]));
        order
    }

    /// A job begins: neither it nor those before it may want something later.
    pub(super) fn begin(&mut self, job: &Job) {
        if let Some(at) = self.coming.iter().position(|next| next.job.name == job.name) {
            self.coming.drain(..=at);
        }
    }

    /// The lake as the job wants it, from memory where a job before it wanted the same.
    pub(super) fn sources(&mut self, job: &Job, lake: &Lake, run: &RunContext<'_>) -> Result<Sources> {
        let wanted = Wanted::by(job);
        let read = self.read.take().filter(|read| read.wanted == wanted);
        let read = match read {
            Some(read) => {
                let name = format!("taking the lake as it was read for {}", read.by);
                run.report(Progress::Phase { name: &name, as_of: None });
                reading::report_again(job, lake, &read.sources, run)?;
                read
            }
            None => {
                run.report(Progress::Phase { name: "reading the lake", as_of: None });
                Read { by: job.name.clone(), wanted, sources: reading::read(job, lake, run)? }
            }
        };
        if self.coming.iter().any(|later| Wanted::by(&later.job) == read.wanted) {
            let sources = read.sources.clone();
            self.read = Some(read);
            return Ok(sources);
        }
        Ok(read.sources)
    }

    /// Keeps a day for a later job, if one looks at it in the same way. That asks neither for links nor for runs.
    pub(super) fn keep(&mut self, mut resolved: Resolved) {
        resolved.interactions.links = DataFrame::empty();
        resolved.interactions.runs = DataFrame::empty();
        if self.coming.iter().any(|later| later.days == [resolved.date] && resolved_alike(&resolved.job, &later.job)) {
            self.resolved = Some(resolved);
        }
    }

    /// The day as an earlier job resolved it for this one.
    pub(super) fn resolved(&mut self, job: &Job, date: NaiveDate) -> Option<Resolved> {
        self.resolved.take().filter(|resolved| resolved.date == date && resolved_alike(&resolved.job, job))
    }
}

impl Wanted {
    fn by(job: &Job) -> Wanted {
        let (input, settings) = (&job.input, &job.settings);
        Wanted {
            places: [input.dataverse.clone(), input.exchange.clone(), input.control.clone()],
            times: WrittenTimes { us_dates: settings.us_dates, timezone: settings.timezone },
            company_domains: settings.company_domains.clone(),
            subjects: settings.publish_subjects,
            automated_subjects: settings.automated_subjects.clone(),
        }
    }
}

/// Whether connections can be found among the interactions that were resolved for another job.
fn resolved_alike(resolved: &Job, job: &Job) -> bool {
    let used = connections::settings(&job.settings).consent;
    job.kind == JobKind::WhoKnowsWhom
        && Wanted::by(resolved) == Wanted::by(job)
        && read_alike(resolved, job)
        && used == resolved.settings.consent
}
