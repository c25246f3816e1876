//! What needs attention: the value at stake, the place in the list of the owner, and the days. `attention` tells the rest.

use std::cmp::Reverse;

use chrono::{DateTime, NaiveDate};
use serde_json::Value;

use super::read::{TableRows, Tables};
use crate::error::Result;
use crate::explain::plural::several;
use crate::explain::question::FoundRow;
use crate::explain::scores::RowValues;
use crate::explain::story::{ColumnStory, TableRow};
use crate::people::RecordType;

const TABLE: &str = "attention";
const KEY: [&str; 3] = ["record_type", "record_id", "reason"];

/// Tells a column of `attention`; false of any other, and where what it is made of is not published.
///
/// # Errors
/// What storage refuses, and files that are no Parquet.
pub fn tell(found: &FoundRow<'_>, tables: &Tables<'_>, story: &mut ColumnStory) -> Result<bool> {
    if found.table.name != TABLE {
        return Ok(false);
    }
    let row = RowValues(&found.row);
    match story.column.as_str() {
        "value_at_stake" => value_at_stake(found, tables, story),
        "rank" => rank(found, &row, tables, story),
        "interaction_id" => last_interaction(found, &row, tables, story),
        "days" => days(found, &row, tables, story),
        _ => Ok(false),
    }
}

/// Of a deal its value, of an account the sum of its open deals.
fn value_at_stake(found: &FoundRow<'_>, tables: &Tables<'_>, story: &mut ColumnStory) -> Result<bool> {
    const SHOWN: [&str; 4] = ["name", "state", "value", "value_in_base_currency"];
    const OF_RECORD: [&str; 2] = ["record_type", "record_id"];
    let Some((record_type, id)) = &found.record else { return Ok(false) };
    let by = match record_type {
        RecordType::Opportunity => [("record_type", "opportunity"), ("record_id", id.as_str())],
        RecordType::Account => [("record_type", "opportunity"), ("account_id", id.as_str())],
        RecordType::Contact | RecordType::Lead => {
            story.recomputed(Value::Null, format!("a {} has no value of its own", record_type.name()));
            return Ok(true);
        }
    };
    let Some(deals) = tables.rows("records", &by)? else { return Ok(false) };
    let is_account = *record_type == RecordType::Account;
    let why_not = |deal: usize| match deals.text("state", deal).as_deref() {
        _ if deals.number("value", deal).is_none() => Some("nobody knows what it is worth".to_string()),
        _ if !is_account => None,
        Some("open") if deals.is("value_in_base_currency", deal) => None,
        Some("open") => Some("its value is in another currency than the base currency".to_string()),
        state => Some(format!("it is {}", state.unwrap_or("not open"))),
    };
    let told = (0..deals.count()).map(|deal| {
        let why_not = why_not(deal);
        let amount = deals.number("value", deal).filter(|_| why_not.is_none());
        TableRow { amount, why_not, ..deals.told(deal, &OF_RECORD, &SHOWN) }
    });
    let mut told: Vec<TableRow> = told.collect();
    told.sort_by_key(|row| row.amount.is_none());
    let amounts: Vec<f64> = told.iter().filter_map(|row| row.amount).collect();
    let value = if amounts.is_empty() { Value::Null } else { amounts.iter().sum::<f64>().into() };
    let terms: Vec<String> = amounts.iter().map(ToString::to_string).collect();
    let what = if is_account { "open deals of the account in the base currency" } else { "the deal" };
    let sum = match (&amounts[..], is_account) {
        ([], _) => format!("no value is known of {what}"),
        ([amount], false) => format!("the deal is worth {amount}"),
        _ => format!("{} {what}: {} = {value}", amounts.len(), terms.join(" + ")),
    };
    story.recomputed(value, sum);
    story.from_tables = told;
    Ok(true)
}

