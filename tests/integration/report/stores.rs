//! Reports over Delta tables and over stores are those over Parquet in a folder.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use polars::prelude::*;

use super::files_below;
use crate::clouds::servers::WRITABLE;
use crate::clouds::store::Store;
use crate::support::small_lake::{AS_OF, SmallLake, files_below as bytes_below, guid, stderr};

/// The pages of tables that lie somewhere, in a format.
fn pages(tables: &str, format: &str, site: &Path, environment: &[(String, String)]) -> BTreeMap<String, String> {
    let mut rapport = Command::new(env!("CARGO_BIN_EXE_rapport"));
    rapport.current_dir(env!("CARGO_MANIFEST_DIR")).envs(environment.iter().cloned());
    rapport.args(["report", "--date", AS_OF, "--output", tables, "--set", &format!("format={format}"), "--site"]);
    let output = rapport.arg(site).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{tables}: {}", stderr(&output));
    files_below(site)
}

#[test]
fn a_report_is_the_same_wherever_and_however_the_tables_lie() {
    let lake = SmallLake::new();
    let folder = tempfile::TempDir::new().unwrap();
    let [parquet, delta, site] = ["parquet", "delta", "site"].map(|name| folder.path().join(name));
    for (format, output) in [("parquet", &parquet), ("delta", &delta)] {
        let mut rapport = Command::new(env!("CARGO_BIN_EXE_rapport"));
        rapport.current_dir(env!("CARGO_MANIFEST_DIR")).args(["run", "relationship_kpis", "who_knows_whom", "--as-of"]);
        rapport.args([AS_OF, "--set", &format!("format={format}"), "--input"]).arg(lake.root());
        let output = rapport.arg("--output").arg(output).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    }
    let expected = pages(parquet.to_str().unwrap(), "parquet", &site, &[]);
    assert!(expected.len() > 10, "{:?}", expected.keys());
    assert!(pages(delta.to_str().unwrap(), "delta", &site, &[]) == expected, "Delta in a folder");
    for cloud in WRITABLE {
        for (format, local) in [("parquet", &parquet), ("delta", &delta)] {
            let Some(store) = Store::new(cloud, &format!("report-{format}")) else { continue };
            store.put_all("out", &bytes_below(local));
            let environment = cloud.environment(store.address);
            assert!(pages(&store.url("out"), format, &site, &environment) == expected, "{cloud:?}, {format}");
        }
    }
}

/// A report job on a store puts there what it writes into a folder, replaces it as a whole, and follows erasures.
#[test]
fn a_report_in_a_store_is_the_one_in_a_folder() {
    let lake = SmallLake::new();
    lake.change("erasures", |frame| frame.clear());
    let rapport = |words: &[&str], output: &str, environment: &[(String, String)]| {
        let mut rapport = Command::new(env!("CARGO_BIN_EXE_rapport"));
        rapport.current_dir(env!("CARGO_MANIFEST_DIR")).envs(environment.iter().cloned()).args(words);
        rapport.arg("--input").arg(lake.root()).args(["--output", output]).output().unwrap()
    };
    let local = lake.output();
    let run = ["run", "relationship_kpis", "who_knows_whom", "report", "--as-of", AS_OF];
    assert!(rapport(&run, local.to_str().unwrap(), &[]).status.success());
    let expected = bytes_below(&local.join("report"));
    let stores: Vec<Store> = WRITABLE.into_iter().filter_map(|cloud| Store::new(cloud, "report-site")).collect();
    for store in &stores {
        let environment = store.cloud.environment(store.address);
        let output = rapport(&run, &store.url("out"), &environment);
        assert_eq!(output.status.code(), Some(0), "{:?}: {}", store.cloud, stderr(&output));
        assert!(store.files("out/report") == expected, "{:?}", store.cloud);
        // A smaller one in its place leaves nothing behind.
        let small = [&run[..1], &run[3..], &["--set", "top=1"]].concat();
        assert!(rapport(&small, &store.url("out"), &environment).status.success());
        assert!(store.files("out/report").len() < expected.len());
        // What is no report is not touched.
        let other = [&run[..1], &run[3..], &["--set", "site=account_kpis"]].concat();
        let refused = rapport(&other, &store.url("out"), &environment);
        assert_eq!(refused.status.code(), Some(2));
        assert!(stderr(&refused).contains("holds other objects than a report"), "{}", stderr(&refused));
    }
    lake.change("erasures", |_| df!("kind" => ["contact"], "principal" => [guid(11)]).unwrap());
    for store in &stores {
        let environment = store.cloud.environment(store.address);
        let output = rapport(&["forget", "--apply"], &store.url("out"), &environment);
        assert_eq!(output.status.code(), Some(0), "{:?}: {}", store.cloud, stderr(&output));
        let files = store.files("out/report");
        assert!(files.contains_key("index.html") && !files.contains_key(&format!("contact/{}.html", guid(11))));
    }
}
