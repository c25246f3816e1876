//! Whatever physical forms a lake's columns have, its results are the same bytes (rules I3, I7).

use std::path::Path;

use tempfile::TempDir;

use super::rewritten::rewrite;
use crate::dice::Dice;
use crate::results::{run_on, settings};

const AS_OF: &str = "2026-03-31";

/// `RAPPORT_FORMS=1000` tries so many seeds, `RAPPORT_FORMS_FROM` begins at another than 1.
#[test]
fn the_golden_lake_in_any_forms_gives_the_same_bytes() {
    let number = |name: &str, otherwise| std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"));
    let (from, seeds) = (number("RAPPORT_FORMS_FROM", 1u64), number("RAPPORT_FORMS", 4));
    let lake = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/lake");
    let settings = settings(&[
        ("timezone", "Europe/Stockholm"),
        ("company_domains", "[\"nordwind.example\"]"),
        ("consent", "true"),
        ("publish_subjects", "true"),
        ("job", "relationship_kpis"),
    ]);
    let plain = run_on(&lake, &settings, &[AS_OF]).bytes();
    assert!(plain.len() > 5, "{:?}", plain.keys());
    for seed in from..from + seeds {
        let folder = TempDir::new().expect("a folder");
        let forms = rewrite(&lake, folder.path(), &mut Dice::seeded(seed)).join("\n");
        println!("seed {seed}");
        let found = std::panic::catch_unwind(|| run_on(folder.path(), &settings, &[AS_OF]).bytes());
        let found = found.unwrap_or_else(|_| panic!("seed {seed} is refused:\n{forms}"));
        let differing = plain.iter().filter(|(path, bytes)| found.get(*path) != Some(bytes));
        let differing: Vec<_> = differing.map(|(path, _)| path).collect();
        assert!(differing.is_empty() && found.len() == plain.len(), "seed {seed}: {differing:?}\n{forms}");
    }
}
