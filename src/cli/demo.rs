//! `demo`: the sample lake and the job files that the program carries, computed and shown, so that a newcomer sees
//! results without a checkout.

use std::fs;
use std::path::Path;

use chrono::NaiveDate;
use include_dir::{Dir, include_dir};

use super::memory_limit::MemoryOptions;
use super::options::{DemoOptions, RunOptions, SourceOptions};
use super::run;
use super::session::Shown;
use super::stdout::print;
use crate::config::{self, JobKind, SHARED_TEXT};
use crate::error::{Error, Result};

static SAMPLE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/sample_data");

/// The last day of the sample lake.
const LAST_DAY: Option<NaiveDate> = NaiveDate::from_ymd_opt(2026, 3, 31);

pub(super) fn demo(options: &DemoOptions, shown: &Shown<'_>) -> Result<u8> {
    let folder = &options.folder;
    check_empty(folder)?;
    let (jobs, sample) = (folder.join("jobs"), folder.join("sample_data"));
    for made in [&jobs, &sample] {
        fs::create_dir_all(made).map_err(Error::storage(made.clone()))?;
    }
    SAMPLE.extract(&sample).map_err(Error::storage(sample.clone()))?;
    for (name, text) in config::job_files(JobKind::ALL, Some(SHARED_TEXT.to_string())) {
        fs::write(jobs.join(&name), text).map_err(Error::storage(jobs.join(name)))?;
    }

    let mut source = SourceOptions::of_folder(Some(jobs.clone()));
    source.set.push(("page_language".to_string(), options.language.clone()));
    let memory = MemoryOptions { memory: None, parts: None, workers: 1 };
    let run = RunOptions { jobs: Vec::new(), as_of: LAST_DAY, tables: Vec::new(), work: None, memory, source };
    let code = run::run(&run, shown)?;
    if code == 0 {
        print(&next_steps(folder));
    }
    Ok(code)
}

fn check_empty(folder: &Path) -> Result<()> {
    let used = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) || folder.is_file();
    match used {
        true => Err(Error::usage(
            "DIR",
            format!("{} is there already, and not empty", folder.display()),
            "Name a folder that is new, as in: rapport demo another-folder",
        )),
        false => Ok(()),
    }
}

fn next_steps(folder: &Path) -> String {
    let shown = folder.display();
    format!(
        "
What there is now:
  {shown}/out/report/index.html   open it in a browser
  {shown}/out                     the tables, for example
      duckdb -c \"SELECT name, health_score, health_state FROM '{shown}/out/current/opportunity_kpis.parquet'\"
  {shown}/jobs                    the job files that computed them
Your own lake: rapport new --input /path/of/your/lake --output results
"
    )
}
