//! A lake of a few rows in every table, to be damaged, drifted or interrupted by the tests.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use polars::prelude::*;
use serde_json::Value;
use tempfile::TempDir;

mod exchange;
mod rows;

pub use exchange::exchange;
pub use rows::{guid, instants};

pub const AS_OF: &str = "2026-03-31";
/// Tables outside of Exchange.
pub const TABLES: [&str; 15] = [
    "account",
    "contact",
    "lead",
    "opportunity",
    "systemuser",
    "role",
    "systemuserroles",
    "email",
    "appointment",
    "phonecall",
    "task",
    "activityparty",
    "opt_outs",
    "erasures",
    "aliases",
];
pub const EXCHANGE: [&str; 3] = ["messages", "calendar_view", "users"];

pub struct SmallLake {
    dir: TempDir,
}

impl SmallLake {
    /// All tables as Parquet, one file each.
    pub fn new() -> SmallLake {
        let lake = SmallLake { dir: TempDir::new().unwrap() };
        for (table, frame) in rows::dataverse().into_iter().chain(rows::control()) {
            lake.write(table, "part-0.parquet", &frame);
        }
        for table in EXCHANGE {
            lake.write(table, "part-0.parquet", &lines_as_frame(&exchange(table)));
        }
        lake
    }

    pub fn root(&self) -> PathBuf {
        self.dir.path().join("lake")
    }

    pub fn output(&self) -> PathBuf {
        self.dir.path().join("out")
    }

    /// The table's folder.
    pub fn folder(&self, table: &str) -> PathBuf {
        let system = match table {
            "messages" | "calendar_view" | "users" => "exchange",
            "opt_outs" | "erasures" | "aliases" | "group_members" => "control",
            _ => "dataverse",
        };
        self.root().join(system).join(table)
    }

    pub fn file(&self, table: &str) -> PathBuf {
        self.folder(table).join("part-0.parquet")
    }

    pub fn write(&self, table: &str, name: &str, frame: &DataFrame) {
        write_parquet(&self.folder(table).join(name), frame);
    }

    pub fn write_text(&self, table: &str, name: &str, text: &str) {
        fs::create_dir_all(self.folder(table)).unwrap();
        fs::write(self.folder(table).join(name), text).unwrap();
    }

    pub fn remove(&self, table: &str) {
        fs::remove_dir_all(self.folder(table)).unwrap();
    }

    /// The table as it was written.
    pub fn read(&self, table: &str) -> DataFrame {
        ParquetReader::new(File::open(self.file(table)).unwrap()).finish().unwrap()
    }

    /// Writes the table's one file again, changed.
    pub fn change(&self, table: &str, change: impl FnOnce(DataFrame) -> DataFrame) {
        self.write(table, "part-0.parquet", &change(self.read(table)));
    }

    pub fn command(&self, command: &str, arguments: &[&str]) -> Command {
        self.command_of(command, "relationship_kpis", arguments)
    }

    pub fn command_of(&self, command: &str, job: &str, arguments: &[&str]) -> Command {
        let mut rapport = Command::new(env!("CARGO_BIN_EXE_rapport"));
        rapport.current_dir(env!("CARGO_MANIFEST_DIR")).args([command, job]);
        rapport.arg("--input").arg(self.root()).arg("--output").arg(self.output()).args(arguments);
        rapport
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        let as_of = if arguments.contains(&"--as-of") { &[][..] } else { &["--as-of", AS_OF] };
        self.command("run", &[as_of, arguments].concat()).output().unwrap()
    }

    /// Runs well and returns what was published, without the report of the run.
    #[track_caller]
    pub fn published(&self, arguments: &[&str]) -> BTreeMap<String, Vec<u8>> {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        published_in(&self.output())
    }

    /// Runs, ends with the code and all parts of the message, and publishes nothing.
    #[track_caller]
    pub fn refused(&self, code: i32, parts: &[&str]) -> String {
        let output = self.run(&[]);
        let message = stderr(&output);
        assert_eq!(output.status.code(), Some(code), "{message}");
        for part in parts {
            assert!(message.contains(part), "{part:?} is not in: {message}");
        }
        let of_the_engine = ["internal error", "panicked", ".rs:"].iter().any(|words| message.contains(words));
        assert!(!of_the_engine, "{message}");
        assert!(!self.output().exists(), "something was published");
        message
    }
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Relative path and bytes of every partition that readers see.
pub fn published_in(output: &Path) -> BTreeMap<String, Vec<u8>> {
    let is_partition = |path: &str| path.contains('=') && path.ends_with(".parquet");
    files_below(output).into_iter().filter(|(path, _)| is_partition(path)).collect()
}

pub fn files_below(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

pub fn write_parquet(path: &Path, frame: &DataFrame) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    ParquetWriter::new(File::create(path).unwrap()).finish(&mut frame.clone()).unwrap();
}

pub fn lines(rows: &[Value]) -> String {
    rows.iter().map(|row| format!("{row}\n")).collect()
}

pub fn lines_as_frame(rows: &[Value]) -> DataFrame {
    let reader = JsonReader::new(std::io::Cursor::new(lines(rows))).with_json_format(JsonFormat::JsonLines);
    reader.infer_schema_len(None).finish().unwrap()
}

pub fn read_parquet(path: &Path) -> DataFrame {
    ParquetReader::new(File::open(path).unwrap()).finish().unwrap()
}
