//! One data file: its schema, and the frame that reads it.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use polars::prelude::*;
use polars_buffer::Buffer;

use crate::error::{Error, Result};
use crate::guard::guarded;
use crate::sources::contract::{SourceTable, ValueKind};
use crate::sources::files::delta::deleted_rows;
use crate::sources::files::flattened::Flattened;
use crate::sources::files::formats::Format;
use crate::sources::files::listing::TableFiles;
use crate::sources::files::needed_columns::{POSITION, needed_columns};
use crate::sources::files::parquet::{Form, NeededColumns, Unread, View};
use crate::sources::files::shared_values::{SharedValue, of_folders};
use crate::sources::files::{casts, flattened, parquet, refusals};
use crate::sources::values::misfits::Misfits;
use crate::sources::values::written_times::WrittenTimes;
use crate::sources::values::{nested, nested_json};

/// How a data file holds its table's columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stored {
    /// Types by the table's names, partition columns among them. Of Parquet, the needed ones only.
    pub schema: Schema,
    /// Needed columns that cannot be read, with a word for what they are.
    pub odd: Vec<(PlSmallStr, &'static str)>,
    /// How the lake writes days and times.
    pub times: WrittenTimes,
    forms: Vec<(PlSmallStr, Form)>,
    shared: Vec<SharedValue>,
    flattened: Vec<Flattened>,
}

/// A data file, its footer read.
#[derive(Debug)]
pub struct DataFile {
    /// How it holds its table's columns. Files that hold them alike may be read together.
    pub stored: Stored,
    /// Columns of bytes of which nobody knows whether they hold text.
    pub bytes: Vec<PlSmallStr>,
    /// Types of columns of text as they are described, where they are.
    pub described: Option<Schema>,
    /// Columns of which the engine may not know the encoding, with its name.
    pub encoded: Vec<(PlSmallStr, &'static str)>,
    /// What the engine is shown of Parquet.
    view: Option<View>,
}

/// The Parquet files of `which`, which hold their columns alike, as one frame, rows numbered in [`POSITION`],
/// those taken away by deletion vectors left out. Files of a table may be read as one where
/// [`may_join`] says so. Values that cannot be what their form says are counted in `misfits`.
pub fn open(
    table: &SourceTable,
    files: &TableFiles,
    which: Range<usize>,
    opened: &[DataFile],
    misfits: &Misfits,
) -> Result<LazyFrame> {
    let row_index = Some(RowIndex { name: POSITION.into(), offset: 0 });
    let deleted = deleted(files, which.start);
    let paths = &files.paths[which];
    let stored = opened.first().map(|file| file.stored.clone()).unwrap_or_default();
    let shown = paths.iter().zip(opened);
    let shown = shown.map(|(path, file)| file.bytes(path).map_err(|error| refusals::unreadable(table, path, error)));
    let shown = ScanSources::Buffers(shown.collect::<Result<_>>()?);
    let hive_options = polars::io::HiveOptions::new_disabled();
    let args = ScanArgsParquet { row_index, hive_options, glob: false, cache: false, ..Default::default() };
    let frame = LazyFrame::scan_parquet_sources(shown, args);
    let path = paths.first().map(|path| path.as_path());
    let mut frame = frame.map_err(|error| broken(table, path, files.format, Fault::Error(error)))?;
    if let Some(deleted) = deleted {
        frame = frame.filter(deleted_rows(col(POSITION), deleted).not());
    }
    Ok(stored.read(frame, misfits))
}

impl DataFile {
    fn of_text(schema: Schema, described: Option<Schema>, times: WrittenTimes) -> DataFile {
        let stored = Stored { schema, times, ..Stored::default() };
        DataFile { stored, bytes: Vec::new(), described, encoded: Vec::new(), view: None }
    }

    /// How many bytes of it are needed.
    pub fn size(&self) -> u64 {
        self.view.as_ref().map_or(0, View::size)
    }

    fn bytes(&self, path: &Path) -> io::Result<Buffer<u8>> {
        let Some(view) = &self.view else { return Ok(Buffer::new()) };
        view.bytes(&File::open(path)?)
    }
}

impl Stored {
    /// Whether the file has a column, readable or not, whatever the letter case of its name.
    pub fn has(&self, name: &str) -> bool {
        let mut names = self.schema.iter_names().chain(self.odd.iter().map(|(name, _)| name));
        names.any(|own| own.eq_ignore_ascii_case(name))
    }

