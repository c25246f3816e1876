//! JSON lines, as Graph Data Connect lands its data sets (rule I11).
//!
//! Each line is read once, into the needed columns; what else is in it is passed over, whatever its type.

use std::collections::BTreeMap;
use std::io::{BufRead, Read};
use std::path::Path;

use polars::prelude::*;
use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::sources::contract::{SourceColumn, SourceTable, ValueKind};
use crate::sources::files::needed_columns::{POSITION, needed_columns};
use crate::sources::files::text::batch::Batch;
use crate::sources::files::text::errors::{broken_off, refuse};
use crate::sources::files::text::input::{Input, bare};
use crate::sources::files::text::json_row::{Cell, Row};
use crate::sources::values::nested_json::{Builder, KeptFields};
use crate::sources::values::text_lists::entries;

/// Lines that are read at a time by one thread, in bytes.
const BLOCK: usize = 4 << 20;
/// No row of a mailbox is longer; whatever is has no line ends.
const LONGEST: u64 = 256 << 20;
/// How deep values may lie in each other; what exports nest is no deeper than six.
const DEEPEST: usize = 128;

const AGAIN: &str = "the file must hold one JSON object per line; copy or export it again";
const FOREIGN: &str = "move the file out of the table's folder, or export it again";

/// The rows of a file.
pub struct JsonLines<'a> {
    of: Whose<'a>,
    input: Input,
    /// Lines and rows so far.
    lines: u64,
    rows: u64,
    has_key: bool,
    /// Whether there are rows that need a key.
    has_items: bool,
}

/// Where lines belong.
struct Whose<'a> {
    table: &'a SourceTable,
    path: &'a Path,
    columns: Vec<&'static SourceColumn>,
}

/// Lines of a file, and the number of lines before them.
struct Block {
    before: u64,
    bytes: Vec<u8>,
}

/// The rows of a block.
struct Parsed {
    columns: Vec<Values>,
    rows: u64,
    has_key: bool,
    has_items: bool,
    /// Values of a wrong form, by column: how many, and the first of their rows.
    strange: Vec<(u64, u64)>,
}

enum Values {
    Text(StringChunkedBuilder),
    Texts(ListStringChunkedBuilder),
    Nested(Builder),
}

impl<'a> JsonLines<'a> {
    pub fn new(table: &'a SourceTable, path: &'a Path, input: Input) -> JsonLines<'a> {
        let of = Whose { table, path, columns: needed_columns(table) };
        JsonLines { of, input, lines: 0, rows: 0, has_key: false, has_items: false }
    }

    /// The next rows; none at the end.
    ///
    /// # Errors
    /// The first line that is no row, by its number; at the end, a file without the key of its table.
    pub fn next(&mut self) -> Result<Option<Batch>> {
        let mut blocks = Vec::new();
        for _ in 0..rayon::current_num_threads().max(1) {
            let Some(block) = self.block()? else { break };
            blocks.push(block);
        }
        if blocks.is_empty() {
            return self.no_foreign_file().map(|()| None);
        }
        let of = &self.of;
        let parsed: Vec<Result<Parsed>> = blocks.into_par_iter().map(|block| of.parse(&block)).collect();
        let (mut frame, mut strange) = (None::<DataFrame>, BTreeMap::new());
        for parsed in parsed {
            let parsed = parsed?;
            self.has_key |= parsed.has_key;
            self.has_items |= parsed.has_items;
            for (column, (count, first)) in
                self.of.columns.iter().zip(&parsed.strange).filter(|(_, (count, _))| *count > 0)
            {
                strange.entry(column.name).or_insert((0, self.rows + first)).0 += count;
            }
            let rows = self
                .of
                .frame(parsed, self.rows)
                .map_err(Error::engine(format!("rows of table {}", self.of.table.name)))?;
            self.rows += rows.height() as u64;
            match &mut frame {
                Some(frame) => {
                    frame.vstack_mut_owned(rows).map_err(Error::engine("putting rows together"))?;
                }
                None => frame = Some(rows),
            }
        }
        Ok(frame.map(|frame| Batch { frame, strange }))
    }

    /// The next lines, some more bytes than [`BLOCK`].
    fn block(&mut self) -> Result<Option<Block>> {
        let (before, mut bytes) = (self.lines, Vec::with_capacity(BLOCK + (BLOCK >> 4)));
        while bytes.len() < BLOCK {
            let line = (&mut self.input).take(LONGEST).read_until(b'\n', &mut bytes);
            match line.map_err(|error| broken_off(self.of.table, self.of.path, error))? {
                0 => break,
                length if length as u64 == LONGEST => {
                    let message = format!("line {} is longer than {} MiB", self.lines + 1, LONGEST >> 20);
                    return Err(refuse(self.of.table, self.of.path, None, message, AGAIN));
                }
                _ => self.lines += 1,
            }
        }
        Ok((!bytes.is_empty()).then_some(Block { before, bytes }))
    }

    /// Every file holds the key of its table, unless its rows are but marks of mailboxes (rules I4, I9).
    fn no_foreign_file(&self) -> Result<()> {
        match key(self.of.table) {
            Some(key) if !self.has_key && self.has_items => {
                let message = "the file lacks the column, which every row of the table has, so it is foreign";
                Err(refuse(self.of.table, self.of.path, Some(key), message.to_string(), FOREIGN))
            }
            _ => Ok(()),
        }
    }
}

