//! Exchange as JSON lines, the way Graph Data Connect lands it (rule I11).

use std::fs;

use crate::small_lake::*;

fn as_lines(lake: &SmallLake, table: &str, name: &str) {
    lake.remove(table);
    lake.write_text(table, name, &lines(&exchange(table)));
}

#[test]
fn json_lines_give_what_parquet_gives() {
    let lake = SmallLake::new();
    let clean = lake.published(&[]);
    for (table, name) in EXCHANGE.iter().zip(["a/part-0.JSON", "part-0.jsonl", "part-0.ndjson"]) {
        lake.remove(table);
        fs::create_dir_all(lake.folder(table).join("a")).unwrap();
        lake.write_text(table, name, &lines(&exchange(table)));
    }
    assert!(lake.published(&[]) == clean);
    for (table, ending) in EXCHANGE.iter().zip(["json", "jsonl", "ndjson"]) {
        lake.remove(table);
        fs::write(lake.folder(table).with_extension(ending), lines(&exchange(table))).unwrap();
    }
    assert!(lake.published(&[]) == clean);
}

#[test]
fn json_lines_may_be_split_blank_and_in_other_words() {
    let lake = SmallLake::new();
    let clean = lake.published(&[]);
    lake.remove("messages");
    for (number, row) in exchange("messages").iter().enumerate() {
        let mut text = format!("\n{row}\n\n");
        if number == 1 {
            for name in ["emailAddress", "address", "errorInformation", "isUserSummaryRow"] {
                let pascal = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
                text = text.replace(&format!("\"{name}\""), &format!("\"{pascal}\""));
            }
        }
        lake.write_text("messages", &format!("part-{number}.json"), &text);
    }
    lake.write_text("messages", "part-9.json", "");
    assert!(lake.published(&[]) == clean);
}

#[test]
fn json_files_without_lines_are_a_table_without_rows() {
    let lake = SmallLake::new();
    lake.change("messages", |frame| frame.head(Some(0)));
    let clean = lake.published(&[]);
    for text in ["", "\n", " \n\n"] {
        lake.remove("messages");
        lake.write_text("messages", "part-0.json", text);
        assert!(lake.published(&[]) == clean, "{text:?}");
    }
}

#[test]
fn one_table_is_parquet_or_json() {
    let lake = SmallLake::new();
    lake.write_text("messages", "part-1.json", &lines(&exchange("messages")));
    lake.refused(3, &["table messages", "part-1", "mixes Parquet and JSON lines", "move it out"]);
}

#[test]
fn a_broken_line_is_named_by_its_number() {
    let good = lines(&exchange("messages"));
    let rows = exchange("messages").len();
    let cut = &good[..good.len() - 40];
    let array = format!("[{}]", good.trim().replace('\n', ",\n"));
    let pretty = serde_json::to_string_pretty(&exchange("messages")[0]).unwrap();
    for (text, line) in [
        (format!("{good}not json\n"), rows + 1),
        (cut.to_string(), rows),
        (array, 1),
        (pretty, 1),
        (format!("{good}[1, 2]\n"), rows + 1),
        (good.replacen("\"subject\":\"Offer", "\"subject\":Offer", 1), 1),
    ] {
        let lake = SmallLake::new();
        lake.remove("messages");
        lake.write_text("messages", "part-0.json", &text);
        let file = lake.folder("messages").join("part-0.json").display().to_string();
        let line = format!("file {file}: line {line} is no JSON object");
        let message = lake.refused(3, &["table messages", &line, "one JSON object per line"]);
        assert!(!message.contains("tyres") && !message.contains("kund.example"), "{message}");
    }
}

#[test]
fn a_value_of_json_that_cannot_be_read_is_named() {
    let lake = SmallLake::new();
    as_lines(&lake, "messages", "part-0.json");
    let text = lines(&exchange("messages")).replacen(
        "\"sentDateTime\":\"2026-03-29T18:00:00Z\"",
        "\"sentDateTime\":\"soon\"",
        1,
    );
    lake.write_text("messages", "part-0.json", &text);
    lake.refused(3, &["table messages", "column sentDateTime", "part-0.json", "row 4", "ISO-8601"]);

    let text = lines(&exchange("messages")).replace("\"isDraft\":false", "\"isDraft\":{}");
    lake.write_text("messages", "part-0.json", &text);
    lake.refused(3, &["table messages", "column isDraft", "part-0.json", "a boolean"]);
}
