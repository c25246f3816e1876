//! Which files make up a table of the lake (rules I6, R6).
//!
//! A table is a folder of its name, a Delta folder `<table>_partitioned`, or one file named after
//! it; in CSV also folders of its name among the incremental updates. Whatever lies there counts: a file of a foreign kind, a link to nothing or a folder that may
//! not be listed is an error, since skipping it would publish numbers that lack its rows.

use std::collections::BTreeSet;
use std::fs::{self, Metadata};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::sources::contract::{SourceTable, System};
use crate::sources::files::delta::DeltaTable;
use crate::sources::files::formats::{Format, format_of, forms, is_in_other_form, is_nearly, names};
use crate::sources::files::lake::{Entry, Lake};
use crate::sources::files::refusals::{foreign, refuse, unreadable};
use crate::sources::files::text::errors::broken_off;
use crate::sources::files::text::input::is_blank;
use crate::sources::files::text::models::{Model, Models};
use crate::sources::files::walk::{PassedOver, Walked, take, walk};
use crate::sources::files::{delta, incremental};
use crate::sources::values::written_times::WrittenTimes;
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
    /// How the lake writes days and times.
    pub times: WrittenTimes,
    /// Whether texts of Parquet are read as bytes and looked at one by one: some of them are no text.
    pub bytes_for_texts: bool,
    /// What lies among them and is not read.
    pub passed_over: Vec<PassedOver>,
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
    let mut walked = Walked::default();
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
                    .map(|()| Some(TableFiles { times: lake.times(), ..of_delta_table(place, log) }));
            }
            None if metadata.is_dir() => walk(&place, table, &mut walked)?,
            None => take(place.clone(), &metadata, table, &mut walked)?,
        }
        if !updates.is_empty() && walked.data.iter().any(|path| format_of(path) != Some(Format::Csv)) {
            only(table, &updates, &place)?;
        }
    }
    for folder in &updates {
        walk(folder, table, &mut walked)?;
    }
    let Walked { data: mut paths, passed_over } = walked;
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
            if !is_blank(&path).map_err(|error| broken_off(table, &path, error))? {
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
        times: lake.times(),
        bytes_for_texts: false,
        passed_over,
    }))
}

/// No table, unless something is called nearly as it is, or it is there in a form that is not read. Of the
/// administrator's lists that is told elsewhere.
fn misnamed(lake: &Lake, table: &SourceTable) -> Result<Option<TableFiles>> {
    if table.system == System::Control {
        return Ok(None);
    }
    let entries = lake.entries(table.system)?.unwrap_or_default();
    let place = |entry: &Entry| lake.folder(table.system).map(|system| system.join(&entry.name));
    if let Some(entry) = entries.iter().find(|entry| is_nearly(table, &entry.name)) {
        let remedy = format!("call it {}", table.name);
        return Err(refuse(table, &place(entry)?, "this is nearly the name of the table", &remedy));
    }
    let is_other = |entry: &&Entry| !entry.is_folder && is_in_other_form(table, &entry.name);
    let Some(entry) = entries.iter().find(is_other) else { return Ok(None) };
    let remedy =
        format!("export it to the folder {} as {}, or move it out of the lake", table.name, forms(table.system));
    Err(refuse(table, &place(entry)?, "this may be the table, in a form that is not read", &remedy))
}

/// The folders of a table among the incremental updates of Synapse Link.
fn updates_of(lake: &Lake, table: &SourceTable) -> Result<Vec<PathBuf>> {
    if table.system != System::Dataverse {
        return Ok(Vec::new());
    }
    let system = lake.folder(table.system)?;
    let misnamed = incremental::misnamed(system, table).map_err(|error| unreadable(table, system, error))?;
    if let Some((place, remedy)) = misnamed {
        let message = "this is nearly the name of a folder of updates, or of the table in one, and rows lie in it";
        return Err(refuse(table, &place, message, &remedy));
    }
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
    let checkpoints = delta.checkpoints_are_damaged.then(|| PassedOver {
        file: folder.join(DELTA_LOG).join("*.checkpoint.*"),
        why: "the checkpoints are damaged, and the commits from the first on tell what is in them",
    });
    TableFiles {
        place: folder,
        format: Format::Parquet,
        paths,
        delta: Some(delta),
        models: Vec::new(),
        times: WrittenTimes::default(),
        bytes_for_texts: false,
        passed_over: checkpoints.into_iter().collect(),
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
