//! Every run leaves its row in `runs`, also one that fails, is stopped or is killed; but it makes no output for it.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use polars::prelude::*;

use crate::clouds::servers::WRITABLE;
use crate::clouds::store::Store;
use crate::support::small_lake::*;

type Row = BTreeMap<String, String>;

/// Every row of `runs`, in the order of starts.
pub fn rows(output: &Path) -> Vec<Row> {
    let Ok(folder) = fs::read_dir(output.join("runs")) else { return Vec::new() };
    let mut files: Vec<_> = folder.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "parquet"));
    let mut rows: Vec<Row> = files.iter().map(|path| row(read_parquet(path))).collect();
    rows.sort_by(|one, other| one["started_at"].cmp(&other["started_at"]));
    rows
}

fn row(frame: DataFrame) -> Row {
    assert_eq!(frame.height(), 1);
    let cell = |column: &Column| (column.name().to_string(), column.get(0).unwrap().str_value().into_owned());
    frame.columns().iter().map(cell).collect()
}

#[track_caller]
fn says(row: &Row, status: &str, code: i32, class: &str, error: &str) {
    assert_eq!((row["status"].as_str(), row["exit_code"].as_str()), (status, code.to_string().as_str()), "{row:?}");
    assert_eq!(row["error_class"], class, "{row:?}");
    assert!(row["error"].contains(error), "{row:?}");
    assert!(row["started_at"] <= row["finished_at"] && row["job"] == "relationship_kpis", "{row:?}");
}

fn ended(output: &Output, code: i32) {
    assert_eq!(output.status.code(), Some(code), "{}", stderr(output));
}

#[test]
fn a_run_that_fails_leaves_its_row_where_the_output_is_there() {
    for format in ["parquet", "delta"] {
        let lake = SmallLake::new();
        let format = ["--set".to_string(), format!("format=\"{format}\"")];
        let set: Vec<&str> = format.iter().map(String::as_str).collect();
        lake.published(&set);
        let first = rows(&lake.output());
        assert_eq!(first.len(), 1);
        says(&first[0], "done", 0, "null", "null");
        ended(&lake.run(&[&set[..], &["--set", "control=nope"]].concat()), 2);
        let partition = lake.output().join(format!("contact_kpis/as_of_date={AS_OF}"));
        let lock = fs::File::create(partition.join(".lock")).unwrap();
        lock.lock().unwrap();
        let busy = lake.run(&set).status.code();
        drop(lock);
        lake.write_text("email", "part-1.parquet", "no Parquet");
        ended(&lake.run(&set), 3);
        let mut told = rows(&lake.output()).into_iter();
        let [_, missing] = [told.next().unwrap(), told.next().unwrap()];
        says(&missing, "failed", 2, "configuration", "input.control");
        if busy == Some(76) {
            says(&told.next().unwrap(), "failed", 76, "busy", "contact_kpis");
        } else {
            told.next();
        }
        let broken = told.next().unwrap();
        says(&broken, "failed", 3, "input", "part-1.parquet");
        assert_eq!((broken["rows_out"].as_str(), broken["tables_json"].as_str()), ("0", "{}"));
        assert!(told.next().is_none());
    }
}

#[test]
fn a_run_that_fails_makes_no_output() {
    let lake = SmallLake::new();
    lake.write_text("email", "part-1.parquet", "no Parquet");
    lake.refused(3, &["part-1.parquet"]);
    // Nor does it write among the tables of the lake, where the next run would read it.
    let inside = lake.folder("email").display().to_string();
    let before = files_below(&lake.root());
    let run = [["--output", inside.as_str()], ["--as-of", AS_OF]].concat();
    let mut rapport = Command::new(env!("CARGO_BIN_EXE_rapport"));
    rapport.current_dir(env!("CARGO_MANIFEST_DIR")).args(["run", "relationship_kpis"]).args(run);
    ended(&rapport.arg("--input").arg(lake.root()).output().unwrap(), 2);
    assert!(files_below(&lake.root()).keys().eq(before.keys()));
}

