//! SIGKILL before each change that a run makes to its output, one after the other, and at random moments.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::kills::{copy, hidden};
use super::traced::{self, End};
use crate::support::dice::Dice;
use crate::support::small_lake::*;

/// The job that takes the least time, with one table, so that there are tens of changes and not hundreds:
/// its partition, `current/` and the report.
fn run(lake: &SmallLake, settings: &[&str]) -> Command {
    let mut rapport = Command::new(env!("CARGO_BIN_EXE_rapport"));
    rapport.current_dir(env!("CARGO_MANIFEST_DIR")).args(["run", "who_knows_whom", "--as-of", AS_OF, "--quiet"]);
    rapport.arg("--input").arg(lake.root()).arg("--output").arg(lake.output());
    rapport.args(["--set", "tables=[\"connections\"]"]).args(settings);
    rapport.stdout(Stdio::null()).stderr(Stdio::null());
    rapport
}

/// What readers see after a run.
#[track_caller]
fn published(lake: &SmallLake, settings: &[&str]) -> BTreeMap<String, Vec<u8>> {
    assert!(run(lake, settings).status().unwrap().success());
    seen(lake)
}

fn seen(lake: &SmallLake) -> BTreeMap<String, Vec<u8>> {
    let mut files = files_below(&lake.output());
    files.retain(|path, _| !path.starts_with("runs/") && path.ends_with(".parquet"));
    files
}

/// What lies there is, file by file, the old or the new, and the next run ends as if nothing had been.
#[track_caller]
fn old_or_new_and_mended(
    lake: &SmallLake,
    when: &str,
    old: &BTreeMap<String, Vec<u8>>,
    new: &BTreeMap<String, Vec<u8>>,
) {
    let left = seen(lake);
    assert!(left.keys().eq(old.keys()), "{when}: {:?}", left.keys());
    for (path, bytes) in &left {
        assert!(*bytes == old[path] || *bytes == new[path], "{when}: {path} is neither old nor new");
    }
    assert!(published(lake, &[]) == *new, "{when}: the next run gives something else");
    assert_eq!(hidden(&lake.output()), [""; 0], "{when}");
}

/// The lake, what an earlier run published there, and what an undisturbed run makes of it.
struct Before {
    lake: SmallLake,
    old: BTreeMap<String, Vec<u8>>,
    new: BTreeMap<String, Vec<u8>>,
}

impl Before {
    fn new() -> Before {
        let lake = SmallLake::new();
        let old = published(&lake, &["--set", "consent=false"]);
        copy(&lake.output(), &lake.root().with_file_name("old"));
        let new = published(&lake, &[]);
        assert!(old.keys().eq(new.keys()) && old.values().zip(new.values()).all(|(old, new)| old != new));
        Before { lake, old, new }
    }

    fn again(&self) -> &SmallLake {
        fs::remove_dir_all(self.lake.output()).unwrap();
        copy(&self.lake.root().with_file_name("old"), &self.lake.output());
        &self.lake
    }
}

#[test]
fn a_run_killed_before_any_of_its_writes_leaves_old_or_new() {
    let before = Before::new();
    let mut changes = Vec::new();
    let lake = before.again();
    let end = traced::run(run(lake, &[]), &lake.output(), |change| {
        changes.push(change.to_string());
        true
    });
    assert_eq!(end, End::Exited(0));
    assert!(seen(lake) == before.new);
    // Partition and report each have a lock, a file that is made, written and synced, and a rename.
    assert!(changes.len() >= 3 * 5, "{changes:?}");

    for (at, change) in changes.iter().enumerate() {
        let lake = before.again();
        let mut left = at;
        let end = traced::run(run(lake, &[]), &lake.output(), |_| {
            left = left.wrapping_sub(1);
            left != usize::MAX
        });
        assert_eq!(end, End::Killed, "{at}: {change}");
        old_or_new_and_mended(lake, change, &before.old, &before.new);
    }
    println!("killed at {} places: {changes:#?}", changes.len());
}

/// For kills inside of calls, or between threads, at which nothing can be enumerated.
#[test]
#[ignore = "takes minutes: cargo test --test integration -- --ignored two_hundred"]
fn a_run_killed_at_two_hundred_random_moments_leaves_old_or_new() {
    let before = Before::new();
    // Another program may hold up one run, and a moment after the end of a run kills nothing.
    let whole = || {
        let started = std::time::Instant::now();
        assert!(run(before.again(), &[]).status().unwrap().success());
        usize::try_from(started.elapsed().as_micros()).unwrap()
    };
    let whole = [(); 5].map(|()| whole()).into_iter().min().unwrap();
    let mut dice = Dice::seeded(2026);
    let mut killed = 0;
    for number in 0..200 {
        let lake = before.again();
        let mut killed_run = run(lake, &[]).spawn().unwrap();
        std::thread::sleep(Duration::from_micros(dice.below(whole) as u64));
        killed_run.kill().unwrap();
        killed += usize::from(killed_run.wait().unwrap().code().is_none());
        old_or_new_and_mended(lake, &format!("moment {number}"), &before.old, &before.new);
    }
    assert!(killed >= 100, "only {killed} runs were still running");
    println!("{killed} of 200 runs were killed");
}
