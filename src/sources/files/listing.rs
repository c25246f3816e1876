//! Which files make up a table of the lake (rules I6, R6).
//!
//! A table is a folder of its name, a Delta folder `<table>_partitioned`, or one file named after
//! it; in CSV also folders of its name among the incremental updates. Whatever lies there counts: a file of a foreign kind, a link to nothing or a folder that may
//! not be listed is an error, since skipping it would publish numbers that lack its rows.

use std::collections::BTreeSet;
use std::fs::{self, Metadata};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Error, Result, is_loop};
use crate::sources::contract;
use crate::sources::contract::{SourceTable, System};
use crate::sources::files::delta::DeltaTable;
use crate::sources::files::formats::{Format, format_of, is_nearly, log_of, may_be, names};
use crate::sources::files::lake::{Entry, Lake};
use crate::sources::files::text::{Model, Models};
use crate::sources::files::{delta, incremental, text};
use crate::storage::{DELTA_LOG, DeltaFolder};

/// The data files of one table.
#[derive(Clone, Debug)]
pub struct TableFiles {
    /// The table's folder, or its one file.
    pub place: PathBuf,
    /// Format of all files.
    pub format: Format,
    /// Paths in order; none when the table is there and has no rows.
    pub paths: Vec<PathBuf>,
    /// What its log says of a Delta table, file by file beside `paths`.
    pub delta: Option<Arc<DeltaTable>>,
    /// The columns of CSV, file by file beside `paths`.
    pub models: Vec<Arc<Model>>,
    /// Whether texts may hold times the way they are written in the US.
    pub us_dates: bool,
    /// Whether texts of Parquet are read as bytes and looked at one by one: some of them are no text.
    pub bytes_for_texts: bool,
}

/// The files of `table`, or none when the lake has no such table.
///
/// # Errors
/// A folder that cannot be read, a file of a foreign kind, an empty file, a folder without data, or
/// a table that lies in the lake twice.
pub fn of_table(lake: &Lake, table: &SourceTable) -> Result<Option<TableFiles>> {
    let found = place_of(lake, table)?;
    let updates = updates_of(lake, table)?;
    let Some(place) = found.as_ref().map(|(place, _)| place).or(updates.first()).cloned() else {
        return misnamed(lake, table);
    };
    let mut paths = Vec::new();
    if let Some((place, metadata)) = found {
        let log = match lake.mirrored_log(table, &place) {
            None if metadata.is_dir() && inspect(table, &place.join(DELTA_LOG))?.is_some() => {
                Some(Arc::new(delta::live(&DeltaFolder::local(&place)?, table.name)?))
            }
            log => log,
        };
        match log {
            Some(log) => {
                return only(table, &updates, &place)
                    .map(|()| Some(TableFiles { us_dates: lake.us_dates(), ..of_delta_table(place, log) }));
            }
            None if metadata.is_dir() => walk(&place, table, &mut paths)?,
            None => take(place.clone(), &metadata, table, &mut paths)?,
        }
        if !updates.is_empty() && paths.iter().any(|path| format_of(path) != Some(Format::Csv)) {
            only(table, &updates, &place)?;
        }
    }
    for folder in &updates {
        walk(folder, table, &mut paths)?;
    }
    without_snapshots(&mut paths);
    paths.sort();
    let Some(first) = paths.first() else {
        let remedy = "export the table again, or remove the empty folder if the table is not exported";
        return Err(refuse(table, &place, "the folder holds no data file", remedy));
    };
    let format = format_of(first).unwrap_or(Format::Parquet);
    if let Some(other) = paths.iter().find(|path| format_of(path) != Some(format)) {
        let message = match table.system {
            System::Exchange => "the table mixes Parquet and JSON lines",
            _ => {
                "the table mixes Parquet and CSV: a file that is no Parquet lies among Parquet, or the other way round"
            }
        };
        return Err(foreign(table, other, message));
    }
    let mut models = Vec::new();
    if format != Format::Parquet {
        // A file without lines has no rows, and no columns either.
        let mut filled = Vec::new();
        for path in paths {
            if !text::is_blank(&path).map_err(|error| text::broken_off(table, &path, error))? {
                filled.push(path);
            }
        }
        paths = filled;
    }
    if format == Format::Csv {
        let mut of_files = Models::new(table, lake.folder(table.system)?);
        models = paths.iter().map(|path| of_files.of(path)).collect::<Result<_>>()?;
    }
    Ok(Some(TableFiles {
        place,
        format,
        paths,
        delta: None,
        models,
        us_dates: lake.us_dates(),
        bytes_for_texts: false,
    }))
}

