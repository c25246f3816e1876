//! When a meeting ended. When calls did is only in the lake (rule N4).

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::read::Tables;
use crate::error::Result;
use crate::explain::question::FoundRow;
use crate::explain::scores::RowValues;
use crate::explain::story::ColumnStory;
use crate::table::cells::instant;
use crate::time::MINUTE;

/// Tells when an interaction ended; false of calls and tasks, and of any other column.
///
/// # Errors
/// None: it takes no other table.
pub fn tell(found: &FoundRow<'_>, _: &Tables<'_>, story: &mut ColumnStory) -> Result<bool> {
    let row = RowValues(&found.row);
    let kind = row.text("kind").unwrap_or_default();
    if (found.table.name, story.column.as_str()) != ("interactions", "ended_at") {
        return Ok(false);
    }
    match kind.as_str() {
        "email" => story.recomputed(Value::Null, "an email has no length".to_string()),
        "meeting" => {
            let begun = row.text("occurred_at").and_then(|at| at.parse::<DateTime<Utc>>().ok());
            let minutes = row.number("duration_minutes");
            let ended = begun
                .zip(minutes)
                .map(|(begun, minutes)| instant(begun.timestamp_micros() + (minutes * MINUTE as f64).round() as i64));
            let told = minutes.map_or("its length is unknown".to_string(), |minutes| {
                format!("its start {} and its length of {minutes} minutes", row.value("occurred_at"))
            });
            story.recomputed(ended.map_or(Value::Null, Value::from), told);
        }
        _ => return Ok(false),
    }
    Ok(true)
}
