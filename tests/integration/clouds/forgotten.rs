//! Erased people leave stores as they leave folders, in either format (rule C4).

use std::collections::BTreeMap;
use std::process::Command;

use polars::prelude::*;

use super::servers::WRITABLE;
use super::store::{Store, without_reports};
use crate::small_lake::*;

const JOB: &str = "who_knows_whom";

fn rapport(command: &str, on: (&str, &str), format: &str, environment: &[(String, String)]) -> String {
    let mut rapport = Command::new(env!("CARGO_BIN_EXE_rapport"));
    rapport.current_dir(env!("CARGO_MANIFEST_DIR")).envs(environment.iter().cloned());
    rapport.args([command, JOB, "--quiet", "--input", on.0, "--output", on.1]);
    rapport.args(["--set", &format!("format={format}")]);
    rapport.args(if command == "run" { &["--as-of", AS_OF][..] } else { &["--apply"] });
    let output = rapport.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{command} {on:?}: {}", stderr(&output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Data files by their bytes; in a Delta table their names say nothing, and the log has times in it.
fn data(files: BTreeMap<String, Vec<u8>>) -> Vec<(String, Vec<u8>)> {
    let files = without_reports(files).into_iter().filter(|(path, _)| !path.contains("_delta_log"));
    files.collect()
}

#[test]
fn what_is_forgotten_in_a_store_is_what_is_forgotten_in_a_folder() {
    for format in ["parquet", "delta"] {
        let lake = SmallLake::new();
        lake.change("erasures", |frame| frame.clear());
        let nobody = (lake.root().display().to_string(), lake.output().display().to_string());
        rapport("run", (&nobody.0, &nobody.1), format, &[]);
        let before = files_below(&lake.output());
        let stores: Vec<Store> = WRITABLE
            .into_iter()
            .filter_map(|cloud| Store::new(cloud, &format!("forgotten-{format}")))
            .inspect(|store| store.put_all("out", &before))
            .collect();

        lake.change("erasures", |_| df!("kind" => ["contact"], "principal" => [guid(11)]).unwrap());
        let said = rapport("forget", (&nobody.0, &nobody.1), format, &[]);
        assert!(said.contains("files rewritten"), "{said}");
        let after = data(files_below(&lake.output()));
        let before = data(before);
        assert!(after != before, "{format}: nothing was forgotten");
        assert_eq!(after.len(), before.len(), "{format}: what was replaced is still there");
        for store in stores {
            let environment = store.cloud.environment(store.address);
            rapport("forget", (&nobody.0, &store.url("out")), format, &environment);
            assert!(data(store.files("out")) == after, "{:?}, {format}", store.cloud);
            let again = rapport("forget", (&nobody.0, &store.url("out")), format, &environment);
            assert!(again.contains("no published file holds an erased person"), "{again}");
            assert!(data(store.files("out")) == after, "{:?}, {format}, again", store.cloud);
        }
    }
}
