//! Dataverse as CSV gives what it gives as Parquet, and what is wrong with it is named (rule I6).

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value};
use tempfile::TempDir;

use crate::support::csv_lake::{self, Layout, UPDATES, convert};
use crate::support::small_lake::*;

const LAYOUTS: [Layout; 3] = [Layout::Root, Layout::Incremental, Layout::Both];

/// All jobs on a lake, as bytes.
fn published(lake: &Path, settings: &[(String, String)]) -> BTreeMap<String, Vec<u8>> {
    let folder = TempDir::new().unwrap();
    let output = folder.path().join("out");
    let mut rapport = std::process::Command::new(env!("CARGO_BIN_EXE_rapport"));
    rapport.current_dir(env!("CARGO_MANIFEST_DIR")).args(["run", "--as-of", AS_OF]);
    rapport.arg("--input").arg(lake).arg("--output").arg(&output);
    for (key, value) in settings {
        rapport.arg("--set").arg(format!("{key}={value}"));
    }
    let run = rapport.output().unwrap();
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    published_in(&output)
}

#[track_caller]
pub(super) fn same(one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>, what: &str) {
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>(), "{what}");
    let differing: Vec<_> = one.iter().filter(|(name, bytes)| other[*name] != **bytes).map(|(name, _)| name).collect();
    assert!(differing.is_empty(), "{what}: {differing:?}");
    assert!(!one.is_empty(), "{what}: nothing was published");
}

fn golden(variant: &str) {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let settings = fs::read_to_string(golden.join(format!("{variant}.json"))).unwrap();
    let settings: Map<String, Value> = serde_json::from_str(&settings).unwrap();
    let settings: Vec<_> =
        settings.into_iter().map(|(key, value)| (key, crate::support::results::toml(&value))).collect();
    let expected = published(&golden.join("lake"), &settings);
    for layout in LAYOUTS {
        let folder = TempDir::new().unwrap();
        let lake = folder.path().join("lake");
        convert(&golden.join("lake"), &lake, layout);
        same(&expected, &published(&lake, &settings), &format!("{variant}, {layout:?}"));
    }
}

#[test]
fn the_golden_lake_as_csv_main() {
    golden("main");
}

#[test]
fn the_golden_lake_as_csv_no_consent() {
    golden("no_consent");
}

#[test]
fn the_golden_lake_as_csv_consent_pending() {
    golden("consent_pending");
}

#[test]
fn the_golden_lake_as_csv_dynamics() {
    golden("dynamics");
}

/// A small lake in CSV, and the same one in Parquet as it is published.
pub(super) fn small(layout: Layout) -> (SmallLake, BTreeMap<String, Vec<u8>>) {
    let lake = SmallLake::new();
    let clean = lake.published(&[]);
    let tables = csv_lake::tables(&lake.root().join("dataverse"));
    fs::remove_dir_all(lake.root().join("dataverse")).unwrap();
    csv_lake::write(&lake.root().join("dataverse"), &tables, layout);
    fs::remove_dir_all(lake.output()).unwrap();
    (lake, clean)
}

#[test]
fn a_small_lake_is_the_same_in_every_layout() {
    for layout in LAYOUTS {
        let (lake, clean) = small(layout);
        same(&clean, &lake.published(&[]), &format!("{layout:?}"));
    }
}

#[test]
fn tables_may_be_of_several_formats_but_each_lies_there_once() {
    let parquet = SmallLake::new();
    let (lake, clean) = small(Layout::Root);
    lake.remove("email");
    lake.write("email", "part-0.parquet", &parquet.read("email"));
    same(&clean, &lake.published(&[]), "one table in Parquet");

    let (lake, _) = small(Layout::Incremental);
    lake.write("email", "part-0.parquet", &parquet.read("email"));
    lake.refused(3, &["table email", "lies in the lake twice", UPDATES[0], "Move one of the two"]);

    let (lake, _) = small(Layout::Root);
    lake.write("email", "part-0.parquet", &parquet.read("email"));
    lake.refused(3, &["table email", "mixes Parquet and CSV", "Move it out"]);
}

