//! Files that are damaged, foreign or out of reach.

use std::fs;
use std::os::unix::fs::symlink;

use polars::prelude::*;

use crate::support::not_tested::not_tested;
use crate::support::small_lake::*;

#[test]
fn a_file_that_is_no_parquet_is_named() {
    for (table, bytes) in [
        ("email", &b"these are no columns, and more of it"[..]),
        ("contact", &b"PAR1 something PAR1"[..]),
        ("activityparty", &b""[..]),
        ("messages", &[0u8; 4096][..]),
    ] {
        let lake = SmallLake::new();
        fs::write(lake.folder(table).join("part-1.parquet"), bytes).unwrap();
        lake.refused(3, &[&format!("table {table}"), "part-1.parquet", "no", "Parquet", "export"]);
    }
}

#[test]
fn a_truncated_file_is_named() {
    let lake = SmallLake::new();
    let file = lake.file("email");
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
    lake.refused(
        3,
        &["table email", &file.display().to_string(), "no readable Parquet", "Copy or export the file again"],
    );
}

/// A file of several pages in each of the encodings that writers choose.
fn pages(compression: ParquetCompression) -> Vec<u8> {
    let rows = 3000u32;
    let ids: Vec<String> = (0..rows).map(guid).collect();
    let codes: Vec<i32> = (0..rows).map(|row| (row % 7) as i32).collect();
    let kinds: Vec<&str> = (0..rows).map(|row| if row % 2 == 0 { "contact" } else { "lead" }).collect();
    let mut frame = df!(
        "activityid" => &ids, "partyid" => &ids, "partyid_entitytype" => kinds, "participationtypemask" => codes,
    )
    .unwrap();
    let mut bytes = Vec::new();
    let writer = ParquetWriter::new(&mut bytes).with_compression(compression);
    writer.with_data_page_size(Some(4096)).finish(&mut frame).unwrap();
    bytes
}

#[test]
fn a_damaged_page_behind_an_intact_footer_is_named_and_no_crash() {
    for compression in [ParquetCompression::Uncompressed, ParquetCompression::Snappy, ParquetCompression::Zstd(None)] {
        let whole = pages(compression);
        for part in [1, 3, 5] {
            let lake = SmallLake::new();
            let file = lake.folder("activityparty").join("part-1.parquet");
            let mut bytes = whole.clone();
            let at = whole.len() * part / 10;
            bytes[at..at + 200].fill(0xFF);
            fs::write(&file, bytes).unwrap();
            let output = lake.run(&[]);
            let message = stderr(&output);
            // Plain pages have no checksum: some damage is a value like any other.
            let reads_well = matches!(compression, ParquetCompression::Uncompressed) && output.status.code() == Some(0);
            assert!(
                reads_well || output.status.code() == Some(3),
                "{compression:?} {part}: {:?} {message}",
                output.status
            );
            if !reads_well {
                assert!(message.contains("part-1.parquet") && !message.contains("internal error"), "{message}");
                assert!(!lake.output().exists());
            }
        }
    }
}

#[test]
fn foreign_files_are_refused_and_marks_are_not() {
    for name in ["notes.txt", "part-1.csv", "part-1.parquet.gz", "part-1", "sub/part-1.CSV"] {
        let lake = SmallLake::new();
        fs::create_dir_all(lake.folder("email").join("sub")).unwrap();
        lake.write_text("email", name, "a;b");
        lake.refused(3, &["table email", name, "no Parquet", "Move it out of the table's folder"]);
    }
    let lake = SmallLake::new();
    let clean = lake.published(&[]);
    for name in
        ["_SUCCESS", "_committed_42", ".part-0.parquet.crc", "part-0.parquet.crc", ".hidden", "_temporary/x.csv"]
    {
        fs::create_dir_all(lake.folder("email").join("_temporary")).unwrap();
        lake.write_text("email", name, "mark");
    }
    assert!(lake.published(&[]) == clean);
}

