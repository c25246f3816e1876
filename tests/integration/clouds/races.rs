//! Two runs on one partition of a store at once.

use std::collections::BTreeMap;
use std::process::Output;
use std::sync::mpsc;
use std::time::Duration;

use super::kills::{Before, JOB, TABLES};
use super::proxy::Fate;
use super::servers::WRITABLE;
use super::store::Store;
use crate::support::small_lake::*;

/// Settings that differ in nothing but what every file says about them.
const ALSO: [&str; 2] = ["--set", "freshness_hours=47"];

/// Holds a run before its first write, lets another one finish, and returns how the first one ends.
fn overtaken(before: &Before, by: &[&str]) -> Output {
    let (reached, at_write) = mpsc::channel();
    let (go_on, wait) = mpsc::channel();
    before.proxy.begin(move |asked| {
        if asked.write == Some(0) {
            reached.send(()).unwrap();
            let _ = wait.recv_timeout(Duration::from_secs(60));
        }
        Fate::Answered
    });
    let first = before.command(&[]).spawn().unwrap();
    at_write.recv_timeout(Duration::from_secs(60)).unwrap();
    before.store.run(JOB, &[&TABLES, by].concat());
    go_on.send(()).unwrap();
    first.wait_with_output().unwrap()
}

#[test]
fn a_run_that_was_overtaken_gives_way_or_has_nothing_else_to_say() {
    for cloud in WRITABLE {
        let Some(store) = Store::new(cloud, "races") else { continue };
        let before = Before::new(store);
        before.store.clear("out");
        before.store.run(JOB, &[&TABLES[..], &ALSO].concat());
        let others = before.store.published("out");
        for (what, there) in [("nothing", &BTreeMap::new()), ("old results", &before.old)] {
            let what = format!("{cloud:?} over {what}");
            before.store.reset("out", there);
            let output = overtaken(&before, &ALSO);
            let message = stderr(&output);
            assert_eq!(output.status.code(), Some(76), "{what}: {message}");
            assert!(message.contains("connections") && message.contains("as_of_date=2026-03-31"), "{message}");
            assert!(before.store.published("out") == others, "{what}: the second one's results are not whole");
        }
        before.again();
        let output = overtaken(&before, &[]);
        assert_eq!(output.status.code(), Some(0), "{cloud:?}: {}", stderr(&output));
        assert!(before.store.published("out") == before.new, "{cloud:?}: equal runs");
    }
}

/// A partition may be replaced while a slower run still copies it.
#[test]
fn the_current_file_is_that_of_the_partition_after_every_one_of_sixteen_waves() {
    std::thread::scope(|scope| {
        for cloud in WRITABLE {
            let Some(store) = Store::new(cloud, "waves") else { continue };
            scope.spawn(move || {
                let before = Before::new(store);
                let mut both = 0;
                for wave in 0..16 {
                    let settings = [&["--set", "freshness_hours=46"][..], &ALSO, &[]];
                    let runs = [settings[wave % 3], settings[(wave + 1) % 3]];
                    let runs = runs.map(|settings| before.command(settings).spawn().unwrap());
                    let ended = runs.map(|run| run.wait_with_output().unwrap());
                    let codes = ended.each_ref().map(|output| output.status.code().unwrap());
                    assert!(codes.iter().all(|code| [0, 76].contains(code)), "{codes:?} {}", stderr(&ended[0]));
                    both += usize::from(codes == [0, 0]);
                    let published = before.store.published("out");
                    for table in ["connections", "who_knows_whom"] {
                        let partition = &published[&format!("{table}/as_of_date={AS_OF}/{table}.parquet")];
                        let current = &published[&format!("current/{table}.parquet")];
                        assert!(partition == current, "{cloud:?}, wave {wave}: current/{table} stays behind");
                    }
                }
                println!("{cloud:?}: in {both} of 16 waves both runs published");
            });
        }
    });
}

#[test]
fn of_runs_that_start_together_one_wins_each_table() {
    for cloud in WRITABLE {
        let Some(store) = Store::new(cloud, "together") else { continue };
        let before = Before::new(store);
        before.store.run(JOB, &[&TABLES[..], &ALSO].concat());
        let others = before.store.published("out");
        for there in [&BTreeMap::new(), &before.old] {
            before.store.reset("out", there);
            let runs = [&ALSO[..], &[], &ALSO].map(|settings| before.command(settings).spawn().unwrap());
            let ended = runs.map(|run| run.wait_with_output().unwrap());
            let codes = ended.each_ref().map(|output| output.status.code().unwrap());
            assert!(codes.iter().all(|code| [0, 76].contains(code)), "{codes:?} {}", stderr(&ended[0]));
            assert!(codes.contains(&0), "{cloud:?}: nobody has published: {codes:?}");
            for (path, bytes) in before.store.published("out") {
                let whose = [&before.new, &others].map(|files| files[&path] == bytes);
                assert!(whose.contains(&true), "{cloud:?}: {path} is nobody's");
            }
        }
        before.mended(&format!("{cloud:?}"));
    }
}
