//! SIGINT and SIGTERM, and two runs at once.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::kills::{chunk, hidden, publish, waiting_publisher};
use crate::support::signals::heeding_all;
use crate::support::small_lake::*;

fn send(child: &Child, signal: &str) {
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status();
    assert!(sent.unwrap().success());
}

/// Starts a run, sends the signal once the log says the line, and returns exit code, time and log.
fn signalled(lake: &SmallLake, line: &str, signal: &str) -> (Option<i32>, Duration, String) {
    let mut run = lake.command("run", &["--as-of", AS_OF, "--log-format", "json"]);
    let mut run = heeding_all(&mut run).stderr(Stdio::piped()).spawn().unwrap();
    let mut log = BufReader::new(run.stderr.take().unwrap());
    let said = log.by_ref().lines().any(|said| said.unwrap().contains(line));
    assert!(said, "nothing says {line}");
    send(&run, signal);
    let start = Instant::now();
    let mut rest = String::new();
    log.read_to_string(&mut rest).unwrap();
    (run.wait().unwrap().code(), start.elapsed(), rest)
}

#[test]
fn a_run_told_to_stop_ends_soon_and_leaves_nothing_half_done() {
    let lake = SmallLake::new();
    let old = lake.published(&["--set", "consent=false"]);
    for (line, signal, code) in [
        (r#""phase":"reading the lake""#, "-TERM", 143),
        (r#""phase":"resolving people and interactions""#, "-INT", 130),
        (r#""table":"account_kpis""#, "-TERM", 143),
    ] {
        let (ended, took, rest) = signalled(&lake, line, signal);
        assert_eq!(ended, Some(code), "{line}: {rest}");
        assert!(took < Duration::from_secs(5), "{line}: {took:?}");
        assert!(rest.contains(&format!("\"exit_code\":{code}")) && rest.contains("stopped by signal"), "{rest}");
        assert_eq!(hidden(&lake.output()), [""; 0], "{line}");
    }
    let left = published_in(&lake.output());
    assert!(left.keys().eq(old.keys()));
    // What was replaced before the signal came through is whole; Parquet begins and ends with its mark.
    for (path, bytes) in left.iter().filter(|(path, bytes)| old[*path] != **bytes) {
        assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"), "{path}");
    }
}

#[test]
fn a_long_step_is_not_waited_for() {
    let lake = SmallLake::new();
    // Thousands of files keep the run reading for longer than it may take to end.
    let folder = lake.folder("activityparty");
    let part = lake.file("activityparty");
    for number in 1..6000 {
        fs::hard_link(&part, folder.join(format!("part-{number}.parquet"))).unwrap();
    }
    let (ended, took, rest) = signalled(&lake, r#""phase":"reading the lake""#, "-TERM");
    assert_eq!(ended, Some(143), "{rest}");
    assert!(took > Duration::from_secs(2) && took < Duration::from_secs(5), "{took:?}");
    assert!(!lake.output().exists());
}

#[test]
fn a_partition_that_another_run_publishes_is_busy() {
    let lake = SmallLake::new();
    let clean = lake.published(&[]);
    let folder = lake.output().join(format!("contact_kpis/as_of_date={AS_OF}"));
    let lock = fs::File::create(folder.join(".lock")).unwrap();
    lock.lock().unwrap();
    let output = lake.run(&[]);
    let message = stderr(&output);
    assert_eq!(output.status.code(), Some(76), "{message}");
    for part in ["table contact_kpis", &format!("as_of_date={AS_OF}"), "another run is publishing it", "run again"] {
        assert!(message.contains(part), "{part:?} is not in: {message}");
    }
    assert!(published_in(&lake.output()) == clean);
    drop(lock);
    assert!(lake.published(&[]) == clean);
}

#[test]
fn a_publisher_holds_its_partition_until_it_ends() {
    let output = tempfile::TempDir::new().unwrap();
    let mut publisher = waiting_publisher(output.path(), 1);
    let second = publish(output.path(), std::iter::once(chunk(0)));
    publisher.kill().unwrap();
    publisher.wait().unwrap();
    assert_eq!(second.unwrap_err().exit_code(), 76);
    publish(output.path(), std::iter::once(chunk(0))).unwrap();
}
