//! Whom a record has most to do with (rule K10).

use std::collections::BTreeMap;

use serde_json::Value;

use super::read::LakeOfDay;
use super::rows::ListedInteractions;
use crate::error::Result;
use crate::explain::plural::several;
use crate::explain::question::FoundRow;
use crate::explain::scores::RowValues;
use crate::explain::story::{ColumnStory, InteractionStory};
use crate::interactions::Kind;
use crate::people::RecordType;
use crate::table::cells::instant;

/// Columns that are made of who took part.
pub const COLUMNS: [&str; 7] =
    ["person_type", "person_id", "emails", "meetings", "phone_calls", "last_contact_at", "last_contacted_by_id"];

/// What a person and a record have in common.
#[derive(Default)]
pub(super) struct CommonInteractions {
    interactions: Vec<(u32, Kind)>,
    /// When the last was, and its number.
    last: Option<(i64, u32)>,
}

impl CommonInteractions {
    /// How many interactions that is.
    pub fn count(&self) -> usize {
        self.interactions.len()
    }
}

/// Tells a column; false where the record or the person is not in the lake.
///
/// # Errors
/// Only what the engine runs into.
pub fn tell(found: &FoundRow<'_>, lake: &LakeOfDay<'_>, story: &mut ColumnStory) -> Result<bool> {
    let row = RowValues(&found.row);
    let (Some(record), Some(rank)) = (lake.record_of(&row), row.number("rank")) else { return Ok(false) };
    let is_customers = row.text("side").as_deref() == Some("most_contacted");
    let people = ranked(lake, record, is_customers, i64::MAX)?;
    let Some((person, shared)) = people.get(rank as usize - 1) else { return Ok(false) };
    let id = |person: u32| if is_customers { lake.record_id(person) } else { lake.user_id(person) };
    let own = || format!("of all {} number {rank} is {}", people.len(), id(*person));
    let counted = |kind: Kind, name: &str, story: &mut ColumnStory| {
        let mut rows = ListedInteractions::default();
        for &(interaction, of_kind) in &shared.interactions {
            match of_kind == kind {
                true => rows.count(lake, interaction, 1.0),
                false => rows.leave_out(lake, interaction, &format!("it is no {name}")),
            };
        }
        let count = rows.counted();
        rows.list(story);
        let told = format!(
            "{count} of {} of the record with {}",
            several(shared.interactions.len(), "interaction"),
            id(*person)
        );
        story.recomputed(count.into(), told);
    };
    let last = shared.last.map(|(at, interaction)| (at, lake.taking_part().map(|all| all.main_colleague(interaction))));
    match (story.column.as_str(), last) {
        ("emails", _) => counted(Kind::Email, "email", story),
        ("meetings", _) => counted(Kind::Meeting, "meeting", story),
        ("phone_calls", _) => counted(Kind::Call, "call", story),
        ("person_id", _) => {
            story.rows = all_of(lake, shared);
            let most: Vec<String> = people
                .iter()
                .take(rank as usize + 1)
                .map(|(person, shared)| format!("{} {}", id(*person), shared.interactions.len()))
                .collect();
            story.recomputed(
                LakeOfDay::published(id(*person)),
                format!("interactions with each, most first: {}", most.join(", ")),
            );
        }
        ("person_type", _) => {
            let records = &lake.context.people.records;
            let kind = RecordType::ALL.into_iter().find(|kind| records.range(*kind).contains(person));
            let kind = if is_customers { kind.map_or("", RecordType::name) } else { "systemuser" };
            story.recomputed(kind.into(), own());
        }
        ("last_contact_at", Some((at, _))) => {
            story.rows = all_of(lake, shared);
            story.recomputed(
                instant(at).into(),
                format!("the last of {}", several(shared.interactions.len(), "interaction")),
            );
        }
        ("last_contacted_by_id", Some((at, by))) => {
            let by = by?.filter(|_| is_customers).map(|user| lake.user_id(user));
            let told = format!("the colleague with the strongest part in the interaction at {}", instant(at));
            story.recomputed(by.map_or(Value::Null, LakeOfDay::published), told);
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn all_of(lake: &LakeOfDay<'_>, shared: &CommonInteractions) -> Vec<InteractionStory> {
    let mut rows = ListedInteractions::default();
    shared.interactions.iter().for_each(|(interaction, _)| {
        rows.count(lake, *interaction, 1.0);
    });
    let mut story = ColumnStory::default();
    rows.list(&mut story);
    story.rows
}

/// Everybody of one side whom a record had held interactions with before an instant, in the order of ranks.
pub(super) fn ranked(
    lake: &LakeOfDay<'_>,
    record: u32,
    is_customers: bool,
    before: i64,
) -> Result<Vec<(u32, CommonInteractions)>> {
    let taking_part = lake.taking_part()?;
    let mut people: BTreeMap<u32, CommonInteractions> = BTreeMap::new();
    for &interaction in lake.linked(record) {
        let held = taking_part.facts.held(interaction);
        let Some(held) = held.filter(|held| held.kind != Kind::Task && held.at < before) else { continue };
        for &person in taking_part.of_interaction(interaction, is_customers) {
            let shared = people.entry(person).or_default();
            shared.interactions.push((interaction, held.kind));
            // Of several at one time the first, which has the smallest id.
            if shared.last.is_none_or(|(at, _)| held.at > at) {
                shared.last = Some((held.at, interaction));
            }
        }
    }
    let mut people: Vec<(u32, CommonInteractions)> = people.into_iter().collect();
    let id = |person: u32| if is_customers { lake.record_id(person) } else { lake.user_id(person) };
    people.sort_by(|(one, own), (other, theirs)| {
        let count = theirs.interactions.len().cmp(&own.interactions.len());
        count.then(theirs.last.map(|last| last.0).cmp(&own.last.map(|last| last.0))).then(id(*one).cmp(id(*other)))
    });
    Ok(people)
}
