//! Readers that read all the time while partitions are replaced and runs are killed.
//!
//! DuckDB and polars open a Parquet file twice, once for its footer and once for its data. A file that is
//! replaced between the two makes such a query fail; no file system or store can help that for a file that keeps
//! its name. What may never happen is that it succeeds with rows that no run published.

use std::time::Duration;

use crate::publish::readers::Read;
use crate::support::small_lake::*;

const TABLES: &str = "tables=[\"account_kpis\", \"daily_activity\"]";
const SETTINGS: [&str; 2] = ["consent=true", "consent=false"];

#[test]
fn a_reader_sees_the_rows_of_one_run_or_of_the_other() {
    let lake = SmallLake::new();
    let url = format!("{}/account_kpis/as_of_date=*/*.parquet", lake.output().display());
    let read = Read { engine: "duckdb", format: "parquet", url: &url, environment: &[] };
    let published = |setting: &str| {
        lake.published(&["--set", TABLES, "--set", setting]);
        read.once()
    };
    let Some(one) = published(SETTINGS[0]) else { return };
    let other = published(SETTINGS[1]).unwrap();
    assert_ne!(one, other);

    let reader = read.all_the_time().unwrap();
    for round in 0..6 {
        let mut run = lake.command("run", &["--as-of", AS_OF, "--set", TABLES, "--set", SETTINGS[round % 2], "-q"]);
        // Every third run is killed on its way, the later the round.
        if round % 3 == 2 {
            let mut run = run.spawn().unwrap();
            std::thread::sleep(Duration::from_millis(150 * round as u64));
            run.kill().unwrap();
            run.wait().unwrap();
        } else {
            assert!(run.status().unwrap().success());
        }
        reader.let_read(3);
    }
    let mut seen = reader.seen();
    assert!(seen.remove(&one).is_some() && seen.remove(&other).is_some(), "{seen:?}");
    seen.retain(|line, _| !line.starts_with("error"));
    assert!(seen.is_empty(), "neither old nor new: {seen:?}");
}
