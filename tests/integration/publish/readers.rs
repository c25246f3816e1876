//! Reporting tools, as far as they can be had here: DuckDB and polars from Python, reading what was published.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::support::installed::{installed, python, spawn_bound};
use crate::support::small_lake::SmallLake;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/integration/publish/readers/digest.py");

/// Where a table lies, for an engine, with what its cloud wants to have in the environment.
#[derive(Clone, Copy)]
pub struct Read<'a> {
    pub engine: &'a str,
    pub format: &'a str,
    pub url: &'a str,
    pub environment: &'a [(String, String)],
}

impl Read<'_> {
    /// Rows and digest, seen once.
    #[track_caller]
    pub fn once(&self) -> Option<String> {
        let mut command =
            if self.engine == "spark" { std::process::Command::new(installed("spark/bin/python")?) } else { python()? };
        command.arg(SCRIPT).args([self.engine, self.format, self.url, "once"]);
        let output = command.envs(self.environment.iter().cloned()).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let seen = said.lines().nth(1).unwrap_or_default().to_string();
        assert!(
            output.status.success() && !seen.is_empty() && !seen.starts_with("error"),
            "{} of {}: {said} {}",
            self.engine,
            self.url,
            String::from_utf8_lossy(&output.stderr)
        );
        Some(seen)
    }

    /// Reads all the time, in a process of its own, from the moment on that the engine is ready.
    pub fn all_the_time(&self) -> Option<Loop> {
        let mut command = python()?;
        command.arg(SCRIPT).args([self.engine, self.format, self.url]).envs(self.environment.iter().cloned());
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = spawn_bound(command);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert_eq!(lines.next().unwrap().unwrap(), "ready");
        let seen = Arc::new(Mutex::new(BTreeMap::new()));
        let noted = Arc::clone(&seen);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                *noted.lock().unwrap().entry(line).or_insert(0) += 1;
            }
        });
        Some(Loop { child, seen })
    }
}

pub struct Loop {
    child: Child,
    seen: Arc<Mutex<BTreeMap<String, usize>>>,
}

impl Loop {
    pub fn reads(&self) -> usize {
        self.seen.lock().unwrap().values().sum()
    }

    /// Lets it read so many times more.
    pub fn let_read(&self, times: usize) {
        let enough = self.reads() + times;
        let patience = Instant::now() + Duration::from_secs(60);
        while self.reads() < enough {
            assert!(Instant::now() < patience, "the reader does not read: {:?}", self.seen.lock().unwrap());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Ends it: everything it saw, and how often.
    pub fn seen(mut self) -> BTreeMap<String, usize> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        std::mem::take(&mut self.seen.lock().unwrap())
    }
}

impl Drop for Loop {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Every table, by its folder: the day is a column there.
#[test]
#[ignore = "half a gigabyte: .ci/servers --spark"]
fn spark_reads_the_rows_of_every_table() {
    let lake = SmallLake::new();
    lake.published(&[]);
    for entry in std::fs::read_dir(lake.output()).unwrap() {
        let folder = entry.unwrap().path();
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        if name == "current" {
            continue;
        }
        let url = folder.display().to_string();
        let rows = |engine, url: &str| {
            let seen = Read { engine, format: "parquet", url, environment: &[] }.once().unwrap();
            seen.split(' ').next().unwrap().to_string()
        };
        assert_eq!(rows("spark", &url), rows("duckdb", &format!("{url}/**/*.parquet")), "{name}");
    }
}
