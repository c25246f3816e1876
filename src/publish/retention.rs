//! Removing what a table no longer keeps (O7). `current/` always stays: the newest partition is never removed.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::published::{PublishedFile, published_files};
use super::{Partition, delta, lock, temporary};
use crate::config::{Keep, OutputFormat};
use crate::context::RunContext;
use crate::error::{Error, Result};
use crate::storage::{DeltaFolder, Remote, Storage};

/// The partitions of a table, and which of them go.
#[derive(Debug)]
pub struct Kept {
    /// How many stay.
    pub stay: usize,
    /// Those that go, the oldest first.
    pub go: Vec<Partition>,
}

/// What of a table stays and goes as of `today`. Partitions that lie in the future stay, and count for nothing: a
/// mistaken date must not take history away.
///
/// # Errors
/// What storage refuses.
pub fn kept(context: &RunContext<'_>, table: &str, keep: Keep) -> Result<Kept> {
    let files = published_files(context.output, table)?;
    let partitions: Vec<Partition> = files.iter().filter_map(PublishedFile::partition).collect();
    let all = partitions.len();
    let go = outdated(partitions, keep, context.today());
    Ok(Kept { stay: all - go.len(), go })
}

fn outdated(partitions: Vec<Partition>, keep: Keep, today: NaiveDate) -> Vec<Partition> {
    let mut past: Vec<(NaiveDate, Partition)> = partitions
        .into_iter()
        .filter(|partition| partition.may_follow(&partition.folder(), today))
        .filter_map(|partition| partition.day().map(|day| (day, partition)))
        .collect();
    past.sort_by_key(|(day, _)| *day);
    let Some(newest) = past.last().map(|(day, _)| *day) else { return Vec::new() };
    match keep {
        Keep::All => past.clear(),
        Keep::Last(count) => past.truncate(past.len().saturating_sub(count as usize)),
        Keep::Days(days) => {
            let oldest = newest.checked_sub_days(Days::new(u64::from(days) - 1));
            past.retain(|(day, _)| oldest.is_some_and(|oldest| *day < oldest));
        }
    }
    past.into_iter().map(|(_, partition)| partition).collect()
}

/// Removes partitions of a table. Readers see each of them whole or not at all. Of a Delta table they go in one commit;
/// their files stay until [`vacuum`], for readers of older versions.
///
/// # Errors
/// Another run that is publishing one of them, and what storage refuses.
pub fn remove(context: &RunContext<'_>, table: &str, partitions: &[Partition]) -> Result<()> {
    match (&context.output.storage, context.output.format) {
        _ if partitions.is_empty() => Ok(()),
        (storage, OutputFormat::Delta) => {
            delta::remove(&DeltaFolder::of(&storage.join(table))?, partitions, &context.run_id)
        }
        (Storage::Local(output), OutputFormat::Parquet) => {
            partitions.iter().try_for_each(|partition| remove_folder(context, &output.join(table), table, partition))
        }
        (Storage::Remote(output), OutputFormat::Parquet) => partitions.iter().try_for_each(|partition| {
            context.check_interrupted()?;
            remove_objects(&output.join(table).join(&partition.folder()))
        }),
    }
}

fn remove_folder(context: &RunContext<'_>, table_folder: &Path, table: &str, partition: &Partition) -> Result<()> {
    context.check_interrupted()?;
    let folder = table_folder.join(partition.folder());
    let Some(lock) = lock::acquire(&folder, context.interruption)? else {
        return Err(Error::PartitionBusy { table: table.to_string(), partition: partition.folder() });
    };
    temporary::remove_leftovers(&folder)?;
    temporary::remove_files(&folder, |name| name.ends_with(".parquet"))?;
    drop(lock);
    match fs::remove_dir(&folder) {
        Ok(()) => Ok(()),
        // Somebody keeps a file of their own there, or publishes the partition anew.
        Err(error) if matches!(error.kind(), ErrorKind::DirectoryNotEmpty | ErrorKind::NotFound) => Ok(()),
        Err(error) => Err(Error::storage(folder)(error)),
    }
}

fn remove_objects(folder: &Remote) -> Result<()> {
    let ours = |name: &str| name.ends_with(".parquet");
    folder.list()?.iter().filter(|object| ours(&object.name)).try_for_each(|object| folder.remove(object))
}

/// Deletes the files that ceased to be part of a Delta table before `before`; returns how many. Plain Parquet has none.
///
/// # Errors
/// What storage refuses.
pub fn vacuum(context: &RunContext<'_>, table: &str, before: DateTime<Utc>) -> Result<usize> {
    if context.output.format == OutputFormat::Parquet {
        return Ok(0);
    }
    let folder = DeltaFolder::of(&context.output.storage.join(table))?;
    if delta::files(&folder)?.is_empty() {
        return Ok(0);
    }
    delta::vacuum(&folder, before).map(|deleted| deleted.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn gone(days: &[&str], keep: Keep, today: &str) -> Vec<String> {
        let partitions = days.iter().map(|text| Partition::as_of(day(text))).collect();
        outdated(partitions, keep, day(today)).into_iter().map(|partition| partition.value).collect()
    }

    const DAYS: [&str; 4] = ["2026-03-01", "2026-03-29", "2026-03-30", "2026-03-31"];

    #[test]
    fn days_and_partitions_are_counted_from_the_newest() {
        assert_eq!(gone(&DAYS, Keep::All, "2026-04-01"), [""; 0]);
        assert_eq!(gone(&DAYS, Keep::Last(3), "2026-04-01"), ["2026-03-01"]);
        assert_eq!(gone(&DAYS, Keep::Last(9), "2026-04-01"), [""; 0]);
        assert_eq!(gone(&DAYS, Keep::Days(2), "2026-04-01"), ["2026-03-01", "2026-03-29"]);
        // Nothing was computed for a year: what was newest then still is.
        assert_eq!(gone(&DAYS, Keep::Days(1), "2027-04-01"), ["2026-03-01", "2026-03-29", "2026-03-30"]);
        assert_eq!(gone(&[], Keep::Days(1), "2026-04-01"), [""; 0]);
    }

    #[test]
    fn a_partition_of_the_future_takes_none_away_and_stays() {
        let days = ["2026-03-30", "2026-03-31", "2099-01-01"];
        assert_eq!(gone(&days, Keep::Days(2), "2026-04-01"), [""; 0]);
        assert_eq!(gone(&days, Keep::Last(1), "2026-04-01"), ["2026-03-30"]);
    }

    #[test]
    fn weeks_are_counted_by_their_last_day() {
        let weeks = ["2026-03-01", "2026-03-22", "2026-03-29"].map(|text| Partition::week(day(text)));
        let gone = outdated(weeks.to_vec(), Keep::Days(8), day("2026-04-01"));
        assert_eq!(gone.iter().map(|week| week.value.as_str()).collect::<Vec<_>>(), ["2026-W09"]);
    }
}
