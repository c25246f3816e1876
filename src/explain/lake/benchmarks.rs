//! What open deals and won deals like them had, counted anew from their interactions (rules S1, S5). Which won deals those are
//! is what `similar_won_deals` says.

use chrono::{Days, NaiveDate};
use serde_json::Value;

use super::read::LakeOfDay;
use super::rows::terms;
use crate::error::Result;
use crate::explain::plural::several;
use crate::explain::question::FoundRow;
use crate::explain::scores::RowValues;
use crate::explain::story::{ColumnStory, TableRow};
use crate::explain::tables::benchmarks::{KEY, LIST, between, middle};
use crate::explain::tables::read::Tables;
use crate::people::{RecordType, deals_as_of};
use crate::similar_deals::kpis_at_age::{INTERACTIONS, METRICS, Moment};
use crate::time::days_since_epoch;

/// What is told of a metric over won deals, by how columns begin.
const OVER_DEALS: [&str; 3] = ["similar_mean_", "similar_median_", "similar_n_"];
const DATES: [&str; 3] = ["age_days", "days_to_close", "won_date"];

/// Whether a column of the weekly tables can be made anew from the lake.
pub fn can_tell(column: &str) -> bool {
    DATES.contains(&column) || metric(column).is_some()
}

/// How a column begins, and the place of its metric.
fn metric(column: &str) -> Option<(&'static str, usize)> {
    let found = OVER_DEALS.into_iter().find_map(|begin| Some((begin, column.strip_prefix(begin)?)));
    let (begin, name) = found.unwrap_or(("", column));
    let place = std::iter::once(INTERACTIONS).chain(METRICS).position(|metric| metric == name)?;
    Some((begin, place))
}

/// Tells a column; false of any other, and where a deal is not in the lake.
///
/// # Errors
/// What storage refuses, and what the engine runs into.
pub fn tell(found: &FoundRow<'_>, lake: &LakeOfDay<'_>, tables: &Tables<'_>, story: &mut ColumnStory) -> Result<bool> {
    let row = RowValues(&found.row);
    let is_of_list = found.table.name == LIST;
    let own = row.text(if is_of_list { "won_opportunity_id" } else { "opportunity_id" }).unwrap_or_default();
    let Some(deal) = lake.context.people.records.number(RecordType::Opportunity, &own) else { return Ok(false) };
    match (story.column.as_str(), metric(&story.column)) {
        ("age_days", _) => {
            Ok(between(dates(lake, deal)?.0, Some(lake.context.as_of.date), "the end of the week", story))
        }
        ("days_to_close", _) => {
            let (created, closed) = dates(lake, deal)?;
            Ok(between(created, closed, "closed", story))
        }
        ("won_date", _) => {
            let closed = dates(lake, deal)?.1.map(|day| day.to_string());
            let told = closed.as_deref().unwrap_or("unknown").to_string();
            story.recomputed(closed.map_or(Value::Null, Value::from), format!("its close date in the lake: {told}"));
            Ok(true)
        }
        (_, Some(("", place))) => {
            let now = Moment { record: deal, until: i64::MAX };
            let value = lake.kpis_at(vec![now])?.at(now)[place];
            let value = match value {
                value if value.is_nan() => Value::Null,
                count if story.value.is_i64() => (count as i64).into(),
                value => value.into(),
            };
            let told = format!("by the interactions of {own} up to {}: {value}", lake.context.as_of.date);
            story.recomputed(value, told);
            Ok(true)
        }
        (_, Some((begin, place))) if !is_of_list => over_deals(lake, tables, (deal, &own), (begin, place), story),
        _ => Ok(false),
    }
}

/// When a deal was created and closed.
fn dates(lake: &LakeOfDay<'_>, deal: u32) -> Result<(Option<NaiveDate>, Option<NaiveDate>)> {
    let (context, records) = (lake.context, &lake.context.people.records);
    let deals = deals_as_of(context.sources, records, days_since_epoch(context.as_of.date))?;
    let first = records.range(RecordType::Opportunity).start;
    let Some(deal) = deals.get((deal - first) as usize) else { return Ok((None, None)) };
    let closed =
        deal.closed_on.and_then(|day| NaiveDate::default().checked_add_signed(chrono::Duration::days(day.into())));
    Ok((deal.created_at.and_then(|at| context.as_of.day_of(at)), closed))
}

/// A metric over the won deals of a list, each as it was when it was as old as the open one.
fn over_deals(
    lake: &LakeOfDay<'_>,
    tables: &Tables<'_>,
    (deal, id): (u32, &str),
    (begin, place): (&str, usize),
    story: &mut ColumnStory,
) -> Result<bool> {
    let Some(list) = tables.rows(LIST, &[("opportunity_id", id)])? else { return Ok(false) };
    let as_of = &lake.context.as_of;
    let age = dates(lake, deal)?.0.map(|created| (as_of.date - created).num_days());
    let mut at_age: Vec<(Moment, Option<NaiveDate>)> = Vec::new();
    for at in 0..list.count() {
        let won = list.text("won_opportunity_id", at).unwrap_or_default();
        let Some(record) = lake.context.people.records.number(RecordType::Opportunity, &won) else { return Ok(false) };
        let created = dates(lake, record)?.0;
        let last =
            age.zip(created).and_then(|(age, created)| created.checked_add_days(Days::new(age.try_into().ok()?)));
        // What closed younger counts as it ended, and nothing after the date counts.
        let last = last.filter(|last| *last < as_of.date);
        let until = last.map_or(i64::MAX, |last| as_of.day_end(days_since_epoch(last)));
        at_age.push((Moment { record, until }, last));
    }
    let kpis = lake.kpis_at(at_age.iter().map(|(moment, _)| *moment).collect())?;
    let mut values = Vec::new();
    for (at, (moment, last)) in at_age.iter().enumerate() {
        let value = Some(kpis.at(*moment)[place]).filter(|value| !value.is_nan());
        values.extend(value);
        let mut row = list.told(at, &KEY, &["won_opportunity_id", "won_name"]);
        let until = last.unwrap_or(as_of.date).to_string();
        row.values.0.push(("until".to_string(), until.into()));
        let why_not = value.is_none().then(|| "it had no value at that age".to_string());
        story.from_tables.push(TableRow { amount: value, why_not, ..row });
    }
    values.sort_by(f64::total_cmp);
    let all: Vec<String> = values.iter().map(f64::to_string).collect();
    let (value, told) = match begin {
        "similar_n_" => {
            (values.len().into(), format!("{} of {} have a value", values.len(), several(list.count(), "won deal")))
        }
        "similar_mean_" if !values.is_empty() => {
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            (mean.into(), format!("({}) / {} = {mean}", terms(&all, " + "), values.len()))
        }
        _ => middle(&values),
    };
    let age = age.map_or("as they are, for its age is unknown".to_string(), |age| {
        format!("when they were {} old", several(age.unsigned_abs() as usize, "day"))
    });
    story.recomputed(value, format!("{told}; the won deals {age}"));
    Ok(true)
}
