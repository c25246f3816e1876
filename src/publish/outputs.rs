//! The tables of several jobs, wherever each publishes them and in which format, for who only reads them.

use chrono::NaiveDate;

use super::{PublishedFile, published_files, stored_format};
use crate::context::Output;
use crate::error::Result;
use crate::storage::Storage;

/// Where some tables lie.
#[derive(Clone, Debug)]
pub struct TablesAt {
    /// The folder.
    pub storage: Storage,
    /// The tables.
    pub tables: &'static [&'static str],
}

impl TablesAt {
    fn files(&self, table: &str) -> Result<Vec<PublishedFile>> {
        let format = stored_format(&self.storage, table)?;
        published_files(&Output { storage: self.storage.clone(), format, file_mode: None }, table)
    }
}

/// Where all tables lie; of places with the same table the first one that has it counts.
#[derive(Clone, Debug, Default)]
pub struct Outputs(pub Vec<TablesAt>);

impl Outputs {
    /// The files of a table in the first place that has any: its partitions in order, then the current one.
    ///
    /// # Errors
    /// What storage refuses.
    pub fn files(&self, table: &str) -> Result<Vec<PublishedFile>> {
        for place in self.of(table) {
            let files = place.files(table)?;
            if !files.is_empty() {
                return Ok(files);
            }
        }
        Ok(Vec::new())
    }

    /// The file of a table that shows a day, in the first place that has one, and the day as of which it is; see
    /// [`of_day`].
    ///
    /// # Errors
    /// What storage refuses.
    pub fn file(&self, table: &str, day: NaiveDate) -> Result<Option<(PublishedFile, NaiveDate)>> {
        for place in self.of(table) {
            if let Some((file, day)) = of_day(&place.files(table)?, day) {
                return Ok(Some((file.clone(), day)));
            }
        }
        Ok(None)
    }

    fn of(&self, table: &str) -> impl Iterator<Item = &TablesAt> {
        self.0.iter().filter(move |place| place.tables.contains(&table))
    }

    /// Every day as of which one of the tables is published, in order.
    ///
    /// # Errors
    /// What storage refuses.
    pub fn days(&self, tables: &[&str]) -> Result<Vec<NaiveDate>> {
        let mut days = Vec::new();
        for table in tables {
            days.extend(self.files(table)?.iter().filter_map(|file| file.partition()?.day()));
        }
        days.sort_unstable();
        days.dedup();
        Ok(days)
    }
}

/// The file that shows a day, and the day as of which it is: the partition of the day; of weekly tables that of the
/// last week that had ended by then.
pub fn of_day(files: &[PublishedFile], day: NaiveDate) -> Option<(&PublishedFile, NaiveDate)> {
    let days = files.iter().filter_map(|file| {
        let partition = file.partition()?;
        Some((file, partition.day()?, partition.column == "week"))
    });
    let shown = days.filter(|(_, own, weekly)| *own == day || (*weekly && *own <= day));
    shown.max_by_key(|(_, own, _)| *own).map(|(file, own, _)| (file, own))
}
