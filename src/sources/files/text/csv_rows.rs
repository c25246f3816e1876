//! CSV as Synapse Link writes it: no header, texts in quotes where they need them, quotes within doubled,
//! line ends within allowed, nothing for null (rule I6). What copies of it may have beside is read as well, see
//! [`csv_forms`](super::csv_forms).

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::Path;

use csv::{ByteRecord, Reader};
use polars::prelude::*;

use crate::error::{Error, Result};
use crate::sources::contract::SourceTable;
use crate::sources::files::needed_columns::{POSITION, needed_columns};
use crate::sources::files::other_names;
use crate::sources::files::text::batch::Batch;
use crate::sources::files::text::csv_forms::{self, Head, is_null};
use crate::sources::files::text::errors::{broken_off, refuse};
use crate::sources::files::text::input::Input;
use crate::sources::files::text::models::Model;

/// Bytes of rows that make a batch.
const BATCH: usize = 16 << 20;

/// Read behind the end of every file. Where it turns up says how the file ended: as a row of its own after a
/// line end, at the end of a value without one, or with its line end inside quotes that were never closed.
const END: &[u8] = b"\x03the end of the file\x03\n";

/// What names the columns of a file, and what to do where its rows do not fit.
struct NamedBy {
    what: &'static str,
    remedy: &'static str,
}

const BY_MODEL: NamedBy =
    NamedBy { what: "model.json", remedy: "copy or export the file again, together with its model.json" };
const BY_HEADER: NamedBy =
    NamedBy { what: "header", remedy: "copy or export the file again, with nothing but its rows" };

/// The rows of a file.
pub struct CsvRows<'a> {
    table: &'a SourceTable,
    path: &'a Path,
    columns: Vec<String>,
    named_by: NamedBy,
    reader: Reader<io::Chain<io::Chain<io::Cursor<Vec<u8>>, Input>, &'static [u8]>>,
    /// Where the needed columns are.
    needed: Vec<usize>,
    /// How many columns a row has at least.
    least: usize,
    rows: u64,
    record: ByteRecord,
    ended: bool,
}

