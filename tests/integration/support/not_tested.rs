//! What a run of the tests could not test, told where it happens and once more at the end.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

/// What was left out so far, a line each.
static LEFT_OUT: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Says that something is left out by this test: what, why, and what to do so that it is tested. Whoever returns
/// early calls it; a test that passes without it has tested.
///
/// The list stands at the end of what the test binary says, and, line by line, in the file that the variable
/// `RAPPORT_NOT_TESTED` names, which `.ci/run` shows at its end.
#[expect(unsafe_code, reason = "the end of a process is told by C alone")]
pub fn not_tested(what: &str, why: &str, way_out: &str) {
    let line = format!("NOT TESTED: {what}: {why}. {way_out}");
    let mut left_out = LEFT_OUT.lock().unwrap_or_else(PoisonError::into_inner);
    if !left_out.insert(line.clone()) {
        return;
    }
    if left_out.len() == 1 {
        // SAFETY: a function without arguments, which the system calls when this process ends by itself.
        unsafe { libc::atexit(tell_all) };
    }
    // Past the test runner, which shows only what failing tests print.
    let _ = writeln!(std::io::stderr(), "\n{line}");
    if let Some(path) = std::env::var_os("RAPPORT_NOT_TESTED") {
        let file = File::options().create(true).append(true).open(path);
        file.and_then(|mut file| file.write_all(format!("{line}\n").as_bytes()))
            .expect("the list of what is not tested");
    }
}

/// The same for what `.ci/servers` installs, which may be missing only where nobody says that it is needed.
pub fn not_installed(path: &str) {
    let way_out = "Run .ci/servers, or name its folder in RAPPORT_SERVERS";
    let needed = std::env::var_os("RAPPORT_NEED_SERVERS").is_some_and(|needed| needed == "1");
    assert!(!needed, "{path} is not installed, and RAPPORT_NEED_SERVERS is 1. {way_out}");
    let test = std::thread::current().name().unwrap_or("a test").to_string();
    not_tested(&test, &format!("{path} is not installed"), way_out);
}

extern "C" fn tell_all() {
    let left_out = LEFT_OUT.lock().unwrap_or_else(PoisonError::into_inner);
    let lines: String = left_out.iter().map(|line| format!("{line}\n")).collect();
    let _ = std::io::stderr().write_all(format!("\n{} things were not tested:\n{lines}", left_out.len()).as_bytes());
}

/// Without the servers the tests that need them pass, and say at the end what they left out; with
/// `RAPPORT_NEED_SERVERS=1` they fail.
#[test]
fn a_run_without_servers_ends_by_saying_what_was_not_tested() {
    let list = tempfile::NamedTempFile::new().unwrap();
    let run = |needed: &str| {
        let mut tests = std::process::Command::new(std::env::current_exe().unwrap());
        tests.args(["--exact", "publish::delta_readers::duckdb_and_polars_read_the_rows_of_plain_parquet"]);
        tests
            .env("RAPPORT_SERVERS", "/nowhere")
            .env("RAPPORT_NEED_SERVERS", needed)
            .env("RAPPORT_NOT_TESTED", list.path());
        tests.output().unwrap()
    };
    let hidden = run("0");
    let said = String::from_utf8_lossy(&hidden.stderr).into_owned();
    let line = "NOT TESTED: publish::delta_readers::duckdb_and_polars_read_the_rows_of_plain_parquet: readers/bin/python \
                is not installed. Run .ci/servers, or name its folder in RAPPORT_SERVERS";
    assert!(hidden.status.success(), "{said}");
    assert!(said.ends_with(&format!("\n1 things were not tested:\n{line}\n")), "{said}");
    assert_eq!(std::fs::read_to_string(list.path()).unwrap(), format!("{line}\n"));
    let needed = run("1");
    assert!(!needed.status.success());
    assert!(String::from_utf8_lossy(&needed.stdout).contains("RAPPORT_NEED_SERVERS is 1"));
}
