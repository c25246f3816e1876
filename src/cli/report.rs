//! `report`: a folder of pages from what is published.

use std::time::Duration;

use indicatif::ProgressBar;

use super::job_files::load_for_tables;
use super::options::ReportOptions;
use super::pages::{self, Pages};
use super::places::TemporaryFolder;
use super::session::{Session, Shown};
use super::signals;
use super::stdout::print;
use crate::error::{Error, Result};
use crate::language::Language;
use crate::report::record::RecordChoice;
use crate::storage::Storage;

pub(super) fn report(options: &ReportOptions, shown: &Shown<'_>) -> Result<u8> {
    let folder = TemporaryFolder::new();
    // What is written aside goes with its folder; there is no run to bring to an end.
    let session = Session::new(&folder);
    signals::watch(&session, Duration::ZERO).map_err(Error::storage("signal handler"))?;
    let jobs = load_for_tables(&options.source)?;
    let (owner, reader) = (options.owner.clone(), options.reader.clone());
    let pages = Pages {
        date: options.date,
        choice: RecordChoice { owner, reader, records: options.record.clone(), top: options.top },
        language: Language::from_code(&options.language).unwrap_or(Language::English),
        site: options.site.clone(),
        file_mode: options.file_mode,
    };
    let bar = shown.bars.map(|bars| bars.add(ProgressBar::new(0)));
    let written = pages::write(&jobs, &pages, &folder.spool, &|done, of| {
        if let Some(bar) = &bar {
            bar.set_length(of as u64);
            bar.set_position(done as u64);
        }
        Ok(())
    });
    if let Some(bar) = &bar {
        bar.finish_and_clear();
    }
    let written = written?;
    if !shown.quiet {
        print(&pages::told(&Storage::Local(options.site.clone()), &written));
    }
    Ok(0)
}
