//! A run on a store publishes what a run on local folders publishes, byte for byte.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use polars::prelude::*;

use super::proxy::{Counts, Proxy};
use super::servers::{BUCKET, Cloud, WRITABLE};
use super::store::{Store, without_reports};
use crate::publish::readers::Read;
use crate::support::small_lake::*;

const JOBS: [&str; 3] = ["relationship_kpis", "who_knows_whom", "similar_won_deals"];

/// All tables of all jobs, and `current/`.
fn local_results(lake: &SmallLake) -> BTreeMap<String, Vec<u8>> {
    for job in JOBS {
        let mut rapport = Command::new(env!("CARGO_BIN_EXE_rapport"));
        rapport.current_dir(env!("CARGO_MANIFEST_DIR")).args(["run", job, "--as-of", AS_OF, "--quiet"]);
        let output = rapport.arg("--input").arg(lake.root()).arg("--output").arg(lake.output()).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    }
    without_reports(files_below(&lake.output()))
}

fn assert_same(found: &BTreeMap<String, Vec<u8>>, expected: &BTreeMap<String, Vec<u8>>, what: &str) {
    assert!(found.keys().eq(expected.keys()), "{what}: {:?}", found.keys());
    for (path, bytes) in found {
        assert!(*bytes == expected[path], "{what}: {path} differs");
    }
}

#[test]
fn every_job_publishes_to_a_store_what_it_publishes_locally() {
    let lake = SmallLake::new();
    let local = local_results(&lake);
    assert!(local.len() >= 2 * 15, "{:?}", local.keys());
    for cloud in WRITABLE {
        let Some(store) = Store::new(cloud, "equal") else { continue };
        store.upload(&lake.root(), "lake");
        let proxy = Proxy::open(store.address);
        let mut reports = BTreeMap::new();
        for job in JOBS {
            proxy.begin(|_| super::proxy::Fate::Answered);
            let output = store.command(proxy.address, job, &[]).output().unwrap();
            assert_eq!(output.status.code(), Some(0), "{cloud:?}: {}", stderr(&output));
            let mut now = store.files("out");
            now.retain(|path, _| path.starts_with("runs/") && !reports.contains_key(path));
            assert_eq!(now.len(), 1, "{:?}", now.keys());
            reports.extend(now.clone());
            counted(&proxy.counts(), &now.into_values().next().unwrap(), job);
        }
        assert_same(&store.published("out"), &local, &format!("{cloud:?}"));

        // From a store to a folder and back, and a rerun.
        let elsewhere = tempfile::TempDir::new().unwrap();
        let output = elsewhere.path().display().to_string();
        store.run_on(JOBS[1], (&store.url("lake"), &output), &[]);
        let mixed = without_reports(files_below(elsewhere.path()));
        assert!(mixed.len() >= 6 && mixed.iter().all(|(path, bytes)| local[path] == *bytes), "{cloud:?}");
        let root = lake.root().display().to_string();
        store.run_on(JOBS[1], (&root, &store.url("out")), &[]);
        assert_same(&store.published("out"), &local, &format!("{cloud:?}, again from a local lake"));
        read_by_others(&store, &lake.output());
    }
}

/// Parts go to a store and come from there as they do locally.
#[test]
fn parts_may_lie_in_a_store() {
    let lake = SmallLake::new();
    let local = local_results(&lake);
    for cloud in WRITABLE {
        let Some(store) = Store::new(cloud, "staged") else { continue };
        store.upload(&lake.root(), "lake");
        let (lake, output, work) = (store.url("lake"), store.url("out"), store.url("work"));
        let rapport = |arguments: &[&str]| {
            let done = store.rapport(store.address, arguments).output().unwrap();
            assert!(done.status.success(), "{cloud:?}: {}", stderr(&done));
        };
        let stage = |job: &str, part: &str| {
            let job = ["stage", job, "--part", part, "--work", &work, "--as-of", AS_OF, "--quiet"];
            rapport(&[job.as_slice(), &["--input", &lake, "--output", &output]].concat());
        };
        ["1/2", "2/2", "2/2"].iter().for_each(|part| stage(JOBS[0], part));
        let parts = store.files("work");
        assert_eq!(parts.keys().filter(|path| path.ends_with(".json")).count(), 2, "{:?}", parts.keys());
        store.run_on(JOBS[0], (&lake, &output), &["--parts", "2", "--work", &work]);
        let found = store.published("out");
        assert!(found.len() > 30, "{:?}", found.keys());
        for (path, bytes) in found {
            assert!(local[&path] == bytes, "{cloud:?}: {path} differs");
        }
        assert!(store.files("work").is_empty(), "{:?}", store.files("work").keys());
        stage(JOBS[2], "1/2");
        assert!(!store.files("work").is_empty());
        rapport(&["clean", "--work", &work]);
        assert!(store.files("work").is_empty(), "{:?}", store.files("work").keys());
    }
}

/// What `runs` says went over the wire is what the proxy saw, but for the report's own upload.
fn counted(counts: &Counts, report: &[u8], job: &str) {
    let report = ParquetReader::new(std::io::Cursor::new(report)).finish().unwrap();
    let number = |name: &str| report.column(name).unwrap().i64().unwrap().get(0).unwrap();
    let (requests, sent, received) =
        (number("store_requests"), number("store_bytes_sent"), number("store_bytes_received"));
    println!("{job}: {requests} requests, {received} bytes in, {sent} bytes out; {counts:?}");
    assert!(requests > 10 && received > 1000 && sent > 1000);
    assert!((0..=2).contains(&(counts.all() as i64 - requests)), "{job}: {requests} requests, but {counts:?}");
    assert!(received <= counts.received as i64 && received + 2_000 >= counts.received as i64, "{job}: {received}");
    assert!(sent <= counts.sent as i64 && sent + 30_000 >= counts.sent as i64, "{job}: {sent} bytes sent, {counts:?}");
}

/// Reporting tools read from the store the rows that they read from the local folder.
fn read_by_others(store: &Store, local: &Path) {
    let environment = store.cloud.environment(store.address);
    for (engine, table) in [("duckdb", "account_kpis/as_of_date=2026-03-31"), ("polars", "current")] {
        let file = format!("{table}/account_kpis.parquet");
        let (near, far) = (local.join(&file).display().to_string(), store.url(&format!("out/{file}")));
        let read = |url| Read { engine, format: "parquet", url, environment: &environment }.once();
        assert_eq!(read(&far), read(&near), "{engine} {far}");
    }
}

#[test]
fn each_way_to_write_a_url_leads_to_the_same_place() {
    let lake = SmallLake::new();
    let tables = ["--set", "tables=[\"account_kpis\"]"];
    lake.published(&tables);
    let local = without_reports(files_below(&lake.output()));
    for cloud in WRITABLE {
        let Some(store) = Store::new(cloud, "urls") else { continue };
        store.upload(&lake.root(), "lake");
        let roots = match cloud {
            Cloud::S3 => vec![format!("s3://{BUCKET}/urls"), format!("s3a://{BUCKET}/urls")],
            _ => vec![
                format!("az://{BUCKET}/urls"),
                format!("abfss://{BUCKET}@devstoreaccount1.dfs.core.windows.net/urls"),
                format!("abfss://{BUCKET}/urls"),
            ],
        };
        for root in roots {
            store.clear("out");
            store.run_on(JOBS[0], (&format!("{root}/lake"), &format!("{root}/out/")), &tables);
            assert_same(&store.published("out"), &local, &root);
        }
    }
}
