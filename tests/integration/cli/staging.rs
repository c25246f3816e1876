//! `stage`, `run --work` and `clean`: parts that processes build for the run that puts them together.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::dice::Dice;
use crate::support::small_lake::*;

const PARTS: usize = 3;

fn stage(lake: &SmallLake, part: usize, work: &Path) -> std::process::Command {
    let (part, work) = (format!("{part}/{PARTS}"), work.display().to_string());
    lake.command("stage", &["--part", &part, "--work", &work, "--as-of", AS_OF, "--quiet"])
}

fn run_with(lake: &SmallLake, work: &Path) -> Output {
    let (parts, work) = (PARTS.to_string(), work.display().to_string());
    lake.run(&["--parts", &parts, "--work", &work])
}

fn folders(work: &Path) -> Vec<PathBuf> {
    fs::read_dir(work).unwrap().map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn a_stage_says_in_one_line_what_it_has_built_and_nobody_else_may_read_it() {
    let (lake, place) = (SmallLake::new(), TempDir::new().unwrap());
    let work = place.path().join("work");
    let output = stage(&lake, 2, &work).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let manifest: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&manifest["part"], &manifest["of"]), (&2.into(), &PARTS.into()), "{manifest}");
    assert!(manifest["rows"]["interactions"].is_u64(), "{manifest}");
    assert!(!lake.output().exists(), "only the run publishes");
    let folder = work.join(manifest["folder"].as_str().unwrap());
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    for file in files_below(&folder).into_keys() {
        assert_eq!(mode(&folder.join(&file)), 0o600, "{file}");
    }
}

#[test]
fn a_run_takes_the_parts_and_publishes_what_it_publishes_by_itself() {
    let (lake, work) = (SmallLake::new(), TempDir::new().unwrap());
    let expected = lake.published(&[]);
    fs::remove_dir_all(lake.output()).unwrap();
    // The second twice, the third not at all.
    for part in [1, 2, 2] {
        assert!(stage(&lake, part, work.path()).output().unwrap().status.success());
    }
    let output = run_with(&lake, work.path());
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(published_in(&lake.output()) == expected);
    assert!(folders(work.path()).is_empty());
}

#[test]
fn clean_removes_parts_and_nothing_else() {
    let (lake, work) = (SmallLake::new(), TempDir::new().unwrap());
    assert!(stage(&lake, 1, work.path()).output().unwrap().status.success());
    fs::create_dir(work.path().join("rapport")).unwrap();
    let clean = || {
        let mut clean = std::process::Command::new(env!("CARGO_BIN_EXE_rapport"));
        let output = clean.arg("clean").arg("--work").arg(work.path()).output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        serde_json::from_slice::<Value>(&output.stdout).unwrap()["removed"].as_array().unwrap().len()
    };
    assert_eq!((clean(), clean()), (1, 0));
    assert_eq!(folders(work.path()), [work.path().join("rapport")]);
}

#[test]
fn what_cannot_be_staged_is_refused_in_words() {
    let (lake, work) = (SmallLake::new(), TempDir::new().unwrap());
    let work = work.path().display().to_string();
    let refused = |command: &str, job: &str, arguments: &[&str], words: &str| {
        let output = lake.command_of(command, job, arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert!(stderr(&output).contains(words), "{}", stderr(&output));
    };
    refused("stage", "relationship_kpis", &["--part", "4/3", "--work", &work], "3/16");
    refused("stage", "relationship_kpis", &["--part", "1/3"], "--work");
    refused("stage", "report", &["--part", "1/3", "--work", &work], "has no parts");
    refused("run", "relationship_kpis", &["--work", &work], "--parts");
}

/// Stages killed at any moment leave whole parts or none, and a rerun of the run ends as an undisturbed one.
#[test]
fn stages_and_runs_that_are_killed_do_no_harm() {
    let (lake, work) = (SmallLake::new(), TempDir::new().unwrap());
    let expected = lake.published(&[]);
    let begun = Instant::now();
    assert!(stage(&lake, 1, work.path()).output().unwrap().status.success());
    let whole = usize::try_from(begun.elapsed().as_micros()).unwrap();
    let mut dice = Dice::seeded(15);
    let mut killed = 0;
    for _ in 0..5 {
        fs::remove_dir_all(lake.output()).unwrap();
        let (parts, place) = (PARTS.to_string(), work.path().display().to_string());
        let arguments = ["--as-of", AS_OF, "--parts", &parts, "--work", &place, "--quiet"];
        let staged = (1..=PARTS).map(|part| stage(&lake, part, work.path()));
        for mut command in staged.chain([lake.command("run", &arguments)]) {
            let mut process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            std::thread::sleep(Duration::from_micros(dice.below(whole) as u64));
            process.kill().unwrap();
            killed += usize::from(process.wait().unwrap().code().is_none());
        }
        let output = run_with(&lake, work.path());
        assert!(output.status.success(), "{}", stderr(&output));
        assert!(published_in(&lake.output()) == expected);
        assert!(folders(work.path()).is_empty(), "scratch does not grow");
    }
    assert!(killed >= 8, "only {killed} of 20 were still running");
}
