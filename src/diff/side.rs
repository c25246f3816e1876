//! One of the two sides of a comparison: where its tables lie, and as of which day they are.

use std::fmt;

use chrono::NaiveDate;

use crate::error::Result;
use crate::publish::{Outputs, PublishedFile};

/// Tables as of a day.
pub struct TablesOfDay {
    /// What they are, for people.
    pub name: String,
    /// Where they lie.
    pub outputs: Outputs,
    /// The day; weekly tables are those of the last week that had ended by then.
    pub day: NaiveDate,
}

impl TablesOfDay {
    /// The file of a table, if it has one of the day.
    ///
    /// # Errors
    /// What storage refuses.
    pub fn file(&self, table: &str) -> Result<Option<PublishedFile>> {
        Ok(self.outputs.file(table, self.day)?.map(|(file, _)| file))
    }
}

impl fmt::Display for TablesOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} as of {}", self.name, self.day)
    }
}
