//! Publishing: the same bytes, whole or not at all, one publisher at a time.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use polars::prelude::*;
use rapport::config::OutputFormat;
use rapport::context::{Interruption, Output, Progress, RunContext};
use rapport::error::{Error, Result};
use rapport::publish::{Partition, PublishedTable, replace};
use rapport::storage::Storage;
use rapport::table::{Column, ColumnType, Table};
use tempfile::TempDir;

use crate::support::small_lake::{AS_OF, SmallLake, stderr};

fn table() -> Table {
    let column = |name, dtype| Column::new(name, dtype, "", "", "", "", "");
    Table {
        defined_in: file!(),
        name: "account_kpis",
        version: 1,
        grain: "account",
        description: "",
        key: &["account_id"],
        columns: vec![
            column("account_id", ColumnType::Text),
            column("emails_sent", ColumnType::Int64),
            column("first_interaction_at", ColumnType::Timestamp),
        ],
    }
}

fn rows(ids: std::ops::Range<i64>) -> DataFrame {
    let names: Vec<String> = ids.clone().map(|id| format!("{id:08}")).collect();
    let at = polars::prelude::Column::new("first_interaction_at".into(), ids.clone().collect::<Vec<_>>());
    let at = at.cast(&ColumnType::Timestamp.to_polars()).unwrap();
    let mut frame = df!("account_id" => names, "emails_sent" => ids.collect::<Vec<_>>()).unwrap();
    frame.with_column(at).unwrap();
    frame
}

fn publish(output: &Path, frames: Vec<Result<DataFrame>>) -> Result<PublishedTable> {
    publish_with(output, frames, &Interruption::default())
}

fn publish_with(output: &Path, frames: Vec<Result<DataFrame>>, interruption: &Interruption) -> Result<PublishedTable> {
    publish_day(output, "2026-03-31", frames, interruption)
}

fn publish_day(
    output: &Path,
    day: &str,
    frames: Vec<Result<DataFrame>>,
    interruption: &Interruption,
) -> Result<PublishedTable> {
    let run_id = "20260401T003000Z-00000001".to_string();
    let output =
        Output { storage: Storage::Local(output.to_path_buf()), format: OutputFormat::Parquet, file_mode: None };
    let context = RunContext {
        run_id,
        now: chrono::Utc::now().with_timezone(&chrono_tz::UTC),
        output: &output,
        progress: &|_: Progress<'_>| {},
        interruption,
    };
    let metadata = [("rapport.config_hash".to_string(), "abc".to_string())];
    replace(&context, &table(), &Partition::as_of(day.parse().unwrap()), frames.into_iter(), &metadata)
}

fn broken() -> Result<DataFrame> {
    Err(Error::Checks { message: "broken".to_string() })
}

fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn folder(output: &Path) -> PathBuf {
    output.join("account_kpis/as_of_date=2026-03-31")
}

#[test]
fn a_partition_is_one_file_with_its_metadata() {
    let output = TempDir::new().unwrap();
    let published = publish(output.path(), vec![Ok(rows(0..3)), Ok(rows(3..5))]).unwrap();
    assert_eq!(Path::new(&published.path), folder(output.path()).join("account_kpis.parquet"));
    assert_eq!(files(&folder(output.path())), ["account_kpis.parquet"]);
    assert_eq!((published.rows, published.bytes), (5, fs::metadata(&published.path).unwrap().len()));

    let mut reader = ParquetReader::new(fs::File::open(&published.path).unwrap());
    let metadata = reader.get_metadata().unwrap().key_value_metadata().clone().unwrap();
    assert!(metadata.iter().any(|pair| pair.key == "rapport.config_hash" && pair.value.as_deref() == Some("abc")));
    assert_eq!(metadata.iter().filter(|pair| pair.key == "ARROW:schema").count(), 1);
    let frame = reader.finish().unwrap();
    let day = frame.column("as_of").unwrap();
    assert_eq!(day.get(0).unwrap().to_string(), "2026-03-31");
    assert_eq!((day.n_unique().unwrap(), frame.drop("as_of").unwrap()), (1, rows(0..5)));
}

