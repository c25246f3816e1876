//! Which code a run ends with where something is in its way, and what the documentation says of codes.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output};

use rapport::error::EXIT_CODES;

use crate::clouds::servers::{Cloud, WRITABLE};
use crate::clouds::store::Store;
use crate::support::small_lake::*;

fn run_into(lake: &SmallLake, output: &str, set: &[&str]) -> Output {
    let mut rapport = Command::new(env!("CARGO_BIN_EXE_rapport"));
    rapport.current_dir(env!("CARGO_MANIFEST_DIR")).args(["run", "relationship_kpis", "--as-of", AS_OF, "--quiet"]);
    rapport.arg("--input").arg(lake.root()).args(["--output", output]).args(set).output().unwrap()
}

#[test]
fn the_documentation_and_the_help_say_what_the_program_ends_with() {
    let readme = include_str!("../../../jobs/README.md");
    let help = Command::new(env!("CARGO_BIN_EXE_rapport")).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    for exit in EXIT_CODES {
        let row = format!("| {} | {} | {} |", exit.code, exit.meaning, exit.remedy).replace("|  |", "| |");
        assert!(readme.contains(&row), "jobs/README.md lacks: {row}");
        // The help is wrapped to the terminal.
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words(&help).contains(&words(&format!("{} {}", exit.code, exit.meaning))), "--help lacks {row}");
    }
}

/// What of the output is in the way of a run, and stays so until somebody moves it.
#[test]
fn an_output_that_cannot_be_is_a_mistake_in_the_configuration() {
    let partition = format!("account_kpis/as_of_date={AS_OF}");
    let file = format!("{partition}/account_kpis.parquet");
    let long = "n".repeat(300);
    let in_the_way: [(&str, &dyn Fn(&Path)); 12] = [
        ("output below a file", &|out| fs::write(out, "").unwrap()),
        ("a table is a file", &|out| fs::write(made(out, "").join("account_kpis"), "").unwrap()),
        ("a table is a link to nothing", &|out| symlink("nowhere/at/all", made(out, "").join("account_kpis")).unwrap()),
        ("a partition is a file", &|out| {
            fs::write(made(out, "account_kpis").join(format!("as_of_date={AS_OF}")), "").unwrap()
        }),
        ("a partition is a link to nothing", &|out| {
            symlink("nowhere/x", made(out, "account_kpis").join(format!("as_of_date={AS_OF}"))).unwrap()
        }),
        ("the target is a folder", &|out| drop(made(out, &format!("{file}/x")))),
        ("the lock is a folder", &|out| drop(made(out, &format!("{partition}/.lock")))),
        ("the lock is a link", &|out| symlink("elsewhere", made(out, &partition).join(".lock")).unwrap()),
        ("runs is a file", &|out| fs::write(made(out, "").join("runs"), "").unwrap()),
        ("current is a file", &|out| fs::write(made(out, "").join("current"), "").unwrap()),
        ("current is a link to nothing", &|out| symlink("nowhere/x", made(out, "").join("current")).unwrap()),
        ("a current file is a folder", &|out| drop(made(out, "current/account_kpis.parquet/x"))),
    ];
    for (what, damage) in in_the_way {
        let lake = SmallLake::new();
        damage(&lake.output());
        for set in [&[][..], &["--set", "tables=[\"account_kpis\"]"]] {
            let output = run_into(&lake, lake.output().to_str().unwrap(), set);
            assert_eq!(output.status.code(), Some(2), "{what}: {}", stderr(&output));
        }
    }
    let lake = SmallLake::new();
    fs::write(lake.root().join("file"), "").unwrap();
    let below = lake.root().join("file/out").display().to_string();
    let too_long = lake.output().join(&long).display().to_string();
    let deep = lake.output().join(vec!["d"; 3000].join("/")).display().to_string();
    symlink("round", lake.root().join("round")).unwrap();
    let round = lake.root().join("round/out").display().to_string();
    for output in [below.as_str(), &too_long, &deep, &round, "/proc/x", "/proc/self/x", "/dev/null/x"] {
        let run = run_into(&lake, output, &[]);
        assert_eq!(run.status.code(), Some(2), "{}: {}", &output[..output.len().min(80)], stderr(&run));
    }
}

