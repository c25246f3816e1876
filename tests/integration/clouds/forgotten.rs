//! Erased people leave stores as they leave folders, in either format (rule C4).

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::time::Duration;

use polars::prelude::*;

use super::proxy::{Asked, Fate, Proxy};
use super::servers::WRITABLE;
use super::store::{Store, without_reports};
use crate::publish::interruption::forgetting::between_cuts;
use crate::support::small_lake::*;

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
        // Beside the tables of the job lie those of the original that are filled from them.
        let mut fill = Command::new(env!("CARGO_BIN_EXE_rapport"));
        fill.current_dir(env!("CARGO_MANIFEST_DIR")).args(["msdyn", "--quiet", "--as-of", AS_OF]);
        fill.args(["--input", &nobody.0, "--output", &nobody.1, "--set", &format!("format={format}")]);
        assert!(fill.status().unwrap().success());
        let before = files_below(&lake.output());
        let stores: Vec<Store> = WRITABLE
            .into_iter()
            .filter_map(|cloud| Store::new(cloud, &format!("forgotten-{format}")))
            .inspect(|store| store.put_all("out", &before))
            .collect();

        lake.change("erasures", |_| df!("kind" => ["contact"], "principal" => [guid(11)]).unwrap());
        let said = rapport("forget", (&nobody.0, &nobody.1), format, &[]);
        assert!(said.contains("files rewritten") && said.contains("msdyn_wkwcolleaguesforcontact"), "{said}");
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

/// Tables that learn from each other, and one that learns from them.
const LEARNING: &str = "tables=[\"account_kpis\", \"contact_kpis\", \"interactions\", \"interaction_records\"]";

/// Kills the program at a write to the store, and refuses every write from there on; at every fourth one, or
/// at each with `RAPPORT_EVERY_CUT=1`.
#[test]
fn what_is_killed_or_refused_at_any_write_to_a_store_is_forgotten_by_the_next() {
    for format in ["parquet", "delta"] {
        let lake = SmallLake::new();
        lake.change("erasures", |frame| frame.clear());
        let (root, local) = (lake.root().display().to_string(), lake.output().display().to_string());
        let rapport = |arguments: &[&str], output: &str| {
            let mut rapport = Command::new(env!("CARGO_BIN_EXE_rapport"));
            rapport.current_dir(env!("CARGO_MANIFEST_DIR")).stdout(Stdio::null()).stderr(Stdio::null());
            rapport.args(arguments).args(["--quiet", "--input", &root, "--output", output]);
            rapport.args(["--set", &format!("format={format}")]);
            rapport
        };
        let run = ["run", "relationship_kpis", "--as-of", AS_OF, "--set", LEARNING];
        assert!(rapport(&run, &local).status().unwrap().success());
        let before = without_reports(files_below(&lake.output()));
        lake.change("erasures", |_| df!("kind" => ["contact"], "principal" => [guid(11)]).unwrap());
        let forget = ["forget", "relationship_kpis", "--apply"];
        assert!(rapport(&forget, &local).status().unwrap().success());
        let after = data(files_below(&lake.output()));
        let stores: Vec<Store> = WRITABLE
            .into_iter()
            .filter_map(|cloud| Store::new(cloud, &format!("forgotten-in-two-goes-{format}")))
            .collect();
        std::thread::scope(|scope| {
            for store in &stores {
                let (rapport, before, after) = (&rapport, &before, &after);
                scope.spawn(move || {
                    let proxy = Proxy::open(store.address);
                    let url = store.url("out");
                    let patience = ["--set", "request_timeout_seconds=2", "--set", "give_up_after_seconds=1"];
                    let through = |address, patience: &[&str]| {
                        let mut command = rapport(&[&forget, patience].concat(), &url);
                        command.envs(store.cloud.environment(address));
                        command
                    };
                    let (noted, writes) = std::sync::mpsc::channel();
                    proxy.begin(move |asked| {
                        noted.send(asked.clone()).unwrap();
                        Fate::Answered
                    });
                    store.reset("out", before);
                    assert!(through(proxy.address, &[]).status().unwrap().success());
                    proxy.begin(|_| Fate::Answered);
                    assert!(data(store.files("out")) == *after, "{:?}, {format}", store.cloud);
                    let writes: Vec<Asked> = writes.iter().filter(|asked| asked.write.is_some()).collect();
                    assert!(writes.len() >= 8, "{writes:?}");
                    for (number, write) in writes.iter().enumerate().skip(between_cuts() / 2).step_by(between_cuts()) {
                        for killed in [true, false] {
                            store.reset("out", before);
                            let from_there = move |asked: &Asked| asked.write.is_some_and(|write| write >= number);
                            let fate = if killed { Fate::HeldBefore } else { Fate::Refused };
                            proxy.begin(move |asked| if from_there(asked) { fate } else { Fate::Answered });
                            let mut first =
                                through(proxy.address, if killed { &[] } else { &patience }).spawn().unwrap();
                            if killed {
                                assert!(proxy.held(Duration::from_secs(60)).is_some());
                                first.kill().unwrap();
                            }
                            let code = first.wait().unwrap().code();
                            assert_eq!(code, if killed { None } else { Some(75) });
                            assert!(through(store.address, &[]).status().unwrap().success());
                            let what = format!("{:?}, {format}: {} {}", store.cloud, write.method, write.target);
                            assert!(data(store.files("out")) == *after, "{what}, killed: {killed}");
                        }
                    }
                    println!("{:?}, {format}: cut at {} writes", store.cloud, writes.len());
                });
            }
        });
    }
}