/// No table, unless something is called nearly as it is. Of the administrator's lists that is told elsewhere.
fn misnamed(lake: &Lake, table: &SourceTable) -> Result<Option<TableFiles>> {
    let is_it = |entry: &&Entry| table.system != System::Control && is_nearly(table, &entry.name);
    let entries = lake.entries(table.system)?.unwrap_or_default();
    let Some(Entry { name, .. }) = entries.iter().find(is_it) else { return Ok(None) };
    let place = lake.folder(table.system)?.join(name);
    Err(refuse(table, &place, "this is nearly the name of the table", &format!("call it {}", table.name)))
}

/// The folders of a table among the incremental updates of Synapse Link.
fn updates_of(lake: &Lake, table: &SourceTable) -> Result<Vec<PathBuf>> {
    if table.system != System::Dataverse {
        return Ok(Vec::new());
    }
    let system = lake.folder(table.system)?;
    let mut updates = incremental::folders(system, table).map_err(|error| unreadable(table, system, error))?;
    // Synapse Link leaves folders behind in which nothing is.
    updates.retain(|folder| fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_some()));
    Ok(updates)
}

/// A table that is no CSV has no incremental updates beside it.
fn only(table: &SourceTable, updates: &[PathBuf], place: &Path) -> Result<()> {
    updates.first().map_or(Ok(()), |other| Err(twice(table, place, other)))
}

fn twice(table: &SourceTable, place: &Path, other: &Path) -> Error {
    let message = format!("the table lies in the lake twice, the other time in {}", other.display());
    refuse(table, place, &message, "move one of the two out of the lake")
}

/// Beside the CSV that it writes to, Synapse Link keeps copies of how it was.
fn without_snapshots(paths: &mut Vec<PathBuf>) {
    let is_copy = |path: &PathBuf| path.iter().any(|part| part.eq_ignore_ascii_case(incremental::SNAPSHOT));
    let is_csv = |path: &&PathBuf| format_of(path) == Some(Format::Csv);
    if paths.iter().filter(is_csv).any(|path| !is_copy(path)) {
        paths.retain(|path| format_of(path) != Some(Format::Csv) || !is_copy(path));
    }
}

/// The live files of a Delta table whose data lies in `folder`.
fn of_delta_table(folder: PathBuf, delta: Arc<DeltaTable>) -> TableFiles {
    let paths = delta.files.iter().map(|file| folder.join(&file.path)).collect();
    TableFiles {
        place: folder,
        format: Format::Parquet,
        paths,
        delta: Some(delta),
        models: Vec::new(),
        us_dates: false,
        bytes_for_texts: false,
    }
}

/// All places in a system's folder on this machine where files of `table` may lie, and what describes them.
pub fn places(system: &Path, table: &SourceTable) -> Vec<PathBuf> {
    let mut places: Vec<PathBuf> = names(table).iter().map(|name| system.join(name)).collect();
    if table.system == System::Dataverse {
        let updates = incremental::folders(system, table).unwrap_or_default();
        let bases: BTreeSet<PathBuf> = updates.iter().map(|folder| incremental::base(system, folder)).collect();
        places.extend(bases.iter().map(|base| base.join(incremental::MODEL)));
        places.extend(updates);
    }
    places
}

fn place_of(lake: &Lake, table: &SourceTable) -> Result<Option<(PathBuf, Metadata)>> {
    let names = names(table);
    lake.bring_table(table, &names)?;
    let system = lake.folder(table.system)?;
    match inspect(table, system)? {
        None => return Ok(None),
        Some(metadata) if metadata.is_dir() => {}
        Some(_) => return Err(refuse(table, system, "a folder of tables is expected", "correct it in the job file")),
    }
    let mut found: Option<(PathBuf, Metadata)> = None;
    for place in names.iter().map(|name| system.join(name)) {
        let Some(metadata) = inspect(table, &place)? else { continue };
        if let Some((other, _)) = &found {
            return Err(twice(table, &place, other));
        }
        found = Some((place, metadata));
    }
    Ok(found)
}

/// What is at `path`, links followed; none when there is nothing.
fn inspect(table: &SourceTable, path: &Path) -> Result<Option<Metadata>> {
    match fs::symlink_metadata(path) {
        Ok(_) => fs::metadata(path).map(Some).map_err(|error| unreadable(table, path, error)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(table, path, error)),
    }
}

