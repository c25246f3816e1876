//! The place of somebody among missing people, or among contacts who can no longer be reached.

use std::cmp::Ordering;

use super::read::{TableRows, Tables};
use crate::error::Result;
use crate::explain::plural::several;
use crate::explain::question::FoundRow;
use crate::explain::scores::RowValues;
use crate::explain::story::ColumnStory;

const TABLE: &str = "missing_people";
const SHOWN: [&str; 4] = ["rank", "strength", "interactions", "last_interaction_at"];
/// Rows before the one that was asked for that are shown.
const BEFORE: usize = 3;

/// Tells the rank; false of any other column.
///
/// # Errors
/// What storage refuses, and files that are no Parquet.
pub fn tell(found: &FoundRow<'_>, tables: &Tables<'_>, story: &mut ColumnStory) -> Result<bool> {
    if (found.table.name, story.column.as_str()) != (TABLE, "rank") {
        return Ok(false);
    }
    let row = RowValues(&found.row);
    let (finding, address) = (row.text("finding").unwrap_or_default(), row.text("address"));
    let Some(rows) = tables.rows(TABLE, &[("finding", &finding)])? else { return Ok(false) };
    let mut order: Vec<usize> = (0..rows.count()).collect();
    order.sort_by(|&one, &other| by_strength(&rows, one, other));
    let Some(place) = order.iter().position(|&at| rows.text("address", at) == address) else { return Ok(false) };
    let rank = |place: usize| order.get(place).and_then(|&at| rows.value("rank", at).as_i64());
    // Whoever was forgotten leaves a gap.
    let before = place.checked_sub(1).and_then(rank).unwrap_or(0);
    let after = rank(place + 1).unwrap_or(i64::MAX);
    let own = rank(place).filter(|own| before < *own && *own < after).unwrap_or(before + 1);
    let told = format!(
        "of {} of {finding}, by strength, then by interactions, then by the last of them, {}",
        several(order.len(), "row"),
        match place {
            0 => "it is the first".to_string(),
            1 => format!("1 is before it, with rank {before}"),
            _ => format!("{place} are before it; the one before has rank {before}"),
        }
    );
    story.from_tables =
        order[place.saturating_sub(BEFORE)..=place].iter().map(|&at| rows.told(at, &["address"], &SHOWN)).collect();
    story.recomputed(own.into(), told);
    Ok(true)
}

fn by_strength(rows: &TableRows, one: usize, other: usize) -> Ordering {
    let number = |name: &str, at: usize| rows.number(name, at).unwrap_or(0.0);
    let more = |name: &str| number(name, other).total_cmp(&number(name, one));
    let last = |at: usize| rows.text("last_interaction_at", at);
    more("strength")
        .then(more("interactions"))
        .then(last(other).cmp(&last(one)))
        .then(rows.text("address", one).cmp(&rows.text("address", other)))
}
