//! How it was on the earlier day that `changes` compares with, by what is known now (rule W9).

use serde_json::Value;

use super::pairs::connection_row;
use super::read::LakeOfDay;
use super::top_contacts::ranked;
use crate::changes::change::{ChangeKind, ChangeSide, KINDS};
use crate::changes::of_connections::label;
use crate::changes::{compared_to, days_between};
use crate::connections::connection::Connection;
use crate::connections::find_as_of;
use crate::connections::strangers::Strangers;
use crate::error::Result;
use crate::explain::plural::several;
use crate::explain::question::FoundRow;
use crate::explain::scores::RowValues;
use crate::explain::story::ColumnStory;
use crate::health::histories::{Histories, Reach, last_before};
use crate::health::{self, STATES, TRENDS};
use crate::people::{RecordType, deals_as_of};
use crate::time::{AsOf, days_since_epoch};

/// Columns that are computed of the lake as it was.
pub const COLUMNS: [&str; 2] = ["before", "before_value"];

/// Tells how it was; false where the record is not in the lake.
///
/// # Errors
/// Only what the engine runs into.
pub fn tell(found: &FoundRow<'_>, lake: &LakeOfDay<'_>, story: &mut ColumnStory) -> Result<bool> {
    let row = RowValues(&found.row);
    let name = row.text("change").unwrap_or_default();
    let kind = ChangeKind::ALL.into_iter().find(|kind| KINDS[*kind as usize] == name);
    let earlier = compared_to(lake.context.settings, &lake.context.as_of);
    let (Some(record), Some(kind), Some(earlier)) = (lake.record_of(&row), kind, earlier) else { return Ok(false) };
    if !COLUMNS.contains(&story.column.as_str()) {
        return Ok(false);
    }
    let (side, told) = match kind {
        ChangeKind::HealthState | ChangeKind::GoneSilent => health(lake, record, &earlier, false)?,
        ChangeKind::Trend => health(lake, record, &earlier, true)?,
        ChangeKind::DealNew | ChangeKind::DealWon | ChangeKind::DealLost => deal(lake, record, &earlier)?,
        ChangeKind::ConnectionStrong | ChangeKind::ConnectionWeak => connection(lake, record, &earlier, story)?,
        ChangeKind::TopContact => top_contact(lake, record, &earlier)?,
    };
    let value = match story.column.as_str() {
        "before" => side.what.map_or(Value::Null, |what| LakeOfDay::published(&what)),
        _ => side.value.map_or(Value::Null, Value::from),
    };
    story.recomputed(value, format!("as of {}: {told}", earlier.date));
    Ok(true)
}

fn health(lake: &LakeOfDay<'_>, record: u32, earlier: &AsOf, trend: bool) -> Result<(ChangeSide, String)> {
    let (context, records) = (lake.context, lake.context.people.records.table.height());
    let reach = Reach { earlier: days_between(earlier, &context.as_of), past: 0 };
    let histories = Histories::with_past(context, lake.interactions, reach)?;
    let last_at = last_before(lake.interactions, earlier.cutoff(), records)?;
    let last_at = |record: u32| Some(last_at[record as usize]).filter(|&at| at > i64::MIN);
    let health = health::of_records_as_of(context, &histories, earlier, &last_at)?[record as usize];
    let score = health.scored.map(|scored| scored.score);
    let state = STATES[health.state as usize];
    let word = if trend { health.scored.map_or("", |scored| TRENDS[scored.trend as usize]) } else { state };
    let told = match (score, health.scored) {
        (Some(score), Some(scored)) => format!(
            "health_score {score}, {state}, {}; the last contact was {} before",
            TRENDS[scored.trend as usize],
            several(scored.components.days_since_contact as usize, "day")
        ),
        _ => state.to_string(),
    };
    Ok((ChangeSide { value: score, ..ChangeSide::of(word) }, told))
}

fn deal(lake: &LakeOfDay<'_>, deal: u32, earlier: &AsOf) -> Result<(ChangeSide, String)> {
    let records = &lake.context.people.records;
    let deals = deals_as_of(lake.context.sources, records, days_since_epoch(earlier.date))?;
    let at = deal - records.range(RecordType::Opportunity).start;
    let then = &deals[at as usize];
    if then.created_at.is_some_and(|created| created >= earlier.cutoff()) {
        return Ok((ChangeSide::default(), "the deal was not there yet".to_string()));
    }
    let state = then.state.name();
    Ok((ChangeSide::of(state), format!("the deal was {state}")))
}

fn connection(
    lake: &LakeOfDay<'_>,
    record: u32,
    earlier: &AsOf,
    story: &mut ColumnStory,
) -> Result<(ChangeSide, String)> {
    let found = find_as_of(lake.context, lake.interactions, Some(earlier), &Strangers::default())?;
    let then: Vec<&Connection> = found.then.iter().filter(|one| one.record == record).collect();
    story.from_tables = then.iter().map(|one| connection_row(lake, one.user, one.record, one.strength)).collect();
    // Of several the first, whose colleague has the smallest id.
    let strongest = then.iter().rev().max_by(|one, other| one.strength.total_cmp(&other.strength));
    Ok(match strongest {
        Some(one) => {
            let word = label(one, lake.context.settings);
            let told = format!("the strongest of {} connections had {}, {word}", then.len(), one.strength);
            (ChangeSide { value: Some(one.strength), ..ChangeSide::of(word) }, told)
        }
        None => (ChangeSide::of("none"), "there was no connection".to_string()),
    })
}

fn top_contact(lake: &LakeOfDay<'_>, record: u32, earlier: &AsOf) -> Result<(ChangeSide, String)> {
    let people = ranked(lake, record, true, earlier.cutoff())?;
    let told = people.iter().take(2).map(|(person, shared)| format!("{} {}", lake.record_id(*person), shared.count()));
    let told = format!("interactions with each, most first: {}", told.collect::<Vec<_>>().join(", "));
    let first = people.first().map(|(person, _)| ChangeSide::of(lake.record_id(*person)));
    Ok((first.unwrap_or_default(), told))
}