/// Collects data files below `folder`. Names that begin with `_` or `.` and checksums are marks of
/// the writer (`_SUCCESS`, `.part-0.parquet.crc`) by the convention of Hadoop and Spark, and hold no rows.
fn walk(folder: &Path, table: &SourceTable, found: &mut Vec<PathBuf>) -> Result<()> {
    let denied = |error: io::Error| unreadable(table, folder, error);
    for entry in fs::read_dir(folder).map_err(denied)? {
        let path = entry.map_err(denied)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if let Some(format) = log_of(&name) {
            return Err(of_other_format(table, folder, format));
        }
        if name.starts_with(['_', '.']) || name.ends_with(".crc") {
            continue;
        }
        let metadata = fs::metadata(&path).map_err(|error| unreadable(table, &path, error))?;
        if metadata.is_dir() {
            let before = found.len();
            walk(&path, table, found)?;
            // Spark names folders of parts like files; without parts, data was lost.
            if found.len() == before && format_of(&path).is_some() {
                return Err(foreign(table, &path, "a folder is named like a data file and holds none"));
            }
        } else if table.system != System::Dataverse || !incremental::is_description(&name) {
            take(path, &metadata, table, found)?;
        }
    }
    Ok(())
}

fn take(path: PathBuf, metadata: &Metadata, table: &SourceTable, found: &mut Vec<PathBuf>) -> Result<()> {
    let Some(format) = format_of(&path).filter(|format| may_be(table.system, *format)) else {
        let message = match table.system {
            System::Dataverse => "a file that is no Parquet and no CSV lies among the table's files",
            System::Exchange => "a file that is no Parquet and no JSON lines lies among the table's files",
            System::Control => "a file that is no Parquet lies among the table's files",
        };
        return Err(foreign(table, &path, message));
    };
    if !metadata.is_file() || path.to_str().is_none() {
        return Err(foreign(table, &path, "this is no regular file with a name in UTF-8"));
    }
    if format == Format::Parquet && metadata.len() == 0 {
        return Err(foreign(table, &path, "the file is empty (0 bytes), so it is no Parquet"));
    }
    found.push(path);
    Ok(())
}

/// A table of another format, or one of Delta further down: all of its files together are more than its rows.
fn of_other_format(table: &SourceTable, folder: &Path, format: &str) -> Error {
    let message = format!("this is a table of {format}, and not every file in it counts");
    refuse(table, folder, &message, "make a Delta table the table's folder itself; export others as Parquet")
}

fn foreign(table: &SourceTable, path: &Path, message: &str) -> Error {
    refuse(table, path, message, "move it out of the table's folder, or export it again")
}

fn refuse(table: &SourceTable, path: &Path, message: &str, remedy: &str) -> Error {
    Error::Input {
        table: table.name.into(),
        column: None,
        file: Some(path.display().to_string()),
        message: message.into(),
        remedy: remedy.into(),
    }
}

/// What the operating system says about a folder of the lake that cannot be listed.
pub fn not_listed(table: &'static str, folder: &Path, error: io::Error) -> Error {
    unreadable(&SourceTable { name: table, ..contract::OPT_OUTS }, folder, error)
}

/// What the operating system says about a file of the lake: a missing or forbidden one breaks the
/// contract, anything else is trouble of the storage and worth a retry (rule R4).
pub fn unreadable(table: &SourceTable, path: &Path, error: io::Error) -> Error {
    use ErrorKind::{
        InvalidData, InvalidFilename, InvalidInput, IsADirectory, NotADirectory, NotFound, PermissionDenied,
        UnexpectedEof,
    };
    let mut path = path;
    let message = match error.kind() {
        _ if is_loop(&error) => {
            // The first of the names by which it goes round and round.
            while let Some(above) = path.parent().filter(|above| above.file_name() == path.file_name()) {
                path = above;
            }
            "links lead in a circle".to_string()
        }
        NotFound if path.is_symlink() => "this is a link to nothing".to_string(),
        NotFound | PermissionDenied | NotADirectory | IsADirectory | InvalidData | InvalidFilename | InvalidInput
        | UnexpectedEof => {
            format!("this cannot be read: {error}")
        }
        _ => return Error::storage(path)(error),
    };
    refuse(table, path, &message, "check that it is there and that this account may read it, or export it again")
}
