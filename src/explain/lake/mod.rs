//! Values that only the lake can tell: they are made of who took part in each interaction, which is not published.
//!
//! [`pairs`] counts what a colleague and somebody else had to do with each other, [`signs`] what makes health, [`top_contacts`]
//! whom a record has to do with, [`waiting`] emails without an answer, [`silence`] the chance of silence and who was in touch lately, [`similar_deals`] what deals like this one had, [`benchmarks`] what weekly lists say of them, [`changes`] how it was before, [`coverage`] who knows whom at an account, [`handover`] who takes over and [`open_work`] what is under way then,
//! [`introductions`] whom to ask for one, [`people_present`] who took part in an interaction, [`facts`] what it is and why it counts, [`strangers`] what people without a record had to do with us, and [`lost_contacts`] who can no longer be reached. [`read`] holds what they have in common.

pub mod benchmarks;
pub mod changes;
pub mod coverage;
pub mod facts;
pub mod handover;
pub mod introductions;
pub mod lost_contacts;
pub mod open_work;
pub mod pairs;
pub mod people_present;
pub mod read;
pub mod rows;
pub mod signs;
pub mod silence;
pub mod similar_deals;
pub mod strangers;
pub mod top_contacts;
pub mod waiting;

use super::question::FoundRow;
use super::scores::RowValues;
use super::story::ColumnStory;
use super::tables::read::Tables;
use crate::config::AttentionReason;
use crate::error::Result;
use read::LakeOfDay;

/// Columns of `attention` that are made of interactions and of who took part in them.
const ATTENTION: [&str; 6] = ["severity", "usual", "is_overdue", "people_or_contacts", "person_id", "interaction_id"];

/// Tells a column that is made of who took part; false of any other.
///
/// # Errors
/// Only what the engine runs into.
pub fn tell(found: &FoundRow<'_>, lake: &LakeOfDay<'_>, tables: &Tables<'_>, story: &mut ColumnStory) -> Result<bool> {
    match found.table.name {
        "connections" | "account_connections" => pairs::tell(found, lake, story),
        "relationship_health" => signs::tell(found, lake, story),
        "top_contacts" => top_contacts::tell(found, lake, story),
        "account_coverage" => coverage::tell(found, lake, story),
        "handover" => Ok(open_work::tell(found, lake, story)? || handover::tell(found, lake, story)?),
        "who_knows_whom" => introductions::tell(found, lake, story),
        "missing_people" => Ok(strangers::tell(found, lake, story)? || lost_contacts::tell(found, lake, story)?),
        "interactions" => facts::tell(found, lake, story),
        "interaction_records" => facts::reason(found, lake, story),
        "changes" => changes::tell(found, lake, story),
        "attention" => attention(found, lake, tables, story),
        "opportunity_benchmarks" | "similar_won_deals" => benchmarks::tell(found, lake, tables, story),
        _ => Ok(false),
    }
}

/// A column of `attention`, by its reason.
fn attention(found: &FoundRow<'_>, lake: &LakeOfDay<'_>, tables: &Tables<'_>, story: &mut ColumnStory) -> Result<bool> {
    let row = RowValues(&found.row);
    let (Some(record), Some(reason)) =
        (lake.record_of(&row), row.text("reason").and_then(|name| AttentionReason::from_name(&name)))
    else {
        return Ok(false);
    };
    match reason {
        AttentionReason::AwaitingUs | AttentionReason::AwaitingThem => {
            waiting::tell(found, lake, tables, record, reason, story)
        }
        AttentionReason::UnlikeSimilar if story.column == "usual" => similar_deals::tell(lake, record, story),
        _ => silence::tell(lake, tables, record, reason, story),
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
        "who_knows_whom" => introductions::COLUMNS.contains(&column),
        "missing_people" => strangers::COLUMNS.contains(&column) || lost_contacts::COLUMNS.contains(&column),
        "interactions" => people_present::COLUMNS.contains(&column),
        // What similar won deals had.
        "summaries" => column == "sentence",
        "changes" => changes::COLUMNS.contains(&column),
        "attention" => ATTENTION.contains(&column),
        "opportunity_benchmarks" | "similar_won_deals" => benchmarks::can_tell(column),
        _ => false,
    }
}
