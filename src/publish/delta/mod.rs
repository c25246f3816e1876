//! Result tables as Delta tables: one commit replaces one partition, so that readers see it whole.
//!
//! A partition is one data file, named after its bytes. That makes a rerun with the same bytes no
//! commit at all, and a rerun of a killed run find its own file. The partition column is in the log
//! and in the folder's name only. Of the values in a file the log tells nothing but that keys are never
//! null: what an erasure has to find is in data files alone (rule C4).

mod failures;
mod removal;
mod schema;
mod vacuum;

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::UNIX_EPOCH;

use chrono::NaiveDate;
use deltalake_core::kernel::transaction::{CommitBuilder, CommitProperties};
use deltalake_core::kernel::{Action, Add};
use deltalake_core::logstore::LogStoreRef;
use deltalake_core::operations::create::CreateBuilder;
use deltalake_core::protocol::{DeltaOperation, SaveMode};
use deltalake_core::{DeltaResult, DeltaTable};
use futures::TryStreamExt;
use serde_json::{Value, json};
use xxhash_rust::xxh3::Xxh3;

use super::Partition;
use crate::error::{Error, Result};
use crate::storage::DeltaFolder;
use crate::table::Table;

use failures::{failed, lost_a_race};

pub use removal::remove;
pub use vacuum::vacuum;

/// How often a commit is tried anew because other partitions of the table were committed meanwhile.
const TRIES: usize = 200;

/// A data file that lies in the table's folder, complete, and is to become a partition.
#[derive(Clone, Debug)]
pub struct DataFile {
    /// Path in the table's folder.
    pub path: String,
    /// Its length.
    pub bytes: u64,
    /// Its rows.
    pub rows: u64,
    /// When it was written, milliseconds since 1970.
    pub written: i64,
}

/// How an attempt to commit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommitOutcome {
    /// The version of the table that holds the file.
    Committed(u64),
    /// The partition is that file already, and nothing was written.
    AlreadyThere,
}

impl DataFile {
    /// A complete file that is to become a partition, and its name there.
    pub fn of(path: &Path, table: &Table, partition: &Partition, rows: u64) -> Result<(String, DataFile)> {
        let name = file_name(table, path)?;
        let found = std::fs::metadata(path).map_err(Error::storage(path))?;
        let since_1970 = found.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let written = since_1970.map_or(0, |time| time.as_millis() as i64);
        let path = format!("{}/{name}", partition.folder());
        Ok((name, DataFile { path, bytes: found.len(), rows, written }))
    }
}

/// The name of a data file by its bytes: `<table>-<xxh3, 128 bits>.parquet`.
pub fn file_name(table: &Table, path: &Path) -> Result<String> {
    let mut file = File::open(path).map_err(Error::storage(path))?;
    let mut hash = Xxh3::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        let read = file.read(&mut buffer).map_err(Error::storage(path))?;
        if read == 0 {
            return Ok(format!("{}-{:032x}.parquet", table.name, hash.digest128()));
        }
        hash.update(&buffer[..read]);
    }
}

/// Paths of the files that make up a partition, in the table's folder; none also without a table.
///
/// # Errors
/// A log that cannot be read.
pub fn active_files(place: &DeltaFolder, partition: &Partition) -> Result<Vec<String>> {
    let log = place.log()?;
    let found = place.runtime().block_on(async {
        match loaded(log).await? {
            Some(table) => active(&table, partition).await,
            None => Ok(Vec::new()),
        }
    });
    Ok(found.map_err(|error| failed(place, error))?.into_iter().map(|(path, _)| path).collect())
}

/// Paths of all live files in the table's folder, in order; none without a table.
///
/// # Errors
/// A log that cannot be read.
pub fn files(place: &DeltaFolder) -> Result<Vec<String>> {
    let log = place.log()?;
    let found = place.runtime().block_on(async {
        let Some(table) = loaded(log).await? else { return Ok(Vec::new()) };
        let files = table.snapshot()?.snapshot().file_views(table.log_store().as_ref(), None);
        files.map_ok(|file| file.path().to_string()).try_collect().await
    });
    let mut paths: Vec<String> = found.map_err(|error| failed(place, error))?;
    paths.sort();
    Ok(paths)
}

/// The newest version of the table; none where there is none.
async fn loaded(log: LogStoreRef) -> DeltaResult<Option<DeltaTable>> {
    if !log.is_delta_table_location().await? {
        return Ok(None);
    }
    let mut table = DeltaTable::new(log);
    table.load().await?;
    Ok(Some(table))
}

/// The file of the newest partition that does not lie in the future, in the table's folder; none without one.
///
/// # Errors
/// A log that cannot be read.
pub fn newest(place: &DeltaFolder, partition: &Partition, today: NaiveDate) -> Result<Option<String>> {
    // Partitions of one column are folders whose names sort by time.
    let files = files(place)?;
    Ok(files.into_iter().filter(|path| partition.may_follow(path, today)).max())
}

