//! The documents: links lead somewhere, the README stays short, and changes of tables are told.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use rapport::jobs;
use regex::Regex;

const PAGES: [&str; 10] = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "jobs/README.md",
    "jobs/RULES.md",
    "jobs/FORMULAS.md",
    "jobs/TABLES.md",
    "jobs/MSDYN.md",
    "benches/README.md",
    "sample_data/README.md",
];
/// What fits on a few screens.
const README_BYTES: usize = 10_000;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The anchors that headings get on GitHub.
fn anchors(page: &str) -> BTreeSet<String> {
    let headings = page.lines().filter(|line| line.starts_with('#'));
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ');
    let anchor =
        |line: &str| line.trim_start_matches('#').trim().to_lowercase().chars().filter(kept).collect::<String>();
    headings.map(|line| anchor(line).replace(' ', "-")).collect()
}

#[test]
fn links_lead_to_files_and_headings() {
    let link = Regex::new(r"\]\(([^)\s]+)\)").expect("a pattern");
    let mut broken = Vec::new();
    let mut followed = 0;
    for page in PAGES {
        let path = root().join(page);
        for found in link.captures_iter(&read(&path)) {
            let target = &found[1];
            if target.contains("://") {
                continue;
            }
            followed += 1;
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let file = if file.is_empty() { path.clone() } else { root().join(page).with_file_name("").join(file) };
            if !file.exists() || !anchor.is_empty() && !anchors(&read(&file)).contains(anchor) {
                broken.push(format!("{page}: {target}"));
            }
        }
    }
    assert!(broken.is_empty(), "these links lead nowhere: {broken:#?}");
    assert!(followed > 300, "{followed} links");
}

#[test]
fn the_readme_stays_short() {
    let bytes = read(&root().join("README.md")).len();
    assert!(bytes <= README_BYTES, "README.md has {bytes} bytes: what belongs on another page?");
}

#[test]
fn the_readme_lists_every_table() {
    let readme = read(&root().join("README.md"));
    let missing: Vec<&str> =
        jobs::tables().iter().map(|table| table.name).filter(|name| !readme.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "README.md does not list {missing:?}");
}

/// A newer version of a table has a row that says what is different.
#[test]
fn the_changelog_tells_what_changed_in_tables() {
    let changelog = read(&root().join("CHANGELOG.md"));
    let rows: Vec<Vec<&str>> =
        changelog.lines().filter(|line| line.starts_with("| `")).map(|line| line.split(" | ").collect()).collect();
    for table in jobs::tables() {
        let told = rows.iter().any(|row| {
            row[0].contains(&format!("`{}`", table.name)) && row.get(1) == Some(&table.version.to_string().as_str())
        });
        assert!(told, "CHANGELOG.md has no schema change of version {} of {}", table.version, table.name);
    }
}

#[test]
fn every_module_is_on_the_map() {
    let library = read(&root().join("src/lib.rs"));
    let modules: Vec<&str> =
        library.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let missing: Vec<&&str> = modules.iter().filter(|module| !library.contains(&format!("[`{module}`]"))).collect();
    assert!(modules.len() > 20 && missing.is_empty(), "the map in src/lib.rs lacks {missing:?}");
}
