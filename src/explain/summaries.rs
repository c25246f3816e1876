//! What the sentences about a record say: its findings looked for anew by published numbers, and put into words (rule K11).

use polars::prelude::*;
use serde_json::Value;

use super::lake::read::LakeOfDay;
use super::question::FoundRow;
use super::scores::RowValues;
use super::story::ColumnStory;
use super::tables::read::{TableRows, Tables};
use super::tables::stake::kpis;
use crate::error::{Error, Result};
use crate::health::factors::Components;
use crate::health::{Scored, TRENDS, Trend};
use crate::interactions::event::{OURS, PLANNED};
use crate::interactions::reply_runs::RESPONSE;
use crate::language::Language;
use crate::people::RecordType;
use crate::summaries::evidence::ranks;
use crate::summaries::findings::{Beside, findings};
use crate::summaries::main_people::MainPeople;
use crate::summaries::numbers::{self, NumberColumns, USED};
use crate::summaries::words::{self, Them};

const HEALTH: [&str; 8] = [
    "health_score",
    "earlier_health_score",
    "health_trend",
    "days_since_contact",
    "days_since_received",
    "days_since_sent",
    "contact_days_28",
    "contact_days_28_before",
];

/// Tells a sentence; false of any other column, and where its numbers are not published. Those of open deals need the lake,
/// which says what similar won deals had.
///
/// # Errors
/// What storage refuses, and files that are no Parquet.
pub fn tell(
    found: &FoundRow<'_>,
    tables: &Tables<'_>,
    lake: Option<&LakeOfDay<'_>>,
    story: &mut ColumnStory,
) -> Result<bool> {
    let row = RowValues(&found.row);
    // A sentence that named somebody forgotten is gone for good.
    let is_told = (found.table.name, story.column.as_str()) == ("summaries", "sentence") && !story.value.is_null();
    let (true, Some((record_type, id))) = (is_told, &found.record) else { return Ok(false) };
    let key = |name: &str| found.key.get(name);
    let language = key("language").and_then(Value::as_str).and_then(Language::from_code);
    let position = key("position").and_then(Value::as_u64).and_then(|position| position.checked_sub(1));
    let (Some(language), Some(position)) = (language, position) else { return Ok(false) };
    let Some((kpis, _)) = kpis(*record_type, id, tables)? else { return Ok(false) };
    let by_record = [("record_type", record_type.name()), ("record_id", id.as_str())];
    let (Some(health), Some(people)) =
        (tables.rows("relationship_health", &by_record)?, tables.rows("top_contacts", &by_record)?)
    else {
        return Ok(false);
    };
    let has_ended = matches!(record_type, RecordType::Lead | RecordType::Opportunity)
        && kpis.text("health_state", 0).as_deref() == Some("not_applicable");
    let is_open_deal = *record_type == RecordType::Opportunity && !has_ended;
    let similar = match (is_open_deal, lake) {
        (false, _) => None,
        (true, None) => return Ok(false),
        (true, Some(lake)) => match lake.record_of(&row) {
            Some(deal) => lake.similar()?.get(&deal),
            None => return Ok(false),
        },
    };
    let Some(apart) = apart(*record_type, id, tables)? else { return Ok(false) };
    let scored = scored(&health);
    let main = main_people(&people, &kpis)?;
    let beside = Beside {
        similar,
        health: scored.as_ref(),
        mostly_between: main.as_ref().map(|main| (main.colleague.as_str(), main.person.as_str())),
        is_open_deal,
        has_ended,
    };
    let numbers = NumberColumns::of(&kpis.frame)?.numbers(0, &tables.as_of);
    let found = findings(&numbers::Numbers { response_times_apart: apart.ranks, ..numbers }, &beside);
    let Some(finding) = found.get(position as usize) else { return Ok(false) };
    let name = kpis.text("name", 0);
    let sentence = words::sentence(language, finding, &Them::of(record_type.name(), name.as_deref()));

    let known = USED.iter().map(|name| (name, kpis.value(name, 0))).filter(|(_, value)| !value.is_null());
    let mut told: Vec<String> = known.map(|(name, value)| format!("{name} {value}")).collect();
    told.extend(apart.ranks.map(|ranks| {
        format!("{} response times of the two sides lie {ranks} standard deviations of their ranks apart", apart.times)
    }));
    told.extend(similar.map(|similar| {
        let list = |values: &[f64]| values.iter().map(f64::to_string).collect::<Vec<_>>().join(" ");
        let [emails, meetings, calls] = similar.counts.each_ref().map(|counts| list(counts));
        format!("similar won deals had at this age: emails {emails}; meetings {meetings}; phone calls {calls}")
    }));
    story.from_tables = vec![kpis.told(0, &[record_type.published_id()], &USED)];
    let told_health = (0..health.count()).map(|row| health.told(row, &by_record.map(|(name, _)| name), &HEALTH));
    story.from_tables.extend(told_health);
    let is_first = |row: &usize| people.number("rank", *row) == Some(1.0);
    let first = (0..people.count()).filter(is_first);
    story
        .from_tables
        .extend(first.map(|row| people.told(row, &["side", "rank"], &["name", "emails", "meetings", "phone_calls"])));
    let told = format!("number {} of {} things worth saying: {}", position + 1, found.len(), told.join(", "));
    story.recomputed(sentence.into(), told);
    Ok(true)
}