fn made(out: &Path, below: &str) -> std::path::PathBuf {
    let folder = out.join(below);
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn links_in_a_circle_in_the_lake_break_its_contract() {
    let lake = SmallLake::new();
    symlink(".", lake.folder("email").join("loop")).unwrap();
    let message = lake.refused(3, &["table email", "circle"]);
    assert!(!message.contains("loop/loop"), "{message}");
    let lake = SmallLake::new();
    symlink("part-1.parquet", lake.folder("email").join("part-1.parquet")).unwrap();
    lake.refused(3, &["table email", "part-1.parquet", "circle"]);
}

#[test]
fn names_too_long_in_a_delta_log_break_the_contract() {
    let lake = SmallLake::new();
    let log = lake.folder("email").join("_delta_log");
    fs::create_dir(&log).unwrap();
    let long = format!("{}.parquet", "n".repeat(300));
    let schema = r#"{\"type\":\"struct\",\"fields\":[{\"name\":\"activityid\",\"type\":\"string\",\"nullable\":true,\"metadata\":{}}]}"#;
    let lines = [
        r#"{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}"#.to_string(),
        format!(
            r#"{{"metaData":{{"id":"a","format":{{"provider":"parquet","options":{{}}}},"schemaString":"{schema}","partitionColumns":[],"configuration":{{}},"createdTime":1}}}}"#
        ),
        format!(
            r#"{{"add":{{"path":"{long}","partitionValues":{{}},"size":9,"modificationTime":1,"dataChange":true}}}}"#
        ),
    ];
    fs::write(log.join("00000000000000000000.json"), lines.join("\n")).unwrap();
    lake.refused(3, &["table email"]);
}

#[test]
fn names_in_a_store_that_cannot_be_files_break_the_contract() {
    let Some(store) = Store::new(Cloud::S3, "exit-codes") else { return };
    let lake = SmallLake::new();
    store.upload(&lake.root(), "lake");
    let long = format!("lake/dataverse/email/{}/part.parquet", "n".repeat(250));
    store.put_all(&long[..long.len() - 13], &[("part.parquet".to_string(), vec![1; 20])].into());
    let run = store.command(store.address, "relationship_kpis", &[]).output().unwrap();
    assert_eq!(run.status.code(), Some(3), "{}", stderr(&run));
}

/// A store has no folders, so `email/part-0.parquet` may hold bytes and have `email/part-0.parquet/b.parquet` below it.
#[test]
fn an_object_that_is_a_folder_too_breaks_the_contract_by_name() {
    let mut tested = 0;
    let mut servers = 0;
    for cloud in WRITABLE {
        let Some(store) = Store::new(cloud, "object-and-folder") else { continue };
        servers += 1;
        let lake = SmallLake::new();
        let email = fs::read(lake.file("email")).unwrap();
        store.upload(&lake.root(), "lake");
        let below = [("b.parquet".to_string(), email)].into();
        if let Err(refused) = store.try_put_all("lake/dataverse/email/part-0.parquet", &below) {
            println!("{cloud:?} has no such objects: {refused}");
            continue;
        }
        let objects = store.files("lake/dataverse/email");
        if objects.len() < 2 {
            println!("{cloud:?} keeps one of both: {:?}", objects.keys());
            continue;
        }
        let run = store.command(store.address, "relationship_kpis", &[]).output().unwrap();
        let message = stderr(&run);
        assert_eq!(run.status.code(), Some(3), "{cloud:?}: {message}");
        assert!(message.contains("email/part-0.parquet/b.parquet"), "{cloud:?}: {message}");
        tested += 1;
    }
    assert!(tested > 0 || servers < WRITABLE.len(), "no server keeps an object that is a folder too");
}
