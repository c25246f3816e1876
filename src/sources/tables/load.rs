//! One table of the lake in memory: its current rows, in the form that a shape gives them.

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::scratch::Scratch;
use crate::sources::contract::{PHONECALL, SourceTable, System, TASK};
use crate::sources::files::lake::{Lake, TableReading};
use crate::sources::files::mirror::Fetched;
use crate::sources::files::needed_columns::no_rows;
use crate::sources::files::{concurrent_writes, scan};
use crate::sources::tables::current_rows;
use crate::sources::tables::current_rows::{DELETED, Standing};
use crate::sources::tables::written::{LastWrites, TOUCHED};
use crate::sources::values::misfits::{Misfits, Misread};

/// What was read of one table, for the report of a run.
#[derive(Clone, Debug, serde::Serialize)]
pub struct InputTable {
    /// Name of the table.
    pub table: &'static str,
    /// Number of data files.
    pub files: usize,
    /// Rows stored in them, versions and deletes included.
    pub rows_read: usize,
    /// Rows that are current, those among them that delete.
    pub rows_current: usize,
    /// Rows that are current and delete.
    pub rows_deleted: usize,
    /// Columns of the contract that none of its files has; they read as null.
    pub lacking: Vec<&'static str>,
    /// Files among them that are not read, and why.
    #[serde(skip)]
    pub passed_over: Vec<(String, &'static str)>,
    /// What was read of its objects; none when it lies on this machine.
    pub fetched: Option<Fetched>,
}

/// A table in memory.
pub struct Loaded {
    pub table: &'static str,
    pub frame: DataFrame,
    /// None when the lake lacks the table; the frame is then empty.
    pub input: Option<InputTable>,
    /// When its rows were written, where the table says so.
    pub written: LastWrites,
    /// Columns of which a few values could not be read.
    pub misread: Vec<Misread>,
}

/// The rows of `frame` whose current version is a deletion.
pub fn gone(frame: &DataFrame, table: &SourceTable) -> Result<DataFrame> {
    if frame.width() == 0 {
        return Ok(frame.clone());
    }
    let gone = frame.clone().lazy().filter(col(DELETED)).collect();
    gone.map_err(Error::engine(format!("table {}", table.name)))
}

/// `frame` without the rows whose current version is a deletion.
pub fn live(frame: DataFrame, table: &SourceTable) -> Result<DataFrame> {
    live_within(frame, table, &Scratch::default())
}

/// The same; what is too large for memory is kept in `scratch`.
pub fn live_within(frame: DataFrame, table: &SourceTable, scratch: &Scratch) -> Result<DataFrame> {
    // What stands in for a table that could not be read has no columns.
    if frame.width() == 0 {
        return Ok(frame);
    }
    let doing = || Error::engine(format!("table {}", table.name));
    let mut frame = frame;
    let is_live = frame.drop_in_place(DELETED).and_then(|deleted| Ok(!deleted.bool()?)).map_err(doing())?;
    if is_live.all() {
        return Ok(frame);
    }
    let size = frame.estimated_size() as u64;
    // Column by column, each freed before the next.
    let in_memory = Scratch::default();
    let scratch = if scratch.is_beyond(size) { scratch } else { &in_memory };
    let columns = frame.into_columns().into_iter().map(|column| scratch.filtered(column, Some(&is_live)));
    columns.collect::<Result<_>>().and_then(|columns| DataFrame::new_infer_height(columns).map_err(doing()))
}

/// Reads one table through `shape` and keeps its current rows. A table that the lake may lack is
/// then empty.
pub fn load(lake: &Lake, table: &SourceTable, shape: impl Fn(LazyFrame) -> LazyFrame) -> Result<Loaded> {
    load_counting(lake, table, &Misfits::default(), shape)
}

/// Reads one table like [`load`], with a shape that counts in `misfits` what it cannot read.
pub fn load_counting(
    lake: &Lake,
    table: &SourceTable,
    misfits: &Misfits,
    shape: impl Fn(LazyFrame) -> LazyFrame,
) -> Result<Loaded> {
    let read = || load_mirrored(lake, table, misfits, shape).map_err(|error| lake.named(table.system, error));
    lake.tell(table, TableReading::Begun);
    let loaded = concurrent_writes::watched(lake, table, read)?;
    lake.tell(table, TableReading::Done);
    Ok(loaded)
}

fn load_mirrored(
    lake: &Lake,
    table: &SourceTable,
    misfits: &Misfits,
    shape: impl Fn(LazyFrame) -> LazyFrame,
) -> Result<Loaded> {
    let in_memory = Scratch::default();
    let Some(scan) = scan::scan(lake, table, misfits, &shape)? else {
        if table.required {
            return Err(Error::Input {
                table: table.name.into(),
                column: None,
                file: Some(lake.folder(table.system)?.join(table.name).display().to_string()),
                message: "the table is missing".into(),
                remedy: "add it to the export, or correct the folder in the job file".into(),
            });
        }
        let empty = shape(no_rows(table)).collect();
        let frame = current_rows::current(
            empty.map_err(Error::engine(format!("table {}", table.name)))?,
            Standing::All,
            &in_memory,
        )?;
        return Ok(Loaded {
            table: table.name,
            frame,
            input: None,
            written: LastWrites::default(),
            misread: Vec::new(),
        });
    };
    let standing = match scan.versioned || table.system == System::Exchange {
        true => Standing::Newest,
        // Emails and meetings of one id are copies anyway, and calls and tasks would count twice.
        false if [PHONECALL.name, TASK.name].contains(&table.name) => Standing::OnePerKey,
        false => Standing::All,
    };
    let files = scan.files.paths.len();
    let mut scan = scan;
    let lacking = std::mem::take(&mut scan.lacking);
    let passed_over = std::mem::take(&mut scan.files.passed_over).into_iter();
    let passed_over =
        passed_over.map(|file| (lake.named_file(table.system, &file.file.display().to_string()), file.why)).collect();
    let scratch = if lake.scratch().takes(scan.size())? { lake.scratch() } else { &in_memory };
    let (mut frame, mut misread) = scan::collect(table, scan, &shape, scratch)?;
    misread.iter_mut().for_each(|misread| misread.file = lake.named_file(table.system, &misread.file));
    let rows_read = frame.height();
    let written = match frame.drop_in_place(TOUCHED) {
        Ok(column) => column.datetime().map(|touched| LastWrites::of(&touched.phys)).unwrap_or_default(),
        Err(_) => LastWrites::default(),
    };
    let frame = current_rows::current(frame, standing, scratch)?;
    crate::memory::give_back();
    let (rows_current, fetched) = (frame.height(), lake.fetched(table));
    let rows_deleted = frame.column(DELETED).ok().and_then(|deleted| deleted.bool().ok()?.sum()).unwrap_or(0) as usize;
    let input =
        InputTable { table: table.name, files, rows_read, rows_current, rows_deleted, lacking, passed_over, fetched };
    Ok(Loaded { table: table.name, frame, input: Some(input), written, misread })
}