impl Whose<'_> {
    fn parse(&self, block: &Block) -> Result<Parsed> {
        let columns = self.columns.iter().map(|column| match column.kind {
            ValueKind::Texts => Values::Texts(ListStringChunkedBuilder::new(column.name.into(), 0, 0)),
            ValueKind::Struct | ValueKind::Structs => {
                Values::Nested(Builder::new(KeptFields::of(column.name, column.kind)))
            }
            _ => Values::Text(StringChunkedBuilder::new(column.name.into(), 0)),
        });
        let strange = vec![(0, 0); self.columns.len()];
        let mut parsed = Parsed { columns: columns.collect(), rows: 0, has_key: false, has_items: false, strange };
        for (number, line) in (block.before + 1..).zip(block.bytes.split(|byte| *byte == b'\n')) {
            let line = bare(line);
            if line.is_empty() {
                continue;
            }
            if deeper_than(line, DEEPEST) {
                let message = format!("line {number} is nested more than {DEEPEST} deep");
                return Err(refuse(self.table, self.path, None, message, AGAIN));
            }
            let mended;
            let mut row = Row::new(&self.columns);
            if let Err(error) = self.read(line, number, &mut row) {
                mended = super::json_mended::mended(line).ok_or(error)?;
                row = Row::new(&self.columns);
                self.read(&mended, number, &mut row)?;
            }
            self.judge(number, line, &row)?;
            self.keep(row, &mut parsed);
        }
        Ok(parsed)
    }

    fn read<'de>(&self, line: &'de [u8], number: u64, row: &mut Row<'_, 'de>) -> Result<()> {
        let mut deserializer = serde_json::Deserializer::from_slice(line);
        let is_object = line.starts_with(b"{");
        if is_object && row.fill(&mut deserializer).is_ok() && deserializer.end().is_ok() {
            return Ok(());
        }
        if let Some((one, other)) = &row.twice {
            let message = match one == other {
                true => format!("line {number} holds the column {one} twice"),
                false => format!("line {number} holds the columns {one} and {other}, which differ only in letter case"),
            };
            return Err(refuse(self.table, self.path, Some(one), message, "export the column once"));
        }
        let message = format!("line {number} is no JSON object{}", instead(line));
        Err(refuse(self.table, self.path, None, message, AGAIN))
    }

    /// Whether a line is a row of the table: what a job writes about itself is none.
    fn judge(&self, number: u64, line: &[u8], row: &Row<'_, '_>) -> Result<()> {
        if row.has_key || row.known >= 2 {
            return Ok(());
        }
        let lacks = match key(self.table) {
            Some(key) => format!("it lacks {key}, which every row has"),
            None => "it has none of the table's columns".to_string(),
        };
        if is_page(line) {
            let message = format!("line {number} is a page of answers of Graph, with its rows in value: {lacks}");
            return Err(refuse(self.table, self.path, None, message, AGAIN));
        }
        let message = format!("line {number} is a JSON object but no row of the table: {lacks}");
        Err(refuse(self.table, self.path, None, message, FOREIGN))
    }

    fn keep(&self, row: Row<'_, '_>, parsed: &mut Parsed) {
        parsed.has_key |= row.has_key;
        parsed.has_items |= !row.is_mark();
        let at = parsed.rows;
        parsed.rows += 1;
        for ((values, cell), strange) in parsed.columns.iter_mut().zip(row.cells).zip(&mut parsed.strange) {
            if cell == Cell::Misfit {
                *strange = (strange.0 + 1, if strange.0 == 0 { at } else { strange.1 });
            }
            match (values, cell) {
                (Values::Text(texts), Cell::Text(text)) => texts.append_value(text),
                (Values::Text(texts), _) => texts.append_null(),
                (Values::Texts(lists), Cell::Text(text)) => {
                    lists.append_values_iter(entries(&text).iter().map(String::as_str));
                }
                (Values::Texts(lists), Cell::Texts(texts)) => {
                    lists.append_values_iter(texts.iter().map(|text| text.as_ref()));
                }
                (Values::Texts(lists), _) => lists.append_null(),
                (Values::Nested(nested), Cell::Nested(elements)) => nested.push(Some(elements)),
                (Values::Nested(nested), _) => nested.push(None),
            }
        }
    }

    fn frame(&self, parsed: Parsed, before: u64) -> PolarsResult<DataFrame> {
        let position: Vec<u64> = (before..before + parsed.rows).collect();
        let mut columns = vec![Column::new(POSITION.into(), position)];
        for (values, column) in parsed.columns.into_iter().zip(&self.columns) {
            columns.push(match values {
                Values::Text(texts) => texts.finish().into_column(),
                Values::Texts(mut lists) => lists.finish().into_column(),
                Values::Nested(nested) => nested.finish(column.name)?.into_column(),
            });
        }
        DataFrame::new(parsed.rows as usize, columns)
    }
}