/// Makes `file` the partition, in one commit; the first one makes the table. `before` is what the
/// partition was when its publication began, by [`active_files`]; without it, what it is now.
///
/// # Errors
/// [`Error::PartitionBusy`] when another run has published the partition meanwhile, a table that is not
/// ours, and trouble of the storage.
pub fn commit(
    place: &DeltaFolder,
    table: &Table,
    partition: &Partition,
    file: &DataFile,
    before: Option<Vec<String>>,
    run_id: &str,
) -> Result<CommitOutcome> {
    let log = place.log()?;
    place.runtime().block_on(async {
        let mut before = before;
        let mut delta = DeltaTable::new(log.clone());
        for _ in 0..TRIES {
            let exists = log.is_delta_table_location().await.map_err(|error| failed(place, error))?;
            if exists {
                // The first of these reads the whole log, the others what was committed since.
                delta.update_state().await.map_err(|error| failed(place, error))?;
            }
            let now =
                if exists { active(&delta, partition).await.map_err(|error| failed(place, error))? } else { vec![] };
            if matches!(&now[..], [(path, _)] if *path == file.path) {
                return Ok(CommitOutcome::AlreadyThere);
            }
            let paths: Vec<String> = now.iter().map(|(path, _)| path.clone()).collect();
            if before.get_or_insert_with(|| paths.clone()) != &paths {
                return Err(Error::PartitionBusy { table: table.name.to_string(), partition: partition.folder() });
            }
            let tried = if exists {
                let mut actions: Vec<Action> = now.into_iter().map(|(_, removal)| removal).collect();
                actions.extend(schema::with_new_columns(&delta, table, partition, place)?);
                actions.push(Action::Add(addition(table, partition, file)));
                replace(&delta, actions, partition, run_id).await
            } else {
                create(&delta, table, partition, addition(table, partition, file), run_id).await
            };
            match tried {
                Ok(version) => return Ok(CommitOutcome::Committed(version)),
                Err(error) if lost_a_race(&error) => {}
                Err(error) => {
                    // What comes after a commit, such as a checkpoint, is made again by a later one; and
                    // an answer may be lost of what was done. The log knows.
                    let known = delta.update_state().await.is_ok();
                    let now = if known { active(&delta, partition).await.unwrap_or_default() } else { vec![] };
                    if matches!(&now[..], [(path, _)] if *path == file.path) {
                        return Ok(CommitOutcome::Committed(delta.version().unwrap_or_default()));
                    }
                    return Err(failed(place, error));
                }
            }
        }
        Err(Error::PartitionBusy { table: table.name.to_string(), partition: partition.folder() })
    })
}

/// The partition's live files, each with what removes it.
async fn active(delta: &DeltaTable, partition: &Partition) -> DeltaResult<Vec<(String, Action)>> {
    let log = delta.log_store();
    let files = delta.snapshot()?.snapshot().file_views(log.as_ref(), None);
    let mut found: Vec<(String, Action)> = files
        .try_filter_map(async |file| {
            let value = file.partition_values_map().remove(partition.column).flatten();
            let ours = value.as_deref() == Some(&partition.value);
            Ok(ours.then(|| (file.path().to_string(), Action::Remove(file.remove_action(true)))))
        })
        .try_collect()
        .await?;
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(found)
}

fn addition(table: &Table, partition: &Partition, file: &DataFile) -> Add {
    let nulls: serde_json::Map<String, Value> = table.key.iter().map(|key| (key.to_string(), json!(0))).collect();
    Add {
        path: file.path.clone(),
        partition_values: HashMap::from([(partition.column.to_string(), Some(partition.value.clone()))]),
        size: file.bytes as i64,
        modification_time: file.written,
        data_change: true,
        stats: Some(json!({"numRecords": file.rows, "nullCount": nulls}).to_string()),
        ..Add::default()
    }
}

/// Commits are never merged by the library: which partitions may meet is decided in [`commit`].
fn properties(run_id: &str) -> CommitProperties {
    let metadata = [("rapport.run_id".to_string(), json!(run_id))];
    CommitProperties::default().with_max_retries(0).with_metadata(metadata)
}

async fn create(delta: &DeltaTable, table: &Table, partition: &Partition, add: Add, run_id: &str) -> DeltaResult<u64> {
    let created = CreateBuilder::new()
        .with_log_store(delta.log_store())
        .with_save_mode(SaveMode::ErrorIfExists)
        .with_table_name(table.name)
        .with_comment(table.description)
        .with_columns(schema::columns(table, partition)?)
        .with_partition_columns([partition.column])
        .with_actions([Action::Add(add)])
        .with_commit_properties(properties(run_id))
        .await?;
    Ok(created.version().unwrap_or_default())
}

async fn replace(delta: &DeltaTable, actions: Vec<Action>, partition: &Partition, run_id: &str) -> DeltaResult<u64> {
    let operation = DeltaOperation::Write {
        mode: SaveMode::Overwrite,
        partition_by: Some(vec![partition.column.to_string()]),
        predicate: Some(format!("{} = '{}'", partition.column, partition.value)),
    };
    let state = delta.snapshot()?;
    let commit = CommitBuilder::from(properties(run_id)).with_actions(actions);
    Ok(commit.build(Some(state), delta.log_store(), operation).await?.version())
}
