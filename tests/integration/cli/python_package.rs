//! The Python package of the wheel: finds the program that was installed beside it, and ends as it ends.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// As `pip install --target` lays a wheel out.
fn installed() -> TempDir {
    let folder = TempDir::new().unwrap();
    let package = folder.path().join("rapport");
    fs::create_dir_all(&package).unwrap();
    fs::create_dir_all(folder.path().join("bin")).unwrap();
    for file in ["__init__.py", "__main__.py"] {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/rapport").join(file);
        fs::copy(source, package.join(file)).unwrap();
    }
    symlink(env!("CARGO_BIN_EXE_rapport"), folder.path().join("bin/rapport")).unwrap();
    folder
}

fn python(folder: &TempDir, arguments: &[&str]) -> Output {
    let mut python = Command::new("python3");
    python.current_dir(folder.path()).env("PYTHONPATH", folder.path()).args(arguments).output().unwrap()
}

#[test]
fn the_module_is_the_program() {
    let folder = installed();
    let version = python(&folder, &["-m", "rapport", "--version"]);
    let said = String::from_utf8(version.stdout).unwrap();
    assert!(said.starts_with("rapport 0.") && said.contains("polars 0."), "{said}");
    let refused = python(&folder, &["-m", "rapport", "run", "--as-of", "yesterday"]);
    assert_eq!(refused.status.code(), Some(2));
}

/// Some schedulers take every SystemExit for a failure, also one with 0.
#[test]
fn the_entry_point_returns_when_all_went_well_and_raises_otherwise() {
    let folder = installed();
    let script = "import sys, rapport\nsys.argv = ['rapport', 'schema']\nrapport.main()\nprint('returned')";
    assert!(String::from_utf8(python(&folder, &["-c", script]).stdout).unwrap().ends_with("returned\n"));
    let script = "import sys, rapport\nsys.argv = ['rapport', 'nothing']\nrapport.main()\nprint('returned')";
    let output = python(&folder, &["-c", script]);
    assert_eq!(output.status.code(), Some(2));
    assert!(!String::from_utf8(output.stdout).unwrap().contains("returned"));
    fs::remove_file(folder.path().join("bin/rapport")).unwrap();
    let missing = python(&folder, &["-c", "import rapport; rapport.find_program()"]);
    assert!(String::from_utf8(missing.stderr).unwrap().contains("Install the wheel again"));
}
