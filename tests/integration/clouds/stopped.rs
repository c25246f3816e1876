//! Servers that stand still for a while, with requests in hand that they carry out afterwards.

use std::process::Command;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use super::kills::Before;
use super::proxy::Fate;
use super::servers::WRITABLE;
use super::store::Store;
use crate::support::small_lake::*;

fn send(signal: &str, process: u32) {
    assert!(Command::new("kill").args([signal, &process.to_string()]).status().unwrap().success());
}

/// Runs while the server stands still from a write on, counted from 0, for a time.
fn stopped(before: &Before, server: u32, write: usize, time: Duration, more: &[&str]) {
    before.again();
    let (stopped, at_write) = mpsc::channel();
    before.proxy.begin(move |asked| {
        if asked.write == Some(write) {
            send("-STOP", server);
            let _ = stopped.send(());
        }
        Fate::Answered
    });
    let patience = ["--set", "request_timeout_seconds=3", "--set", "give_up_after_seconds=60"];
    let run = before.command(&[&patience, more].concat()).spawn().unwrap();
    let reached = at_write.recv_timeout(Duration::from_secs(60));
    let begun = Instant::now();
    std::thread::sleep(time);
    send("-CONT", server);
    reached.unwrap();
    let output = run.wait_with_output().unwrap();
    let what = format!("{:?}: write {write} for {time:?} {more:?}", before.store.cloud);
    assert_eq!(output.status.code(), Some(0), "{what}: {}", stderr(&output));
    println!("{what}: done after {:?}", begun.elapsed());
    if more.is_empty() {
        assert!(before.store.published("out") == before.new, "{what}");
    }
}

#[test]
fn a_write_that_gets_no_answer_for_8_or_20_seconds_is_sent_again() {
    std::thread::scope(|scope| {
        for cloud in WRITABLE {
            scope.spawn(move || {
                let Some((address, server)) = cloud.own_server(&format!("stopped-{cloud:?}")) else { return };
                let before = Before::new(Store::at(cloud, address, "stopped"));
                // A partition, the copy that is its current file, and the report.
                for write in [0, 1, 4] {
                    stopped(&before, server.id(), write, Duration::from_secs(8), &[]);
                }
                stopped(&before, server.id(), 0, Duration::from_secs(20), &[]);
                // A commit of a Delta table, after the file that it adds.
                let delta = ["--set", "format=\"delta\""];
                let before = Before { old: Default::default(), ..before };
                stopped(&before, server.id(), 1, Duration::from_secs(8), &delta);
                let commits = |path: &String| path.contains("_delta_log/") && path.ends_with(".json");
                let logs = before.store.files("out").into_keys().filter(commits).count();
                assert_eq!(logs, 2, "one commit for each table");
            });
        }
    });
}
