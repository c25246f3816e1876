//! What all jobs publish of a small lake, and people to be erased from it.

use std::collections::BTreeMap;
use std::fs::{self};
use std::io::Cursor;
use std::process::{Command, Output};
use std::sync::LazyLock;

use polars::prelude::*;

use crate::support::small_lake::{SmallLake, files_below, read_parquet, stderr};

/// Three days, and the two weeks that have ended by them.
pub const DAYS: [&str; 3] = ["2026-03-22", "2026-03-30", "2026-03-31"];

/// The small lake with deals and subjects that name people, and nobody erased.
pub fn lake() -> SmallLake {
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

/// What all jobs publish of the lake on every day; computed once for all tests.
pub fn published() -> SmallLake {
    static FILES: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| {
        let lake = lake();
        DAYS.iter().for_each(|day| publish(&lake, day));
        files_below(&lake.output())
    });
    let lake = lake();
    for (name, bytes) in FILES.iter() {
        let path = lake.output().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    lake
}

/// The jobs that publish tables; reports, which are made of tables, have tests of their own.
pub const JOBS: [&str; 3] = ["relationship_kpis", "who_knows_whom", "similar_won_deals"];

pub fn publish(lake: &SmallLake, day: &str) {
    // Suggestions are chosen by strength, which changes for others with what is forgotten.
    let settings = ["--as-of", day, "--set", "publish_subjects=true", "--set", "suggest_all=true"];
    well(lake, "run", &[&JOBS[..], &settings].concat());
}

pub fn erase(lake: &SmallLake, rows: &[(&str, &str)]) {
    let (kinds, principals): (Vec<&str>, Vec<&str>) = rows.iter().copied().unzip();
    lake.change("erasures", |_| df!("kind" => kinds, "principal" => principals).unwrap());
}

/// Runs a command for all jobs, or those that the arguments name.
pub fn rapport(lake: &SmallLake, command: &str, arguments: &[&str]) -> Output {
    let mut rapport = Command::new(env!("CARGO_BIN_EXE_rapport"));
    rapport.current_dir(env!("CARGO_MANIFEST_DIR")).arg(command);
    rapport.arg("--input").arg(lake.root()).arg("--output").arg(lake.output()).args(arguments);
    rapport.output().unwrap()
}

#[track_caller]
pub fn well(lake: &SmallLake, command: &str, arguments: &[&str]) -> String {
    let output = rapport(lake, command, arguments);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub fn table(bytes: &[u8]) -> DataFrame {
    ParquetReader::new(Cursor::new(bytes.to_vec())).finish().unwrap()
}

pub fn of_day(lake: &SmallLake, table: &str, day: &str) -> DataFrame {
    read_parquet(&lake.output().join(format!("{table}/as_of_date={day}/{table}.parquet")))
}

/// Files with a value that has one of the texts in it, in any column and spelling, and how many values.
pub fn holding(lake: &SmallLake, traces: &[&str]) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for (name, bytes) in files_below(&lake.output()) {
        assert!(name.ends_with(".parquet"), "{name} is left behind");
        for column in table(&bytes).columns() {
            let Ok(texts) = column.str() else { continue };
            let holds = |text: &&str| traces.iter().any(|trace| text.to_lowercase().contains(&trace.to_lowercase()));
            let values = texts.iter().flatten().filter(holds).count();
            if values > 0 {
                *found.entry(name.clone()).or_default() += values;
            }
        }
    }
    found
}
