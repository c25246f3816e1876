//! Whatever physical forms a lake's columns have, its results are the same bytes (rules I3, I7).
//!
//! `RAPPORT_FORMS=1000` tries so many seeds, `RAPPORT_FORMS_FROM` begins at another than 1.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::rewritten::rewrite;
use crate::support::dice::Dice;
use crate::support::installed;
use crate::support::results::{run_on, settings};

const AS_OF: &str = "2026-03-31";
const SPARK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/integration/input/parquet_forms/spark_writer.py");
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/integration/input/parquet_forms/other_writers.py");

fn golden_lake() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/lake")
}

fn seeds(otherwise: u64) -> std::ops::Range<u64> {
    let number = |name: &str, otherwise| std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"));
    let from = number("RAPPORT_FORMS_FROM", 1);
    from..from + number("RAPPORT_FORMS", otherwise)
}

fn published(lake: &Path) -> BTreeMap<String, Vec<u8>> {
    let settings = settings(&[
        ("timezone", "Europe/Stockholm"),
        ("company_domains", "[\"nordwind.example\"]"),
        ("consent", "true"),
        ("publish_subjects", "true"),
        ("job", "relationship_kpis"),
    ]);
    run_on(lake, &settings, &[AS_OF]).bytes()
}

#[track_caller]
fn assert_same(plain: &BTreeMap<String, Vec<u8>>, lake: &Path, seed: u64, forms: &str) {
    let found = std::panic::catch_unwind(|| published(lake));
    let found = found.unwrap_or_else(|_| panic!("seed {seed} is refused:\n{forms}"));
    let differing = plain.iter().filter(|(path, bytes)| found.get(*path) != Some(bytes));
    let differing: Vec<_> = differing.map(|(path, _)| path).collect();
    assert!(differing.is_empty() && found.len() == plain.len(), "seed {seed}: {differing:?}\n{forms}");
}

#[test]
fn the_golden_lake_in_any_forms_gives_the_same_bytes() {
    let lake = golden_lake();
    let plain = published(&lake);
    assert!(plain.len() > 5, "{:?}", plain.keys());
    for seed in seeds(3) {
        println!("seed {seed}");
        let folder = TempDir::new().expect("a folder");
        let forms = rewrite(&lake, folder.path(), &mut Dice::seeded(seed)).join("\n");
        assert_same(&plain, folder.path(), seed, &forms);
    }
}

#[test]
fn the_golden_lake_as_pyarrow_and_duckdb_write_it_gives_the_same_bytes() {
    let Some(mut python) = installed::python() else { return };
    let (lake, folder) = (golden_lake(), TempDir::new().expect("a folder"));
    python.arg(SCRIPT).arg(&lake).arg(folder.path()).args(seeds(3).map(|seed| seed.to_string()));
    let output = python.output().expect("a Python that runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let notes = String::from_utf8_lossy(&output.stdout);
    let plain = published(&lake);
    for seed in seeds(3) {
        let of_seed = format!("{seed} ");
        let forms: Vec<&str> = notes.lines().filter(|line| line.starts_with(&of_seed)).collect();
        assert!(forms.len() > 15, "{notes}");
        assert_same(&plain, &folder.path().join(seed.to_string()), seed, &forms.join("\n"));
    }
}

/// In each of the ways in which Spark writes; `spark_writer.py` has them.
#[test]
#[ignore = "half a gigabyte: .ci/servers --spark"]
fn the_golden_lake_as_spark_writes_it_gives_the_same_bytes() {
    let Some(python) = installed::installed("spark/bin/python") else { return };
    let (lake, folder) = (golden_lake(), TempDir::new().expect("a folder"));
    let output =
        std::process::Command::new(python).arg(SPARK).arg(&lake).arg(folder.path()).output().expect("a Python");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let plain = published(&lake);
    let notes = String::from_utf8_lossy(&output.stdout);
    assert!(notes.lines().count() > 8, "{notes}");
    for (at, form) in notes.lines().enumerate() {
        assert_same(&plain, &folder.path().join(form), at as u64, form);
    }
}