/// What a line seems to be that is no object.
fn instead(line: &[u8]) -> &'static str {
    match (line.first(), line.last()) {
        (Some(b'['), _) => " but the beginning of an array",
        (Some(b'{'), Some(b'}')) => "",
        (Some(b'{'), _) => " but a part of one, which goes on in the next line or was cut off",
        _ => "",
    }
}

/// Whether a line is what the Web API answers: rows in a list beside what is said of them all.
fn is_page(line: &[u8]) -> bool {
    let page: Option<serde_json::Map<String, serde_json::Value>> = serde_json::from_slice(line).ok();
    page.is_some_and(|page| page.get("value").is_some_and(|rows| rows.is_array()))
}

fn key(table: &SourceTable) -> Option<&'static str> {
    table.columns.iter().find(|column| column.required).map(|column| column.name)
}

/// Whether values lie in each other more than `limit` deep. Brackets are counted first: in nearly all
/// lines there are fewer than the limit.
fn deeper_than(line: &[u8], limit: usize) -> bool {
    if line.iter().filter(|byte| matches!(byte, b'[' | b'{')).count() <= limit {
        return false;
    }
    let (mut depth, mut in_text, mut escaped) = (0usize, false, false);
    for byte in line {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => {
                depth += 1;
                if depth > limit {
                    return true;
                }
            }
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::deeper_than;

    #[test]
    fn depth_is_that_of_brackets_outside_of_texts() {
        assert!(deeper_than(b"{\"a\":[[[1]]]}", 3));
        assert!(!deeper_than(b"{\"a\":[[1]],\"b\":[[1]],\"c\":{}}", 3));
        assert!(!deeper_than(br#"{"a":"[[[[\"[[[{{{","b":[]}"#, 3));
        assert!(deeper_than(br#"{"a":"\\","b":[[[]]]}"#, 3));
    }
}
