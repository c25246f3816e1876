//! Tables of Dataverse that no result depends on: they are read for who compares, by the same rules.

use polars::prelude::DataFrame;

use super::contract::SourceTable;
use super::files::concurrent_writes;
use super::files::lake::Lake;
use super::tables::load::live;
use super::tables::small_tables;
use super::values::email_addresses::CompanyDomains;
use crate::error::Result;

/// The current rows of a table in the kinds of its columns, `ids` canonical; none where the lake does not have it.
///
/// # Errors
/// Whatever is wrong with its files.
pub fn read_apart(lake: &Lake, table: &SourceTable, ids: &[&str]) -> Result<Option<DataFrame>> {
    let loaded = small_tables::dataverse(lake, table, ids, &[], &CompanyDomains::new(&[]))?;
    concurrent_writes::check(lake)?;
    match loaded.input {
        Some(_) => live(loaded.frame, table).map(Some),
        None => Ok(None),
    }
}
