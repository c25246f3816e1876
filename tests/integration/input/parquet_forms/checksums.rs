//! Pages with checksums, as Spark writes them by default: damage that leaves another value is found (rule R6).

use std::fs;

use crate::support::installed;
use crate::support::small_lake::*;

const WRITE: &str = "
import sys, pyarrow.parquet as pq
pq.write_table(pq.read_table(sys.argv[1]), sys.argv[1], write_page_checksum=sys.argv[2] == 'with', compression='none')
";

/// Writes the table `contact` again, with or without checksums, and changes a letter of an address in it.
fn lake_with_another_letter(checksums: &str) -> Option<SmallLake> {
    let lake = SmallLake::new();
    let file = lake.file("contact");
    let output = installed::python()?.args(["-c", WRITE]).arg(&file).arg(checksums).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(lake.run(&[]).status.success());
    fs::remove_dir_all(lake.output()).unwrap();
    let mut bytes = fs::read(&file).unwrap();
    let address = b"carl@kund.example";
    let at = bytes.windows(address.len()).position(|part| part == address).unwrap();
    bytes[at] = b'k';
    fs::write(&file, bytes).unwrap();
    Some(lake)
}

#[test]
fn a_page_that_is_not_what_its_checksum_says_is_refused() {
    let Some(lake) = lake_with_another_letter("with") else { return };
    let file = lake.file("contact");
    lake.refused(
        3,
        &["table contact", &file.display().to_string(), "a page is not what its checksum says", "export it again"],
    );
}

#[test]
fn without_checksums_another_letter_is_a_value_like_any_other() {
    let Some(lake) = lake_with_another_letter("without") else { return };
    assert!(lake.run(&[]).status.success());
}
