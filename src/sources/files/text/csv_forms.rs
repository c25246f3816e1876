//! What copies of Synapse Link's CSV have, and it has not: a header, other separators, a line that names them, words for
//! null.

use std::io::{self, Read};
use std::path::Path;

use csv::{ByteRecord, ReaderBuilder};

use crate::sources::contract::SourceTable;
use crate::sources::files::text::input::{self, Input};

/// Bytes of a file that are looked at to tell its form.
const HEAD: u64 = 256 << 10;
/// What may separate values; Synapse Link writes commas.
const DELIMITERS: [u8; 4] = *b",;\t|";

/// Whether a value is none: what databases and data frames write for null.
pub fn is_null(value: &[u8]) -> bool {
    matches!(value, b"" | b"\\N" | b"NULL" | b"null")
}

/// How rows are read.
pub fn rows(delimiter: u8) -> ReaderBuilder {
    let mut reader = ReaderBuilder::new();
    reader.has_headers(false).flexible(true).delimiter(delimiter);
    reader
}

/// The names in the header of a file, where it has one.
///
/// # Errors
/// Those of reading.
pub fn header(table: &SourceTable, file: &Path) -> io::Result<Option<Vec<String>>> {
    let (head, _) = Head::of(input::open(file)?)?;
    Ok(head.delimiters().into_iter().filter_map(|delimiter| head.header(table, delimiter)).max_by_key(Vec::len))
}

/// The beginning of a file.
pub struct Head {
    bytes: Vec<u8>,
    /// What a line before the rows says of the separator.
    said: Option<u8>,
}

impl Head {
    /// The beginning of a file, and the rest of it.
    ///
    /// # Errors
    /// Those of reading.
    pub fn of(mut input: Input) -> io::Result<(Head, Input)> {
        let mut head = Vec::new();
        (&mut input).take(HEAD).read_to_end(&mut head)?;
        let said = said_separator(&head);
        if let Some((_, length)) = said {
            head.drain(..length);
        }
        Ok((Head { bytes: head, said: said.map(|(separator, _)| separator) }, input))
    }

    /// What may separate the values of this file.
    fn delimiters(&self) -> Vec<u8> {
        self.said.map_or(DELIMITERS.to_vec(), |said| vec![said])
    }

    /// What separates values: what the file says; else a comma, unless another sign alone makes the first row a header,
    /// or as long as it has to be.
    pub fn delimiter(&self, table: &SourceTable, columns: usize) -> u8 {
        if let Some(said) = self.said {
            return said;
        }
        let heads = |delimiter: &u8| self.header(table, *delimiter).is_some_and(|names| names.len() > 1);
        let fits = |delimiter: &u8| {
            let row = self.first_row(*delimiter);
            let behind = row.get(columns);
            row.len() == columns || row.len() == columns + 1 && behind.is_some_and(<[u8]>::is_empty)
        };
        let found = DELIMITERS.into_iter().find(heads).or_else(|| DELIMITERS.into_iter().find(fits));
        found.unwrap_or(b',')
    }

    /// The names in the first row, where it is a header: it has the name of the table's key or of the export's own.
    pub fn header(&self, table: &SourceTable, delimiter: u8) -> Option<Vec<String>> {
        let row = self.first_row(delimiter);
        let names = row.iter().map(|name| std::str::from_utf8(name.trim_ascii()).ok().map(str::to_string));
        let mut names = names.collect::<Option<Vec<String>>>()?;
        let is_key = |name: &String| {
            name.eq_ignore_ascii_case("Id") || table.primary_key.iter().any(|key| key.eq_ignore_ascii_case(name))
        };
        if !names.iter().any(is_key) {
            return None;
        }
        names.pop_if(|last| last.is_empty());
        let is_twice = |(at, name): (usize, &String)| names[..at].iter().any(|other| other.eq_ignore_ascii_case(name));
        (!names.iter().enumerate().any(is_twice)).then_some(names)
    }

    /// The bytes, followed by the rest of the file.
    pub fn chain(self, rest: Input) -> io::Chain<io::Cursor<Vec<u8>>, Input> {
        io::Cursor::new(self.bytes).chain(rest)
    }

    fn first_row(&self, delimiter: u8) -> ByteRecord {
        let mut row = ByteRecord::new();
        // Of what is in memory nothing can fail.
        let is_read = rows(delimiter).from_reader(self.bytes.as_slice()).read_byte_record(&mut row).unwrap_or(false);
        if is_read { row } else { ByteRecord::new() }
    }
}

/// The separator that a first line `sep=;` names for Excel, and the length of that line. A table that was saved again
/// with it may have quotes around, and separators behind.
fn said_separator(head: &[u8]) -> Option<(u8, usize)> {
    let end = head.iter().position(|&byte| byte == b'\n')?;
    let line = head[..end].strip_suffix(b"\r").unwrap_or(&head[..end]);
    let is_quoted = line.first() == Some(&b'"');
    let line = &line[usize::from(is_quoted)..];
    let (key, said) = line.split_at_checked(4)?;
    let (&separator, behind) = said.split_first().filter(|_| key.eq_ignore_ascii_case(b"sep="))?;
    let behind = if is_quoted { behind.strip_prefix(b"\"")? } else { behind };
    let is_sign = separator.is_ascii_punctuation() && separator != b'"' || separator == b'\t';
    (is_sign && behind.iter().all(|&byte| byte == separator)).then_some((separator, end + 1))
}
