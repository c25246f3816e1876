//! One lazy frame over the files of a table, whatever their schemas (rules I3, I4).

use std::ops::Range;

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::scratch::Scratch;
use crate::sources::contract::SourceTable;
use crate::sources::files::formats::Format;
use crate::sources::files::lake::Lake;
use crate::sources::files::listing::TableFiles;
use crate::sources::files::needed_columns::{needed_columns, no_rows};
use crate::sources::files::open::{DataFile, Fault, attempt, data_file, may_join, open};
use crate::sources::files::parquet::NeededColumns;
use crate::sources::files::selection::selection;
use crate::sources::files::text::Tallies;
use crate::sources::files::{diagnose, flattened, listing, parquet, required, text};
use crate::sources::values::misfits::{Misfits, Misread};

/// Of a table's files so many bytes a core are in memory at a time. Fewer would leave cores without work now and
/// then, and all of them at once were the peak of a run.
const BYTES_A_CORE: u64 = 16 << 20;

/// A table of the lake, columns in the types of their kinds.
pub struct Scan {
    /// Whether any file has `versionnumber`, so that rule I1 applies.
    pub versioned: bool,
    /// Columns of the contract that no file has.
    pub lacking: Vec<&'static str>,
    /// The data files, in path order.
    pub files: TableFiles,
    /// Files of Parquet as they are read, one part after the other.
    parts: Vec<Part>,
    opened: Vec<DataFile>,
    /// Counts what cannot be read while the parts are.
    misfits: Misfits,
    /// Files of text, which are read already, and what is in each.
    texts: Vec<DataFrame>,
    tallies: Vec<Tallies>,
}

/// Files that hold their columns alike, and how those are read.
struct Part {
    files: Range<usize>,
    selection: Vec<Expr>,
}

impl Scan {
    /// How many bytes of its files are needed.
    pub fn size(&self) -> u64 {
        self.opened.iter().map(DataFile::size).sum()
    }
}

/// Scans `table`, or none when the lake lacks it. `shape` is applied to files of one schema at a
/// time, before they are put together, because nested columns differ in the spelling of their
/// fields (rule I7); what it returns must have one schema.
///
/// Values that cannot be what their column means read as null and are counted in `misfits`.
///
/// # Errors
/// Files that are unreadable or foreign, a required column that no file has, a type that a column
/// cannot have, a column that is there twice.
pub fn scan(
    lake: &Lake,
    table: &SourceTable,
    misfits: &Misfits,
    shape: impl Fn(LazyFrame) -> LazyFrame,
) -> Result<Option<Scan>> {
    let Some(files) = fetch(lake, table)? else { return Ok(None) };
    of_files(table, files, misfits.clone(), &shape).map(Some)
}

fn of_files(
    table: &SourceTable,
    files: TableFiles,
    misfits: Misfits,
    shape: &dyn Fn(LazyFrame) -> LazyFrame,
) -> Result<Scan> {
    if files.paths.is_empty() {
        return Ok(Scan {
            versioned: false,
            lacking: Vec::new(),
            files,
            parts: Vec::new(),
            opened: Vec::new(),
            misfits,
            texts: vec![shape(no_rows(table)).collect().map_err(Error::engine(format!("table {}", table.name)))?],
            tallies: Vec::new(),
        });
    }
    let columns = needed_columns(table);
    let needed = |name: &str| flattened::is_needed(&columns, name);
    let opened = (0..files.paths.len()).map(|at| data_file(table, &files, at, &needed)).collect::<Result<Vec<_>>>()?;
    let has = |file: usize, name: &str| opened[file].stored.has(name);
    required::are_there(table, &files.place, &files.paths, has, || {
        let first = data_file(table, &files, 0, &|_| true)?;
        Ok(first.stored.schema.iter_names().map(|name| name.to_string()).collect())
    })?;
    let versioned = opened.iter().any(|file| file.stored.has("versionnumber"));

    let names = columns.iter().map(|column| column.name);
    let lacking = names.filter(|name| !opened.iter().any(|file| file.stored.has(name))).collect();

    let (mut texts, mut tallies, mut parts) = (Vec::new(), Vec::new(), Vec::new());
    let mut from = 0;
    if files.format != Format::Parquet {
        misfits.take();
        for (at, file) in opened.iter().enumerate() {
            let position = (at as u64) << 32;
            let (frame, tally) = text::shaped(table, &files, at, file, position, &misfits, &shape)?;
            texts.push(frame);
            tallies.push(tally);
        }
        from = files.paths.len();
    }
    while from < files.paths.len() {
        let which = from..together(&files, &opened, from);
        let (path, position) = (&files.paths[from], (parts.len() as u64) << 32);
        let selection = selection(table, &columns, &opened[from].stored, path, position, &misfits)?;
        from = which.end;
        parts.push(Part { files: which, selection });
    }
    Ok(Scan { versioned, lacking, files, parts, opened, misfits, texts, tallies })
}

