//! What copies of Synapse Link's CSV have, and it has not: headers, other separators and encodings, words for null.

use std::fs;

use serde_json::Value;

use crate::input::csv_input::{same, small};
use crate::support::csv_lake::Layout;
use crate::support::small_lake::*;

/// The names of a table's columns, in order.
fn names(lake: &SmallLake, table: &str) -> Vec<String> {
    let model = fs::read(lake.root().join("dataverse/model.json")).unwrap();
    let model: Value = serde_json::from_slice(&model).unwrap();
    let entities = model["entities"].as_array().unwrap();
    let entity = entities.iter().find(|entity| entity["name"] == table).unwrap();
    let names = entity["attributes"].as_array().unwrap().iter().map(|column| column["name"].as_str().unwrap().into());
    names.collect()
}

/// The rows of a file without quotes.
fn rows(text: &str) -> Vec<Vec<String>> {
    assert!(!text.contains('"'));
    text.lines().map(|line| line.split(',').map(str::to_string).collect()).collect()
}

fn written(rows: &[Vec<String>], separator: &str, end: &str) -> String {
    rows.iter().map(|row| row.join(separator) + end + "\r\n").collect()
}

#[test]
fn separators_headers_and_words_for_null_do_not_matter() {
    let (lake, clean) = small(Layout::Root);
    let file = lake.folder("contact").join("2026.csv");
    let plain = rows(&fs::read_to_string(&file).unwrap());
    let names = names(&lake, "contact");
    let with_header = |rows: &[Vec<String>]| [vec![names.clone()], rows.to_vec()].concat();
    let nulls = |word: &str| {
        let value = |value: &String| if value.is_empty() { word.to_string() } else { value.clone() };
        plain.iter().map(|row| row.iter().map(value).collect()).collect::<Vec<Vec<String>>>()
    };
    let backwards: Vec<Vec<String>> =
        with_header(&plain).into_iter().map(|row| row.into_iter().rev().collect()).collect();
    let mut capitals = with_header(&plain);
    capitals[0].iter_mut().for_each(|name| name.make_ascii_uppercase());
    let twice = [with_header(&plain[..1]), with_header(&plain[1..])].concat();
    for (form, text) in [
        ("semicolons", written(&plain, ";", "")),
        ("tabs and a header", written(&with_header(&plain), "\t", "")),
        ("bars", written(&plain, "|", "")),
        ("an empty column at the end", written(&plain, ",", ",")),
        ("the same behind a header", written(&with_header(&plain), ";", ";")),
        ("a header in another order", written(&backwards, ",", "")),
        ("a header in capitals", written(&capitals, ",", "")),
        ("a header twice", written(&twice, ",", "")),
        ("\\N", written(&nulls("\\N"), ",", "")),
        ("NULL", written(&nulls("NULL"), ",", "")),
        ("null", written(&nulls("null"), ",", "")),
    ] {
        fs::write(&file, text).unwrap();
        same(&clean, &lake.published(&[]), form);
    }
    let text = written(&plain, ",", "");
    for (form, bytes) in [
        ("UTF-16 LE without a mark", text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()),
        ("UTF-16 BE without a mark", text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
    ] {
        fs::write(&file, bytes).unwrap();
        same(&clean, &lake.published(&[]), form);
    }
}

#[test]
fn blanks_around_values_do_not_matter() {
    let (lake, clean) = small(Layout::Root);
    for table in ["activityparty", "contact"] {
        let file = lake.folder(table).join("2026.csv");
        let text = fs::read_to_string(&file).unwrap();
        assert!(!text.contains('"'));
        // Names of people are published as they are.
        let at = names(&lake, table).iter().position(|name| name == "fullname");
        let spaced = rows(&text).into_iter().map(|row| {
            let spaced = |(own, value): (usize, String)| if at == Some(own) { value } else { format!(" {value}") };
            row.into_iter().enumerate().map(spaced).collect()
        });
        fs::write(&file, written(&spaced.collect::<Vec<Vec<String>>>(), ",", "")).unwrap();
    }
    same(&clean, &lake.published(&[]), "blanks");
}

#[test]
fn files_with_headers_need_no_model() {
    let (lake, clean) = small(Layout::Root);
    for folder in fs::read_dir(lake.root().join("dataverse")).unwrap().map(|entry| entry.unwrap().path()) {
        let file = folder.join("2026.csv");
        if file.is_file() {
            let names = names(&lake, folder.file_name().unwrap().to_str().unwrap());
            fs::write(&file, names.join(",") + "\r\n" + &fs::read_to_string(&file).unwrap()).unwrap();
        }
    }
    fs::remove_file(lake.root().join("dataverse/model.json")).unwrap();
    same(&clean, &lake.published(&[]), "headers");
}

#[test]
fn a_header_without_a_column_that_the_model_names_is_refused() {
    let (lake, _) = small(Layout::Root);
    let file = lake.folder("contact").join("2026.csv");
    let names = names(&lake, "contact").join(",").replace("emailaddress1", "email");
    fs::write(&file, names + "\r\n" + &fs::read_to_string(&file).unwrap()).unwrap();
    lake.refused(3, &["table contact", "column emailaddress1", "2026.csv", "its header lacks the column", "again"]);
}

#[test]
fn a_first_line_that_names_the_separator_is_no_row() {
    let (lake, clean) = small(Layout::Root);
    let file = lake.folder("contact").join("2026.csv");
    let plain = rows(&fs::read_to_string(&file).unwrap());
    let with_header = [vec![names(&lake, "contact")], plain.clone()].concat();
    for (line, separator) in [
        ("sep=,", ","),
        ("sep=;", ";"),
        ("SEP=;", ";"),
        ("sep=\t", "\t"),
        ("sep=|", "|"),
        ("sep=^", "^"),
        ("\"sep=;\"", ";"),
        ("\u{feff}sep=;", ";"),
        ("sep=;;;;", ";"),
    ] {
        for (end, rows) in [("\r\n", &plain), ("\n", &with_header)] {
            fs::write(&file, format!("{line}{end}{}", written(rows, separator, ""))).unwrap();
            same(&clean, &lake.published(&[]), line);
        }
    }
}
