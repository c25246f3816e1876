//! Deleting the files that no longer are part of a Delta table, and with them its older versions.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use deltalake_core::DeltaTable;
use futures::TryStreamExt;
use object_store::{Error as StoreError, ObjectStore, ObjectStoreExt};

use super::failures::failed;
use crate::error::Result;
use crate::storage::DeltaFolder;

/// Deletes the data files that were replaced before `before`, and those written before it that never
/// became part of the table, because their run was killed. With the present as `before` nothing but the
/// newest version remains, as erasures want it; readers that are at work on an older version fail then,
/// and no other run may be publishing the table. Returns the paths in the table's folder, in order.
///
/// # Errors
/// A log that cannot be read, and trouble of the storage.
pub fn vacuum(place: &DeltaFolder, before: DateTime<Utc>) -> Result<Vec<String>> {
    let (log, files) = (place.log()?, place.files()?);
    place.runtime().block_on(async {
        let (active, replaced) = state(DeltaTable::new(log)).await.map_err(|error| failed(place, error))?;
        let all: Vec<_> = files.list(None).try_collect().await.map_err(|error| place.error(error))?;
        let mut deleted = Vec::new();
        for file in all {
            let path = file.location.as_ref();
            // Logs, locks, and files that are still being written.
            let hidden = path.split('/').any(|part| part.starts_with(['_', '.']));
            let dead_since = replaced.get(path).copied().unwrap_or(file.last_modified);
            if hidden || !path.ends_with(".parquet") || active.contains(path) || dead_since > before {
                continue;
            }
            match files.delete(&file.location).await {
                // Deleted by a request whose answer was lost.
                Ok(()) | Err(StoreError::NotFound { .. }) => {}
                Err(error) => return Err(place.error(error)),
            }
            deleted.push(path.to_string());
        }
        deleted.sort();
        Ok(deleted)
    })
}

/// The live files, and when others ceased to be.
async fn state(
    mut table: DeltaTable,
) -> deltalake_core::DeltaResult<(HashSet<String>, HashMap<String, DateTime<Utc>>)> {
    table.load().await?;
    let log = table.log_store();
    let state = table.snapshot()?;
    let live = state.snapshot().file_views(log.as_ref(), None).map_ok(|file| file.path().to_string());
    let live = live.try_collect().await?;
    let dead = state.all_tombstones(log.as_ref()).try_filter_map(async |file| {
        let since = file.deletion_timestamp().and_then(DateTime::from_timestamp_millis);
        Ok(since.map(|since| (file.path().to_string(), since)))
    });
    Ok((live, dead.try_collect().await?))
}