/// How many response times there are, and how far apart those of the two sides lie.
struct Apart {
    times: usize,
    ranks: Option<f64>,
}

fn apart(record_type: RecordType, id: &str, tables: &Tables<'_>) -> Result<Option<Apart>> {
    let Some(interactions) = tables.interactions_of(record_type, id)? else {
        return Ok(None);
    };
    let read = || -> PolarsResult<Vec<(i64, bool)>> {
        let (times, ours) = (interactions.column(RESPONSE)?.i64()?, interactions.column(OURS)?.bool()?);
        let planned = interactions.column(PLANNED)?.bool()?;
        let all = times.iter().zip(ours.iter()).zip(planned.iter());
        // Who began the run waited for the other side.
        Ok(all
            .filter(|(_, planned)| *planned != Some(true))
            .filter_map(|((time, ours), _)| Some((time?, ours == Some(false))))
            .collect())
    };
    let mut times = read().map_err(Error::engine("response times of a record"))?;
    times.sort_unstable();
    Ok(Some(Apart { times: times.len(), ranks: ranks(&times) }))
}

/// Health as it is published; none where there is no score.
fn scored(health: &TableRows) -> Option<Scored> {
    let days = |name: &str| health.number(name, 0).map(|days| days as u32);
    let trend = health.text("health_trend", 0)?;
    let trends = [Trend::Improving, Trend::Steady, Trend::Declining];
    Some(Scored {
        score: health.number("health_score", 0)?,
        earlier: health.number("earlier_health_score", 0).unwrap_or_default(),
        trend: trends.into_iter().find(|one| TRENDS[*one as usize] == trend)?,
        components: Components {
            days_since_contact: days("days_since_contact").unwrap_or_default(),
            days_since_received: days("days_since_received"),
            days_since_sent: days("days_since_sent"),
            recent_contact_days: days("contact_days_28").unwrap_or_default(),
            earlier_contact_days: days("contact_days_28_before").unwrap_or_default(),
            ..Components::default()
        },
        expected_days: days("expected_contact_days").unwrap_or_default(),
        expected_frequency: health.number("expected_frequency", 0).unwrap_or_default(),
        dormant_after: days("dormant_after_days"),
        percentile: health.number("health_percentile", 0).unwrap_or_default(),
    })
}

/// Who has most of the contact of the record.
fn main_people(people: &TableRows, kpis: &TableRows) -> Result<Option<MainPeople>> {
    let mut numbered = people.frame.clone();
    // The only record of both tables is number 0.
    let numbers = Column::new("record_id".into(), vec![0i64; numbered.height()]);
    numbered.with_column(numbers).map_err(Error::engine("people that a summary names"))?;
    Ok(MainPeople::of(&numbered, &kpis.frame)?.remove(&0))
}