#[test]
fn a_row_that_cannot_be_written_changes_no_exit_code() {
    let lake = SmallLake::new();
    lake.write_text("email", "part-1.parquet", "no Parquet");
    fs::create_dir(lake.output()).unwrap();
    fs::write(lake.output().join("runs"), "a file").unwrap();
    let run = lake.run(&[]);
    ended(&run, 3);
    assert!(stderr(&run).contains("the run's row in table runs could not be written: "), "{}", stderr(&run));
    assert!(stderr(&run).contains("part-1.parquet"), "{}", stderr(&run));
}

/// Stopped between two steps, and amid one that takes longer than is waited for.
#[test]
fn a_run_that_is_stopped_leaves_its_row() {
    for files in [1, 6000] {
        let lake = SmallLake::new();
        fs::create_dir(lake.output()).unwrap();
        let (folder, part) = (lake.folder("activityparty"), lake.file("activityparty"));
        for number in 1..files {
            fs::hard_link(&part, folder.join(format!("part-{number}.parquet"))).unwrap();
        }
        let mut run = lake.command("run", &["--as-of", AS_OF, "--log-format", "json"]);
        let mut run = run.stderr(Stdio::piped()).spawn().unwrap();
        let mut log = BufReader::new(run.stderr.take().unwrap());
        assert!(log.by_ref().lines().any(|line| line.unwrap().contains("\"reading the lake\"")));
        assert!(Command::new("kill").args(["-TERM", &run.id().to_string()]).status().unwrap().success());
        let mut rest = String::new();
        log.read_to_string(&mut rest).unwrap();
        assert_eq!(run.wait().unwrap().code(), Some(143), "{rest}");
        let told = rows(&lake.output());
        assert_eq!(told.len(), 1, "{files} files: {rest}");
        says(&told[0], "interrupted", 143, "interrupted", "stopped by signal 15");
        assert_eq!(crate::publish::interruption::kills::hidden(&lake.output()), [""; 0]);
    }
}

/// A run of the job that has begun to read the lake.
fn reading(lake: &SmallLake) -> Child {
    let mut run =
        lake.command("run", &["--as-of", AS_OF, "--log-format", "json"]).stderr(Stdio::piped()).spawn().unwrap();
    let mut log = BufReader::new(run.stderr.take().unwrap());
    assert!(log.by_ref().lines().any(|line| line.unwrap().contains("\"reading the lake\"")));
    // Whoever writes to a pipe that nobody reads ends.
    std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
    run
}

/// The out-of-memory killer and `kill -9` leave a program no time to write anything.
#[test]
fn a_run_that_is_killed_gets_its_row_from_the_next_one() {
    let lake = SmallLake::new();
    fs::create_dir(lake.output()).unwrap();
    for before in 0..2 {
        let mut run = reading(&lake);
        run.kill().unwrap();
        assert_eq!(run.wait().unwrap().code(), None);
        // The second one has found the first.
        assert_eq!(rows(&lake.output()).len(), before);
    }
    let next = lake.command_of("run", "who_knows_whom", &["--as-of", AS_OF]).output().unwrap();
    ended(&next, 0);
    assert_eq!(stderr(&next).matches("ended without a word; its row in table runs says killed").count(), 1);
    let told = rows(&lake.output());
    assert_eq!(told.len(), 3, "{told:?}");
    told[..2].iter().for_each(says_killed);
    assert!(told[2]["warnings_json"].contains(&format!("run {} of job", told[1]["run_id"])), "{told:?}");
    assert_eq!((told[2]["job"].as_str(), told[2]["status"].as_str()), ("who_knows_whom", "done"));
    // Nobody tells it again.
    let again = lake.run(&[]);
    assert!(!stderr(&again).contains("without a word"), "{}", stderr(&again));
    assert_eq!(rows(&lake.output()).len(), 4);
    assert_eq!(crate::publish::interruption::kills::hidden(&lake.output()), [""; 0]);
}