impl<'a> CsvRows<'a> {
    /// # Errors
    /// A beginning that cannot be read, and a header without a column that the model has.
    pub fn new(table: &'a SourceTable, path: &'a Path, model: &Model, input: Input) -> Result<CsvRows<'a>> {
        let (head, input) = Head::of(input).map_err(|error| broken_off(table, path, error))?;
        let delimiter = head.delimiter(table, model.columns.len());
        let known: Vec<String> = model.columns.iter().map(|(name, _)| name.clone()).collect();
        // What copies of the export may have, and it has not: a header, which may be in another order.
        let header = head.header(table, delimiter);
        let named_by = if header.is_some() { BY_HEADER } else { BY_MODEL };
        let columns = header.map_or_else(|| known.clone(), other_names::all_in_table);
        let spelled =
            |name: String| known.iter().find(|known| known.eq_ignore_ascii_case(&name)).cloned().unwrap_or(name);
        let columns: Vec<String> = columns.into_iter().map(spelled).collect();
        let wanted = needed_columns(table);
        let is_needed = |name: &str| wanted.iter().any(|column| column.name.eq_ignore_ascii_case(name));
        let is_there = |name: &str| columns.iter().any(|own| own.eq_ignore_ascii_case(name));
        if let Some(lacking) = known.iter().find(|name| is_needed(name) && !is_there(name)) {
            let message = "its header lacks the column, which its model.json names".to_string();
            return Err(refuse(table, path, Some(lacking), message, BY_MODEL.remedy));
        }
        let is_known = |name: &str| known.iter().any(|known| known.eq_ignore_ascii_case(name));
        let needed = columns.iter().enumerate().filter(|(_, name)| is_needed(name) && is_known(name)).map(|(at, _)| at);
        let needed = needed.collect();
        // A column that came while the file was written is at the end, and rows from before lack it. What
        // says which row is current was there from the beginning.
        let own = |name: &str| {
            table
                .primary_key
                .iter()
                .chain(&["Id", "IsDelete", "versionnumber"])
                .any(|own| own.eq_ignore_ascii_case(name))
        };
        let least = columns.iter().rposition(|name| own(name)).map_or(1, |at| at + 1);
        let reader = csv_forms::rows(delimiter).from_reader(head.chain(input).chain(END));
        Ok(CsvRows {
            table,
            path,
            columns,
            named_by,
            reader,
            needed,
            least,
            rows: 0,
            record: ByteRecord::new(),
            ended: false,
        })
    }

    /// The next rows; none at the end.
    ///
    /// # Errors
    /// A row that does not fit the columns, or is no text in UTF-8, by its number.
    pub fn next(&mut self) -> Result<Option<Batch>> {
        let builder = |at: &usize| StringChunkedBuilder::new(self.columns[*at].as_str().into(), 0);
        let mut columns: Vec<StringChunkedBuilder> = self.needed.iter().map(builder).collect();
        let (before, mut bytes) = (self.rows, 0);
        while bytes < BATCH && self.read()? {
            bytes += self.record.as_slice().len() + 1;
            for (column, &at) in columns.iter_mut().zip(&self.needed) {
                match self.record.get(at).filter(|value| !is_null(value)) {
                    None => column.append_null(),
                    Some(value) => match std::str::from_utf8(value) {
                        Ok(text) => column.append_value(text),
                        Err(_) => {
                            let name = self.columns[at].as_str();
                            let message = format!("row {} holds text that is not in UTF-8", self.rows);
                            return Err(refuse(self.table, self.path, Some(name), message, "export it in UTF-8"));
                        }
                    },
                }
            }
        }
        if self.rows == before {
            return Ok(None);
        }
        let position = Column::new(POSITION.into(), (before..self.rows).collect::<Vec<u64>>());
        let columns = std::iter::once(position).chain(columns.into_iter().map(|texts| texts.finish().into_column()));
        let frame = DataFrame::new((self.rows - before) as usize, columns.collect());
        let frame = frame.map_err(Error::engine(format!("rows of table {}", self.table.name)))?;
        Ok(Some(Batch { frame, strange: BTreeMap::new() }))
    }

    /// Reads the next record; false at the end.
    fn read(&mut self) -> Result<bool> {
        loop {
            if self.ended {
                return Ok(false);
            }
            let read = self.reader.read_byte_record(&mut self.record);
            let read = read.map_err(|error| broken_off(self.table, self.path, io_error(error)))?;
            if !read || !self.is_whole() {
                let message = format!("the file ends inside quotes, in row {}", self.rows + 1);
                return Err(refuse(self.table, self.path, None, message, self.named_by.remedy));
            }
            if !self.record.is_empty() && !self.is_header() {
                break;
            }
        }
        self.rows += 1;
        let (known, NamedBy { what, remedy }) = (self.columns.len(), &self.named_by);
        // Nothing behind a last separator is no column.
        let found = match self.record.iter().skip(known).all(<[u8]>::is_empty) {
            true => self.record.len().min(known),
            false => self.record.len(),
        };
        if found > known {
            let message = format!("row {} has {found} columns, and its {what} names {known}", self.rows);
            return Err(refuse(self.table, self.path, None, message, remedy));
        }
        if found < self.least || self.ended && found < known {
            let message = format!("row {} has {found} columns of the {known} that its {what} names", self.rows);
            return Err(refuse(self.table, self.path, None, message, remedy));
        }
        // Columns come, they never go: a shorter row after a longer one was cut off.
        self.least = found;
        Ok(true)
    }

    /// Whether the record ends where it should; takes [`END`] out of it, which leaves no values where it was
    /// a row of its own.
    fn is_whole(&mut self) -> bool {
        let Some(last) = self.record.len().checked_sub(1) else { return true };
        let value = self.record.get(last).unwrap_or_default();
        if value.ends_with(END) {
            return false;
        }
        let Some(value) = value.strip_suffix(END.trim_ascii_end()) else { return true };
        self.ended = true;
        let is_row = last > 0 || !value.is_empty();
        self.record = self.record.iter().take(last).chain(is_row.then_some(value)).collect();
        true
    }

    /// Whether the record is the header, which is there again where files were put together.
    fn is_header(&self) -> bool {
        let is_name = |(value, name): (&[u8], &String)| {
            let value = value.trim_ascii();
            let other = || other_names::in_table(std::str::from_utf8(value).ok()?);
            value.eq_ignore_ascii_case(name.as_bytes()) || other().is_some_and(|other| other.eq_ignore_ascii_case(name))
        };
        self.record.len() >= self.columns.len() && self.record.iter().zip(&self.columns).all(is_name)
    }
}

fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        _ => io::Error::new(io::ErrorKind::InvalidData, "its rows cannot be told apart"),
    }
}