/// The place among the rows of the same owner, by what is published of them.
fn rank(found: &FoundRow<'_>, row: &RowValues<'_>, tables: &Tables<'_>, story: &mut ColumnStory) -> Result<bool> {
    let Some(owner) = row.text("owner_id") else {
        story.recomputed(Value::Null, "the record has no owner".to_string());
        return Ok(true);
    };
    let Some(rows) = tables.rows(TABLE, &[("owner_id", &owner)])? else { return Ok(false) };
    // Whole thousandths compare as integers; unknown comes last, and rows are in the order of the key.
    let whole = |number: Option<f64>| number.map(|number| (number * 1000.0) as i64);
    let order = |at: &usize| {
        let number = |name: &str| Reverse(whole(rows.number(name, *at)));
        (number("severity"), number("value_at_stake"), *at)
    };
    let mut places: Vec<usize> = (0..rows.count()).collect();
    places.sort_by_key(order);
    let is_own = |at: &usize| KEY.iter().all(|name| found.key.get(name) == Some(&rows.value(name, *at)));
    let Some(place) = places.iter().position(is_own) else { return Ok(false) };
    let told = places[..=place].iter();
    story.from_tables = told.map(|&at| rows.told(at, &KEY, &["severity", "value_at_stake", "rank"])).collect();
    let before = match place {
        0 => "it is the first".to_string(),
        1 => "1 row is before it".to_string(),
        more => format!("{more} rows are before it"),
    };
    story.recomputed((place + 1).into(), format!("of {} of the owner, {before}", several(rows.count(), "row")));
    Ok(true)
}

fn is_waiting(row: &RowValues<'_>) -> bool {
    row.text("reason").is_some_and(|reason| reason.starts_with("awaiting"))
}

/// Where nothing waits, the last interaction of the record.
fn last_interaction(
    found: &FoundRow<'_>,
    row: &RowValues<'_>,
    tables: &Tables<'_>,
    story: &mut ColumnStory,
) -> Result<bool> {
    let Some((record_type, id)) = found.record.as_ref().filter(|_| !is_waiting(row)) else { return Ok(false) };
    let Some((kpis, last)) = kpis(*record_type, id, tables)? else { return Ok(false) };
    let sum = format!("last_interaction_id in {}: {}", kpis.table, last.as_str().unwrap_or("none"));
    story.recomputed(last, sum);
    story.from_tables =
        vec![kpis.told(0, &[record_type.published_id()], &["last_interaction_id", "last_interaction_at"])];
    Ok(true)
}

/// The row of a record in its KPI table, and its last interaction; none where it is not published.
pub fn kpis(record_type: RecordType, id: &str, tables: &Tables<'_>) -> Result<Option<(TableRows, Value)>> {
    let rows =
        tables.rows(record_type.kpi_table(), &[(record_type.published_id(), id)])?.filter(|rows| rows.count() == 1);
    Ok(rows.map(|rows| {
        let last = rows.value("last_interaction_id", 0);
        (rows, last)
    }))
}

/// Days since the message that waits or the last interaction, or from or to the expected close.
fn days(found: &FoundRow<'_>, row: &RowValues<'_>, tables: &Tables<'_>, story: &mut ColumnStory) -> Result<bool> {
    let reason = row.text("reason").unwrap_or_default();
    let told = match reason.as_str() {
        "awaiting_us" | "awaiting_them" | "silent" => {
            let since = row.text("since_at").and_then(|at| at.parse::<DateTime<chrono::Utc>>().ok());
            since.map(|at| ("since_at", at.with_timezone(&tables.as_of.timezone).date_naive()))
        }
        "close_date" => {
            let Some((record_type, id)) = &found.record else { return Ok(false) };
            let by = [("record_type", record_type.name()), ("record_id", id.as_str())];
            let Some(records) = tables.rows("records", &by)?.filter(|rows| rows.count() == 1) else { return Ok(false) };
            story.from_tables = vec![records.told(0, &KEY[..2], &["estimated_close_date"])];
            let close = records.text("estimated_close_date", 0).and_then(|day| day.parse::<NaiveDate>().ok());
            close.map(|day| ("estimated_close_date", day))
        }
        _ => {
            story.recomputed(Value::Null, format!("the reason {reason} counts no days"));
            return Ok(true);
        }
    };
    let Some((what, day)) = told else { return Ok(false) };
    let today = tables.as_of.date;
    let days = (today - day).num_days().abs();
    let (from, until) = if day <= today { (day, today) } else { (today, day) };
    story.recomputed(
        days.into(),
        format!("{what} is {day}: from {from} to {until} = {}", several(days.unsigned_abs() as usize, "day")),
    );
    Ok(true)
}
