//! The examples for orchestrators, run by real ones: Dagster and Airflow, the validator of Kubernetes, systemd.

mod spark;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use polars::prelude::*;
use rapport::config::JobKind;
use serde_json::Value;

use crate::support::installed::optional;
use crate::support::not_tested::not_tested;
use crate::support::small_lake::*;

fn examples(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(folder)
}

/// A folder of job files on the lake, for who starts the program by its name.
fn job_files(lake: &SmallLake) -> PathBuf {
    let folder = lake.root().parent().unwrap().join("jobs");
    fs::create_dir_all(&folder).unwrap();
    for job in ["relationship_kpis", "who_knows_whom", "similar_won_deals"] {
        let text = format!(
            "job = \"{job}\"\nschedule = \"30 2 * * *\"\n[input]\nroot = \"{}\"\n[output]\npath = \"{}\"\n\
             [reporting]\ntimezone = \"Europe/Stockholm\"\n[people]\ncompany_domains = [\"nordwind.example\"]\n\
             [consent]\nconsent = true\n",
            lake.root().display(),
            lake.output().display()
        );
        fs::write(folder.join(format!("{job}.toml")), text).unwrap();
    }
    folder
}

/// The program can be found by its name, as where it is installed.
fn with_program(command: &mut Command, jobs: &Path) {
    let program = Path::new(env!("CARGO_BIN_EXE_rapport")).parent().unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{}:{path}", program.display())).env("RAPPORT_JOBS", jobs);
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn rows_published(lake: &SmallLake, table: &str) -> u64 {
    let file = lake.output().join(format!("{table}/as_of_date={AS_OF}/{table}.parquet"));
    let frame = ParquetReader::new(fs::File::open(file).unwrap()).finish().unwrap();
    frame.height() as u64
}

fn materialize(lake: &SmallLake, jobs: &Path) -> Option<Value> {
    let mut dagster = Command::new(optional("dagster/bin/python")?);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/integration/orchestrators/materialize.py");
    with_program(&mut dagster, jobs);
    let home = lake.root().parent().unwrap().join("dagster");
    fs::create_dir_all(&home).unwrap();
    dagster.arg(script).arg(examples("dagster")).arg(AS_OF).env("DAGSTER_HOME", home);
    let output = dagster.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let last = text.lines().last().unwrap_or_else(|| panic!("{}", said(&output)));
    Some(serde_json::from_str(last).unwrap_or_else(|_| panic!("{}", said(&output))))
}

#[test]
fn dagster_sees_each_table_as_an_asset_with_rows_partition_and_checks() {
    let lake = SmallLake::new();
    let jobs = job_files(&lake);
    let Some(seen) = materialize(&lake, &jobs) else { return };
    assert_eq!(seen["success"], true, "{seen}");
    let rows: BTreeMap<String, u64> = serde_json::from_value(seen["rows"].clone()).unwrap();
    assert_eq!(rows.len(), JobKind::RelationshipKpis.tables().len(), "{rows:?}");
    for (table, rows) in &rows {
        assert_eq!(*rows, rows_published(&lake, table), "{table}");
    }
    assert_eq!(seen["partitions"], serde_json::json!([AS_OF]));
    assert_eq!(seen["accuracy"], serde_json::json!(["complete"]));
    assert_eq!(seen["checks"]["account_kpis.complete"], true);
    assert_eq!(seen["checks"]["account_kpis.without_warnings"], true);

    // What a run warns about is published all the same, and its checks say so.
    let mut rows = exchange("calendar_view");
    rows[0]["start"]["timeZone"] = "Middle Earth Time".into();
    lake.write("calendar_view", "part-0.parquet", &lines_as_frame(&rows));
    let Some(seen) = materialize(&lake, &jobs) else { return };
    assert_eq!(seen["success"], true, "{seen}");
    assert_eq!(seen["checks"]["account_kpis.without_warnings"], false, "{seen}");
}

#[test]
fn dagster_does_not_try_again_what_trying_cannot_mend() {
    let lake = SmallLake::new();
    let jobs = job_files(&lake);
    fs::write(jobs.join("relationship_kpis.toml"), "job = \"relationship_kpis\"\nscedule = \"30 2 * * *\"\n").unwrap();
    let Some(seen) = materialize(&lake, &jobs) else { return };
    assert_eq!((&seen["success"], &seen["retried"]), (&Value::Bool(false), &Value::Bool(false)), "{seen}");
}

#[test]
fn a_dagster_that_cannot_be_told_is_a_warning_and_the_run_goes_on() {
    let lake = SmallLake::new();
    let mut run = lake.command_of("run", "who_knows_whom", &["--as-of", AS_OF]);
    let output = run.env("DAGSTER_PIPES_CONTEXT", "?").env("DAGSTER_PIPES_MESSAGES", "?").output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let warning = "Dagster is not told of this run: DAGSTER_PIPES_CONTEXT is not base 64";
    assert!(stderr(&output).contains(warning), "{}", stderr(&output));
}

#[test]
fn airflow_runs_the_daily_jobs() {
    let Some(airflow) = optional("airflow/bin/airflow") else { return };
    let lake = SmallLake::new();
    let jobs = job_files(&lake);
    let home = lake.root().parent().unwrap().join("airflow");
    fs::create_dir_all(home.join("dags")).unwrap();
    for file in ["rapport_dag.py", "rapport_operator.py"] {
        fs::copy(examples("airflow").join(file), home.join("dags").join(file)).unwrap();
    }
    let run = |arguments: &[&str]| {
        let mut command = Command::new(&airflow);
        with_program(&mut command, &jobs);
        command.env("AIRFLOW_HOME", &home).env("AIRFLOW__CORE__LOAD_EXAMPLES", "False");
        command.args(arguments).output().unwrap()
    };
    let output = run(&["db", "migrate"]);
    assert!(output.status.success(), "{}", said(&output));
    for dag in ["rapport_daily", "rapport_weekly"] {
        let output = run(&["dags", "test", dag, AS_OF]);
        assert!(output.status.success() && said(&output).contains("state=success"), "{}", said(&output));
    }
    assert!(rows_published(&lake, "account_kpis") > 0);
    assert!(rows_published(&lake, "connections") > 0);
    assert!(lake.output().join("similar_won_deals").is_dir());

    // A job file that is wrong fails the task, which is not left to its retries.
    fs::write(jobs.join("relationship_kpis.toml"), "job = \"relationship_kpis\"\nscedule = \"30 2 * * *\"\n").unwrap();
    let output = run(&["dags", "test", "rapport_daily", AS_OF]);
    let said = said(&output);
    assert!(said.contains("AirflowFailException") && said.contains("rapport ended with 2"), "{said}");
    assert!(said.contains("state=failed") && !said.contains("up_for_retry"), "{said}");
}

#[test]
fn kubernetes_takes_the_cron_job_and_the_jobs_of_parts() {
    let Some(validate) = optional("dagster/bin/kubernetes-validate") else { return };
    for file in ["cronjob.yaml", "parts.yaml"] {
        let output = Command::new(&validate).arg("--strict").arg(examples("kubernetes").join(file)).output().unwrap();
        assert!(output.status.success(), "{file}: {}", said(&output));
    }
}

#[test]
fn systemd_takes_service_and_timer() {
    let lake = SmallLake::new();
    let folder = lake.root().join("units");
    fs::create_dir_all(&folder).unwrap();
    let service = fs::read_to_string(examples("systemd").join("rapport.service")).unwrap();
    fs::write(folder.join("rapport.service"), service.replace("/usr/bin/rapport", env!("CARGO_BIN_EXE_rapport")))
        .unwrap();
    fs::copy(examples("systemd").join("rapport.timer"), folder.join("rapport.timer")).unwrap();
    let units = [folder.join("rapport.service"), folder.join("rapport.timer")];
    let Ok(output) = Command::new("systemd-analyze").args(["--man=no", "verify"]).args(units).output() else {
        not_tested("orchestrators", "systemd-analyze is not installed", "Install systemd");
        return;
    };
    assert!(output.status.success() && said(&output).is_empty(), "{}", said(&output));
}
