//! The program as its users meet it: help, exit codes, where messages go.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

fn rapport(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rapport"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[track_caller]
fn ends(arguments: &[&str], code: i32, message: &str) {
    let output = rapport(arguments);
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {stderr}");
    assert!(stderr.contains(message), "{message:?} is not in: {stderr}");
    assert_eq!(text(&output.stdout), "", "errors do not go to stdout");
}

#[test]
fn help_has_the_exit_codes_and_an_example_each() {
    let help = text(&rapport(&["--help"]).stdout);
    for line in ["Exit codes:", " 3  the input", "75  storage", "76  another run", "130  ", "143  "] {
        assert!(help.contains(line), "{line:?} is not in: {help}");
    }
    let commands = [
        "run",
        "backfill",
        "check",
        "forget",
        "report",
        "prune",
        "diff",
        "explain",
        "demo",
        "new",
        "schema",
        "completions",
        "list",
        "tables",
    ];
    for command in commands {
        let output = rapport(&[command, "--help"]);
        assert_eq!(output.status.code(), Some(0));
        let example = format!("  rapport {command}");
        assert!(text(&output.stdout).contains(&example), "{example:?} is not in the help");
    }
}

#[test]
fn mistakes_in_arguments_are_exit_code_2() {
    ends(&["run", "--as-of", "31.03.2026"], 2, "YYYY-MM-DD");
    ends(&["run", "--set", "consent"], 2, "KEY=VALUE");
    ends(&["run", "--set", "colour=red"], 2, "no such key");
    ends(&["run", "--input", "az://lake/x"], 2, "Account must be specified");
    ends(&["run", "--input", "/nowhere/lake"], 2, "does not exist");
    ends(&["run", "--input", "Cargo.toml"], 2, "is no folder");
    ends(&["run", "--input", "src", "--output", "Cargo.toml"], 2, "is no folder");
}

#[test]
fn list_shows_the_shipped_jobs() {
    let output = rapport(&["list"]);
    assert_eq!(output.status.code(), Some(0));
    let list = text(&output.stdout);
    assert!(list.contains("relationship_kpis  30 2 * * *"), "{list}");
}

#[test]
fn tables_shows_the_dictionary() {
    let page = text(&rapport(&["tables", "--markdown"]).stdout);
    assert!(page.contains("## runs\n"), "{page}");
    let table = text(&rapport(&["tables", "runs"]).stdout);
    assert!(table.contains("\nconfig_hash\n"), "{table}");
}

#[test]
fn json_messages_are_one_object_per_line() {
    let output = rapport(&["run", "--log-format", "json", "--input", "/nowhere/lake"]);
    assert_eq!(output.status.code(), Some(2));
    let stderr = text(&output.stderr);
    assert!(!stderr.is_empty());
    for line in stderr.lines() {
        let message: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(message["time"].is_string() && message["level"].is_string(), "{line}");
    }
    assert!(stderr.contains("\"exit_code\":2"), "{stderr}");
}

#[test]
fn check_writes_nothing() {
    let dir = TempDir::new().unwrap();
    let (lake, output) = (dir.path().join("lake"), dir.path().join("out"));
    fs::create_dir(&lake).unwrap();
    let paths = [path(&lake), path(&output)];
    rapport(&["check", "--input", &paths[0], "--output", &paths[1]]);
    assert!(!output.exists());
    assert_eq!(fs::read_dir(&lake).unwrap().count(), 0);
}

fn path(path: &Path) -> String {
    path.display().to_string()
}
