//! The chance that a contact and we exchange something in the next 28 days, by its health (rule W4).

use polars::prelude::*;

use super::histories::Histories;
use super::score::Formula;
use super::touchpoint::{Sign, Way};
use super::{Health, usual};
use crate::chances::{Calibration, Case, Foretold, Sample};
use crate::error::Result;
use crate::frames::typed_columns::texts;
use crate::interactions::Context;
use crate::interactions::Kind;
use crate::people::{RecordType, Records, created};
use crate::sources::values::ids;
use crate::table::{Column as Declared, ColumnType};

/// Mail both ways, a meeting or a call within 28 days.
pub const TWO_WAY: Foretold = Foretold { name: "two_way_chance_28d", score: "health_score", days: 28, dates: 6 };

/// What the past of contacts says about [`TWO_WAY`]; the histories reach back [`Foretold::reach`] further than scores.
/// Of a contact that was not known yet at an earlier date nothing is learned there.
///
/// # Errors
/// Only what the engine runs into.
pub fn calibration(context: &Context, histories: &Histories) -> Result<Calibration> {
    let (settings, records) = (&context.settings.health, &context.people.records);
    let formula = Formula::new(settings);
    let formula = match settings.expected_contact {
        Some(_) => formula,
        None => formula.against(usual::COMMON),
    };
    let (ids, created) = (texts(&records.table, "record_id")?, created(context.sources, records)?);
    let contacts = records.range(RecordType::Contact);
    let sample = Sample::of(contacts.len());
    let drawn = |contact: &u32| {
        let key = ids.get(*contact as usize).and_then(ids::key);
        key.is_some_and(|key| sample.has(key))
    };
    let drawn: Vec<u32> = contacts.filter(drawn).collect();
    let last = histories.days.count() - 1;
    let dates: Vec<u32> = TWO_WAY.ago().filter_map(|ago| last.checked_sub(ago)).collect();
    let ends: Vec<i64> = dates.iter().map(|&today| histories.days.start(today + 1)).collect();
    let mut past = vec![Vec::new(); dates.len()];
    for contact in drawn {
        let (signs, created) = (histories.signs(contact), created[contact as usize]);
        let found = formula.components_of_days(histories, contact, &dates).into_iter().zip(&dates);
        for ((found, &today), (end, cases)) in found.zip(ends.iter().zip(&mut past)) {
            if let Some(found) = found.filter(|_| created.is_none_or(|at| at < *end)) {
                let came_true = exchanged(signs, today + 1, today + TWO_WAY.days);
                cases.push(Case { score: found.score(), came_true });
            }
        }
    }
    Ok(Calibration::learn(TWO_WAY, past))
}

/// Whether something came from either side within some days. Tasks are nothing that the other side sees.
fn exchanged(signs: &[Sign], first: u32, last: u32) -> bool {
    let signs = &signs[signs.partition_point(|sign| sign.day() < first)..];
    let signs = &signs[..signs.partition_point(|sign| sign.day() <= last)];
    let by =
        |way: Way| signs.iter().any(|sign| sign.kind() != Kind::Task && (sign.way() == way || sign.way() == Way::Both));
    by(Way::In) && by(Way::Out)
}

/// The chances, a row per record in their order; of contacts only.
pub fn column(records: &Records, health: &[Health], calibration: &Calibration) -> Column {
    let contacts = records.range(RecordType::Contact);
    let chance = |(record, health): (u32, &Health)| {
        let scored = health.scored.filter(|_| contacts.contains(&record))?;
        calibration.chance(scored.score)
    };
    Column::new(TWO_WAY.name.into(), (0u32..).zip(health).map(chance).collect::<Vec<_>>())
}

/// The column as it is declared.
pub fn declared() -> Declared {
    Declared::new(
        TWO_WAY.name,
        ColumnType::Float64,
        "share 0–1",
        "Chance that within 28 days something comes from the contact and something from us (mail, a meeting, a call): \
         how often that was so in the lake's own past with a health_score like this one. score_calibration says how \
         good such chances were.",
        "null without a health_score, and while the lake's past has too few cases to learn from",
        "W4",
        "0.35",
    )
}
