//! Open deals beside the won deals they are compared with: what the weekly tables say of them by the rows of each other.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;

use super::read::{TableRows, Tables};
use crate::error::Result;
use crate::explain::lake::rows::terms;
use crate::explain::plural::several;
use crate::explain::question::FoundRow;
use crate::explain::scores::RowValues;
use crate::explain::story::{ColumnStory, TableRow};
use crate::similar_deals::at_same_age;

/// The list of an open deal.
pub const LIST: &str = "similar_won_deals";
/// The key of its rows.
pub const KEY: [&str; 2] = ["opportunity_id", "rank"];
const CURRENCY: [&str; 2] = ["value_currency_id", "value_in_base_currency"];

/// Tells a column of deals and won deals like them; false of any other, and where what it is made of is not published.
///
/// # Errors
/// What storage refuses, and files that are no Parquet.
pub fn tell(found: &FoundRow<'_>, tables: &Tables<'_>, story: &mut ColumnStory) -> Result<bool> {
    let row = RowValues(&found.row);
    let Some(deal) = row.text("opportunity_id") else { return Ok(false) };
    match (found.table.name, story.column.as_str()) {
        (LIST, "rank") => rank(&deal, &row, tables, story),
        (LIST, "days_to_close") => {
            let won = row.text("won_opportunity_id").unwrap_or_default();
            let Some(dates) = Dates::of(&won, tables, story)? else { return Ok(false) };
            Ok(between(dates.created, dates.closed, "closed", story))
        }
        ("opportunity_benchmarks", "age_days") => {
            let Some(dates) = Dates::of(&deal, tables, story)? else { return Ok(false) };
            Ok(between(dates.created, Some(tables.as_of.date), "the end of the week", story))
        }
        ("opportunity_benchmarks", column) => {
            let Some(list) = tables.rows(LIST, &[("opportunity_id", &deal)])? else { return Ok(false) };
            match column {
                "compared_deals" => {
                    story.recomputed(
                        list.count().into(),
                        format!("{} of the deal in {LIST}", several(list.count(), "row")),
                    );
                    story.from_tables = listed(&list, &[], |_| Ok(1.0));
                }
                "state" => {
                    let state = if list.count() == 0 { "no_won_deals".into() } else { list.value("state", 0) };
                    story.recomputed(state.clone(), format!("of {} in {LIST}: {state}", several(list.count(), "row")));
                }
                "similar_median_days_to_close" => {
                    let days = |at| list.number("days_to_close", at).ok_or("nobody knows how long it took".to_string());
                    median(&list, &[], days, story);
                }
                "similar_median_value" => {
                    let of_row = CURRENCY.map(|name| row.value(name));
                    let value = |at| match list.number("value", at) {
                        None => Err("nobody knows what it is worth".to_string()),
                        Some(_) if CURRENCY.map(|name| list.value(name, at)) != of_row => {
                            Err("its value is in another currency".to_string())
                        }
                        Some(value) => Ok(value),
                    };
                    median(&list, &CURRENCY, value, story);
                }
                column if CURRENCY.contains(&column) && row.number("estimated_value").is_none() => {
                    currency_of_most(&list, story);
                }
                _ => return Ok(false),
            }
            Ok(true)
        }
        _ => Ok(false),
    }
}

/// Of a deal of unknown value, what most won deals are in, of equally many the first.
fn currency_of_most(list: &TableRows, story: &mut ColumnStory) {
    let of_row = |at: usize| CURRENCY.map(|name| list.value(name, at));
    let known: Vec<usize> = (0..list.count()).filter(|&at| list.number("value", at).is_some()).collect();
    let count = |at: usize| known.iter().filter(|&&other| of_row(other) == of_row(at)).count();
    let most = known.iter().copied().rev().max_by_key(|&at| count(at));
    story.from_tables =
        listed(list, &CURRENCY, |at| list.number("value", at).ok_or("nobody knows what it is worth".into()));
    story.from_tables.iter_mut().for_each(|row| row.amount = None);
    let value = most.map_or(Value::Null, |at| list.value(&story.column, at));
    let told = match most {
        Some(at) => format!("of {} of won deals so many are in it: {}", several(known.len(), "value"), count(at)),
        None => "neither the deal nor any of the won deals has a value".to_string(),
    };
    story.recomputed(value, told);
}

