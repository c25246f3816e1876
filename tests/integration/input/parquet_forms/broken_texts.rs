//! Texts that are none: bytes that are no UTF-8 in a column that says it holds text (rule I3).

use parquet::basic::{Compression, Encoding};
use parquet::file::properties::WriterProperties;

use super::written::{Cell, write};
use crate::support::small_lake::*;

/// `Brückner` in Latin-1.
const BROKEN: &[u8] = b"Br\xFCckner AG";

/// 400 accounts more, one of them with a name that is no text, or two with halves of a character.
fn accounts(broken: &[&[u8]]) -> Vec<Vec<Cell>> {
    let ids = (0..400).map(|row| Cell::text(&guid(5000 + row)));
    let name = |row: usize| Cell::Bytes(broken.get(row % 200).map_or(b"Good AG".to_vec(), |bytes| bytes.to_vec()));
    vec![ids.collect(), (0..400).map(|row| if row < 200 { name(row) } else { Cell::text("Good AG") }).collect()]
}

const DECLARED: &str = "REQUIRED BYTE_ARRAY accountid (STRING); OPTIONAL BYTE_ARRAY name (STRING);";

fn encoded(encoding: Encoding) -> WriterProperties {
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY);
    match encoding {
        Encoding::RLE_DICTIONARY => properties.build(),
        encoding => properties.set_dictionary_enabled(false).set_encoding(encoding).build(),
    }
}

#[test]
fn a_text_that_is_none_costs_its_value_and_not_the_table() {
    use Encoding::{DELTA_BYTE_ARRAY, DELTA_LENGTH_BYTE_ARRAY, PLAIN, RLE_DICTIONARY};
    let halves = [&b"Gr\xC3"[..], b"\xBCn AG"];
    for encoding in [PLAIN, RLE_DICTIONARY, DELTA_LENGTH_BYTE_ARRAY, DELTA_BYTE_ARRAY] {
        for broken in [&[BROKEN][..], &halves] {
            let lake = SmallLake::new();
            let columns = accounts(broken);
            write(&lake.folder("account").join("part-1.parquet"), DECLARED, &columns, encoded(encoding), 150);
            let output = lake.run(&[]);
            let said = stderr(&output);
            assert_eq!(output.status.code(), Some(0), "{encoding}: {said}");
            let (number, values) = (broken.len(), if broken.len() == 1 { "value that is" } else { "values that are" });
            let finding = format!("account.name has {number} {values} not text");
            assert!(said.contains(&finding) && said.contains("part-1.parquet"), "{encoding}: {said}");
            assert!(!said.contains("ckner"), "{encoding}: {said}");
        }
    }
}

#[test]
fn a_column_of_texts_that_are_none_is_refused() {
    let lake = SmallLake::new();
    let columns = accounts(&[BROKEN; 5]);
    write(&lake.folder("account").join("part-1.parquet"), DECLARED, &columns, encoded(Encoding::PLAIN), 400);
    lake.refused(
        3,
        &["table account", "column name", "part-1.parquet", "not text in UTF-8", "Correct it at its source"],
    );
}

#[test]
fn a_broken_name_inside_of_a_nested_column_costs_its_value() {
    const DECLARED: &str = "
        OPTIONAL BYTE_ARRAY internetMessageId (STRING);
        OPTIONAL BYTE_ARRAY puser (STRING);
        OPTIONAL GROUP toRecipients (LIST) { REPEATED GROUP list { OPTIONAL GROUP element {
            OPTIONAL GROUP emailAddress {
                OPTIONAL BYTE_ARRAY name (STRING); OPTIONAL BYTE_ARRAY address (STRING); } } } }";
    let person = |row: usize| {
        let name = if row == 7 { BROKEN } else { b"Good" };
        Cell::Group(vec![Cell::Bytes(name.to_vec()), Cell::text("x@kund.example")])
    };
    let people = |row| Cell::Repeated(vec![Cell::Group(vec![Cell::Group(vec![person(row)])])]);
    let columns = [
        (0..300).map(|row| Cell::text(&format!("<broken-{row}@x.example>"))).collect(),
        (0..300).map(|_| Cell::text("box-anna")).collect(),
        (0..300).map(|row| Cell::Group(vec![people(row)])).collect(),
    ];
    let lake = SmallLake::new();
    let file = lake.folder("messages").join("part-1.parquet");
    write(&file, DECLARED, &columns, encoded(Encoding::RLE_DICTIONARY), 400);
    let output = lake.run(&[]);
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("messages.toRecipients has 1 value that is not"), "{said}");
}