#[test]
fn bytes_around_the_rows_do_not_matter() {
    let (lake, clean) = small(Layout::Root);
    let file = lake.folder("contact").join("2026.csv");
    let text = fs::read_to_string(&file).unwrap();
    let header = {
        let model: Value =
            serde_json::from_slice(&fs::read(lake.root().join("dataverse/model.json")).unwrap()).unwrap();
        let entities = model["entities"].as_array().unwrap();
        let contact = entities.iter().find(|entity| entity["name"] == "contact").unwrap();
        let names = contact["attributes"].as_array().unwrap().iter().map(|column| column["name"].as_str().unwrap());
        names.collect::<Vec<_>>().join(",")
    };
    let quoted = |text: &str| {
        let lines = text.lines().map(|line| line.split(',').map(|value| format!("\"{value}\"")).collect::<Vec<_>>());
        lines.map(|values| values.join(",") + "\n").collect::<String>()
    };
    for text in [
        format!("\u{FEFF}{text}"),
        text.replace("\r\n", "\n"),
        format!("{text}\r\n\r\n"),
        text.trim_end().to_string(),
        format!("{header}\r\n{text}"),
        quoted(&text),
    ] {
        fs::write(&file, text).unwrap();
        same(&clean, &lake.published(&[]), "contact");
    }
    // Copies of how files were do not count, nor does a description among them.
    fs::create_dir_all(lake.folder("contact").join("Snapshot/2026_1")).unwrap();
    fs::write(lake.folder("contact").join("Snapshot/2026_1/2026.csv"), "gone,long,ago").unwrap();
    fs::write(lake.folder("contact").join("contact.cdm.json"), "{}").unwrap();
    same(&clean, &lake.published(&[]), "a snapshot");
}

#[test]
fn texts_keep_quotes_commas_and_line_ends() {
    let subject = "Say \"yes\", please,\r\nor \"\"no\"\"\n\nthen;";
    let with = |lake: &SmallLake| {
        lake.change("email", |frame| {
            use polars::prelude::*;
            let all = frame.lazy().with_column(lit(subject).alias("subject"));
            all.collect().unwrap()
        });
    };
    let lake = SmallLake::new();
    with(&lake);
    let set = ["--set", "publish_subjects=true"];
    let clean = lake.published(&set);
    let tables = csv_lake::tables(&lake.root().join("dataverse"));
    fs::remove_dir_all(lake.root().join("dataverse")).unwrap();
    csv_lake::write(&lake.root().join("dataverse"), &tables, Layout::Incremental);
    fs::remove_dir_all(lake.output()).unwrap();
    same(&clean, &lake.published(&set), "subjects");
}

