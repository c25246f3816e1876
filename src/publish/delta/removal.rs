//! Taking partitions out of a Delta table.

use deltalake_core::DeltaTable;
use deltalake_core::kernel::transaction::CommitBuilder;
use deltalake_core::protocol::DeltaOperation;

use super::failures::{failed, lost_a_race};
use super::{TRIES, active, properties};
use crate::error::{Error, Result};
use crate::publish::Partition;
use crate::storage::DeltaFolder;

/// Takes partitions out of a table in one commit; none where they are out already. Their files stay for readers of
/// older versions.
///
/// # Errors
/// A log that cannot be read or is written by others all the time, and trouble of the storage.
pub fn remove(place: &DeltaFolder, partitions: &[Partition], run_id: &str) -> Result<()> {
    let log = place.log()?;
    place.runtime().block_on(async {
        let mut delta = DeltaTable::new(log);
        for _ in 0..TRIES {
            delta.update_state().await.map_err(|error| failed(place, error))?;
            let mut actions = Vec::new();
            for partition in partitions {
                let found = active(&delta, partition).await.map_err(|error| failed(place, error))?;
                actions.extend(found.into_iter().map(|(_, removal)| removal));
            }
            if actions.is_empty() {
                return Ok(());
            }
            let state = delta.snapshot().map_err(|error| failed(place, error))?;
            let commit = CommitBuilder::from(properties(run_id)).with_actions(actions);
            let operation = DeltaOperation::Delete { predicate: Some(predicate(partitions)) };
            match commit.build(Some(state), delta.log_store(), operation).await {
                Ok(_) => return Ok(()),
                Err(error) if lost_a_race(&error) => {}
                Err(error) => return Err(failed(place, error)),
            }
        }
        let table = place.shown().file_name().unwrap_or_default().to_string_lossy().into_owned();
        Err(Error::PartitionBusy { table, partition: predicate(partitions) })
    })
}

fn predicate(partitions: &[Partition]) -> String {
    let Some(first) = partitions.first() else { return String::new() };
    let values: Vec<String> = partitions.iter().map(|partition| format!("'{}'", partition.value)).collect();
    format!("{} in ({})", first.column, values.join(", "))
}
