//! Values that only the lake can tell: they are made of who took part in each interaction, which is not published.
//!
//! [`pairs`] counts what a colleague and somebody else had to do with each other, [`signs`] what makes health, [`top_contacts`]
//! whom a record has to do with, [`coverage`] who knows whom at an account, [`handover`] who takes over and [`open_work`] what is under way then, and
//! [`strangers`] what people without a record had to do with us. [`read`] holds what they have in common.

pub mod coverage;
pub mod handover;
pub mod open_work;
pub mod pairs;
pub mod read;
pub mod rows;
pub mod signs;
pub mod strangers;
pub mod top_contacts;

use super::question::Found;
use super::story::ColumnStory;
use crate::error::Result;
use read::LakeOfDay;

/// Tells a column that is made of who took part; false of any other.
///
/// # Errors
/// Only what the engine runs into.
pub fn tell(found: &Found<'_>, lake: &LakeOfDay<'_>, story: &mut ColumnStory) -> Result<bool> {
    match found.table.name {
        "connections" | "account_connections" => pairs::tell(found, lake, story),
        "relationship_health" => signs::tell(found, lake, story),
        "top_contacts" => top_contacts::tell(found, lake, story),
        "account_coverage" => coverage::tell(found, lake, story),
        "handover" => Ok(open_work::tell(found, lake, story)? || handover::tell(found, lake, story)?),
        "missing_people" => strangers::tell(found, lake, story),
        _ => Ok(false),
    }
}

/// Whether the lake can tell a column that was not told without it.
pub fn can_tell(table: &str, column: &str) -> bool {
    match table {
        "connections" | "account_connections" => pairs::COLUMNS.contains(&column),
        "relationship_health" => signs::COLUMNS.contains(&column),
        "top_contacts" => top_contacts::COLUMNS.contains(&column),
        "account_coverage" => column != "name",
        "handover" => open_work::COLUMNS.contains(&column) || handover::COLUMNS.contains(&column),
        "missing_people" => strangers::COLUMNS.contains(&column),
        _ => false,
    }
}
