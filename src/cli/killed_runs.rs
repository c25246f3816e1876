//! Runs that were killed: what each leaves of itself while it works, and the rows that the next one writes for them.

use super::ongoing::Begun;
use super::places::Places;
use super::reporter::Reporter;
use crate::context::{Interruption, Output, Progress, RunContext};
use crate::error::Result;
use crate::jobs;
use crate::publish::{BegunRun, Killed, Note, begin, write_killed};
use crate::storage::Storage;

/// Leaves a note that the run works, and writes the rows of those that were killed. What keeps it from that is a warning.
pub(super) fn note(
    begun: &Begun,
    places: &Places,
    reporter: &Reporter<'_>,
    interruption: &Interruption,
) -> Option<Note> {
    let Storage::Local(_) = places.output.storage else { return None };
    let noted = leave(begun, &places.output, interruption);
    let (note, killed) = noted.unwrap_or_else(|error| {
        let warning = format!("the run could not note in table runs that it works: {error}");
        reporter.take(Progress::Warning(&warning));
        (None, Vec::new())
    });
    for Killed { run, note: of_killed } in killed {
        let context = context(&run.run_id, begun, &places.output, interruption);
        let BegunRun { run_id, job, as_of_date, started_at, .. } = &run;
        let about = format!("run {run_id} of job {job}, as of {as_of_date}, begun at {}", started_at.format("%FT%TZ"));
        let warning = match write_killed(&context, &run) {
            Ok(()) => format!(
                "{about}, ended without a word; its row in table runs says killed. If it was for want of memory, see \
                 --memory"
            ),
            Err(error) => {
                format!("{about}, ended without a word, and its row in table runs could not be written: {error}")
            }
        };
        reporter.take(Progress::Warning(&warning));
        drop(of_killed);
    }
    note
}

/// Where a run that fails may leave its row.
fn leave(begun: &Begun, output: &Output, interruption: &Interruption) -> Result<(Option<Note>, Vec<Killed>)> {
    if !jobs::takes_rows_of_failed_runs(&begun.job, output)? {
        return Ok((None, Vec::new()));
    }
    let Begun { job, days, run_id, started_at, .. } = begun;
    let run = BegunRun {
        run_id: run_id.clone(),
        job: job.name.clone(),
        from_date: days.first().copied().unwrap_or_default(),
        as_of_date: days.last().copied().unwrap_or_default(),
        started_at: *started_at,
        config_hash: job.config_hash.clone(),
        program_version: env!("CARGO_PKG_VERSION").to_string(),
    };
    let noted = begin(&context(run_id, begun, output, interruption), &run)?;
    Ok(noted.map_or((None, Vec::new()), |(note, killed)| (Some(note), killed)))
}

fn context<'a>(run_id: &str, begun: &Begun, output: &'a Output, interruption: &'a Interruption) -> RunContext<'a> {
    let now = begun.started_at.with_timezone(&begun.job.settings.timezone);
    RunContext { run_id: run_id.to_string(), now, output, progress: &|_| {}, interruption }
}
