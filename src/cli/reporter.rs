//! What a run tells, shown as it comes and counted for the run report.

use std::collections::BTreeMap;
use std::io::{IsTerminal, stderr};
use std::sync::{Mutex, MutexGuard, PoisonError};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use serde_json::json;

use super::log::Log;
use crate::context::Progress;
use crate::quality::freshness::{Freshness, instant_text};
use crate::quality::measures::Measure;

pub(super) struct Reporter<'a> {
    log: Log,
    job: &'a str,
    run_id: &'a str,
    /// Only for people who watch.
    bar: Option<ProgressBar>,
    tally: Mutex<Tally>,
}

#[derive(Debug, Default)]
pub(super) struct Tally {
    pub inputs: BTreeMap<String, Input>,
    pub tables: BTreeMap<String, Output>,
    pub dropped: BTreeMap<String, u64>,
    /// Of the last day.
    pub freshness: Option<Freshness>,
    pub partial_days: u64,
    /// Measures beyond a limit of the settings.
    pub beyond_limits: Vec<Measure>,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct Input {
    pub files: u64,
    pub rows: u64,
    /// Ranges read of objects in a store, and their length.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct Output {
    pub partitions: u64,
    pub rows: u64,
}

impl<'a> Reporter<'a> {
    pub(super) fn new(log: Log, job: &'a str, run_id: &'a str) -> Reporter<'a> {
        let watched = log.is_chatty_text() && stderr().is_terminal();
        Reporter { log, job, run_id, bar: watched.then(|| bar(job)), tally: Mutex::default() }
    }

    pub(super) fn take(&self, progress: Progress<'_>) {
        match progress {
            Progress::Steps(steps) => {
                if let Some(bar) = &self.bar {
                    bar.set_length(steps);
                }
            }
            Progress::Step(step) => match &self.bar {
                Some(bar) => {
                    if !bar.message().is_empty() {
                        bar.inc(1);
                    }
                    bar.set_message(step.to_string());
                }
                None => self.info(step, &[]),
            },
            Progress::Read { table, files, rows, fetched } => {
                let mut tally = self.tally();
                let input = tally.inputs.entry(table.to_string()).or_default();
                input.files += files;
                input.rows += rows;
                let mut fields = vec![("files", json!(files)), ("rows", json!(rows))];
                if let Some(fetched) = fetched {
                    *input.requests.get_or_insert(0) += fetched.requests;
                    *input.bytes.get_or_insert(0) += fetched.bytes;
                    fields.extend([("requests", json!(fetched.requests)), ("bytes", json!(fetched.bytes))]);
                }
                self.info(&format!("read {table}"), &fields);
            }
            Progress::Dropped { reason, rows } => {
                *self.tally().dropped.entry(reason.to_string()).or_default() += rows;
            }
            Progress::Published { table, partition, rows } => {
                let mut tally = self.tally();
                let output = tally.tables.entry(table.to_string()).or_default();
                output.partitions += 1;
                output.rows += rows;
                let fields = [("partition", json!(partition)), ("rows", json!(rows))];
                self.info(&format!("published {table}"), &fields);
            }
            Progress::Freshness(freshness) => {
                for age in freshness.sources() {
                    let fields = [
                        ("as_of", json!(freshness.as_of)),
                        ("state", json!(age.state.name())),
                        ("newest_row_at", json!(age.newest_row_at.map(|at| instant_text(Some(at))))),
                        ("newest_event_at", json!(age.newest_event_at.map(|at| instant_text(Some(at))))),
                        ("age_hours", json!(age.age_hours.map(|hours| (hours * 10.0).round() / 10.0))),
                    ];
                    self.info(&format!("newest data of {}", age.source), &fields);
                }
                let mut tally = self.tally();
                tally.partial_days += u64::from(freshness.accuracy() == "partial");
                tally.freshness = Some(freshness.clone());
            }
            Progress::Quality(measure) => {
                if measure.warning().is_some() {
                    self.tally().beyond_limits.push(measure.clone());
                }
            }
            Progress::Warning(message) => match &self.bar {
                Some(bar) => bar.suspend(|| self.log.warn(message, &[])),
                None => self.log.warn(message, &self.fields(&[])),
            },
        }
    }

    /// Takes the bar away; what comes after it stands on its own lines.
    pub(super) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    pub(super) fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn info(&self, message: &str, fields: &[super::log::Field<'_>]) {
        if self.bar.is_none() {
            self.log.info(message, &self.fields(fields));
        }
    }

    fn fields<'f>(&self, fields: &[super::log::Field<'f>]) -> Vec<super::log::Field<'f>> {
        let mut all = vec![("job", json!(self.job)), ("run_id", json!(self.run_id))];
        all.extend_from_slice(fields);
        all
    }
}

fn bar(job: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    let template = "{prefix} [{bar:30}] {pos}/{len} {elapsed} {msg}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_prefix(job.to_string());
    bar
}