#[test]
fn one_stable_name_leads_to_the_newest_partition() {
    let output = TempDir::new().unwrap();
    let current = || fs::read(output.path().join("current/account_kpis.parquet")).unwrap();
    let publish = |day: &str, count: i64| {
        let published = publish_day(output.path(), day, vec![Ok(rows(0..count))], &Interruption::default());
        fs::read(published.unwrap().path).unwrap()
    };
    let march = publish("2026-03-31", 3);
    assert_eq!(current(), march);
    publish("2026-02-28", 4);
    assert_eq!(current(), march);
    // A folder of a day without its file is one that a run has only begun.
    fs::create_dir_all(output.path().join("account_kpis/as_of_date=2026-05-01")).unwrap();
    let april = publish("2026-04-01", 5);
    assert_eq!(current(), april);
    let again = publish("2026-04-01", 6);
    assert_eq!(current(), again);
    assert_eq!(files(&output.path().join("current")), ["account_kpis.parquet"]);
}

#[test]
fn bytes_do_not_depend_on_the_chunks() {
    let output = TempDir::new().unwrap();
    let bytes = |cuts: &[i64]| {
        let frames = cuts.windows(2).map(|cut| Ok(rows(cut[0]..cut[1]))).collect();
        fs::read(publish(output.path(), frames).unwrap().path).unwrap()
    };
    let whole = bytes(&[0, 700_000]);
    assert_eq!(bytes(&[0, 1, 499_999, 500_001, 700_000]), whole);
    assert_eq!(bytes(&[0, 500_000, 500_000, 700_000]), whole);
}

#[test]
fn an_empty_table_has_a_file_with_its_schema() {
    let output = TempDir::new().unwrap();
    for frames in [vec![], vec![Ok(rows(0..0))]] {
        let published = publish(output.path(), frames).unwrap();
        let frame = ParquetReader::new(fs::File::open(&published.path).unwrap()).finish().unwrap();
        assert_eq!((published.rows, frame.height()), (0, 0));
        assert_eq!(**frame.schema(), table().dated().schema());
    }
}

#[test]
fn a_failure_leaves_the_old_partition_as_it_was() {
    let output = TempDir::new().unwrap();
    let path = publish(output.path(), vec![Ok(rows(0..3))]).unwrap().path;
    let old = fs::read(&path).unwrap();
    for frames in [
        vec![Ok(rows(0..2)), broken()],
        vec![broken()],
        vec![Ok(rows(0..2)), Ok(rows(1..3))],
        vec![df!("account_id" => ["a"]).map_err(Error::engine("test"))],
    ] {
        assert_eq!(publish(output.path(), frames).unwrap_err().exit_code(), 1);
        assert_eq!(files(&folder(output.path())), ["account_kpis.parquet"]);
        assert_eq!(fs::read(&path).unwrap(), old);
    }
}

#[test]
fn a_computation_that_fails_at_once_leaves_no_trace() {
    let output = TempDir::new().unwrap();
    assert!(publish(output.path(), vec![broken()]).is_err());
    assert!(files(output.path()).is_empty());
}

#[test]
fn leftovers_of_killed_runs_and_foreign_data_files_go() {
    let output = TempDir::new().unwrap();
    let folder = folder(output.path());
    fs::create_dir_all(&folder).unwrap();
    for name in [".account_kpis.20260101T000000Z-dead.tmp", ".lock", "part-0.parquet", "_SUCCESS"] {
        fs::write(folder.join(name), "x").unwrap();
    }
    publish(output.path(), vec![Ok(rows(0..3))]).unwrap();
    assert_eq!(files(&folder), ["_SUCCESS", "account_kpis.parquet"]);
}

#[test]
fn a_partition_being_published_is_busy() {
    let output = TempDir::new().unwrap();
    let folder = folder(output.path());
    fs::create_dir_all(&folder).unwrap();
    let other = fs::File::create(folder.join(".lock")).unwrap();
    other.lock().unwrap();
    let error = publish(output.path(), vec![Ok(rows(0..3))]).unwrap_err();
    assert_eq!(error.exit_code(), 76);
    assert!(error.to_string().contains("account_kpis") && error.to_string().contains("as_of_date=2026-03-31"));
    assert_eq!(files(&folder), [".lock"]);
    drop(other);
    publish(output.path(), vec![Ok(rows(0..3))]).unwrap();
}

#[test]
fn of_many_publishers_at_once_every_one_publishes_or_is_busy() {
    let output = TempDir::new().unwrap();
    let publish_often = |rows_of_mine: i64| {
        for _ in 0..20 {
            if let Err(error) = publish(output.path(), vec![Ok(rows(0..rows_of_mine))]) {
                assert_eq!(error.exit_code(), 76, "{error}");
            }
        }
    };
    std::thread::scope(|scope| {
        for rows_of_mine in 1..=8 {
            let publish_often = &publish_often;
            scope.spawn(move || publish_often(rows_of_mine));
        }
    });
    assert_eq!(files(&folder(output.path())), ["account_kpis.parquet"]);
}

