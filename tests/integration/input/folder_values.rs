//! Columns that writers such as Spark and Hive leave in the names of folders, `statecode=1/part-0.parquet`, are read
//! from there (rule I6).

use std::fs;

use polars::prelude::*;

use crate::support::small_lake::*;

/// Writes a table again, a folder for each value of a column, which the files then lack.
fn part(lake: &SmallLake, table: &str, column: &str) {
    let frame = lake.read(table);
    let texts = frame.column(column).unwrap().cast(&DataType::String).unwrap();
    fs::remove_dir_all(lake.folder(table)).unwrap();
    let values = texts.unique_stable().unwrap();
    assert!(values.len() > 1, "{table}.{column} has one value");
    for value in values.str().unwrap().iter() {
        let mask = texts.str().unwrap().iter().map(|text| Some(text == value)).collect::<BooleanChunked>();
        let rows = frame.filter(&mask).unwrap().drop(column).unwrap();
        let value = value.map_or("__HIVE_DEFAULT_PARTITION__".to_string(), |value| value.replace(':', "%3A"));
        lake.write(table, &format!("{column}={value}/part-0.parquet"), &rows);
    }
}

#[test]
fn a_column_may_be_in_the_names_of_folders() {
    let clean = SmallLake::new().published(&[]);
    for (table, column) in [
        ("email", "statuscode"),
        ("contact", "fullname"),
        ("opportunity", "actualclosedate"),
        ("email", "senton"),
        ("activityparty", "participationtypemask"),
        ("messages", "puser"),
    ] {
        let lake = SmallLake::new();
        part(&lake, table, column);
        let parted = lake.published(&[]);
        let differing: Vec<_> = clean.iter().filter(|(path, bytes)| parted.get(*path) != Some(bytes)).collect();
        assert!(
            differing.is_empty(),
            "{table}.{column}: {:?}",
            differing.iter().map(|(path, _)| path).collect::<Vec<_>>()
        );
    }
}

#[test]
fn what_a_file_holds_itself_counts_and_json_lines_have_folders_too() {
    let lake = SmallLake::new();
    let clean = lake.published(&[]);
    let frame = lake.read("contact");
    fs::remove_dir_all(lake.folder("contact")).unwrap();
    lake.write("contact", "statecode=7/PartitionId=2026/part-0.parquet", &frame);
    fs::remove_dir_all(lake.folder("messages")).unwrap();
    let rows = exchange("messages");
    for row in &rows {
        let mut row = row.clone();
        let mailbox = row.as_object_mut().unwrap().remove("puser").unwrap();
        let id = row["id"].as_str().unwrap().to_string();
        let folder = lake.folder("messages").join(format!("puser={}", mailbox.as_str().unwrap()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("{id}.json")), lines(&[row])).unwrap();
    }
    assert!(rows.len() > 1);
    assert!(lake.published(&[]) == clean);
}
