//! DuckDB reads from a store all the time while runs replace what it reads.
//!
//! A reader fetches the footer of a file and then its data. Where the file is replaced between the two, it says so
//! (S3 by the tag it saw first) or fails; what it may never do is to succeed with rows that no run published.

use std::time::Duration;

use super::kills::{Before, JOB, OTHERWISE, TABLES};
use super::proxy::{Asked, Fate};
use super::servers::{Cloud, WRITABLE};
use super::store::Store;
use crate::publish::readers::Read;

#[test]
fn a_reader_of_a_store_sees_the_rows_of_one_run_or_of_the_other() {
    for cloud in WRITABLE {
        let Some(store) = Store::new(cloud, "reading") else { continue };
        let environment = cloud.environment(store.address);
        let before = Before::new(store);
        let urls = ["out/connections/as_of_date=2026-03-31/*.parquet", "out/current/connections.parquet"];
        let urls = urls.map(|url| before.store.url(url));
        let reads =
            urls.each_ref().map(|url| Read { engine: "duckdb", format: "parquet", url, environment: &environment });
        before.store.reset("out", &before.new);
        // Each by its own: where the path names the partition, readers add its column.
        let new = reads.map(|read| read.once());
        before.again();
        let old = reads.map(|read| read.once());
        if old.contains(&None) {
            return;
        }
        assert!(old[0] != new[0] && old[1] != new[1]);

        let readers = reads.map(|read| read.all_the_time().unwrap());
        let let_read = || readers.iter().for_each(|reader| reader.let_read(2));
        let_read();
        before.store.run(JOB, &TABLES);
        let_read();
        before.store.run(JOB, &OTHERWISE);
        let_read();
        // A run that dies amid the bytes of the partition, and one that is let be.
        let mut run = before.start_held(|asked| (asked.write == Some(0)).then_some(Fate::HeldAmid));
        let_read();
        run.kill().unwrap();
        run.wait().unwrap();
        let_read();
        before.store.run(JOB, &TABLES);
        let_read();
        for (reader, (old, new)) in readers.into_iter().zip(old.iter().flatten().zip(new.iter().flatten())) {
            let mut seen = reader.seen();
            println!("{cloud:?}: {seen:?}");
            assert!(seen.remove(old).is_some() && seen.remove(new).is_some(), "{cloud:?}: {seen:?}");
            seen.retain(|line, _| !line.starts_with("error"));
            assert!(seen.is_empty(), "{cloud:?}: neither old nor new: {seen:?}");
        }
    }
}

/// The log says which files are live, and a file never changes: here no reader has anything to complain of.
#[test]
fn a_reader_of_delta_in_a_store_is_never_disturbed() {
    let delta = ["--set", "format=\"delta\""];
    for cloud in WRITABLE {
        let Some(store) = Store::new(cloud, "delta") else { continue };
        let environment = cloud.environment(store.address);
        let before = Before::new(store);
        let url = before.store.url("out/connections");
        // DuckDB's reader of Delta knows no Azurite but the one at its usual port.
        let engine = if cloud == Cloud::S3 { "duckdb" } else { "polars" };
        let read = Read { engine, format: "delta", url: &url, environment: &environment };
        before.store.run(JOB, &[&TABLES[..], &delta].concat());
        let Some(new) = read.once() else { return };
        before.store.run(JOB, &[&OTHERWISE[..], &delta].concat());
        let old = read.once().unwrap();
        assert_ne!(old, new);

        let reader = read.all_the_time().unwrap();
        reader.let_read(2);
        for settings in [&TABLES[..], &OTHERWISE] {
            before.store.run(JOB, &[settings, &delta].concat());
            reader.let_read(2);
        }
        // Killed with half a commit sent.
        let commit = |asked: &Asked| asked.write.is_some() && asked.target.contains("_delta_log");
        before.proxy.begin(move |asked| if commit(asked) { Fate::HeldAmid } else { Fate::Answered });
        let mut run = before.command(&delta).spawn().unwrap();
        assert!(before.proxy.held(Duration::from_secs(60)).is_some(), "nothing is committed");
        run.kill().unwrap();
        run.wait().unwrap();
        assert_eq!(read.once().unwrap(), old, "{cloud:?}: a run that was killed has published");
        before.store.run(JOB, &[&TABLES[..], &delta].concat());
        reader.let_read(2);
        let mut seen = reader.seen();
        println!("{cloud:?}: {seen:?}");
        assert!(seen.remove(&old).is_some() && seen.remove(&new).is_some() && seen.is_empty(), "{cloud:?}: {seen:?}");
    }
}
