//! What is nearly right: it is read where nobody can doubt what it means, else refused in words that are so.

use std::fs;

use polars::prelude::*;
use serde_json::{Value, json};

use crate::support::small_lake::*;

#[test]
fn recipients_may_be_left_as_lists_of_addresses() {
    let flat = |mut row: Value| {
        let fields = row.as_object_mut().unwrap();
        for list in ["toRecipients", "ccRecipients"] {
            let Some(Value::Array(people)) = fields.remove(list) else { continue };
            let addresses = people.iter().map(|person| person["emailAddress"]["address"].clone());
            fields.insert(format!("{list}.emailAddress.address"), addresses.collect());
        }
        row
    };
    let rows: Vec<Value> = exchange("messages").into_iter().map(flat).collect();
    assert!(rows[0].get("toRecipients.emailAddress.address").is_some());
    let lake = SmallLake::new();
    let clean = lake.published(&[]);
    lake.write("messages", "part-0.parquet", &lines_as_frame(&rows));
    assert!(lake.published(&[]) == clean, "Parquet");
    lake.remove("messages");
    lake.write_text("messages", "part-0.json", &lines(&rows));
    assert!(lake.published(&[]) == clean, "JSON lines");
}

#[test]
fn half_a_character_costs_no_more_than_itself() {
    let lake = SmallLake::new();
    let clean = lake.published(&[]);
    let cut = |row: &Value| {
        let mut row = row.clone();
        row["subject"] = json!("CUT");
        row["nobodyNeeds"] = json!({ "this": "CUT" });
        row.to_string().replace("CUT", "cut\t off \\ud83d")
    };
    let rows: Vec<String> = exchange("messages").iter().map(cut).collect();
    lake.remove("messages");
    lake.write_text("messages", "part-0.json", &rows.join("\n"));
    assert!(lake.published(&[]) == clean);
    // What is no JSON beside is refused as before.
    let lake = SmallLake::new();
    lake.remove("messages");
    lake.write_text("messages", "part-1.json", &format!("{}x", rows[0]));
    lake.refused(3, &["part-1.json", "line 1 is no JSON object"]);
}

#[test]
fn a_file_without_an_ending_is_told_by_what_is_in_it() {
    let lake = SmallLake::new();
    let other = |lake: &SmallLake, table: &str| lake.folder(table).join("000000_0");
    for table in ["messages", "email"] {
        let lake = SmallLake::new();
        fs::rename(lake.file(table), other(&lake, table)).unwrap();
        lake.refused(3, &[table, "begins as Parquet does", "has no ending", "Call it 000000_0.parquet"]);
    }
    lake.remove("messages");
    lake.write_text("messages", "000000_0", &lines(&exchange("messages")));
    lake.refused(3, &["messages", "begins as JSON lines does", "Call it 000000_0.json"]);
}

#[test]
fn structs_of_other_fields_or_types_are_called_what_they_are() {
    let lake = SmallLake::new();
    let structs = |field: Expr, name: &'static str, column: &'static str| {
        move |frame: DataFrame| {
            frame.lazy().with_column(as_struct(vec![field.alias(name)]).alias(column)).collect().unwrap()
        }
    };
    lake.change("contact", structs(col("parentcustomerid"), "id", "parentcustomerid"));
    lake.refused(3, &["contact", "parentcustomerid", "stored as structs, expected text"]);
    for (column, name, table) in [("start", "dateTime", "calendar_view"), ("from", "emailAddress", "messages")] {
        let lake = SmallLake::new();
        lake.change(table, structs(lit(7i64), name, column));
        lake.refused(3, &[table, column, &format!("stored as structs with {name} as i")]);
    }
}
