//! SIGKILL, which no program can prepare for while it happens.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use polars::prelude::*;
use rapport::config::OutputFormat;
use rapport::context::{Interruption, Output, Progress, RunContext};
use rapport::error::Result;
use rapport::publish::{Partition, replace, runs_table};
use rapport::storage::Storage;
use rapport::table::{Table, conform};

use crate::support::small_lake::*;

#[test]
fn a_run_killed_at_any_step_leaves_old_or_new_and_the_next_run_mends_it() {
    let lake = SmallLake::new();
    let old = lake.published(&["--set", "consent=false"]);
    let kept = lake.root().with_file_name("old");
    fs::rename(lake.output(), &kept).unwrap();
    let new = lake.published(&[]);
    assert!(old.keys().eq(new.keys()) && old.values().zip(new.values()).all(|(old, new)| old != new));

    for line in [
        r#""phase":"reading the lake""#,
        r#""phase":"computing and publishing""#,
        r#""table":"account_kpis""#,
        r#""table":"daily_activity""#,
        r#""table":"interactions""#,
    ] {
        fs::remove_dir_all(lake.output()).unwrap();
        copy(&kept, &lake.output());
        let mut run =
            lake.command("run", &["--as-of", AS_OF, "--log-format", "json"]).stderr(Stdio::piped()).spawn().unwrap();
        let log = BufReader::new(run.stderr.take().unwrap());
        assert!(log.lines().any(|said| said.unwrap().contains(line)), "nothing says {line}");
        run.kill().unwrap();
        run.wait().unwrap();

        let left = published_in(&lake.output());
        assert!(left.keys().eq(old.keys()), "{line}: {:?}", left.keys());
        for (path, bytes) in &left {
            assert!(*bytes == old[path] || *bytes == new[path], "{line}: {path} is neither old nor new");
        }
        assert!(lake.published(&[]) == new, "{line}");
        assert_eq!(hidden(&lake.output()), [""; 0], "{line}");
    }
}

pub fn copy(from: &Path, to: &Path) {
    for (name, bytes) in files_below(from) {
        let path = to.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

pub fn hidden(output: &Path) -> Vec<String> {
    let is_hidden = |path: &String| path.split('/').any(|part| part.starts_with(['.', '_']));
    files_below(output).into_keys().filter(is_hidden).collect()
}

/// Where the process below is told to write, and after which chunk to wait for its end.
const OUTPUT: &str = "RAPPORT_TEST_OUTPUT";
const CHUNKS: &str = "RAPPORT_TEST_CHUNKS";

fn table() -> Table {
    let mut table = runs_table();
    table.columns.retain(|column| ["run_id", "rows_read"].contains(&column.name));
    table
}

/// Chunks of more rows than a row group holds, so that bytes reach the file before the last one.
pub fn chunk(number: i64) -> Result<DataFrame> {
    let rows = number * 600_000..(number + 1) * 600_000;
    // Hard to compress, so that the file grows beyond the writer's buffer.
    let noise = |row: i64| (row as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let ids: Vec<String> = rows.clone().map(|row| format!("{row:08}{:016x}", noise(row))).collect();
    let frame = df!("run_id" => ids, "rows_read" => rows.collect::<Vec<_>>()).unwrap();
    Ok(conform(frame.lazy(), &table()).collect().unwrap())
}

pub fn publish(output: &Path, chunks: impl Iterator<Item = Result<DataFrame>> + Send) -> Result<Vec<u8>> {
    let interruption = Interruption::default();
    let run_id = format!("20260401T003000Z-{:08x}", std::process::id());
    let storage =
        Output { storage: Storage::Local(output.to_path_buf()), format: OutputFormat::Parquet, file_mode: None };
    let context = RunContext {
        run_id,
        now: chrono::Utc::now().with_timezone(&chrono_tz::UTC),
        output: &storage,
        progress: &|_: Progress<'_>| {},
        interruption: &interruption,
    };
    let partition = Partition::as_of(AS_OF.parse().unwrap());
    replace(&context, &table(), &partition, chunks, &[]).map(|published| fs::read(published.path).unwrap())
}

#[test]
#[ignore = "started by other tests, to be killed"]
fn publisher() {
    let Ok(output) = std::env::var(OUTPUT) else { return };
    let last: i64 = std::env::var(CHUNKS).unwrap().parse().unwrap();
    let chunks = (0..=last).map(|number| {
        if number == last {
            println!("\nwaiting");
            std::thread::sleep(Duration::from_secs(60));
        }
        chunk(number)
    });
    publish(Path::new(&output), chunks).unwrap();
}

/// A process that has published so many chunks and waits before the next.
pub fn waiting_publisher(output: &Path, chunks: u32) -> Child {
    let mut publisher = Command::new(std::env::current_exe().unwrap());
    publisher.args(["--exact", "publish::interruption::kills::publisher", "--ignored", "--nocapture"]);
    publisher.env(OUTPUT, output).env(CHUNKS, chunks.to_string()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = publisher.spawn().unwrap();
    let said = BufReader::new(child.stdout.as_mut().unwrap().by_ref());
    assert!(said.lines().any(|line| line.unwrap() == "waiting"));
    child
}

/// The length of the file that is being written in a folder.
fn temporary_bytes(folder: &Path) -> Option<u64> {
    let temporary = hidden(folder).into_iter().find(|name| name.ends_with(".tmp"))?;
    fs::metadata(folder.join(temporary)).ok().map(|file| file.len())
}

fn until(condition: impl Fn() -> bool) {
    let patience = Instant::now() + Duration::from_secs(60);
    while !condition() {
        assert!(Instant::now() < patience, "waited in vain");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_publisher_killed_amid_its_file_leaves_the_old_one_and_no_lock() {
    let output = tempfile::TempDir::new().unwrap();
    let folder = output.path().join(format!("runs/as_of_date={AS_OF}"));
    let undisturbed = publish(tempfile::TempDir::new().unwrap().path(), (0..2).map(chunk)).unwrap();
    let old = publish(output.path(), std::iter::once(chunk(7))).unwrap();
    // Four chunks hold row groups enough that some are written while the next chunk is awaited.
    for (chunks, written) in [(0, None), (1, Some(0)), (4, Some(1000))] {
        let mut publisher = waiting_publisher(output.path(), chunks);
        if let Some(bytes) = written {
            until(|| temporary_bytes(&folder).is_some_and(|length| length >= bytes));
        }
        publisher.kill().unwrap();
        publisher.wait().unwrap();
        assert_eq!(fs::read(folder.join("runs.parquet")).unwrap(), old);
        // Until its first chunk is there, a publisher touches nothing.
        let left = hidden(&folder);
        assert_eq!(left.is_empty(), written.is_none(), "{left:?}");
    }
    assert!(publish(output.path(), (0..2).map(chunk)).unwrap() == undisturbed);
    assert_eq!(hidden(&folder), [""; 0]);
}

#[test]
fn leftovers_of_killed_runs_go_with_the_next_run() {
    let lake = SmallLake::new();
    let clean = lake.published(&[]);
    for folder in ["runs".to_string(), format!("account_kpis/as_of_date={AS_OF}")] {
        for name in [".account_kpis.20260101T000000Z-dead.tmp", ".runs.20260101T000000Z-dead.tmp", ".lock"] {
            fs::write(lake.output().join(&folder).join(name), "half").unwrap();
        }
    }
    assert!(lake.published(&[]) == clean);
    assert_eq!(hidden(&lake.output()), [""; 0]);
}
