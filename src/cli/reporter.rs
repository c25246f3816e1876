//! What a run tells, shown as it comes and counted for its row in `runs`.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use super::events::{self, Run, Work, rounded};
use crate::context::Progress;
use crate::quality::freshness::Freshness;
use crate::quality::measures::QualityMeasure;
use crate::sources::{TableReading, Watch};

pub(super) struct Reporter<'a> {
    run: Run<'a>,
    /// Whether more than one day is computed.
    is_backfill: bool,
    bar: Option<ProgressBar>,
    tally: Arc<Mutex<RunSoFar>>,
    under_way: Mutex<UnderWay>,
    /// How long input tables take.
    reading: Arc<Mutex<HashMap<&'static str, Reading>>>,
}

/// Of an input table.
enum Reading {
    Since(Instant),
    Took(Duration),
}

/// What a run has done so far.
#[derive(Debug, Default)]
pub(super) struct RunSoFar {
    pub inputs: BTreeMap<String, Input>,
    pub tables: BTreeMap<String, Output>,
    pub dropped: BTreeMap<String, u64>,
    pub warnings: Vec<String>,
    /// Of the last day.
    pub freshness: Option<Freshness>,
    pub partial_days: u64,
    /// Measures beyond a limit of the settings.
    pub beyond_limits: Vec<QualityMeasure>,
    /// What it does now.
    pub phase: Option<String>,
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

#[derive(Default)]
struct UnderWay {
    phase: Option<Phase>,
    day: Option<Day>,
    tables: HashMap<String, Instant>,
}

struct Phase {
    name: String,
    as_of: Option<NaiveDate>,
    since: Instant,
    tables: u64,
    rows: u64,
}

struct Day {
    as_of: NaiveDate,
    since: Instant,
    tables: u64,
    rows: u64,
}

impl<'a> Reporter<'a> {
    pub(super) fn new(
        run: Run<'a>,
        is_backfill: bool,
        bars: Option<&MultiProgress>,
        tally: Arc<Mutex<RunSoFar>>,
    ) -> Reporter<'a> {
        let bar = bars.map(|bars| bars.add(bar(run.job)));
        Reporter { run, is_backfill, bar, tally, under_way: Mutex::default(), reading: Arc::default() }
    }

    /// Looks at the clock when reading a table begins and when it is done.
    pub(super) fn watch(&self) -> Watch {
        let reading = Arc::clone(&self.reading);
        Watch::new(move |table, stands| {
            let mut reading = reading.lock().unwrap_or_else(PoisonError::into_inner);
            let next = match (stands, reading.get(table)) {
                (TableReading::Done, Some(Reading::Since(since))) => Reading::Took(since.elapsed()),
                _ => Reading::Since(Instant::now()),
            };
            reading.insert(table, next);
        })
    }

    /// How long an input table took; none where it was read for an earlier job.
    fn took(&self, table: &str) -> Option<f64> {
        match self.reading.lock().unwrap_or_else(PoisonError::into_inner).remove(table)? {
            Reading::Took(time) => Some(rounded(time.as_secs_f64(), 1000.0)),
            Reading::Since(_) => None,
        }
    }

