//! `prune`: removes what tables no longer keep.

use chrono::{TimeDelta, Utc};

use super::events::{self, Run};
use super::job_files;
use super::options::PruneOptions;
use super::places::{self, TemporaryFolder};
use super::run::new_run_id;
use super::session::Session;
use super::stdout::print;
use super::{show, signals};
use crate::config::Job;
use crate::context::{Progress, RunContext};
use crate::error::{Error, Result};
use crate::jobs::{self, Pruned};

/// One job's failure does not keep the others from being pruned; the first one decides the exit code.
pub(super) fn prune(options: &PruneOptions) -> Result<u8> {
    let folder = TemporaryFolder::new();
    let session = Session::new(&folder);
    signals::watch(&session, signals::GRACE).map_err(Error::storage("signal handler"))?;
    let loaded = job_files::load(&options.source, &options.jobs)?;
    let mut code = loaded.code;
    // Reports are no tables, and each is replaced by the next.
    for job in loaded.jobs.iter().filter(|job| !job.kind.tables().is_empty()) {
        let now = Utc::now();
        let run_id = new_run_id(job, now);
        let about = Run { job: &job.name, run_id: Some(&run_id) };
        let silent = |_: Progress<'_>| {};
        let outcome = places::open_output(job, &folder.spool).and_then(|output| {
            let context = RunContext {
                run_id: run_id.clone(),
                now: now.with_timezone(&job.settings.timezone),
                output: &output,
                progress: &silent,
                interruption: &session.interruption,
            };
            let mut tables = jobs::prune(job, options.apply, &context)?;
            if options.apply {
                // The clock again: with 0 hours, what was removed a moment ago goes too.
                let before = Utc::now() - TimeDelta::hours(options.vacuum_after.into());
                jobs::delete_old_files(&mut tables, before, &context)?;
            }
            Ok(tables)
        });
        match outcome {
            Ok(tables) => print(&said(job, &tables, options.apply)),
            Err(error) => {
                events::failure(Some(about), &error);
                code = if code == 0 { error.exit_code() } else { code };
                if let Error::Interrupted(_) = error {
                    return Ok(error.exit_code());
                }
            }
        }
    }
    Ok(code)
}

fn said(job: &Job, tables: &[Pruned], apply: bool) -> String {
    let mut lines = vec![["table", "partitions that stay", "that go", "files deleted"].map(str::to_string)];
    let found = tables.iter().filter(|table| table.stay + table.go + table.files > 0);
    lines.extend(found.map(|table| {
        let [stay, go, files] = [table.stay, table.go, table.files].map(|count| count.to_string());
        [table.table.to_string(), stay, go, files]
    }));
    if lines.len() == 1 {
        return format!("{}: {}: nothing is published here\n", job.name, job.output);
    }
    let go: usize = tables.iter().map(|table| table.go).sum();
    let outcome = if apply {
        format!("{go} partitions removed")
    } else {
        format!("{go} partitions would go; nothing did, add --apply")
    };
    format!("{}: {}\n{}{outcome}\n", job.name, job.output, show::aligned(&lines))
}
