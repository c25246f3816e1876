//! What the footer of a Parquet file says, as far as readers need it.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use crate::sources::files::parquet::meaning::{Meaning, converted_meaning, meaning};
use crate::sources::files::parquet::thrift::Reader;
use crate::storage::FileState;

/// A footer.
#[derive(Debug, Default)]
pub struct Footer {
    /// The file's length in bytes.
    pub size: u64,
    /// The file as it was before any of it was read.
    pub state: FileState,
    /// The schema, flattened depth first, the root before all.
    pub elements: Vec<Element>,
    pub groups: Vec<Group>,
    pub rows: i64,
    /// The schema of Arrow that its writers leave there, in base64.
    pub arrow: Option<String>,
}

/// A node of the schema.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Element {
    pub name: String,
    pub field_id: Option<i32>,
    /// 0 required, 1 optional, 2 repeated.
    pub repetition: i32,
    pub children: usize,
    /// Physical type of a leaf: 0 boolean, 1 and 2 integers of 32 and 64 bits, 3 of 96, 4 and 5 floats of
    /// 32 and 64, 6 bytes, 7 bytes of a fixed length.
    pub physical: Option<i32>,
    pub length: usize,
    pub meaning: Option<Meaning>,
}

/// A row group: chunks in the order of the schema's leaves.
#[derive(Debug, Default)]
pub struct Group {
    pub chunks: Vec<Chunk>,
    pub rows: i64,
    pub bytes: i64,
}

/// Where and how one column of a row group lies.
#[derive(Clone, Debug, Default)]
pub struct Chunk {
    pub codec: i32,
    /// Encodings of its pages and levels, one bit for each code.
    pub encodings: u32,
    pub values: i64,
    pub uncompressed: i64,
    pub compressed: i64,
    pub data_page: i64,
    pub dictionary_page: Option<i64>,
    /// Number of nulls, where its writer counted them.
    pub nulls: Option<i64>,
    pub encrypted: bool,
    /// Whether the pages are in another file.
    pub elsewhere: bool,
}

/// Why there is no footer.
#[derive(Debug)]
pub enum Unread {
    Storage(io::Error),
    /// The file cannot be opened without a key.
    Encrypted,
    Broken(&'static str),
}

const TAIL: u64 = 8;

/// The footer of an open file.
pub fn read(file: &File) -> Result<Footer, Unread> {
    let found = file.metadata().map_err(Unread::Storage)?;
    let (size, state) = (found.len(), FileState::of(&found));
    let bytes = |from: u64, length: u64| {
        let mut bytes = vec![0; usize::try_from(length).unwrap_or_default()];
        file.read_exact_at(&mut bytes, from).map_err(Unread::Storage).map(|()| bytes)
    };
    let no_end = Unread::Broken("it does not end as Parquet does");
    let Some(before_tail) = size.checked_sub(TAIL) else { return Err(no_end) };
    let tail = bytes(before_tail, TAIL)?;
    let length = match &tail[..] {
        [a, b, c, d, b'P', b'A', b'R', b'1'] => u32::from_le_bytes([*a, *b, *c, *d]),
        [.., b'P', b'A', b'R', b'E'] => return Err(Unread::Encrypted),
        _ => return Err(no_end),
    };
    let Some(begin) = before_tail.checked_sub(u64::from(length)) else {
        return Err(Unread::Broken("its footer is longer than the file"));
    };
    let footer = parse(&bytes(begin, u64::from(length))?).ok_or(Unread::Broken("its footer is damaged"))?;
    Ok(Footer { size, state, ..footer })
}

fn parse(bytes: &[u8]) -> Option<Footer> {
    let mut footer = Footer::default();
    Reader::new(bytes).fields(|reader, id, wire| {
        match id {
            2 => footer.elements = reader.list(wire, |reader, _| element(reader))?,
            3 => footer.rows = reader.integer(wire)?,
            4 => footer.groups = reader.list(wire, |reader, _| group(reader))?,
            5 => {
                let values = reader.list(wire, |reader, _| key_value(reader))?;
                let arrow = values.into_iter().find(|(key, _)| *key == b"ARROW:schema");
                footer.arrow = arrow.and_then(|(_, value)| String::from_utf8(value.to_vec()).ok());
            }
            _ => return Some(false),
        }
        Some(true)
    })?;
    (!footer.elements.is_empty()).then_some(footer)
}

fn key_value<'a>(reader: &mut Reader<'a>) -> Option<(&'a [u8], &'a [u8])> {
    let (mut key, mut value) = (&b""[..], &b""[..]);
    reader.fields(|reader, id, wire| {
        match id {
            1 => key = reader.binary(wire)?,
            2 => value = reader.binary(wire)?,
            _ => return Some(false),
        }
        Some(true)
    })?;
    Some((key, value))
}

