//! Values that are made of rows of published tables: of other tables, or of other rows of their own.
//!
//! [`copies`] are taken over from another table, [`stake`] adds up and ranks what needs attention, [`attention`] says why it does, [`health`] compares a
//! relationship with the others of its type, [`connections`] counts who knows whom, [`changes`] says what is different, [`missing_people`] ranks them, [`answers`] says when emails were answered, [`lengths`] when meetings ended, [`quality`] how far results can be trusted, [`calendar`] reads the calendar. None of
//! them needs the lake.

pub mod answers;
pub mod attention;
pub mod calendar;
pub mod changes;
pub mod connections;
pub mod copies;
pub mod health;
pub mod lengths;
pub mod missing_people;
pub mod quality;
pub mod read;
pub mod stake;

use super::question::Found;
use super::story::ColumnStory;
use crate::config::Settings;
use crate::error::Result;
use crate::time::AsOf;
use read::Tables;

/// Tells a column that is made of published rows; false of any other, and where those rows are not published.
///
/// # Errors
/// What storage refuses, and files that are no Parquet.
pub fn tell(
    found: &Found<'_>,
    tables: &Tables<'_>,
    story: &mut ColumnStory,
    settings: &Settings,
    as_of: AsOf,
) -> Result<bool> {
    Ok(copies::tell(found, tables, story)?
        || stake::tell(found, tables, story, as_of)?
        || attention::tell(found, tables, story, as_of)?
        || health::tell(found, tables, story, settings)?
        || connections::tell(found, tables, story, settings, as_of)?
        || changes::tell(found, tables, story, settings, as_of)?
        || missing_people::tell(found, tables, story)?
        || answers::tell(found, tables, story, settings, as_of)?
        || lengths::tell(found, story)
        || quality::tell(found, tables, story, settings, as_of)?
        || calendar::tell(found, story, settings)?)
}
