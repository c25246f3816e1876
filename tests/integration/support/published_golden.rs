//! The golden lake, published by all jobs, and what else the program makes of that.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use polars::prelude::*;
use tempfile::TempDir;

use crate::support::lake::Row;
use crate::support::results;
use crate::support::small_lake::stderr;

pub const AS_OF: &str = "2026-03-31";
const SETTINGS: [&str; 4] = [
    "timezone=\"Europe/Stockholm\"",
    "company_domains=[\"nordwind.example\"]",
    "consent=true",
    "selected_roles=[\"Salesperson\"]",
];

/// What the jobs have published of the golden lake.
pub struct Golden {
    folder: TempDir,
}

impl Golden {
    /// The jobs as of a day.
    pub fn published(day: &str) -> Golden {
        let golden = Golden { folder: TempDir::new().unwrap() };
        golden.run(day);
        golden
    }

    pub fn run(&self, day: &str) {
        self.ends(0, "run", &["--as-of", day]);
    }

    pub fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    pub fn folder(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn command(&self, command: &str, arguments: &[&str]) -> Output {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut rapport = Command::new(env!("CARGO_BIN_EXE_rapport"));
        rapport.current_dir(root).arg(command).arg("--input").arg(root.join("tests/golden/lake"));
        rapport.arg("--output").arg(self.out());
        for setting in SETTINGS {
            rapport.args(["--set", setting]);
        }
        rapport.args(arguments).output().unwrap()
    }

    /// Runs a command that ends with the code; what it says on stdout, or on stderr where it fails.
    #[track_caller]
    pub fn ends(&self, code: i32, command: &str, arguments: &[&str]) -> String {
        let output = self.command(command, arguments);
        assert_eq!(output.status.code(), Some(code), "{}", stderr(&output));
        if code == 0 { String::from_utf8(output.stdout).unwrap() } else { stderr(&output) }
    }

    /// A table of the original as it was filled.
    pub fn filled(&self, table: &str) -> DataFrame {
        read(&self.out().join(format!("msdyn/current/{table}.parquet")))
    }

    /// Its rows, decimals as numbers.
    pub fn rows(&self, table: &str) -> Vec<Row> {
        let mut frame = self.filled(table);
        let decimals: Vec<PlSmallStr> =
            frame.columns().iter().filter(|one| one.dtype().is_decimal()).map(|one| one.name().clone()).collect();
        for name in decimals {
            let numbers = frame.column(&name).unwrap().cast(&DataType::Float64).unwrap();
            frame.replace(&name, numbers).unwrap();
        }
        results::rows(&frame)
    }

    /// The one row where a column has a value.
    #[track_caller]
    pub fn row(&self, table: &str, column: &str, value: &str) -> Row {
        let mut rows = self.rows(table);
        rows.retain(|row| row[column] == value);
        assert_eq!(rows.len(), 1, "{table} where {column} is {value}");
        rows.remove(0)
    }
}

pub fn read(path: &Path) -> DataFrame {
    ParquetReader::new(File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))).finish().unwrap()
}

pub fn write(path: &Path, frame: &DataFrame) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    ParquetWriter::new(File::create(path).unwrap()).finish(&mut frame.clone()).unwrap();
}