/// The rows of a list with what each of them adds, or why it adds nothing.
fn listed(
    list: &TableRows,
    shown: &[&str],
    amount: impl Fn(usize) -> std::result::Result<f64, String>,
) -> Vec<TableRow> {
    let shown = [&["won_opportunity_id", "won_name"], shown].concat();
    let row = |at| {
        let amount = amount(at);
        TableRow { amount: amount.as_ref().ok().copied(), why_not: amount.err(), ..list.told(at, &KEY, &shown) }
    };
    (0..list.count()).map(row).collect()
}

fn median(
    list: &TableRows,
    shown: &[&str],
    amount: impl Fn(usize) -> std::result::Result<f64, String>,
    story: &mut ColumnStory,
) {
    story.from_tables = listed(list, shown, amount);
    let mut values: Vec<f64> = story.from_tables.iter().filter_map(|row| row.amount).collect();
    values.sort_by(f64::total_cmp);
    let (value, told) = middle(&values);
    story.recomputed(value, told);
}

/// The median of sorted values, and how it is told.
pub fn middle(values: &[f64]) -> (Value, String) {
    let Some(median) = at_same_age::median(values) else { return (Value::Null, "no won deal has a value".to_string()) };
    let all: Vec<String> = values.iter().map(f64::to_string).collect();
    (median.into(), format!("median of {} = {median}", terms(&all, ", ")))
}

/// The place among the rows of the open deal: the more similar comes first, else what was won later.
fn rank(deal: &str, row: &RowValues<'_>, tables: &Tables<'_>, story: &mut ColumnStory) -> Result<bool> {
    const SHOWN: [&str; 3] = ["won_opportunity_id", "similarity", "won_date"];
    let Some(list) = tables.rows(LIST, &[("opportunity_id", deal)])? else { return Ok(false) };
    let similarity = |at: usize| list.number("similarity", at).unwrap_or_default();
    let mut order: Vec<usize> = (0..list.count()).collect();
    // Rows are in the order of the key, so that of equal ones each keeps its place.
    order.sort_by(|&one, &other| {
        let later = list.text("won_date", other).cmp(&list.text("won_date", one));
        similarity(other).total_cmp(&similarity(one)).then(later)
    });
    let own = row.text("won_opportunity_id");
    let Some(place) = order.iter().position(|&at| list.text("won_opportunity_id", at) == own) else { return Ok(false) };
    let told = match place {
        0 => "it is the first".to_string(),
        before => format!("{before} before it"),
    };
    let by = if row.number("similarity").is_some() { "similarity" } else { "the day won, the last first" };
    story.from_tables = order[..=place].iter().map(|&at| list.told(at, &KEY, &SHOWN)).collect();
    story.recomputed((place + 1).into(), format!("of {} by {by}, {told}", several(list.count(), "won deal")));
    Ok(true)
}

/// When a deal began and ended.
struct Dates {
    created: Option<NaiveDate>,
    closed: Option<NaiveDate>,
}

impl Dates {
    /// As `records` has it; none where it is not published as of the day.
    fn of(deal: &str, tables: &Tables<'_>, story: &mut ColumnStory) -> Result<Option<Dates>> {
        let by = [("record_type", "opportunity"), ("record_id", deal)];
        let Some(record) = tables.rows("records", &by)?.filter(|rows| rows.count() == 1) else { return Ok(None) };
        story.from_tables = vec![record.told(0, &by.map(|(name, _)| name), &["created_at", "closed_date"])];
        let created = record.text("created_at", 0).and_then(|at| at.parse::<DateTime<Utc>>().ok());
        Ok(Some(Dates {
            created: created.map(|at| at.with_timezone(&tables.as_of.timezone).date_naive()),
            closed: record.text("closed_date", 0).and_then(|day| day.parse().ok()),
        }))
    }
}

/// Tells days from the creation of a deal.
pub fn between(created: Option<NaiveDate>, until: Option<NaiveDate>, what: &str, story: &mut ColumnStory) -> bool {
    match created.zip(until) {
        Some((created, until)) => {
            let days = (until - created).num_days();
            story.recomputed(
                days.into(),
                format!("created on {created}, {what} on {until}: {}", several(days.unsigned_abs() as usize, "day")),
            );
        }
        None => story.recomputed(Value::Null, "nobody knows when it was created or closed".to_string()),
    }
    true
}
