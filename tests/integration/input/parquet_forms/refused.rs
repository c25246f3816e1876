//! Forms that cannot be read: the message names table, column, file and the way out (rule R6).

use std::fs;
use std::path::Path;

use parquet::basic::Encoding;
use parquet::file::properties::WriterProperties;
use polars::prelude::*;
use polars_parquet_format::thrift::protocol::{TCompactInputProtocol, TCompactOutputProtocol};
use polars_parquet_format::{
    ColumnChunk, ColumnCryptoMetaData, CompressionCodec, EncryptionWithFooterKey, FileMetaData,
};

use super::written::{Cell, write};
use crate::support::small_lake::*;

/// Gives the file another footer, as writers leave it that this machine does not have.
fn with_footer(path: &Path, change: impl FnOnce(&mut FileMetaData)) {
    let bytes = fs::read(path).unwrap();
    let (before, tail) = bytes.split_at(bytes.len() - 8);
    let length = u32::from_le_bytes(tail[..4].try_into().unwrap()) as usize;
    let (pages, footer) = before.split_at(before.len() - length);
    let mut footer = FileMetaData::read_from_in_protocol(&mut TCompactInputProtocol::new(footer, usize::MAX)).unwrap();
    change(&mut footer);
    let mut encoded = Vec::new();
    footer.write_to_out_protocol(&mut TCompactOutputProtocol::new(&mut encoded)).unwrap();
    let length = u32::try_from(encoded.len()).unwrap().to_le_bytes();
    fs::write(path, [pages, &encoded, &length, b"PAR1"].concat()).unwrap();
}

fn chunk<'a>(footer: &'a mut FileMetaData, column: &str) -> &'a mut ColumnChunk {
    let leaves = footer.schema.iter().filter(|element| element.num_children.is_none());
    let at = { leaves }.position(|element| element.name == column).unwrap();
    &mut footer.row_groups[0].columns[at]
}

#[test]
fn what_cannot_be_unpacked_or_decrypted_is_named_with_the_way_out() {
    let lzo = |chunk: &mut ColumnChunk| chunk.meta_data.as_mut().unwrap().codec = CompressionCodec(3);
    let unknown = |chunk: &mut ColumnChunk| chunk.meta_data.as_mut().unwrap().codec = CompressionCodec(42);
    let encrypted = |chunk: &mut ColumnChunk| {
        chunk.crypto_metadata = Some(ColumnCryptoMetaData::ENCRYPTIONWITHFOOTERKEY(EncryptionWithFooterKey {}));
    };
    let elsewhere = |chunk: &mut ColumnChunk| chunk.file_path = Some("part-0-values.parquet".into());
    let forms: [(&dyn Fn(&mut ColumnChunk), &str, &str); 4] = [
        (&lzo, "compressed with LZO", "Write it with Snappy, gzip or Zstandard"),
        (&unknown, "compressed in a way that is not known", "Write it with Snappy"),
        (&encrypted, "the column is encrypted", "Export it without encryption"),
        (&elsewhere, "its values are in another file", "Export the table as whole files"),
    ];
    for (change, finding, remedy) in forms {
        let lake = SmallLake::new();
        with_footer(&lake.file("email"), |footer| change(chunk(footer, "statuscode")));
        let file = lake.file("email").display().to_string();
        lake.refused(3, &["table email", "column statuscode", &file, finding, remedy]);
    }
}

#[test]
fn an_encoding_that_is_not_read_is_named() {
    let lake = SmallLake::new();
    let file = lake.folder("systemuser").join("part-1.parquet");
    let declared = "REQUIRED FIXED_LEN_BYTE_ARRAY(16) systemuserid (UUID);";
    let split = WriterProperties::builder().set_dictionary_enabled(false).set_encoding(Encoding::BYTE_STREAM_SPLIT);
    write(&file, declared, &[vec![Cell::Bytes(vec![7; 16]); 3]], split.build(), 100);
    let file = file.display().to_string();
    let remedy = "Write it with plain or dictionary encoding";
    lake.refused(3, &["table systemuser", "column systemuserid", &file, "BYTE_STREAM_SPLIT", remedy]);
}

#[test]
fn a_file_that_is_encrypted_whole_is_named() {
    let lake = SmallLake::new();
    let mut bytes = fs::read(lake.file("contact")).unwrap();
    let end = bytes.len();
    bytes[end - 4..].copy_from_slice(b"PARE");
    fs::write(lake.file("contact"), bytes).unwrap();
    let file = lake.file("contact").display().to_string();
    lake.refused(3, &["table contact", &file, "the file is encrypted", "Export it without encryption"]);
}

#[test]
fn what_nobody_needs_may_be_in_any_of_these_forms() {
    let lake = SmallLake::new();
    let clean = lake.published(&[]);
    lake.change("email", |mut frame| {
        frame.with_column(Column::new("extra".into(), vec!["x"; frame.height()])).unwrap();
        frame
    });
    with_footer(&lake.file("email"), |footer| {
        chunk(footer, "extra").meta_data.as_mut().unwrap().codec = CompressionCodec(3);
    });
    assert!(lake.published(&[]) == clean);
}

/// Numbers of rows that contradict each other are no table with fewer rows.
#[test]
fn a_footer_that_contradicts_itself_is_refused() {
    let changes: [&dyn Fn(&mut FileMetaData); 4] = [
        &|footer| footer.num_rows += 1,
        &|footer| footer.row_groups[0].num_rows -= 1,
        &|footer| footer.row_groups.clear(),
        &|footer| chunk(footer, "statuscode").meta_data.as_mut().unwrap().num_values -= 1,
    ];
    for (at, change) in changes.iter().enumerate() {
        let lake = SmallLake::new();
        with_footer(&lake.file("email"), |footer| change(footer));
        let file = lake.file("email").display().to_string();
        let said = lake.refused(3, &["table email", &file, "no readable Parquet"]);
        assert!(said.contains("Copy or export the file again"), "{at}: {said}");
    }
}

#[test]
#[ignore = "takes a minute; .ci/run runs it"]
fn a_table_may_lie_in_thousands_of_files() {
    const FILES: u32 = 8_010;
    let lake = SmallLake::new();
    let row = lake.read("phonecall").head(Some(1));
    let rows = |from: u32, number: u32| {
        let ids: Vec<String> = (from..from + number).map(|at| guid(700_000 + at)).collect();
        let mut rows = row.take(&IdxCa::from_vec("row".into(), vec![0; number as usize])).unwrap();
        for name in ["activityid", "Id"] {
            if rows.column(name).is_ok() {
                rows.with_column(Column::new(name.into(), &ids)).unwrap();
            }
        }
        rows
    };
    lake.write("phonecall", "part-0.parquet", &rows(0, FILES));
    let clean = lake.published(&[]);
    fs::remove_file(lake.file("phonecall")).unwrap();
    for file in 0..FILES {
        lake.write("phonecall", &format!("part-{file:05}.parquet"), &rows(file, 1));
    }
    assert!(lake.published(&[]) == clean);
}
