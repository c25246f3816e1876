//! Emails that wait for an answer, as `attention` has them (rule K13).

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::read::LakeOfDay;
use super::rows::{ListedInteractions, plain};
use crate::attention::reasons::OWN_ANSWERS;
use crate::attention::table::severity;
use crate::attention::waiting::{AnswerTimes, Open, SeenByRecord, open};
use crate::config::AttentionReason;
use crate::error::Result;
use crate::explain::plural::several;
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
        ("interaction_id", _) => which(lake, record, side, story),
        ("people_or_contacts", _) => whose(lake, &row, record, side, story),
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
                format!(
                    "of the record's own {} nine of ten came within {hours} hours, {days} days",
                    several(answers as usize, "answer")
                ),
            )
        }
        None => {
            let days = AnswerTimes::of(lake.interactions, side)?.limit().map(|limit| limit as f64 / DAY as f64);
            let days = days.map_or(Value::Null, Value::from);
            let told = format!(
                "the record has {}, fewer than {OWN_ANSWERS}: of all in the lake nine of ten came within {days} days",
                several(answers as usize, "answer")
            );
            (days, told)
        }
    };
    story.recomputed(value, told);
    story.from_tables = vec![kpis.told(0, &[record_type.published_id()], &columns)];
    Ok(true)
}

/// What a record's past says of an email that waits since an instant; none of one before the past that health looks at.
fn seen(lake: &LakeOfDay<'_>, record: u32, at: i64, side: Side) -> Result<Option<SeenByRecord>> {
    let (context, histories) = (lake.context, lake.histories()?);
    let days = context.as_of.day_of(at).map(|day| (context.as_of.date - day).num_days());
    let begun = days.and_then(|days| (histories.days.count() - 1).checked_sub(u32::try_from(days).ok()?));
    Ok(begun.map(|begun| SeenByRecord::of(histories.signs(record), begun, side)))
}

/// Whether the record's people wrote the email, or were written to.
fn whose(lake: &LakeOfDay<'_>, row: &RowValues<'_>, record: u32, side: Side, story: &mut ColumnStory) -> Result<bool> {
    let since = row.text("since_at").and_then(|at| at.parse::<DateTime<Utc>>().ok());
    let Some(seen) = since.map(|at| seen(lake, record, at.timestamp_micros(), side)).transpose()?.flatten() else {
        return Ok(false);
    };
    let told = match (seen.is_theirs, side) {
        (true, Side::Us) => "one of its people wrote to us on that day",
        (true, Side::Them) => "we wrote to one of its people on that day",
        (false, _) => "on that day its people are only copied or named in emails",
    };
    story.recomputed(i64::from(seen.is_theirs).into(), told.to_string());
    Ok(true)
}

/// Which email waits longest.
fn which(lake: &LakeOfDay<'_>, record: u32, side: Side, story: &mut ColumnStory) -> Result<bool> {
    let context = lake.context;
    let settings = &context.settings.attention;
    let why_not = |one: &Open| -> Result<Option<String>> {
        if seen(lake, record, one.at, side)?.is_none_or(|seen| seen.is_over) {
            return Ok(Some("the side that is waited for was in touch on a later day".to_string()));
        }
        let from = HOUR * i64::from(settings.waiting_from_hours);
        let is_young = context.elapsed(one.at, context.cutoff) < from;
        Ok(is_young.then(|| format!("it has waited for less than {} hours", settings.waiting_from_hours)))
    };
    let from = context.cutoff - i64::from(settings.waiting_days) * DAY;
    let mut runs = open(lake.interactions, from, context.cutoff)?;
    runs.retain(|one| one.awaited == side && lake.linked(record).contains(&one.interaction));
    runs.sort_by_key(|one| (one.at, one.interaction));
    let why_not = runs.iter().map(why_not).collect::<Result<Vec<_>>>()?;
    let first = runs.iter().zip(&why_not).find(|(_, why_not)| why_not.is_none()).map(|(one, _)| one);
    let mut rows = ListedInteractions::default();
    for (one, why_not) in runs.iter().zip(&why_not) {
        match (first, why_not) {
            (_, Some(why_not)) => rows.leave_out(lake, one.interaction, why_not),
            (Some(first), None) if first != one => rows.leave_out(lake, one.interaction, "another one waits longer"),
            _ => {
                let row = rows.count(lake, one.interaction, 1.0);
                row.amount = None;
                row
            }
        };
    }
    let told = format!("of {} without an answer the one that waits longest", several(runs.len(), "email"));
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
             days or never; of the ten runs that stand in for a young lake, each of the two counts those that would be so",
            odds.unanswered, odds.late
        ),
    };
    story.recomputed(severity(answers.late(waited, limit)).into(), told);
    Ok(true)
}
