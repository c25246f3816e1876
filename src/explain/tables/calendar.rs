//! The days of the table `dates`, read off the calendar anew.

use chrono::NaiveDate;
use serde_json::Value;

use super::read::Tables;
use crate::dimensions::dates;
use crate::error::{Error, Result};
use crate::explain::question::FoundRow;
use crate::explain::story::ColumnStory;
use crate::table::cells;

/// Tells a column of a day; false of any other.
///
/// # Errors
/// Only what the engine runs into.
pub fn tell(found: &FoundRow<'_>, tables: &Tables<'_>, story: &mut ColumnStory) -> Result<bool> {
    let day = found.key.get(dates::DATE).and_then(Value::as_str).and_then(|day| day.parse::<NaiveDate>().ok());
    let Some(day) = day.filter(|_| found.table.name == "dates") else { return Ok(false) };
    let row = dates::day(day, tables.settings).map_err(Error::engine("table dates"))?;
    let Ok(column) = row.column(&story.column) else { return Ok(false) };
    let by = match (story.column.as_str(), &tables.settings.working_hours) {
        ("is_working_day", Some(_)) => "by the days and holidays of working_hours",
        ("is_working_day", None) => "Monday to Friday, for working_hours is not set",
        _ => "by the calendar",
    };
    story.recomputed(cells::json(column, 0), format!("{}, {by}", day.format("%A %-d %B %Y")));
    Ok(true)
}