fn element(reader: &mut Reader<'_>) -> Option<Element> {
    let mut element = Element::default();
    let (mut converted, mut scale, mut precision) = (None, 0, 0);
    reader.fields(|reader, id, wire| {
        match id {
            1 => element.physical = Some(reader.integer(wire)?),
            2 => element.length = reader.integer(wire)?,
            3 => element.repetition = reader.integer(wire)?,
            4 => element.name = reader.text(wire)?.to_string(),
            5 => element.children = reader.integer(wire)?,
            6 => converted = Some(reader.integer::<i32>(wire)?),
            7 => scale = reader.integer(wire)?,
            8 => precision = reader.integer(wire)?,
            9 => element.field_id = Some(reader.integer(wire)?),
            10 => element.meaning = Some(meaning(reader, wire)?),
            _ => return Some(false),
        }
        Some(true)
    })?;
    let first_version = converted.and_then(|code| converted_meaning(code, scale, precision));
    element.meaning = element.meaning.or(first_version);
    Some(element)
}

fn group(reader: &mut Reader<'_>) -> Option<Group> {
    let mut group = Group::default();
    reader.fields(|reader, id, wire| {
        match id {
            1 => group.chunks = reader.list(wire, |reader, _| chunk(reader))?,
            2 => group.bytes = reader.integer(wire)?,
            3 => group.rows = reader.integer(wire)?,
            _ => return Some(false),
        }
        Some(true)
    })?;
    Some(group)
}

fn chunk(reader: &mut Reader<'_>) -> Option<Chunk> {
    let (mut chunk, mut has_pages) = (Chunk::default(), false);
    reader.fields(|reader, id, wire| {
        match id {
            1 => chunk.elsewhere = !reader.binary(wire)?.is_empty(),
            3 => {
                has_pages = true;
                pages(reader, &mut chunk)?;
            }
            8 | 9 => {
                chunk.encrypted = true;
                return Some(false);
            }
            _ => return Some(false),
        }
        Some(true)
    })?;
    (has_pages || chunk.encrypted).then_some(chunk)
}

fn pages(reader: &mut Reader<'_>, chunk: &mut Chunk) -> Option<()> {
    reader.fields(|reader, id, wire| {
        match id {
            2 => {
                let codes = reader.list(wire, |reader, wire| reader.integer::<u32>(wire))?;
                chunk.encodings = codes.into_iter().fold(0, |all, code| all | 1 << code.min(31));
            }
            4 => chunk.codec = reader.integer(wire)?,
            5 => chunk.values = reader.integer(wire)?,
            6 => chunk.uncompressed = reader.integer(wire)?,
            7 => chunk.compressed = reader.integer(wire)?,
            9 => chunk.data_page = reader.integer(wire)?,
            11 => chunk.dictionary_page = Some(reader.integer(wire)?),
            12 => reader.fields(|reader, id, wire| {
                if id == 3 {
                    chunk.nulls = Some(reader.integer(wire)?);
                }
                Some(id == 3)
            })?,
            _ => return Some(false),
        }
        Some(true)
    })
}

impl Footer {
    /// Whether its row groups have as many rows as the file, so that no damage makes a table shorter.
    pub fn counts_add_up(&self) -> bool {
        let mut rows = self.groups.iter().map(|group| group.rows);
        rows.try_fold(0i64, |sum, rows| sum.checked_add(rows).filter(|_| rows >= 0)) == Some(self.rows)
    }

    /// Whether its writer says of any column that it is text, as all do but the oldest.
    pub fn says_what_is_text(&self) -> bool {
        self.elements.iter().any(|element| element.meaning == Some(Meaning::Text))
    }
}

impl Chunk {
    /// Whether pages or levels are in the encoding of a code.
    pub fn has(&self, encoding: u32) -> bool {
        self.encodings & 1 << encoding != 0
    }

    /// The bytes of its pages, as far as they can be bytes of a file of `size`.
    pub fn range(&self, size: u64) -> Option<std::ops::Range<u64>> {
        let start = u64::try_from(self.dictionary().unwrap_or(self.data_page)).ok()?;
        let end = start.checked_add(u64::try_from(self.compressed).ok()?)?;
        (end <= size).then_some(start..end)
    }

    /// Where its dictionary lies. Some writers say 0 for none, and some name one that lies elsewhere.
    pub fn dictionary(&self) -> Option<i64> {
        self.dictionary_page.filter(|&at| at > 0 && at < self.data_page)
    }
}
