//! The row that a run leaves in `runs`, whoever ends the run: it itself, a signal, or input that goes away.

use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::events::{self, Run};
use super::open_lineage::{OpenLineage, RunFacts};
use super::places::{self, Places};
use super::reporter::RunSoFar;
use crate::config::Job;
use crate::context::{Interruption, Output, RunContext};
use crate::error::{Error, Result};
use crate::publish::{RunReport, write_report};
use crate::storage::Spool;
use crate::{jobs, plain};

/// How long a program that is told to stop may take for the row.
const LAST_SECONDS: Duration = Duration::from_secs(2);

/// A run that has begun.
#[derive(Clone)]
pub(super) struct Begun {
    pub job: Job,
    pub days: Vec<NaiveDate>,
    pub run_id: String,
    pub started_at: DateTime<Utc>,
    pub tally: Arc<Mutex<RunSoFar>>,
}

/// The run that has no row yet. Who takes it out writes the row, and holds the lock meanwhile.
#[derive(Clone, Default)]
pub(super) struct Ongoing {
    run: Arc<Mutex<Option<Begun>>>,
    /// Whom else a run's beginning and end are told to.
    lineage: Option<Arc<OpenLineage>>,
}

impl Ongoing {
    /// Of a command whose runs are told to whom the environment names.
    pub(super) fn told_by_environment() -> Ongoing {
        Ongoing { run: Arc::default(), lineage: OpenLineage::from_environment().map(Arc::new) }
    }

    pub(super) fn begin(&self, begun: Begun) {
        if let Some(lineage) = &self.lineage {
            begun.with_facts(|facts| lineage.started(begun.run(), facts));
        }
        *self.run.lock().unwrap_or_else(PoisonError::into_inner) = Some(begun);
    }

    /// Writes the row and says that the run has ended. A run that is done or has published something has its
    /// output; one that failed makes none for its row.
    ///
    /// # Errors
    /// What keeps the row of a run that is done from being written. Where a run failed that is a warning, and
    /// what it failed by is the error.
    pub(super) fn end(
        &self,
        outcome: std::result::Result<&Places, &Error>,
        spool: &Arc<Spool>,
        interruption: &Interruption,
    ) -> Result<()> {
        let mut slot = self.run.lock().unwrap_or_else(PoisonError::into_inner);
        // Somebody else ends the program, and has written the row.
        let Some(begun) = slot.take() else { return Ok(()) };
        let run = begun.run();
        match outcome {
            Ok(places) => {
                let mut report = begun.report(None);
                report.traffic = places.traffic();
                let written = begun.write(&places.output, &report, interruption);
                match &written {
                    Ok(()) => self.tell(&begun, &report),
                    Err(error) => {
                        events::failure(Some(run), error);
                        self.tell(&begun, &begun.report(Some(error)));
                    }
                }
                written
            }
            Err(error) => {
                events::failure(Some(run), error);
                if let Err(refused) = begun.leave_row(error, spool, interruption) {
                    events::warning(run, &format!("the run's row in table runs could not be written: {refused}"));
                }
                self.tell(&begun, &begun.report(Some(error)));
                Ok(())
            }
        }
    }

    fn tell(&self, begun: &Begun, report: &RunReport) {
        begun.tell(report);
        if let Some(lineage) = &self.lineage {
            begun.with_facts(|facts| lineage.ended(begun.run(), facts, report));
        }
    }

    /// The same for who is about to end the program, and waits for nobody for long.
    pub(super) fn end_soon(&self, error: Error, spool: &Arc<Spool>, interruption: &Arc<Interruption>) {
        let (ongoing, spool, interruption) = (self.clone(), Arc::clone(spool), Arc::clone(interruption));
        let (done, ended) = mpsc::channel();
        thread::spawn(move || {
            let _ = ongoing.end(Err(&error), &spool, &interruption);
            let _ = done.send(());
        });
        // A row that takes longer is left out, so that whoever stops the program need not kill it.
        let _ = ended.recv_timeout(LAST_SECONDS);
    }
}

impl Begun {
    pub(super) fn run(&self) -> Run<'_> {
        Run { job: &self.job.name, run_id: Some(&self.run_id) }
    }

    fn with_facts(&self, tell: impl FnOnce(&RunFacts<'_>)) {
        let Begun { job, days, run_id, started_at, tally } = self;
        let tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
        tell(&RunFacts { job, days, run_id, started_at: *started_at, tally: &tally });
    }

    fn leave_row(&self, error: &Error, spool: &Arc<Spool>, interruption: &Interruption) -> Result<()> {
        let (output, traffic) = places::open_output_soon(&self.job, spool)?;
        if !jobs::takes_rows_of_failed_runs(&self.job, &output)? {
            return Ok(());
        }
        let mut report = self.report(Some(error));
        report.traffic = traffic.map(|traffic| traffic.tally());
        self.write(&output, &report, interruption)
    }

    fn write(&self, output: &Output, report: &RunReport, interruption: &Interruption) -> Result<()> {
        let now = self.started_at.with_timezone(&self.job.settings.timezone);
        let context = RunContext { run_id: self.run_id.clone(), now, output, progress: &|_| {}, interruption };
        write_report(&context, report)
    }

    fn tell(&self, report: &RunReport) {
        let tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        events::run_ended(report, &self.run_id, tally.dropped.values().sum(), tally.phase.as_deref());
    }

    fn report(&self, error: Option<&Error>) -> RunReport {
        let tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        let rows = |rows: u64| i64::try_from(rows).unwrap_or(i64::MAX);
        RunReport {
            job: self.job.name.clone(),
            from_date: self.days.first().copied().unwrap_or_default(),
            as_of_date: self.days.last().copied().unwrap_or_default(),
            started_at: self.started_at,
            finished_at: Utc::now(),
            status: match error {
                None => "done",
                Some(Error::Interrupted(_)) => "interrupted",
                Some(_) => "failed",
            },
            error: error.map(|error| plain::told(&error.to_string())),
            error_class: error.map(Error::class),
            exit_code: error.map_or(0, Error::exit_code),
            warnings: tally.warnings.iter().map(|warning| plain::told(warning)).collect(),
            config_hash: self.job.config_hash.clone(),
            rows_read: rows(tally.inputs.values().map(|input| input.rows).sum()),
            rows_out: rows(tally.tables.values().map(|output| output.rows).sum()),
            inputs_json: json_text(&tally.inputs),
            tables_json: json_text(&tally.tables),
            dropped_json: json_text(&tally.dropped),
            computation_accuracy: tally.freshness.as_ref().map(|_| match tally.partial_days {
                0 => "complete",
                _ => "partial",
            }),
            freshness: tally.freshness.clone(),
            traffic: None,
        }
    }
}

fn json_text(counts: &impl Serialize) -> String {
    // Maps of text to numbers always have a JSON form.
    serde_json::to_string(counts).unwrap_or_default()
}
