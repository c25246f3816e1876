//! Exchange as JSON lines, the way Graph Data Connect lands it (rule I11).

use std::fs;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::support::small_lake::*;

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
    lake.refused(3, &["table messages", "part-1", "mixes Parquet and JSON lines", "Move it out"]);
}

#[test]
fn a_broken_line_is_named_by_its_number() {
    let good = lines(&exchange("messages"));
    let rows = exchange("messages").len();
    let cut = &good[..good.len() - 40];
    let array = format!("[{}]", good.trim().replace('\n', ",\n"));
    let pretty = serde_json::to_string_pretty(&exchange("messages")[0]).unwrap();
    let (of_array, of_part) = (" but the beginning of an array", " but a part of one, which goes on in the next line");
    for (text, line, instead) in [
        (format!("{good}not json\n"), rows + 1, ""),
        (cut.to_string(), rows, of_part),
        (array, 1, of_array),
        (pretty, 1, of_part),
        (format!("{good}[1, 2]\n"), rows + 1, of_array),
        (good.replacen("\"subject\":\"Offer", "\"subject\":Offer", 1), 1, ""),
    ] {
        let lake = SmallLake::new();
        lake.remove("messages");
        lake.write_text("messages", "part-0.json", &text);
        let file = lake.folder("messages").join("part-0.json").display().to_string();
        let line = format!("file {file}: line {line} is no JSON object{instead}");
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

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn write(lake: &SmallLake, table: &str, name: &str, bytes: &[u8]) {
    let _ = fs::remove_dir_all(lake.folder(table));
    fs::create_dir_all(lake.folder(table)).unwrap();
    fs::write(lake.folder(table).join(name), bytes).unwrap();
}

#[test]
fn encodings_do_not_matter() {
    let lake = SmallLake::new();
    let clean = lake.published(&[]);
    let text = lines(&exchange("messages"));
    let marked = format!("\u{FEFF}{text}");
    let middle = text.len() / 2;
    let half = middle + text[middle..].find('\n').unwrap() + 1;
    let wide: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let files: [(&str, Vec<u8>); 10] = [
        ("a.json", marked.clone().into_bytes()),
        ("a.json", text.replace('\n', "\r\n").into_bytes()),
        ("a.json.gz", packed(text.as_bytes())),
        ("a.jsonl.gz", packed(marked.as_bytes())),
        ("a.NDJSON.GZ", packed(text.as_bytes())),
        // By what it is, not by its name.
        ("a.json", packed(text.as_bytes())),
        ("a.json.gz", text.clone().into_bytes()),
        (
            "a.json.gz",
            [packed(&text.as_bytes()[..half]), packed(format!("\u{FEFF}{}", &text[half..]).as_bytes())].concat(),
        ),
        ("a.json", wide.clone()),
        ("a.json.gz", packed(&wide)),
    ];
    for (at, (name, bytes)) in files.iter().enumerate() {
        write(&lake, "messages", name, bytes);
        assert!(lake.published(&[]) == clean, "{name}, form {at}");
    }
    lake.remove("messages");
    fs::write(lake.folder("messages").with_extension("json.gz"), packed(text.as_bytes())).unwrap();
    assert!(lake.published(&[]) == clean);
}

#[test]
fn compressed_files_that_are_cut_off_or_damaged_are_named() {
    let whole = packed(lines(&exchange("messages")).as_bytes());
    let mut damaged = whole.clone();
    let middle = damaged.len() / 2;
    damaged[middle..middle + 8].fill(0xFF);
    for bytes in [&whole[..whole.len() - 20], &whole[..12], &damaged] {
        let lake = SmallLake::new();
        write(&lake, "messages", "a.json.gz", bytes);
        lake.refused(3, &["table messages", "a.json.gz", "compressed file", "Copy or export it again"]);
    }
    let lake = SmallLake::new();
    write(&lake, "messages", "a.json.gz", &packed(b"\n\n"));
    fs::write(lake.folder("messages").join("b.json"), lines(&exchange("messages"))).unwrap();
    lake.published(&[]);
}

#[test]
fn an_object_that_is_no_row_is_named_wherever_it_lies() {
    let rows = exchange("messages");
    let good = lines(&rows);
    for other in [
        r#"{"JobId":"1"}"#,
        "{}",
        r#"{"id":"job-1","DatasetName":"BasicDataSet_v0.Message_v1","RowCount":42,"status":{"x":[1]}}"#,
    ] {
        let lake = SmallLake::new();
        as_lines(&lake, "messages", "a.json");
        lake.write_text("messages", "job.json", other);
        lake.refused(
            3,
            &["table messages", "job.json", "line 1", "no row of the table", "internetMessageId", "Move the file"],
        );

        let lake = SmallLake::new();
        lake.remove("messages");
        lake.write_text("messages", "a.json", &format!("{good}{other}\n{good}"));
        lake.refused(3, &["table messages", "a.json", &format!("line {}", rows.len() + 1), "no row of the table"]);
    }
    // A page of answers, as it was fetched.
    let lake = SmallLake::new();
    lake.remove("messages");
    let page = serde_json::json!({"@odata.context": "$metadata#messages", "value": rows});
    lake.write_text("messages", "page.json", &page.to_string());
    let parts = ["page.json", "line 1 is a page of answers of Graph", "one JSON object per line"];
    lake.refused(3, &parts);
    // Rows of another data set, which have columns of the same names.
    let lake = SmallLake::new();
    as_lines(&lake, "messages", "a.json");
    lake.write_text("messages", "b.json", &lines(&exchange("calendar_view")));
    lake.refused(3, &["table messages", "b.json", "column internetMessageId", "foreign"]);
    let lake = SmallLake::new();
    as_lines(&lake, "users", "a.json");
    lake.write_text("users", "job.json", "{\"JobId\":1}");
    lake.refused(3, &["table users", "job.json", "no row of the table"]);
}

#[test]
fn what_nobody_needs_may_be_anything() {
    let lake = SmallLake::new();
    let clean = lake.published(&[]);
    let extra = ["1", "\"x\"", "[1,\"a\",{}]", "{\"a\":{\"b\":[[]]}}", "null", "1e400", "[{\"@odata.type\":\"#x\"}]"];
    let odd = |text: &str| -> String {
        let line = |(at, line): (usize, &str)| {
            let (one, other) = (extra[at % extra.len()], extra[(at + 1) % extra.len()]);
            format!("{{\"body\":{one},\"BODY\":{other},\"@odata.type\":\"#microsoft.graph.message\",{}\n", &line[1..])
        };
        text.lines().enumerate().map(line).collect()
    };
    for table in EXCHANGE {
        write(&lake, table, "a.json", odd(&lines(&exchange(table))).as_bytes());
    }
    assert!(lake.published(&[]) == clean);
}

#[test]
fn a_line_that_is_nested_too_deep_is_named() {
    for (open, close, depth) in [("[", "]", 3_000), ("{\"a\":", "}", 200_000), ("[{\"subject\":", "}]", 100)] {
        let deep = format!("{}1{}", open.repeat(depth), close.repeat(depth));
        for column in ["body", "subject", "from", "toRecipients", "Extra"] {
            let lake = SmallLake::new();
            let good = lines(&exchange("messages"));
            let row = format!("{{\"internetMessageId\":\"<x>\",\"id\":\"x\",\"{column}\":{deep}}}");
            write(&lake, "messages", "a.json", format!("{good}{row}\n").as_bytes());
            let line = format!("line {}", exchange("messages").len() + 1);
            lake.refused(3, &["table messages", "a.json", &line, "nested"]);
        }
    }
    // Never ended, and brackets in texts.
    let lake = SmallLake::new();
    write(&lake, "messages", "a.json", "[".repeat(1_000_000).as_bytes());
    lake.refused(3, &["table messages", "a.json", "line 1"]);
    let lake = SmallLake::new();
    let clean = lake.published(&[]);
    let text = lines(&exchange("messages")).replace("{\"", &format!("{{\"more\":\"{}\",\"", "[{".repeat(300)));
    write(&lake, "messages", "a.json", text.as_bytes());
    assert!(lake.published(&[]) == clean);
}

#[test]
fn nested_columns_may_be_texts_of_json() {
    let lake = SmallLake::new();
    let clean = lake.published(&[]);
    for table in EXCHANGE {
        let rows: Vec<_> = exchange(table)
            .into_iter()
            .map(|mut row| {
                for (_, value) in row.as_object_mut().unwrap().iter_mut() {
                    if value.is_object() || value.is_array() {
                        *value = value.to_string().into();
                    }
                }
                row
            })
            .collect();
        write(&lake, table, "a.json", lines(&rows).as_bytes());
        assert!(lake.published(&[]) == clean, "{table} in JSON lines");
        lake.remove(table);
        lake.write(table, "part-0.parquet", &lines_as_frame(&rows));
        assert!(lake.published(&[]) == clean, "{table} in Parquet");
    }
    let mut rows = exchange("messages");
    for row in rows.iter_mut() {
        row["toRecipients"] = "Anna Nordwind".into();
    }
    lake.remove("messages");
    lake.write("messages", "part-0.parquet", &lines_as_frame(&rows));
    fs::remove_dir_all(lake.output()).unwrap();
    lake.refused(3, &["table messages", "column toRecipients", "part-0.parquet", "JSON"]);
}

#[test]
fn a_column_twice_in_a_line_is_named_unless_it_says_the_same() {
    let lake = SmallLake::new();
    let clean = lake.published(&[]);
    let good = lines(&exchange("messages"));
    let same = good.replace("\"isDraft\":false", "\"isDraft\":false,\"IsDraft\":false,\"ISDRAFT\":null");
    write(&lake, "messages", "a.json", same.as_bytes());
    assert!(lake.published(&[]) == clean);
    fs::remove_dir_all(lake.output()).unwrap();
    let other = good.replacen("\"isDraft\":false", "\"isDraft\":false,\"IsDraft\":true", 1);
    write(&lake, "messages", "a.json", other.as_bytes());
    lake.refused(3, &["table messages", "column isDraft", "a.json", "line 1", "letter case"]);
}

#[test]
fn a_comma_behind_a_line_and_lists_at_the_top_are_named() {
    let good = lines(&exchange("messages"));
    for text in [good.replace('\n', ",\n"), format!("{good}[]\n"), format!("{good}null\n"), format!("{good}\"x\"\n")] {
        let lake = SmallLake::new();
        write(&lake, "messages", "a.json", text.as_bytes());
        lake.refused(3, &["table messages", "a.json", "is no JSON object", "one JSON object per line"]);
    }
}
