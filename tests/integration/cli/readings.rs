//! All jobs of a command are computed from one reading of the lake, as far as they want the same of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

const JOBS: [&str; 3] = ["relationship_kpis", "similar_won_deals", "who_knows_whom"];

/// What runs of jobs on the sample lake say.
fn run(jobs: &Path, names: &[&str], output: &Path) -> String {
    let mut rapport = Command::new(env!("CARGO_BIN_EXE_rapport"));
    rapport.current_dir(env!("CARGO_MANIFEST_DIR")).args(["run", "--as-of", "2026-03-31"]).args(names);
    rapport.args(["--input", "sample_data/lake"]);
    let run = rapport.arg("--jobs").arg(jobs).arg("--output").arg(output).output().expect("the program runs");
    let said = String::from_utf8(run.stderr).expect("text");
    assert_eq!(run.status.code(), Some(0), "{said}");
    said
}

/// The bytes of every partition by its path, the rows of runs aside.
fn partitions(output: &Path) -> BTreeMap<String, Vec<u8>> {
    let (mut found, mut folders) = (BTreeMap::new(), vec![output.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of results") {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(output).expect("below the output").display().to_string();
            if path.is_dir() {
                folders.push(path);
            } else if !name.starts_with("runs") {
                found.insert(name, fs::read(&path).expect("a file"));
            }
        }
    }
    found
}

fn count(said: &str, phase: &str) -> usize {
    said.lines().filter(|line| line.contains(phase)).count()
}

#[test]
fn the_lake_is_read_once_and_all_jobs_write_what_each_alone_writes() {
    let folder = TempDir::new().expect("a temporary folder");
    let (together, apart) = (folder.path().join("together"), folder.path().join("apart"));
    let said = run(Path::new("jobs"), &[], &together);
    assert_eq!(count(&said, ": reading the lake, "), 1, "{said}");
    assert_eq!(count(&said, ": taking the lake as it was read for similar_won_deals, "), 2, "{said}");
    let taken = ": taking people and interactions as relationship_kpis resolved them, ";
    assert_eq!(count(&said, taken), 1, "{said}");
    for job in JOBS.into_iter().chain(["report"]) {
        run(Path::new("jobs"), &[job], &apart);
    }
    let (together, apart) = (partitions(&together), partitions(&apart));
    assert_eq!(together.keys().collect::<Vec<_>>(), apart.keys().collect::<Vec<_>>());
    let different: Vec<_> =
        together.iter().filter(|(path, bytes)| apart[*path] != **bytes).map(|(path, _)| path).collect();
    assert!(different.is_empty(), "{different:?}");
}

#[test]
fn jobs_that_want_something_else_read_apart() {
    let folder = TempDir::new().expect("a temporary folder");
    let (jobs, output) = (folder.path().join("jobs"), folder.path().join("out"));
    fs::create_dir(&jobs).expect("a folder");
    for file in JOBS.into_iter().chain(["rapport"]) {
        let text = fs::read_to_string(format!("{}/jobs/{file}.toml", env!("CARGO_MANIFEST_DIR"))).expect("a job file");
        let further = match file {
            // Deals are known by the same reading, but nobody else looks at the interactions in this way.
            "relationship_kpis" => "[interactions]\nmax_recipients = 40\n",
            "who_knows_whom" => "[people]\ncompany_domains = [\"nordwind.example\", \"nw.example\"]\n",
            _ => "",
        };
        fs::write(jobs.join(format!("{file}.toml")), format!("{text}\n{further}")).expect("a job file");
    }
    let said = run(&jobs, &[], &output);
    assert_eq!(count(&said, ": reading the lake, "), 2, "{said}");
    assert_eq!(count(&said, ": taking the lake as it was read for similar_won_deals, "), 1, "{said}");
    assert_eq!(count(&said, ": taking people and interactions "), 0, "{said}");
}
