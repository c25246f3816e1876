//! What is published about a person is found in stores as it is in folders, in either format (rule C6).

use std::process::Command;

use serde_json::Value;

use super::servers::WRITABLE;
use super::store::Store;
use crate::support::small_lake::*;

const JOBS: [&str; 2] = ["relationship_kpis", "who_knows_whom"];
/// The contact with the id 12, by address and by id.
const SUBJECT: &str = "dora@kund.example";

fn rapport(arguments: &[&str], on: (&str, &str), format: &str, environment: &[(String, String)]) -> String {
    let mut rapport = Command::new(env!("CARGO_BIN_EXE_rapport"));
    rapport.current_dir(env!("CARGO_MANIFEST_DIR")).envs(environment.iter().cloned()).args(arguments);
    rapport.args(["--input", on.0, "--output", on.1, "--set", &format!("format={format}")]);
    let output = rapport.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{arguments:?} {on:?}: {}", stderr(&output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What was found and where it was looked for, as far as the place itself does not matter.
fn told(exported: &str) -> Value {
    let exported: Value = serde_json::from_str(exported).unwrap();
    assert_eq!(exported["complete"], true, "{exported:#}");
    let output = &exported["outputs"][0];
    for name in ["looked_in", "found"] {
        let list = output[name].as_array().unwrap();
        assert!(list.len() > 10, "{name}: {list:?}");
    }
    serde_json::json!({ "ids": output["ids"], "found": output["found"], "looked_in": output["looked_in"],
        "tables_that_name_nobody": output["tables_that_name_nobody"] })
}

#[test]
fn what_is_published_about_a_person_is_found_in_a_store_as_in_a_folder() {
    for format in ["parquet", "delta"] {
        let lake = SmallLake::new();
        let local = (lake.root().display().to_string(), lake.output().display().to_string());
        let run = [&["run"], &JOBS[..], &["--as-of", AS_OF, "--quiet"]].concat();
        rapport(&run, (&local.0, &local.1), format, &[]);
        let export = ["export", "--subject", SUBJECT];
        let expected = told(&rapport(&export, (&local.0, &local.1), format, &[]));
        let ids = expected["ids"].as_array().unwrap();
        assert!(ids.contains(&guid(12).into()), "{ids:?}");
        let files = files_below(&lake.output());
        for store in WRITABLE.into_iter().filter_map(|cloud| Store::new(cloud, &format!("exported-{format}"))) {
            store.put_all("out", &files);
            let environment = store.cloud.environment(store.address);
            // The lake lies in the store as well, once.
            store.upload(&lake.root(), "lake");
            for input in [local.0.clone(), store.url("lake")] {
                let found = told(&rapport(&export, (&input, &store.url("out")), format, &environment));
                assert_eq!(found, expected, "{:?}, {format}, the lake in {input}", store.cloud);
            }
            let to = lake.root().parent().unwrap().join("dora.json");
            let place = to.to_str().unwrap();
            rapport(&[&export[..], &["--to", place]].concat(), (&local.0, &store.url("out")), format, &environment);
            assert_eq!(told(&std::fs::read_to_string(&to).unwrap()), expected, "{:?}, {format}", store.cloud);
            // Nothing was written or lost where it was looked for.
            assert!(store.files("out") == files, "{:?}, {format}", store.cloud);
        }
    }
}