/// Up to which file those from one on are read together: they hold their columns alike and are not too large.
fn together(files: &TableFiles, opened: &[DataFile], from: usize) -> usize {
    let limit = BYTES_A_CORE * rayon::current_num_threads() as u64;
    let mut bytes = opened[from].size();
    let mut joins = |at: &usize| {
        bytes = bytes.saturating_add(opened[*at].size());
        bytes <= limit && may_join(files, *at) && opened[*at].stored == opened[from].stored
    };
    let more = if may_join(files, from) { (from + 1..opened.len()).take_while(&mut joins).count() } else { 0 };
    from + 1 + more
}

/// The files of `table` with all that is read of them on this machine, or none when the lake lacks it.
///
/// # Errors
/// Those of [`listing::of_table`], and what a store says.
pub fn fetch(lake: &Lake, table: &SourceTable) -> Result<Option<TableFiles>> {
    let Some(files) = listing::of_table(lake, table)? else { return Ok(None) };
    let columns = needed_columns(table);
    let needed = |name: &str| flattened::is_needed(&columns, name);
    let names = NeededColumns { needed: &needed, delta: files.delta.as_deref() };
    // A footer that cannot be read is left to who reads the file.
    lake.bring_ranges(table, &files.paths, &|path| Some(parquet::ranges(&parquet::footer(path).ok()?, &names)))?;
    Ok(Some(files))
}

/// Runs a scan's plan; `shape` is what the scan was made with. With the frame come the columns of which
/// a few values could not be read. Where memory is limited, its rows are in `scratch`.
///
/// # Errors
/// What is wrong with the data, with the file, column and row that cause it.
pub fn collect(
    table: &SourceTable,
    scan: Scan,
    shape: &dyn Fn(LazyFrame) -> LazyFrame,
    scratch: &Scratch,
) -> Result<(DataFrame, Vec<Misread>)> {
    let mut scan = scan;
    let mut outcome = read(table, &mut scan, shape, scratch)?;
    if outcome.is_err() && scan.files.format == Format::Parquet {
        // To the engine, one text that is none is the end of a table, and of a row only to us.
        scan.misfits.take();
        scan.files.bytes_for_texts = true;
        scan = of_files(table, scan.files, scan.misfits, shape)?;
        outcome = read(table, &mut scan, shape, scratch)?;
    }
    let frame = outcome.map_err(|_| diagnose::culprit(table, &scan.files, shape))?;
    let misread = match scan.files.format {
        Format::Parquet => diagnose::misread(table, &scan.files, shape, &scan.misfits)?,
        Format::JsonLines | Format::Csv => diagnose::misread_in_text(table, &scan.files, &scan.tallies)?,
    };
    Ok((frame, misread))
}

/// The rows of all files, part by part.
fn read(
    table: &SourceTable,
    scan: &mut Scan,
    shape: &dyn Fn(LazyFrame) -> LazyFrame,
    scratch: &Scratch,
) -> Result<std::result::Result<DataFrame, Fault>> {
    let mut frames = std::mem::take(&mut scan.texts);
    for Part { files, selection } in &scan.parts {
        let frame = open(table, &scan.files, files.clone(), &scan.opened[files.clone()], &scan.misfits)?;
        let part = shape(frame.select(selection.clone()));
        match attempt(|| part.collect_with_engine(Engine::Streaming).map(|result| result.unwrap_single())) {
            Ok(part) => frames.push(scratch.keep_columns(part)?),
            Err(fault) => return Ok(Err(fault)),
        }
    }
    Ok(attempt(|| {
        let mut frames = frames.into_iter();
        let mut all = frames.next().unwrap_or_default();
        frames.try_for_each(|frame| all.vstack_mut_owned(frame).map(|_| ()))?;
        Ok(all)
    }))
}
