//! Taking erased people out of what is already published (rule C4).

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Output};

use polars::prelude::*;

use crate::small_lake::{SmallLake, files_below, guid, published_in, stderr};

/// Ends of two weeks, two days of one of them.
const DAYS: [&str; 3] = ["2026-03-22", "2026-03-30", "2026-03-31"];

/// The small lake with texts that name people, and everything published on several days.
fn published() -> SmallLake {
    let lake = lake();
    publish(&lake);
    lake
}

fn lake() -> SmallLake {
    let lake = SmallLake::new();
    lake.change("erasures", |frame| frame.clear());
    let rename = |table: &str, column: &str, names: &[&str]| {
        lake.change(table, |mut frame| {
            frame.with_column(Column::new(column.into(), names)).unwrap();
            frame
        });
    };
    rename("opportunity", "name", &["Tyres for Eva Prospekt", "Old deal of Kund, Carl"]);
    rename("appointment", "subject", &["Kick-off", "Follow-up with Anna Nordwind"]);
    lake
}

fn publish(lake: &SmallLake) {
    for day in DAYS {
        well(lake, "run", &["--as-of", day, "--set", "publish_subjects=true"]);
    }
}

fn erase(lake: &SmallLake, rows: &[(&str, &str)]) {
    let (kinds, principals): (Vec<&str>, Vec<&str>) = rows.iter().copied().unzip();
    lake.change("erasures", |_| df!("kind" => kinds, "principal" => principals).unwrap());
}

/// Runs a command for all jobs.
fn rapport(lake: &SmallLake, command: &str, arguments: &[&str]) -> Output {
    let mut rapport = Command::new(env!("CARGO_BIN_EXE_rapport"));
    rapport.current_dir(env!("CARGO_MANIFEST_DIR")).arg(command);
    rapport.arg("--input").arg(lake.root()).arg("--output").arg(lake.output()).args(arguments);
    rapport.output().unwrap()
}

#[track_caller]
fn well(lake: &SmallLake, command: &str, arguments: &[&str]) -> String {
    let output = rapport(lake, command, arguments);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn show_what_is_there() {
    let lake = published();
    let keep = std::path::Path::new("/tmp/forget_small");
    let _ = std::fs::remove_dir_all(keep);
    for (name, bytes) in files_below(&lake.output()) {
        std::fs::create_dir_all(keep.join("out").join(&name).parent().unwrap()).unwrap();
        std::fs::write(keep.join("out").join(&name), bytes).unwrap();
    }
    erase(&lake, &[("contact", &guid(11))]);
    for (name, bytes) in files_below(&lake.root()) {
        std::fs::create_dir_all(keep.join("lake").join(&name).parent().unwrap()).unwrap();
        std::fs::write(keep.join("lake").join(&name), bytes).unwrap();
    }
    println!("{}", well(&lake, "forget", &[]));
    println!("{}", well(&lake, "forget", &["--apply"]));
    println!("{}", well(&lake, "forget", &["--apply"]));
}