#[test]
fn later_versions_and_deletions_of_incremental_folders_count() {
    let (lake, clean) = small(Layout::Root);
    let tables = csv_lake::tables(&SmallLake::new().root().join("dataverse"));
    let email = tables.iter().find(|table| table.name == "email").unwrap();
    let at = |name: &str| email.columns.iter().position(|(own, _)| own == name);
    let version = at("versionnumber").expect("emails have versions");
    // An older version of every row, in an earlier folder: nothing changes.
    let subject = at("subject").expect("emails have subjects");
    let older = |row: &Vec<Option<String>>| {
        let mut row = row.clone();
        row[version] = Some("1".into());
        row[subject] = Some("an old one".into());
        row
    };
    let old = csv_lake::Table {
        name: "email".into(),
        columns: email.columns.clone(),
        rows: email.rows.iter().map(older).collect(),
    };
    let scratch = TempDir::new().unwrap();
    csv_lake::write(scratch.path(), &[old], Layout::Incremental);
    for update in UPDATES {
        let from = scratch.path().join(update);
        for (name, bytes) in files_below(&from) {
            let path = lake.root().join("dataverse").join(update).join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    }
    same(&clean, &lake.published(&[]), "older versions");
}

#[test]
fn what_is_wrong_with_csv_is_named() {
    let model = |lake: &SmallLake| lake.root().join("dataverse/model.json");

    let (lake, _) = small(Layout::Root);
    fs::remove_file(model(&lake)).unwrap();
    lake.refused(3, &["table account", "2026.csv", "model.json is missing", "Copy it from the export"]);

    let (lake, _) = small(Layout::Incremental);
    fs::remove_file(lake.root().join("dataverse").join(UPDATES[1]).join("model.json")).unwrap();
    lake.refused(3, &["table account", UPDATES[1], "model.json is missing"]);

    let (lake, _) = small(Layout::Root);
    let text = fs::read_to_string(model(&lake)).unwrap().replace("\"name\": \"email\"", "\"name\": \"letter\"");
    fs::write(model(&lake), text).unwrap();
    lake.refused(3, &["table email", "model.json", "does not have the table"]);

    let (lake, _) = small(Layout::Root);
    fs::write(model(&lake), "no json").unwrap();
    lake.refused(3, &["table account", "model.json", "no description of tables"]);

    let (lake, _) = small(Layout::Root);
    let file = lake.folder("email").join("2026.csv");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replacen("\r\n", "\r\n1,2,3\r\n", 1)).unwrap();
    lake.refused(3, &["table email", "2026.csv", "row 2 has 3 columns"]);
    let first = text.lines().next().unwrap();
    fs::write(&file, format!("{text}{first},one,more\r\n")).unwrap();
    let rows = text.lines().count() + 1;
    lake.refused(3, &["table email", "2026.csv", &format!("row {rows} has"), "model.json names"]);
    fs::write(
        &file,
        [text.as_bytes(), &first.as_bytes().iter().map(|b| if *b == b'-' { 0xE4 } else { *b }).collect::<Vec<u8>>()]
            .concat(),
    )
    .unwrap();
    lake.refused(3, &["table email", "2026.csv", "UTF-8"]);
}

#[test]
fn a_file_that_was_cut_off_is_refused() {
    let (lake, _) = small(Layout::Root);
    let file = lake.folder("email").join("2026.csv");
    let text = fs::read_to_string(&file).unwrap();
    let rows: Vec<&str> = text.lines().collect();
    let columns = rows[0].split(',').count();
    let last = rows.len();

    // In the quotes of its last column, at a line end that belongs to the text or not.
    let (before, _) = text.trim_end().rsplit_once(',').unwrap();
    for rest in ["\"a text", "\"a text\r\n", "\"\"\"", "\""] {
        fs::write(&file, format!("{before},{rest}")).unwrap();
        lake.refused(3, &["table email", "2026.csv", &format!("ends inside quotes, in row {last}"), "again"]);
    }
    // In its only row, behind all that a row must have.
    fs::write(&file, rows[0].rsplit_once(',').unwrap().0).unwrap();
    lake.refused(3, &["table email", "2026.csv", &format!("row 1 has {} columns of the {columns}", columns - 1)]);
}

#[test]
fn times_of_the_us_are_read_where_the_job_says_so() {
    let (lake, clean) = small(Layout::Root);
    let file = lake.folder("appointment").join("2026.csv");
    let text = fs::read_to_string(&file).unwrap();
    let american = text.lines().map(|line| {
        let values = line.split(',').map(|value| match chrono::DateTime::parse_from_rfc3339(value) {
            Ok(time) => time.format("%-m/%-d/%Y %-I:%M:%S %p").to_string(),
            Err(_) => value.to_string(),
        });
        values.collect::<Vec<_>>().join(",") + "\r\n"
    });
    let american: String = american.collect();
    assert!(american != text && american.contains(" AM"), "{american}");
    fs::write(&file, american).unwrap();
    lake.refused(3, &["table appointment", "2026.csv", "row 1", "us_dates"]);
    let run = lake.run(&["--set", "us_dates=true"]);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    // The configuration has another name in every row, so only the rows are compared.
    let count = |published: &BTreeMap<String, Vec<u8>>| {
        let name = published.keys().find(|name| name.starts_with("interactions/")).unwrap().clone();
        let frame = {
            use polars::prelude::*;
            ParquetReader::new(std::io::Cursor::new(published[&name].clone())).finish().unwrap()
        };
        frame.column("occurred_at").unwrap().clone()
    };
    assert!(count(&clean).equals_missing(&count(&published_in(&lake.output()))));
}
