//! What of a lake crosses the network: the columns that are needed, of the files that are live.

use std::fs;

use polars::prelude::*;

use super::servers::WRITABLE;
use super::store::Store;
use crate::support::dice::Dice;
use crate::support::small_lake::*;

const JOB: &str = "who_knows_whom";

#[test]
fn columns_that_no_rule_needs_stay_where_they_are() {
    let lake = SmallLake::new();
    let mut dice = Dice::seeded(1);
    // Text that does not compress, in as many row groups as to lie between the columns that are needed.
    let mut body = |_| (0..40_000).map(|_| char::from(b'a' + dice.below(26) as u8)).collect::<String>();
    lake.change("messages", |frame| {
        let mut frame = frame.clone();
        while frame.height() < 100 {
            frame = frame.vstack(&frame).unwrap();
        }
        let bodies: Vec<String> = (0..frame.height()).map(&mut body).collect();
        frame.with_column(Column::new("body".into(), bodies)).unwrap();
        frame
    });
    let size = fs::metadata(lake.file("messages")).unwrap().len();
    assert!(size > 2_000_000, "{size} bytes are no test");
    let local = published(&lake);
    for cloud in WRITABLE {
        let Some(store) = Store::new(cloud, "fetched") else { continue };
        store.upload(&lake.root(), "lake");
        store.run(JOB, &[]);
        let reports: Vec<_> = store.files("out").into_iter().filter(|(path, _)| path.starts_with("runs/")).collect();
        let report = ParquetReader::new(std::io::Cursor::new(reports[0].1.clone())).finish().unwrap();
        let received = report.column("store_bytes_received").unwrap().i64().unwrap().get(0).unwrap();
        assert!((received as u64) < size / 4, "{cloud:?}: {received} bytes of a file of {size}");
        let mut found = store.published("out");
        found.retain(|path, _| path.contains('='));
        assert!(found == local, "{cloud:?}");
    }
}

fn published(lake: &SmallLake) -> std::collections::BTreeMap<String, Vec<u8>> {
    let output = lake.output().display().to_string();
    let mut rapport = std::process::Command::new(env!("CARGO_BIN_EXE_rapport"));
    rapport.current_dir(env!("CARGO_MANIFEST_DIR")).args(["run", JOB, "--as-of", AS_OF, "--quiet"]);
    let ended = rapport.arg("--input").arg(lake.root()).args(["--output", &output]).output().unwrap();
    assert_eq!(ended.status.code(), Some(0), "{}", stderr(&ended));
    published_in(&lake.output())
}

/// Deletion vectors, mapped columns, checkpoints: the log is read in the store, and so are the live files.
#[test]
fn delta_tables_in_a_store_are_read_by_their_log() {
    let lake = SmallLake::new();
    for table in ["email", "appointment", "contact", "opportunity", "activityparty", "task", "phonecall"] {
        crate::support::delta_log::put_delta(&lake, table, table);
    }
    let local = published(&lake);
    for cloud in WRITABLE {
        let Some(store) = Store::new(cloud, "deltas") else { continue };
        store.upload(&lake.root(), "lake");
        store.run(JOB, &[]);
        let mut found = store.published("out");
        found.retain(|path, _| path.contains('='));
        assert!(found == local, "{cloud:?}");
    }
}