    pub(super) fn take(&self, progress: Progress<'_>) {
        match progress {
            Progress::Steps(steps) => {
                if let Some(bar) = &self.bar {
                    bar.set_length(steps);
                }
            }
            Progress::Phase { name, as_of } => {
                self.step(name);
                self.begin(name, as_of);
            }
            Progress::Table(table) => {
                self.step(table);
                self.under_way().tables.insert(table.to_string(), Instant::now());
            }
            Progress::Read { table, files, rows, fetched } => {
                let mut tally = self.tally();
                let input = tally.inputs.entry(table.to_string()).or_default();
                input.files += files;
                input.rows += rows;
                if let Some(fetched) = fetched {
                    *input.requests.get_or_insert(0) += fetched.requests;
                    *input.bytes.get_or_insert(0) += fetched.bytes;
                }
                drop(tally);
                self.did(rows);
                events::read(self.run, table, events::Read { files, rows, fetched, seconds: self.took(table) });
            }
            Progress::Dropped { reason, rows } => {
                *self.tally().dropped.entry(reason.to_string()).or_default() += rows;
                let as_of = self.under_way().phase.as_ref().and_then(|phase| phase.as_of);
                events::dropped(self.run, reason, rows, as_of);
            }
            Progress::Published { table, partition, rows } => {
                let mut tally = self.tally();
                let output = tally.tables.entry(table.to_string()).or_default();
                output.partitions += 1;
                output.rows += rows;
                drop(tally);
                let since = self.under_way().tables.remove(table);
                self.did(rows);
                events::published(self.run, table, partition, rows, since.map_or(0.0, seconds));
            }
            Progress::Freshness(freshness) => {
                events::sources(self.run, freshness);
                let mut tally = self.tally();
                tally.partial_days += u64::from(freshness.accuracy() == "partial");
                tally.freshness = Some(freshness.clone());
            }
            Progress::Quality(measure) => {
                if measure.warning().is_some() {
                    self.tally().beyond_limits.push(measure.clone());
                }
            }
            Progress::Warning(message) => {
                self.tally().warn(message);
                events::warning(self.run, message);
            }
            Progress::PrivacyWarning(message) => {
                self.tally().warn(message);
                events::privacy_warning(self.run, message);
            }
        }
    }

    /// All phases are done.
    pub(super) fn finish(&self) {
        let mut under_way = self.under_way();
        let (phase, day) = (under_way.phase.take(), under_way.day.take());
        drop(under_way);
        self.tally().phase = None;
        self.tell(phase, day);
    }

    /// Takes the bar away; what comes after it stands on its own lines.
    pub(super) fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    pub(super) fn tally(&self) -> MutexGuard<'_, RunSoFar> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn under_way(&self) -> MutexGuard<'_, UnderWay> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next step of the bar; the first one begins it.
    fn step(&self, name: &str) {
        if let Some(bar) = &self.bar {
            if !bar.message().is_empty() {
                bar.inc(1);
            }
            bar.set_message(name.to_string());
        }
    }

    fn begin(&self, name: &str, as_of: Option<NaiveDate>) {
        let since = Instant::now();
        let mut under_way = self.under_way();
        let next = Phase { name: name.to_string(), as_of, since, tables: 0, rows: 0 };
        let phase = under_way.phase.replace(next);
        let is_same_day = under_way.day.as_ref().map(|day| day.as_of) == as_of;
        let day = if is_same_day {
            None
        } else {
            let next = as_of.map(|as_of| Day { as_of, since, tables: 0, rows: 0 });
            std::mem::replace(&mut under_way.day, next)
        };
        drop(under_way);
        self.tally().phase = Some(name.to_string());
        self.tell(phase, day);
        events::phase_started(self.run, name, as_of);
    }

    /// A table was read or published.
    fn did(&self, rows: u64) {
        let mut under_way = self.under_way();
        if let Some(phase) = &mut under_way.phase {
            (phase.tables, phase.rows) = (phase.tables + 1, phase.rows + rows);
        }
        if let Some(day) = &mut under_way.day {
            (day.tables, day.rows) = (day.tables + 1, day.rows + rows);
        }
    }

    /// What has ended.
    fn tell(&self, phase: Option<Phase>, day: Option<Day>) {
        if let Some(Phase { name, as_of, since, tables, rows }) = phase {
            let work = Work { tables, rows, seconds: seconds(since) };
            events::phase(self.run, &name, as_of, work, self.is_backfill && as_of.is_some());
        }
        if let Some(Day { as_of, since, tables, rows }) = day {
            events::day(self.run, as_of, Work { tables, rows, seconds: seconds(since) }, !self.is_backfill);
        }
    }
}

impl RunSoFar {
    pub(super) fn warn(&mut self, message: &str) {
        if !self.warnings.iter().any(|told| told == message) {
            self.warnings.push(message.to_string());
        }
    }
}

fn seconds(since: Instant) -> f64 {
    rounded(since.elapsed().as_secs_f64(), 1000.0)
}

fn bar(job: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    let template = "{prefix} [{bar:30}] {pos}/{len} {elapsed} {msg}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_prefix(job.to_string());
    // The clock goes on while a step takes long.
    bar.enable_steady_tick(Duration::from_secs(1));
    bar
}
