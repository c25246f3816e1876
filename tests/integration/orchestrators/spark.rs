//! A job on many machines: tasks of Sail and of Spark build parts, and the results are those of a run by itself.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::{job_files, said};
use crate::support::installed::optional;
use crate::support::small_lake::*;

const PROGRAM: &str = env!("CARGO_BIN_EXE_rapport");
const JOB: &str = "relationship_kpis";

/// The job on an engine, each part built by `program`.
fn run_on(engine: &str, program: &Path, lake: &SmallLake, jobs: &Path) -> Option<Output> {
    let mut python = Command::new(optional(&format!("{engine}/bin/python"))?);
    python.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/integration/orchestrators/on_spark.py")).arg(engine);
    python.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/python")).arg(program);
    python.args([JOB, "3"]).arg(work(lake)).arg(AS_OF).arg(jobs);
    Some(python.output().unwrap())
}

fn work(lake: &SmallLake) -> PathBuf {
    lake.root().parent().unwrap().join("work")
}

fn assert_as_by_itself(lake: &SmallLake, jobs: &Path) {
    let found = published_in(&lake.output());
    fs::remove_dir_all(lake.output()).unwrap();
    let mut alone = Command::new(PROGRAM);
    assert!(alone.args(["run", JOB, "--as-of", AS_OF, "--jobs"]).arg(jobs).output().unwrap().status.success());
    let expected = published_in(&lake.output());
    assert!(expected.len() > 20 && found.keys().eq(expected.keys()), "{:?}", found.keys());
    let different: Vec<_> = expected.iter().filter(|(path, bytes)| found.get(*path) != Some(bytes)).collect();
    assert!(different.is_empty(), "{:?}", different.iter().map(|(path, _)| path).collect::<Vec<_>>());
    assert_eq!(fs::read_dir(work(lake)).unwrap().count(), 0, "parts go when their run has published");
}

#[test]
fn sail_builds_the_parts_of_a_job() {
    let lake = SmallLake::new();
    let jobs = job_files(&lake);
    let Some(output) = run_on("sail", Path::new(PROGRAM), &lake, &jobs) else { return };
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("Spark 4."), "{}", said(&output));
    assert_as_by_itself(&lake, &jobs);
}

#[test]
fn what_a_task_says_reaches_who_called() {
    let lake = SmallLake::new();
    let jobs = job_files(&lake);
    fs::remove_dir_all(lake.folder("contact")).unwrap();
    let Some(output) = run_on("sail", Path::new(PROGRAM), &lake, &jobs) else { return };
    assert!(!output.status.success() && said(&output).contains("ended with 3"), "{}", said(&output));
    assert!(said(&output).contains("contact"), "{}", said(&output));
}

/// The first task of the second part kills its executor while it works; Spark starts another one.
#[test]
#[ignore = "half a gigabyte: .ci/servers --spark"]
fn a_killed_executor_of_spark_costs_its_part() {
    let lake = SmallLake::new();
    let jobs = job_files(&lake);
    let program = lake.root().parent().unwrap().join("rapport-that-kills");
    let killed = lake.root().parent().unwrap().join("killed");
    let script = format!(
        "#!/bin/bash\n\
         if [[ \"$*\" == *2/3* ]] && mkdir '{killed}' 2>/dev/null; then\n\
             '{PROGRAM}' \"$@\" >/dev/null 2>&1 & sleep 0.2\n\
             at=$$\n\
             until [ \"$(cat /proc/$at/comm)\" = java ]; do at=$(awk '/^PPid/ {{ print $2 }}' /proc/$at/status); done\n\
             kill -9 $at $!\n\
         fi\n\
         exec '{PROGRAM}' \"$@\"\n",
        killed = killed.display()
    );
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let Some(output) = run_on("spark", &program, &lake, &jobs) else { return };
    assert!(output.status.success(), "{}", said(&output));
    assert!(killed.exists() && said(&output).contains("Lost executor"), "{}", said(&output));
    assert_as_by_itself(&lake, &jobs);
}