#[test]
fn an_interrupted_publication_leaves_nothing() {
    let output = TempDir::new().unwrap();
    let interruption = Interruption::default();
    interruption.raise(15);
    let error = publish_with(output.path(), vec![Ok(rows(0..3))], &interruption).unwrap_err();
    assert_eq!(error.exit_code(), 143);
    assert!(files(&folder(output.path())).is_empty());
}

#[test]
fn an_output_that_cannot_be_written_is_a_mistake_in_the_configuration() {
    let output = TempDir::new().unwrap();
    fs::write(output.path().join("account_kpis"), "a file").unwrap();
    assert_eq!(publish(output.path(), vec![Ok(rows(0..3))]).unwrap_err().exit_code(), 2);
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_file_is_its_owners_alone_until_it_is_complete() {
    let output = TempDir::new().unwrap();
    let interruption = Interruption::default();
    for (file_mode, published) in [(Some(0o640), 0o640), (None, mode_of_new_files(output.path()))] {
        let storage = Storage::Local(output.path().to_path_buf());
        let place = Output { storage, format: OutputFormat::Parquet, file_mode };
        let context = RunContext {
            run_id: "20260401T003000Z-00000001".to_string(),
            now: chrono::Utc::now().with_timezone(&chrono_tz::UTC),
            output: &place,
            progress: &|_: Progress<'_>| {},
            interruption: &interruption,
        };
        let frames = (0..3).map(|number| {
            if number > 0 {
                let hidden = files(&folder(output.path())).into_iter().find(|name| name.ends_with(".tmp")).unwrap();
                assert_eq!(mode(&folder(output.path()).join(hidden)), 0o600);
            }
            Ok(rows(number * 10..number * 10 + 10))
        });
        let done = replace(&context, &table(), &Partition::as_of("2026-03-31".parse().unwrap()), frames, &[]);
        assert_eq!(mode(Path::new(&done.unwrap().path)), published);
        assert_eq!(mode(&output.path().join("current/account_kpis.parquet")), published);
    }
}

fn mode_of_new_files(folder: &Path) -> u32 {
    fs::write(folder.join("new"), "").unwrap();
    mode(&folder.join("new"))
}

/// Somebody who may write to the output put links where hidden files may come to lie.
#[test]
fn a_lock_that_is_a_link_is_not_followed() {
    let output = TempDir::new().unwrap();
    fs::create_dir_all(folder(output.path())).unwrap();
    let elsewhere = output.path().join("elsewhere");
    std::os::unix::fs::symlink(&elsewhere, folder(output.path()).join(".lock")).unwrap();
    assert!(publish(output.path(), vec![Ok(rows(0..1))]).is_err());
    assert!(!elsewhere.exists());
}

#[test]
fn published_files_have_the_mode_that_is_set_or_that_of_the_umask() {
    let lake = SmallLake::new();
    let runs = [
        ("027", "umask", "parquet", 0o640, 0o750),
        ("077", "0644", "parquet", 0o644, 0o755),
        ("000", "0600", "parquet", 0o600, 0o700),
        ("077", "0640", "delta", 0o640, 0o750),
    ];
    for (umask, set, format, file, folder) in runs {
        let set = format!("file_mode={set:?}");
        let run = lake.command("run", &["--as-of", AS_OF, "--set", &set, "--set", &format!("format={format:?}")]);
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(format!("umask {umask}; exec \"$0\" \"$@\"")).arg(run.get_program()).args(run.get_args());
        let output = shell.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let mut folders = vec![lake.output()];
        while let Some(path) = folders.pop() {
            assert_eq!(mode(&path), folder, "{umask} {set}: {}", path.display());
            for entry in fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()) {
                if entry.is_dir() {
                    folders.push(entry);
                } else {
                    assert_eq!(mode(&entry), file, "{umask} {set}: {}", entry.display());
                }
            }
        }
        fs::remove_dir_all(lake.output()).unwrap();
    }
    for wrong in ["0755", "0244", "640x", "rw-r--r--"] {
        let output = lake.run(&["--set", &format!("file_mode={wrong:?}")]);
        assert_eq!(output.status.code(), Some(2), "{wrong}: {}", stderr(&output));
    }
}
