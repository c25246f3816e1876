//! Which records may be shown to whom, where `record_access` is published (rule C7).

use std::collections::HashSet;

use polars::prelude::*;

use super::published::{Source, file_of_day, rows_of};
use crate::error::{Error, Result};
use crate::frames::typed_columns::texts;
use chrono::NaiveDate;

/// What the table says of one colleague.
pub struct Access {
    /// The colleague's id; none where the table does not know them.
    pub colleague: Option<String>,
    /// Records that they may read, as `type id`.
    readable: HashSet<String>,
    /// Records that a team owns, as far as anybody of it may read them.
    of_teams: HashSet<String>,
}

impl Access {
    /// Of a colleague or team, who is named by id or, of colleagues, by what they sign in with. None where the table is
    /// not published as of the day.
    ///
    /// # Errors
    /// What storage refuses, and a file that is no Parquet.
    pub fn of(sources: &[Source<'_>], as_of: NaiveDate, named: &str) -> Result<Option<Access>> {
        let Some(file) = file_of_day(sources, "record_access", as_of)? else { return Ok(None) };
        let named = named.trim().to_lowercase();
        let own = col("systemuser_id").eq(lit(named.as_str())).or(col("user_principal_name").eq(lit(named.as_str())));
        let rows = rows_of(&file, |plan| plan.filter(own.fill_null(lit(false)).or(col("is_in_owning_team"))))?;
        let owned = rows.column("is_in_owning_team").and_then(|column| column.bool().cloned());
        let owned = owned.map_err(Error::engine("table record_access: reading it for the report"))?;
        let (users, names) = (texts(&rows, "systemuser_id")?, texts(&rows, "user_principal_name")?);
        let (types, ids) = (texts(&rows, "record_type")?, texts(&rows, "record_id")?);
        let mut access = Access { colleague: None, readable: HashSet::new(), of_teams: HashSet::new() };
        for row in 0..rows.height() {
            let (Some(user), Some(kind), Some(id)) = (users.get(row), types.get(row), ids.get(row)) else { continue };
            let record = format!("{kind} {id}");
            if user == named || names.get(row) == Some(named.as_str()) {
                access.colleague.get_or_insert_with(|| user.to_string());
                access.readable.insert(record.clone());
            }
            if owned.get(row) == Some(true) {
                access.of_teams.insert(record);
            }
        }
        Ok(Some(access))
    }

    /// Whether the colleague may read a record.
    pub fn reads(&self, record: &str) -> bool {
        self.readable.contains(record)
    }

    /// Whether who owns a record may read it: the colleague, or somebody of the team.
    pub fn reads_own(&self, record: &str) -> bool {
        self.readable.contains(record) || self.of_teams.contains(record)
    }
}
