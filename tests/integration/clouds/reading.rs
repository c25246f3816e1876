//! DuckDB reads from a store all the time while runs replace what it reads.
//!
//! A reader fetches the footer of a file and then its data. Where the file is replaced between the two, it says so
//! (S3 by the tag it saw first) or fails; what it may never do is to succeed with rows that no run published.

use super::kills::{Before, JOB, OTHERWISE, TABLES};
use super::proxy::Fate;
use super::servers::WRITABLE;
use super::store::Store;
use crate::readers::Read;

#[test]
fn a_reader_of_a_store_sees_the_rows_of_one_run_or_of_the_other() {
    for cloud in WRITABLE {
        let Some(store) = Store::new(cloud, "reading") else { continue };
        let environment = cloud.environment(store.address);
        let before = Before::new(store);
        for url in ["out/connections/as_of_date=2026-03-31/*.parquet", "out/current/connections.parquet"] {
            let url = before.store.url(url);
            let read = Read { engine: "duckdb", format: "parquet", url: &url, environment: &environment };
            let Some(new) = read.once() else { return };
            before.again();
            let old = read.once().unwrap();
            assert_ne!(old, new);

            let reader = read.all_the_time().unwrap();
            reader.let_read(2);
            for _ in 0..2 {
                before.store.run(JOB, &TABLES);
                reader.let_read(2);
                before.store.run(JOB, &OTHERWISE);
                reader.let_read(2);
            }
            // A run that dies amid the bytes of the partition.
            let amid = |asked: &super::proxy::Asked| (asked.write == Some(0)).then_some(Fate::HeldAmid);
            let mut run = before.start_held(amid);
            reader.let_read(2);
            run.kill().unwrap();
            run.wait().unwrap();
            reader.let_read(2);

            before.store.run(JOB, &TABLES);
            reader.let_read(2);
            let mut seen = reader.seen();
            println!("{cloud:?}: {seen:?}");
            assert!(seen.remove(&old).is_some() && seen.remove(&new).is_some(), "{cloud:?}: {seen:?}");
            seen.retain(|line, _| !line.starts_with("error"));
            assert!(seen.is_empty(), "{cloud:?}: neither old nor new: {seen:?}");
        }
    }
}
