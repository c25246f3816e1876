//! What cannot be rewritten or read is said, and does not keep the rest from being done.

use std::collections::BTreeMap;
use std::fs::{self, File};

use polars::prelude::*;

use crate::support::small_lake::{files_below, guid, read_parquet, stderr, write_parquet};

use super::support::*;

#[test]
fn nobody_erased_is_no_failure_and_writes_nothing() {
    let lake = published();
    let before = files_below(&lake.output());
    let output = rapport(&lake, "forget", &["--apply"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(stderr(&output).contains("names nobody"), "{}", stderr(&output));
    erase(&lake, &[("contact", &guid(99)), ("address", "nobody@kund.example")]);
    well(&lake, "forget", &["--apply"]);
    assert_eq!(files_below(&lake.output()), before);
}

#[test]
fn what_cannot_be_rewritten_is_said_and_does_not_keep_the_rest() {
    let lake = published();
    erase(&lake, &[("contact", &guid(11))]);
    // A column of a version to come.
    let path = lake.output().join("daily_activity/as_of_date=2026-03-30/daily_activity.parquet");
    let mut frame = read_parquet(&path);
    frame.with_column(Column::new("nickname".into(), vec!["Calle"; frame.height()])).unwrap();
    write_parquet(&path, &frame);
    let output = rapport(&lake, "forget", &["--apply"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stderr(&output).contains("column nickname is not known to this version"), "{}", stderr(&output));
    let left = holding(&lake, &[&guid(11)]);
    assert_eq!(left.into_keys().collect::<Vec<_>>(), ["daily_activity/as_of_date=2026-03-30/daily_activity.parquet"]);

    // Another run holds the partition: what teaches others is kept for the next time.
    let lake = published();
    erase(&lake, &[("contact", &guid(11))]);
    let folder = lake.output().join("opportunity_kpis/as_of_date=2026-03-30");
    let lock = File::create(folder.join(".lock")).unwrap();
    lock.lock().unwrap();
    let output = rapport(&lake, "forget", &["--apply"]);
    assert_eq!(output.status.code(), Some(76), "{}", stderr(&output));
    drop(lock);
    fs::remove_file(folder.join(".lock")).unwrap();
    well(&lake, "forget", &["--apply"]);
    assert_eq!(holding(&lake, &["Carl Kund", "Kund, Carl", &guid(11)]), BTreeMap::new());
}

/// A file that cannot be rewritten is mended and forgotten in later, with what it needs of the others.
#[test]
fn what_was_refused_once_ends_where_all_would_have_ended() {
    let undisturbed = published();
    erase(&undisturbed, &[("contact", &guid(11))]);
    well(&undisturbed, "forget", &["--apply"]);
    let undisturbed = files_below(&undisturbed.output());
    for table in ["interactions", "interaction_records", "contact_kpis"] {
        let lake = published();
        erase(&lake, &[("contact", &guid(11))]);
        let path = lake.output().join(format!("{table}/as_of_date=2026-03-31/{table}.parquet"));
        let whole = fs::read(&path).unwrap();
        let mut frame = read_parquet(&path);
        frame.with_column(Column::new("nickname".into(), vec!["Calle"; frame.height()])).unwrap();
        write_parquet(&path, &frame);
        let output = rapport(&lake, "forget", &["--apply"]);
        assert_eq!(output.status.code(), Some(1), "{table}: {}", stderr(&output));
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let lines = said.lines().filter(|line| line.starts_with(&format!("{table} ")) && line.contains("2026-03-31"));
        assert_eq!(lines.count(), 0, "{table} is not forgotten in: {said}");
        fs::write(&path, whole).unwrap();
        well(&lake, "forget", &["--apply"]);
        let ended = files_below(&lake.output());
        let differing: Vec<&String> =
            ended.iter().filter(|(path, bytes)| undisturbed[*path] != **bytes).map(|f| f.0).collect();
        assert!(ended == undisturbed, "{table}: {differing:?}");
    }
}

#[test]
fn the_input_must_be_readable() {
    let lake = published();
    lake.remove("contact");
    let output = rapport(&lake, "forget", &[]);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    fs::remove_dir_all(lake.root()).unwrap();
    assert_eq!(rapport(&lake, "forget", &[]).status.code(), Some(2));
}
