//! What a newcomer does first: the demo, completions, the manual page.

use std::fs;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::support::small_lake::files_below;

fn rapport(folder: &TempDir, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rapport"));
    command.current_dir(folder.path()).env_remove("RAPPORT_JOBS").args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn the_demo_computes_the_sample_lake_without_a_checkout() {
    let folder = TempDir::new().unwrap();
    let output = rapport(&folder, &["demo", "--quiet"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let said = text(&output.stdout);
    for step in ["rapport-demo/out/report/index.html", "rapport-demo/out", "rapport new"] {
        assert!(said.contains(step), "{step} is not in: {said}");
    }
    let demo = folder.path().join("rapport-demo");
    assert!(demo.join("out/report/index.html").is_file());
    // The lake of the program is that of the repository.
    let sample = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data");
    assert!(files_below(&sample) == files_below(&demo.join("sample_data")), "build anew: touch src/cli/demo.rs");
    // Its job files compute the same again, from wherever they are called.
    let published = fs::read(demo.join("out/current/opportunity_kpis.parquet")).unwrap();
    let again = rapport(&folder, &["run", "--jobs", "rapport-demo/jobs", "--as-of", "2026-03-31", "--quiet"]);
    assert_eq!(again.status.code(), Some(0), "{}", text(&again.stderr));
    assert!(fs::read(demo.join("out/current/opportunity_kpis.parquet")).unwrap() == published);

    let output = rapport(&folder, &["demo"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("rapport-demo is there already"), "{}", text(&output.stderr));
}

#[test]
fn shells_take_the_completions_and_man_the_manual_page() {
    let folder = TempDir::new().unwrap();
    let script = |shell: &str| text(&rapport(&folder, &["completions", shell]).stdout);
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(script(shell).contains("backfill"), "{shell}");
    }
    // Bash says what it would complete: the commands that begin with "bac".
    fs::write(folder.path().join("rapport.bash"), script("bash")).unwrap();
    let ask = "source ./rapport.bash; COMP_WORDS=(rapport bac); COMP_CWORD=1; _rapport rapport bac rapport; echo ${COMPREPLY[@]}";
    let output = Command::new("bash").current_dir(folder.path()).args(["-c", ask]).output().unwrap();
    assert_eq!(text(&output.stdout).trim(), "backfill", "{}", text(&output.stderr));
    let page = script("man");
    assert!(page.contains(".TH") && page.contains("rapport\\-backfill") && page.contains("Exit codes"), "{page:.400}");
}
