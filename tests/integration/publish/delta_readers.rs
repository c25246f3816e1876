//! Other readers of our Delta tables: DuckDB and polars see the rows of plain Parquet (rule O4).

use std::io::Write;
use std::process::Stdio;

use rapport::config::JobKind;

use crate::support::installed;
use crate::support::small_lake::*;

/// Compares every table of two folders, the first of plain Parquet, the second of Delta tables.
const COMPARE: &str = r#"
import datetime, pathlib, sys
import duckdb, polars as pl
from duckdb_extensions import import_extension
import_extension("delta")
duckdb.sql("LOAD delta; SET TimeZone = 'UTC'")
plain, delta, day = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), datetime.date.fromisoformat(sys.argv[3])
compared = 0
for table in sorted(p.parent.name for p in delta.glob("*/_delta_log")):
    rows = pl.read_parquet(plain / table / f"as_of_date={day}" / f"{table}.parquet", hive_partitioning=False)
    rows = rows.with_columns(as_of_date=pl.lit(day))
    by_polars = pl.scan_delta(str(delta / table)).collect()
    by_duckdb = duckdb.sql(f"SELECT * FROM delta_scan('{delta / table}')").pl()
    for reader, found in ("polars", by_polars), ("DuckDB", by_duckdb):
        assert found.columns == rows.columns, (reader, table, found.columns)
        found = found.cast(rows.schema).sort(rows.columns)
        assert found.equals(rows.sort(rows.columns)), (reader, table)
    compared += 1
print(compared, "tables")
"#;

#[test]
fn duckdb_and_polars_read_the_rows_of_plain_parquet() {
    let Some(mut python) = installed::python() else { return };
    let (plain, delta) = (SmallLake::new(), SmallLake::new());
    plain.published(&[]);
    // The second version is the one to be read.
    delta.published(&["--set", "format=delta", "--set", "consent=false"]);
    delta.published(&["--set", "format=delta"]);
    python.arg("-").arg(plain.output()).arg(delta.output()).arg(AS_OF);
    let mut python = python.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    python.stdin.take().unwrap().write_all(COMPARE.as_bytes()).unwrap();
    let output = python.wait_with_output().unwrap();
    let all = format!("{} tables", JobKind::RelationshipKpis.tables().len());
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), all, "{}", stderr(&output));
}
