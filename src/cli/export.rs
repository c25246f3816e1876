//! `export`: what is published about a person, as JSON.

use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;

use chrono::Utc;

use super::events::{self, Run};
use super::job_files::load_all;
use super::msdyn_copies::MsdynCopies;
use super::options::ExportOptions;
use super::places::{Places, TemporaryFolder};
use super::reporter::Reporter;
use super::run::new_run_id;
use super::session::{Session, Shown};
use super::signals;
use super::stdout::print;
use crate::config::Job;
use crate::context::{Progress, RunContext};
use crate::error::{Error, Result};
use crate::forget::export::Exported;
use crate::jobs::{self, SharedLake};
use crate::plain;

/// What no table holds, so that whoever answers the person knows where else to look.
const ELSEWHERE: [&str; 4] = [
    "the lake itself, Dataverse and Exchange",
    "which emails and meetings a colleague took part in: results count them without naming colleagues",
    "reports, copies and backups that were made of the tables, and old versions that a store or a Delta table keeps",
    "numbers about others, to which the person contributed without being named",
];

/// The file is there whole, or not at all.
pub(super) fn export(options: &ExportOptions, shown: &Shown<'_>) -> Result<u8> {
    if options.subject.iter().any(|subject| subject.trim().is_empty()) {
        let message = "a subject is empty".to_string();
        return Err(Error::usage(
            "--subject",
            message,
            "Give a mail address, or the id of a contact, lead or systemuser",
        ));
    }
    let jobs = load_all(&options.source, &options.jobs)?;
    let folder = TemporaryFolder::new();
    let session = Session::new(&folder);
    signals::watch(&session, signals::GRACE).map_err(Error::storage("signal handler"))?;
    let above = options.to.as_deref().map(|to| match to.parent() {
        Some(above) if !above.as_os_str().is_empty() => above,
        _ => Path::new("."),
    });
    // Beside the file that it becomes; what goes to stdout is kept apart until it is whole.
    let mut file = match above {
        Some(above) => tempfile::NamedTempFile::new_in(above).map_err(Error::storage(above))?,
        None => tempfile::NamedTempFile::new().map_err(Error::storage("temporary files"))?,
    };
    let written = write(options, &jobs, &session, shown, file.as_file_mut())?;
    match &options.to {
        Some(to) => {
            file.as_file().sync_all().map_err(Error::storage(to))?;
            file.persist(to).map_err(|error| Error::storage(to)(error.error))?;
            let Exported { rows, files, .. } = &written;
            if !shown.quiet {
                let to = plain::told(&to.display().to_string());
                print(&format!("{rows} rows of {files} published files that were looked at, in {to}\n"));
            }
        }
        None => hand_over(file.as_file_mut())?,
    }
    Ok(written.errors.first().map_or(0, Error::exit_code))
}

/// A reader that has closed stdout has seen enough.
fn hand_over(file: &mut File) -> Result<()> {
    let copied = file.seek(SeekFrom::Start(0)).and_then(|_| io::copy(file, &mut io::stdout().lock()));
    match copied {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Error::storage("stdout")(error)),
        _ => Ok(()),
    }
}

fn write(
    options: &ExportOptions,
    jobs: &[Job],
    session: &Session<'_>,
    shown: &Shown<'_>,
    file: &mut File,
) -> Result<Exported> {
    let failed = || Error::storage("the export");
    let mut out = BufWriter::new(file);
    let mut all = Exported::default();
    let program = concat!("rapport ", env!("CARGO_PKG_VERSION"));
    let subjects = serde_json::json!(options.subject).to_string();
    writeln!(out, "{{\"export\": 1, \"program\": \"{program}\", \"subject\": {subjects}, \"outputs\": [")
        .map_err(failed())?;
    for (at, shared_lake) in jobs::shared_lakes(jobs).iter().enumerate() {
        let comma = if at == 0 { "" } else { ",\n" };
        out.write_all(comma.as_bytes()).map_err(failed())?;
        let of_output = of_shared_lake(shared_lake, options, session, shown, &mut out)?;
        all.rows += of_output.rows;
        all.files += of_output.files;
        all.errors.extend(of_output.errors);
    }
    let (complete, elsewhere) = (all.errors.is_empty(), serde_json::json!(ELSEWHERE));
    writeln!(out, "], \"complete\": {complete}, \"not_looked_in\": {elsewhere}}}").map_err(failed())?;
    out.flush().map_err(failed())?;
    Ok(all)
}

fn of_shared_lake(
    shared_lake: &SharedLake<'_>,
    options: &ExportOptions,
    session: &Session<'_>,
    shown: &Shown<'_>,
    out: &mut dyn Write,
) -> Result<Exported> {
    let names: Vec<&str> = shared_lake.jobs.iter().map(|job| job.name.as_str()).collect();
    let names = names.join(", ");
    let now = Utc::now().with_timezone(&shared_lake.jobs[0].settings.timezone);
    let run_id = new_run_id(shared_lake.jobs[0], now.to_utc());
    let about = Run { job: &names, run_id: Some(&run_id) };
    let reporter = Reporter::new(about, false, shown.bars, Arc::default());
    let progress = |progress: Progress<'_>| reporter.take(progress);
    let outcome = Places::open(shared_lake.jobs[0], &session.folder.spool).and_then(|places| {
        let Places { lake, output, .. } = &places;
        let interruption = &session.interruption;
        let run = RunContext { run_id: run_id.clone(), now, output, progress: &progress, interruption };
        let copies = MsdynCopies::open(shared_lake.jobs[0], &options.msdyn, session)?.folders()?;
        jobs::export(shared_lake, lake, &options.subject, copies, &run, out)
    });
    reporter.clear();
    let exported = outcome?;
    exported.errors.iter().for_each(|error| events::failure(Some(about), error));
    Ok(exported)
}