#[track_caller]
fn says_killed(row: &Row) {
    let is = |column: &str, value: &str| assert_eq!(row[column], value, "{column} of {row:?}");
    for (column, value) in [("job", "relationship_kpis"), ("status", "killed"), ("error_class", "killed")] {
        is(column, value);
    }
    for column in ["from_date", "as_of_date"] {
        is(column, AS_OF);
    }
    for unknown in ["finished_at", "duration_seconds", "rows_read", "rows_out", "tables_json", "exit_code"] {
        is(unknown, "null");
    }
    assert!(row["started_at"].starts_with("20") && row["config_hash"].len() == 16, "{row:?}");
}

/// Also one that stands still for longer than another takes.
#[test]
fn a_run_that_lives_is_taken_for_killed_by_nobody() {
    let lake = SmallLake::new();
    fs::create_dir(lake.output()).unwrap();
    let mut slow = reading(&lake);
    let signal = |name: &str| Command::new("kill").args([name, &slow.id().to_string()]).status().unwrap().success();
    assert!(signal("-STOP"));
    let other = lake.command_of("run", "who_knows_whom", &["--as-of", AS_OF]).output().unwrap();
    ended(&other, 0);
    assert_eq!(rows(&lake.output()).len(), 1, "{}", stderr(&other));
    assert!(signal("-CONT"));
    assert_eq!(slow.wait().unwrap().code(), Some(0));
    let told = rows(&lake.output());
    assert_eq!(told.iter().map(|row| row["status"].as_str()).collect::<Vec<_>>(), ["done", "done"]);
    assert_eq!(crate::publish::interruption::kills::hidden(&lake.output()), [""; 0]);
}

#[test]
fn runs_that_fail_at_once_tear_no_row() {
    let lake = SmallLake::new();
    lake.write_text("email", "part-1.parquet", "no Parquet");
    fs::create_dir(lake.output()).unwrap();
    let start =
        |_| lake.command("run", &["--as-of", AS_OF]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let runs: Vec<_> = (0..12).map(start).collect();
    for mut run in runs {
        assert_eq!(run.wait().unwrap().code(), Some(3));
    }
    let told = rows(&lake.output());
    let ids: std::collections::BTreeSet<&str> = told.iter().map(|row| row["run_id"].as_str()).collect();
    assert_eq!((told.len(), ids.len()), (12, 12));
    told.iter().for_each(|row| says(row, "failed", 3, "input", "part-1.parquet"));
    assert_eq!(crate::publish::interruption::kills::hidden(&lake.output()), [""; 0]);
}

#[test]
fn in_a_store_it_is_the_same() {
    for cloud in WRITABLE {
        let Some(store) = Store::new(cloud, "run-rows") else { continue };
        let lake = SmallLake::new();
        store.upload(&lake.root(), "lake");
        let job = "relationship_kpis";
        let reports = || -> Vec<Row> {
            let mut files = store.files("out");
            files.retain(|path, _| path.starts_with("runs/"));
            let read = |bytes| row(ParquetReader::new(std::io::Cursor::new(bytes)).finish().unwrap());
            files.into_values().map(read).collect()
        };
        let missing = ["--set", "dataverse=\"nowhere\""];
        ended(&store.command(store.address, job, &missing).output().unwrap(), 3);
        assert!(store.files("out").is_empty(), "{cloud:?}");
        store.run(job, &[]);
        ended(&store.command(store.address, job, &missing).output().unwrap(), 3);
        let told = reports();
        assert_eq!(told.len(), 2, "{cloud:?}");
        let failed = told.iter().find(|row| row["status"] != "done").unwrap();
        says(failed, "failed", 3, "input", "/nowhere");
        // A store that does not answer costs the run its row, not its code.
        let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let soon = ["--set", "give_up_after_seconds=1", "--set", "request_timeout_seconds=1"];
        let run = store.command(nobody, job, &soon).output().unwrap();
        ended(&run, 75);
        assert!(stderr(&run).contains("could not be written"), "{}", stderr(&run));
        assert_eq!(reports().len(), 2, "{cloud:?}");
    }
}
