//! How many people of each side took part in an interaction (rule P4).

use super::read::LakeOfDay;
use super::rows::terms;
use crate::error::{Error, Result};
use crate::explain::scores::RowValues;
use crate::explain::story::ColumnStory;
use crate::interactions::event::INTERACTION_ID;
use crate::interactions::people::view::ParticipantColumns;
use crate::people::person_key;
use crate::sources::roles::{ADDRESSED, COPIED_IN, STARTS};

/// Columns of `interactions` that are made of who took part.
pub const COLUMNS: [&str; 2] = ["colleagues", "external_people"];

/// Tells one of them of an interaction by its number.
///
/// # Errors
/// Only what the engine runs into.
pub fn tell(row: &RowValues<'_>, lake: &LakeOfDay<'_>, number: u32, story: &mut ColumnStory) -> Result<bool> {
    if row.text("kind").as_deref() == Some("task") {
        story.recomputed(0.into(), "a task has none to count".to_string());
        return Ok(true);
    }
    let people = ParticipantColumns::of(&lake.interactions.participants.people)?;
    let mut people = people.rows_from(number)?;
    let of_side = |who: u64| match story.column.as_str() {
        "colleagues" => person_key::side(who) == person_key::COLLEAGUE,
        _ => !person_key::is_ours(who),
    };
    let (mut present, mut declined) = (Vec::new(), 0);
    for row in people.next(number).filter(|&row| of_side(people.who[row])) {
        match people.has_declined(row) {
            true => declined += 1,
            false => present.push(format!("{} {}", named(lake, people.who[row]), role(people.roles[row]))),
        }
    }
    let told = format!("{} took part: {}; {declined} declined", present.len(), terms(&present, ", "));
    story.recomputed(present.len().into(), told);
    Ok(true)
}

/// The number of an interaction.
pub(super) fn number(lake: &LakeOfDay<'_>, id: &str) -> Result<Option<u32>> {
    let ids = lake.interactions.table.column(INTERACTION_ID).and_then(|ids| ids.str());
    let ids = ids.map_err(Error::engine("interactions of the lake"))?;
    Ok(ids.iter().zip(0u32..).find(|(own, _)| *own == Some(id)).map(|(_, number)| number))
}

/// A colleague or a record by id; addresses are not told.
pub(super) fn named<'a>(lake: &'a LakeOfDay<'_>, who: u64) -> &'a str {
    match (person_key::colleague_number(who), person_key::record(who)) {
        (Some(user), _) => lake.user_id(user),
        (_, Some(record)) => lake.record_id(record),
        _ => "somebody without a record",
    }
}

fn role(role: u8) -> &'static str {
    match role {
        STARTS => "who starts it",
        ADDRESSED => "addressed",
        COPIED_IN => "copied in",
        _ => "copied in unseen",
    }
}