    /// The columns as they are in the schema.
    fn read(&self, frame: LazyFrame, misfits: &Misfits) -> LazyFrame {
        if self.forms.is_empty() && self.shared.is_empty() && self.flattened.is_empty() {
            return frame;
        }
        let formed = |name: &PlSmallStr, dtype: &DataType| match self.forms.iter().find(|(formed, _)| formed == name) {
            Some((_, Form::Null)) => lit(NULL).alias(name.clone()),
            Some((_, form)) => form.read(col(name.clone()), dtype, misfits),
            None => col(name.clone()),
        };
        let with_fields = self.schema.iter().filter(|(_, dtype)| !is_hollow(dtype));
        let columns = with_fields.map(|(name, dtype)| {
            if let Some(value) = self.shared.iter().find(|value| value.name == *name) {
                return read_shared(value, misfits);
            }
            match self.flattened.iter().find(|flattened| flattened.name == *name) {
                Some(Flattened { fields, .. }) => {
                    let fields = fields.iter().map(|field| formed(&field.column, &field.dtype).alias(field.name));
                    as_struct(fields.collect()).alias(name.clone())
                }
                None => formed(name, dtype),
            }
        });
        frame.select(std::iter::once(col(POSITION)).chain(columns).collect::<Vec<_>>())
    }
}

/// A value that all rows of a file share as a column.
fn read_shared(value: &SharedValue, misfits: &Misfits) -> Expr {
    let text = value.text.as_deref().map_or(lit(NULL).cast(DataType::String), lit);
    casts::read_as(text, &DataType::String, value.kind, WrittenTimes::default(), misfits)
        .unwrap_or(lit(NULL))
        .alias(value.name.clone())
}

/// Whether no field of a nested column is read, so that the column itself is not.
pub fn is_hollow(dtype: &DataType) -> bool {
    matches!(dtype, DataType::Struct(fields) if fields.is_empty())
}

/// Whether a file may be read together with others that hold their columns alike: rows are counted over
/// all of them, and deletion vectors count them file by file.
pub fn may_join(files: &TableFiles, at: usize) -> bool {
    deleted(files, at).is_none()
}

fn deleted(files: &TableFiles, at: usize) -> Option<&Arc<[u64]>> {
    files.delta.as_ref()?.files.get(at)?.deleted.as_ref()
}

/// A data file with its needed columns, by its footer and the log of a Delta table, or by what describes
/// its CSV. JSON lines may hold any column.
///
/// # Errors
/// A file that cannot be opened, or is not what its name says.
pub fn data_file(
    table: &SourceTable,
    files: &TableFiles,
    at: usize,
    needed: &dyn Fn(&str) -> bool,
) -> Result<DataFile> {
    match files.format {
        Format::Parquet => parquet_file(table, files, at, needed),
        Format::JsonLines => {
            let columns = needed_columns(table).into_iter().map(|column| {
                let dtype = match column.kind {
                    ValueKind::Struct | ValueKind::Structs => nested_json::column(column.name, column.kind),
                    ValueKind::Texts => DataType::List(Box::new(DataType::String)),
                    _ => DataType::String,
                };
                Field::new(column.name.into(), dtype)
            });
            Ok(DataFile::of_text(columns.collect(), None, files.times))
        }
        Format::Csv => {
            let columns = files.models.get(at).map(|model| model.columns.as_slice()).unwrap_or_default();
            let columns = || columns.iter().filter(|(name, _)| needed(name));
            let texts = columns().map(|(name, _)| Field::new(name.as_str().into(), DataType::String));
            let described = columns().map(|(name, dtype)| Field::new(name.as_str().into(), dtype.clone()));
            Ok(DataFile::of_text(texts.collect(), Some(described.collect()), files.times))
        }
    }
}

fn parquet_file(table: &SourceTable, files: &TableFiles, at: usize, needed: &dyn Fn(&str) -> bool) -> Result<DataFile> {
    let path = &files.paths[at];
    let refuse = |column, message: String, remedy: &str| Error::Input {
        table: table.name.into(),
        column,
        file: Some(path.display().to_string()),
        message,
        remedy: remedy.into(),
    };
    let damaged = |what: &str| refuse(None, format!("the file is no readable Parquet: {what}"), AGAIN);
    let footer = parquet::footer(path).map_err(|unread| match unread {
        Unread::Storage(error) => refusals::unreadable(table, path, error),
        Unread::Encrypted => refuse(None, "the file is encrypted".into(), "export it without encryption"),
        Unread::Broken(what) => damaged(what),
    })?;
    let delta = files.delta.as_deref();
    let names = NeededColumns { needed, delta };
    let columns = parquet::needed(&footer, &names).ok_or_else(|| damaged("its footer contradicts itself"))?;
    let (columns, view) = attempt(|| Ok(parquet::columns(&footer, columns, files.bytes_for_texts)))
        .and_then(|columns| match columns {
            Ok(columns) => columns.map(Ok).map_err(Fault::Error),
            Err(faulty) => Ok(Err(faulty)),
        })
        .map_err(|fault| broken(table, Some(path), Format::Parquet, fault))?
        .map_err(|faulty| refuse(Some(faulty.column), faulty.message, faulty.remedy))?;
    let shared = match delta {
        Some(delta) => delta.log_values(&delta.files[at], needed),
        None => {
            // What a file says itself counts.
            let own = columns.schema.iter_names().chain(columns.odd.iter().map(|(name, _)| name));
            let own: Vec<&PlSmallStr> = own.collect();
            let is_own = |name: &str| own.iter().any(|own| own.eq_ignore_ascii_case(name));
            of_folders(&files.place, path, &|name| needed(name) && !is_own(name))
        }
    };
    let (mut schema, mut odd) = (columns.schema, columns.odd);
    odd.extend(delta.iter().flat_map(|delta| delta.odd_values(&delta.files[at], needed)));
    let flattened = flattened::put_together(&needed_columns(table), &mut schema);
    // A field of another type is told by its name and type.
    let is_silent =
        |(name, dtype): &(&PlSmallStr, &DataType)| !nested::says(name, dtype) && nested::unfit(dtype).is_none();
    let silent = schema.iter().filter(is_silent).map(|(name, _)| name.clone());
    let is_nested = |name: &str| {
        let mut columns = table.columns.iter().filter(|column| column.name.eq_ignore_ascii_case(name));
        columns.any(|column| matches!(column.kind, ValueKind::Struct | ValueKind::Structs))
    };
    for name in silent.collect::<Vec<_>>() {
        schema.shift_remove(&name);
        let word = if is_nested(&name) { nested::SILENT } else { "structs" };
        odd.push((name, word));
    }
    schema
        .extend(shared.iter().map(|value| (value.name.clone(), casts::dtype(value.kind).unwrap_or(DataType::String))));
    let is_bytes = |form: &Form| matches!(form, Form::Text { told: false, .. });
    let bytes = columns.forms.iter().filter(|(_, form)| is_bytes(form)).map(|(name, _)| name.clone());
    let bytes = if footer.says_what_is_text() { bytes.collect() } else { Vec::new() };
    let stored = Stored { schema, odd, times: files.times, forms: columns.forms, shared, flattened };
    Ok(DataFile { stored, bytes, described: None, encoded: columns.encoded, view: Some(view) })
}

const AGAIN: &str = "copy or export the file again";

/// Why polars did not do what it was asked for.
pub enum Fault {
    /// It says so.
    Error(PolarsError),
    /// It panicked.
    Panic,
}

/// Runs the engine on data of the lake.
pub fn attempt<T>(f: impl FnOnce() -> PolarsResult<T>) -> std::result::Result<T, Fault> {
    guarded(f).map_err(|_| Fault::Panic)?.map_err(Fault::Error)
}

/// A file that polars cannot read.
pub fn broken(table: &SourceTable, path: Option<&Path>, format: Format, fault: Fault) -> Error {
    let message = match (fault, format) {
        (Fault::Error(PolarsError::IO { error, .. }), _) if error.raw_os_error().is_some() => {
            let path = path.unwrap_or(Path::new(table.name));
            return refusals::unreadable(table, path, io::Error::new(error.kind(), error.to_string()));
        }
        // What the engine says is about its own source, and may quote values (rule R5).
        (_, Format::Parquet) => {
            "the file is no readable Parquet: its pages are damaged, or written in a way that is not known".to_string()
        }
        (_, Format::JsonLines) => "the file is no readable JSON lines".to_string(),
        (_, Format::Csv) => "the file is no readable CSV".to_string(),
    };
    Error::Input {
        table: table.name.into(),
        column: None,
        file: path.map(|path| path.display().to_string()),
        message,
        remedy: AGAIN.into(),
    }
}
