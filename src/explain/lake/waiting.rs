//! Emails that wait for an answer, as `attention` has them (rule K13).

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::read::LakeOfDay;
use super::rows::{ListedInteractions, plain};
use crate::attention::reasons::OWN_ANSWERS;
use crate::attention::table::severity;
use crate::attention::waiting::{AnswerTimes, Open, open};
use crate::config::AttentionReason;
use crate::error::Result;
use crate::explain::question::FoundRow;
use crate::explain::scores::RowValues;
use crate::explain::story::ColumnStory;
use crate::explain::tables::read::Tables;
use crate::explain::tables::stake::kpis;
use crate::kpis::Side;
use crate::people::RecordType;
use crate::time::{DAY, HOUR};

/// Tells a column of a wait; false of any other, and where what it is held against is not published.
///
/// # Errors
/// What storage refuses, and files that are no Parquet.
pub fn tell(
    found: &FoundRow<'_>,
    lake: &LakeOfDay<'_>,
    tables: &Tables<'_>,
    record: u32,
    reason: AttentionReason,
    story: &mut ColumnStory,
) -> Result<bool> {
    let side = if reason == AttentionReason::AwaitingUs { Side::Us } else { Side::Them };
    let Some((record_type, id)) = &found.record else { return Ok(false) };
    let row = RowValues(&found.row);
    let limit = row.number("usual").map(|days| (days * DAY as f64).round() as i64);
    match (story.column.as_str(), limit) {
        ("usual", _) => usual(lake, tables, *record_type, id, side, story),
        ("interaction_id", _) => which(lake, tables, *record_type, id, record, side, story),
        ("severity" | "is_overdue", Some(limit)) => late(lake, &row, side, limit, story),
        _ => Ok(false),
    }
}

/// Within which time answers come: nine of ten of the record's own, or of all.
fn usual(
    lake: &LakeOfDay<'_>,
    tables: &Tables<'_>,
    record_type: RecordType,
    id: &str,
    side: Side,
    story: &mut ColumnStory,
) -> Result<bool> {
    let Some((kpis, _)) = kpis(record_type, id, tables)? else { return Ok(false) };
    let columns = match side {
        Side::Us => ["p90_first_response_hours_by_us", "responses_by_us"],
        Side::Them => ["p90_first_response_hours_by_them", "responses_by_them"],
    };
    let answers = kpis.number(columns[1], 0).unwrap_or_default();
    let own = kpis.number(columns[0], 0).filter(|_| answers >= OWN_ANSWERS as f64);
    let (value, told) = match own {
        Some(hours) => {
            let days = (hours * HOUR as f64) as i64 as f64 / DAY as f64;
            (
                days.into(),
                format!("of the record's own {answers} answers nine of ten came within {hours} hours, {days} days"),
            )
        }
        None => {
            let days = AnswerTimes::of(lake.interactions, side)?.limit().map(|limit| limit as f64 / DAY as f64);
            let days = days.map_or(Value::Null, Value::from);
            let told = format!(
                "the record has {answers} answers, fewer than {OWN_ANSWERS}: of all in the lake nine of ten came within {days} days"
            );
            (days, told)
        }
    };
    story.recomputed(value, told);
    story.from_tables = vec![kpis.told(0, &[record_type.published_id()], &columns)];
    Ok(true)
}

/// Which email waits longest.
fn which(
    lake: &LakeOfDay<'_>,
    tables: &Tables<'_>,
    record_type: RecordType,
    id: &str,
    record: u32,
    side: Side,
    story: &mut ColumnStory,
) -> Result<bool> {
    let by = [("record_type", record_type.name()), ("record_id", id)];
    let Some(health) = tables.rows("relationship_health", &by)?.filter(|rows| rows.count() == 1) else {
        return Ok(false);
    };
    let context = lake.context;
    let settings = &context.settings.attention;
    let since = match side {
        Side::Us => "days_since_sent",
        Side::Them => "days_since_received",
    };
    let quiet = health.number(since, 0);
    let why_not = |one: &Open| -> Option<String> {
        let days = (context.as_of.date - context.as_of.day_of(one.at)?).num_days();
        if quiet.is_some_and(|quiet| (quiet as i64) < days) {
            return Some(format!(
                "{since} is {}: the side that is waited for was in touch since",
                quiet.unwrap_or_default()
            ));
        }
        let from = HOUR * i64::from(settings.waiting_from_hours);
        (context.elapsed(one.at, context.cutoff) < from)
            .then(|| format!("it has waited for less than {} hours", settings.waiting_from_hours))
    };
    let from = context.cutoff - i64::from(settings.waiting_days) * DAY;
    let mut runs = open(lake.interactions, from, context.cutoff)?;
    runs.retain(|one| one.awaited == side && lake.linked(record).contains(&one.interaction));
    runs.sort_by_key(|one| (one.at, one.interaction));
    let first = runs.iter().find(|one| why_not(one).is_none());
    let mut rows = ListedInteractions::default();
    for one in &runs {
        match (first, why_not(one)) {
            (_, Some(why_not)) => rows.leave_out(lake, one.interaction, &why_not),
            (Some(first), None) if first != one => rows.leave_out(lake, one.interaction, "another one waits longer"),
            _ => {
                let row = rows.count(lake, one.interaction, 1.0);
                row.amount = None;
                row
            }
        };
    }
    let told = format!("of {} emails without an answer the one that waits longest", runs.len());
    rows.list(story);
    let value = first.map_or(Value::Null, |one| plain(lake, one.interaction).interaction_id.into());
    story.recomputed(value, told);
    Ok(true)
}

/// Whether the answer is late, and the chance that it will be.
fn late(lake: &LakeOfDay<'_>, row: &RowValues<'_>, side: Side, limit: i64, story: &mut ColumnStory) -> Result<bool> {
    let since = row.text("since_at").and_then(|at| at.parse::<DateTime<Utc>>().ok());
    let Some(since) = since else { return Ok(false) };
    let waited = lake.context.elapsed(since.timestamp_micros(), lake.context.cutoff);
    let answers = AnswerTimes::of(lake.interactions, side)?;
    let [days, limit_days] = [waited, limit].map(|time| time as f64 / DAY as f64);
    let is_over = waited >= limit;
    if story.column == "is_overdue" {
        let sign = if is_over { "≥" } else { "<" };
        story.recomputed(is_over.into(), format!("it has waited for {days} days {sign} {limit_days}"));
        return Ok(true);
    }
    let told = match answers.odds(waited, limit) {
        None => format!("it has waited for {days} days, longer than {limit_days}: the answer is late"),
        Some(odds) => format!(
            "it has waited for {days} days: of {} runs that were unanswered after as long a time, {} were answered after {limit_days} \
             days or never; ten that stand in are among them",
            odds.unanswered, odds.late
        ),
    };
    story.recomputed(severity(answers.late(waited, limit)).into(), told);
    Ok(true)
}