#[test]
fn what_desktops_and_copies_leave_behind_holds_no_rows() {
    let lake = SmallLake::new();
    let clean = lake.published(&[]);
    for name in
        ["desktop.ini", "Thumbs.db", ".DS_Store", "._part-0.parquet", "_metadata", "part-0.parquet.md5", "a.SHA256"]
    {
        for table in ["email", "messages", "opt_outs"] {
            lake.write_text(table, name, "mark");
        }
    }
    let run = lake.run(&[]);
    assert!(run.status.success() && !stderr(&run).contains("is not read"), "{}", stderr(&run));
    assert!(published_in(&lake.output()) == clean);
    let unfinished = "by its name its writer has not finished it";
    let kept = "by its name it is a copy that somebody kept of the file beside it";
    for (name, why) in [
        ("part-1.parquet.tmp", unfinished),
        ("part-1.parquet.inprogress.7", unfinished),
        ("part-1.parquet._COPYING_", unfinished),
        ("part-1.parquet.crdownload", unfinished),
        ("part-0.parquet.bak", kept),
        ("part-0.parquet~", kept),
    ] {
        let lake = SmallLake::new();
        lake.write_text("email", name, "PAR1");
        let file = lake.folder("email").join(name).display().to_string();
        let told = format!("table email: {file} is not read: {why}");
        let run = lake.run(&[]);
        assert!(run.status.success() && stderr(&run).contains(&told), "{told} is not in: {}", stderr(&run));
        assert!(published_in(&lake.output()) == clean, "{name}");
    }
    // A copy of nothing that is there may be all that is left of it; in a list, somebody may stand.
    for (table, name) in [("email", "part-1.parquet.bak"), ("opt_outs", "part-1.parquet.tmp")] {
        let lake = SmallLake::new();
        lake.write_text(table, name, "PAR1");
        lake.refused(3, &[table, name, "no Parquet", "Move it out of the table's folder"]);
    }
}

#[test]
fn rows_in_other_forms_are_named_with_those_that_are_read() {
    for (table, name, forms) in [
        ("contact", "all.xlsx", "write its rows as Parquet or CSV"),
        ("messages", "part-0.csv", "write its rows as Parquet or JSON lines"),
        ("erasures", "erasures.csv", "write its rows as Parquet"),
    ] {
        let lake = SmallLake::new();
        lake.write_text(table, name, "x");
        lake.refused(3, &[&format!("table {table}"), name, "Move it out of the table's folder", forms]);
    }
}

#[test]
fn json_lines_are_read_of_exchange_only() {
    let lake = SmallLake::new();
    lake.write_text("email", "part-1.json", "{}");
    lake.refused(3, &["table email", "part-1.json", "no Parquet"]);
}

#[test]
fn what_cannot_be_opened_is_named_and_not_skipped() {
    let lake = SmallLake::new();
    symlink("/nowhere/part.parquet", lake.folder("email").join("part-1.parquet")).unwrap();
    lake.refused(3, &["table email", "part-1.parquet", "a link to nothing"]);

    let lake = SmallLake::new();
    fs::create_dir(lake.folder("email").join("part-1.parquet")).unwrap();
    lake.refused(3, &["table email", "part-1.parquet", "a folder is named like a data file and holds none"]);

    // Optional tables and whole systems are not taken for absent either.
    let lake = SmallLake::new();
    lake.remove("messages");
    symlink("/nowhere/messages", lake.folder("messages")).unwrap();
    lake.refused(3, &["table messages", "a link to nothing"]);

    let lake = SmallLake::new();
    fs::remove_dir_all(lake.root().join("exchange")).unwrap();
    symlink("/nowhere/exchange", lake.root().join("exchange")).unwrap();
    lake.refused(3, &["exchange", "a link to nothing"]);

    let lake = SmallLake::new();
    fs::remove_dir_all(lake.root().join("control")).unwrap();
    fs::write(lake.root().join("control"), "").unwrap();
    lake.refused(3, &["control", "a folder of tables is expected"]);

    let lake = SmallLake::new();
    let pipe = lake.folder("email").join("part-1.parquet");
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, 0o600.into(), 0).unwrap();
    lake.refused(3, &["table email", "part-1.parquet", "no regular file"]);
}

/// Root may read everything, and so is somebody else here.
#[test]
fn what_may_not_be_read_is_named() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;
    const SOMEBODY_ELSE: u32 = 65534;
    let is_root = fs::metadata("/proc/self").unwrap().uid() == 0;
    let lake = SmallLake::new();
    let allow = |path: &std::path::Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    allow(lake.root().parent().unwrap(), 0o755);
    for (path, table) in [(lake.file("email"), "email"), (lake.folder("messages"), "messages")] {
        allow(&path, 0o000);
        let mut run = lake.command("run", &["--as-of", AS_OF]);
        if is_root {
            run.uid(SOMEBODY_ELSE).gid(SOMEBODY_ELSE);
        }
        let Ok(run) = run.output() else {
            let why = "root may read everything, and nobody else the program or its folder";
            return not_tested("files that may not be read", why, "Build below a folder that others may enter");
        };
        allow(&path, 0o755);
        let message = stderr(&run);
        assert_eq!(run.status.code(), Some(3), "{message}");
        for part in [format!("table {table}"), path.display().to_string(), "cannot be read".to_string()] {
            assert!(message.contains(&part), "{part:?} is not in: {message}");
        }
        assert!(!lake.output().exists());
    }
}
