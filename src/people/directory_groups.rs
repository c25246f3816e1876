//! Groups of records that one person is, by the numbers that a directory gave them.

use std::sync::MutexGuard;

use super::directory::Directory;
use super::record_groups::RecordGroups;
use crate::error::{Error, Result};

impl Directory {
    /// The number of a group of records.
    ///
    /// # Errors
    /// A worker that stopped while it looked at groups.
    pub fn group_of(&self, members: Vec<u32>) -> Result<u32> {
        Ok(self.groups()?.number(members))
    }

    /// Records of each group by its number; 0 is no group and has none.
    ///
    /// # Errors
    /// A worker that stopped while it looked at groups.
    pub fn group_members(&self) -> Result<Vec<Vec<u32>>> {
        Ok(std::iter::once(Vec::new()).chain(self.groups()?.members.iter().cloned()).collect())
    }

    fn groups(&self) -> Result<MutexGuard<'_, RecordGroups>> {
        self.groups.lock().map_err(|_| Error::Checks { message: "a worker stopped while resolving people".into() })
    }
}
