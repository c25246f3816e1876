//! The independent reference in SQL (benches/duckdb_peer.py) agrees with the program, row by row, on the golden lake
//! and on small nasty lakes drawn by a seed. `.ci/run` compares many more.

use crate::support::installed::python;

#[test]
fn the_reference_in_sql_agrees() {
    let Some(mut python) = python() else { return };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/agree.py");
    python.args([script, "--rapport", env!("CARGO_BIN_EXE_rapport"), "--only", "golden,random", "--random", "3"]);
    let output = python.env("PYTHONDONTWRITEBYTECODE", "1").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
}
