//! What the health of a record is made of, interaction by interaction (rule H3).

use std::collections::BTreeMap;

use super::read::LakeOfDay;
use super::rows::{ListedInteractions, terms};
use crate::decay::{life, whole};
use crate::error::Result;
use crate::explain::plural::{days_ago, several};
use crate::explain::question::FoundRow;
use crate::explain::scores::RowValues;
use crate::explain::story::ColumnStory;
use crate::health::score::Formula;
use crate::health::taking_part::Everybody;
use crate::health::touchpoint::{NOBODY, Part, Sign, Way};
use crate::health::window::{TREND_DAYS, WINDOW_DAYS};
use crate::interactions::interaction_view::Facts;

/// Columns of health that are made of interactions and of who took part in them.
pub const COLUMNS: [&str; 7] =
    ["days_since_received", "days_since_sent", "received", "sent", "our_activity", "varied", "earlier_health_score"];

/// An interaction in the year before the date, as the record's health sees it.
struct Seen {
    interaction: u32,
    /// Days before the date.
    age: u32,
    /// One for each colleague, or for nobody.
    signs: Vec<Sign>,
}

/// Tells a column of health; false where the record is not in the lake or has no score.
///
/// # Errors
/// Only what the engine runs into.
pub fn tell(found: &FoundRow<'_>, lake: &LakeOfDay<'_>, story: &mut ColumnStory) -> Result<bool> {
    let row = RowValues(&found.row);
    let (Some(record), Some(expected)) = (lake.record_of(&row), row.number("expected_frequency")) else {
        return Ok(false);
    };
    let formula = Formula::new(&lake.context.settings.health);
    let theirs = |way: Way| matches!(way, Way::In | Way::Both);
    let ours = |way: Way| matches!(way, Way::Out | Way::Both);
    match story.column.as_str() {
        "received" => from_side(lake, &seen(lake, record)?, &formula, (theirs, "it came from nobody of theirs"), story),
        "sent" => from_side(lake, &seen(lake, record)?, &formula, (ours, "it came from nobody of ours"), story),
        "days_since_received" => {
            last_of_side(lake, &seen(lake, record)?, (theirs, "it came from nobody of theirs"), story)
        }
        "days_since_sent" => last_of_side(lake, &seen(lake, record)?, (ours, "it came from nobody of ours"), story),
        "our_activity" => our_activity(lake, &seen(lake, record)?, &formula, story)?,
        "varied" => varied(lake, &seen(lake, record)?, &formula, story),
        "earlier_health_score" => earlier(lake, record, &formula.with_expected(expected), story)?,
        _ => return Ok(false),
    }
    Ok(true)
}

/// The held interactions of a record in the past year, the earliest first.
fn seen(lake: &LakeOfDay<'_>, record: u32) -> Result<Vec<Seen>> {
    let facts = Facts::of(&lake.interactions.table)?;
    let everybody = Everybody::of(lake.context, lake.interactions)?;
    let mut event = everybody.events()?;
    let days = &lake.days;
    let mut seen = Vec::new();
    for &interaction in lake.linked(record) {
        let Some(held) = facts.held(interaction) else { continue };
        let Some(day) = days.place(held.at) else { continue };
        event.go_to(interaction);
        let (way, part) = event.sign(record, &held);
        let signs = event.users().iter().map(|&user| Sign::new(day, held.kind, way, part, user)).collect();
        seen.push((held.at, Seen { interaction, age: days.count() - 1 - day, signs }));
    }
    seen.sort_by_key(|(at, one)| (*at, one.interaction));
    Ok(seen.into_iter().map(|(_, one)| one).collect())
}

/// Whether something goes the way that is asked for, and why not.
type Side = (fn(Way) -> bool, &'static str);

/// What one side did, the heaviest of each day.
fn from_side(lake: &LakeOfDay<'_>, seen: &[Seen], formula: &Formula, (is_from, why): Side, story: &mut ColumnStory) {
    // By age of the day: what the heaviest still counts in millionths, and which that is.
    let mut days: BTreeMap<u32, (u64, u32)> = BTreeMap::new();
    for one in seen.iter().filter(|one| is_from(one.signs[0].way())) {
        let counts = formula.counts(one.signs[0], one.age);
        let heaviest = days.entry(one.age).or_insert((counts, one.interaction));
        if counts > heaviest.0 {
            *heaviest = (counts, one.interaction);
        }
    }
    let mut rows = ListedInteractions::default();
    for one in seen {
        let sign = one.signs[0];
        match days.get(&one.age) {
            _ if !is_from(sign.way()) => {
                rows.leave_out(lake, one.interaction, why);
            }
            Some(&(counts, interaction)) if interaction == one.interaction => {
                let row = rows.count(lake, one.interaction, whole(counts));
                row.parts.extend((sign.part() == Part::Copied).then(|| "only copied in, counts half".to_string()));
            }
            _ => {
                rows.leave_out(lake, one.interaction, "another interaction of the day weighs as much or more");
            }
        }
    }
    rows.list(story);
    let sum = whole(days.values().map(|(counts, _)| counts).sum());
    let told: Vec<String> =
        days.iter().map(|(age, (counts, _))| format!("{} ({})", whole(*counts), days_ago(*age))).collect();
    story.recomputed(sum.into(), format!("{} = {sum}", terms(&told, " + ")));
}

/// How many days ago one side last did anything.
fn last_of_side(lake: &LakeOfDay<'_>, seen: &[Seen], (is_from, why): Side, story: &mut ColumnStory) {
    let last = seen.iter().rev().find(|one| is_from(one.signs[0].way()));
    let mut rows = ListedInteractions::default();
    for one in seen {
        match last {
            Some(last) if last.interaction == one.interaction => {
                rows.count(lake, one.interaction, f64::from(one.age)).amount = None;
            }
            _ if is_from(one.signs[0].way()) => {
                rows.leave_out(lake, one.interaction, "there was a later one");
            }
            _ => {
                rows.leave_out(lake, one.interaction, why);
            }
        }
    }
    rows.list(story);
    match last {
        Some(last) => story
            .recomputed(last.age.into(), format!("the last was {} before the date", several(last.age as usize, "day"))),
        None => story.recomputed(serde_json::Value::Null, "there was none in 365 days".to_string()),
    }
}

/// How lately the liveliest colleague of the record was in touch with anyone outside.
fn our_activity(lake: &LakeOfDay<'_>, seen: &[Seen], formula: &Formula, story: &mut ColumnStory) -> Result<()> {
    let histories = lake.histories()?;
    let today = histories.days.count() - 1;
    let newest = seen.iter().map(|one| one.age).min().unwrap_or(WINDOW_DAYS);
    let mut users: Vec<u32> = seen.iter().flat_map(|one| &one.signs).map(|sign| sign.user()).collect();
    users.sort_unstable();
    users.dedup();
    let last = |user: &u32| Some((today - histories.last_day_of(*user, today)?, lake.user_id(*user)));
    let of_users: Vec<(u32, &str)> = users.iter().filter(|&&user| user != NOBODY).filter_map(last).collect();
    let liveliest = of_users.iter().min();
    let age = liveliest.map_or(newest, |(age, _)| newest.min(*age));
    let value = life(age, formula.half()).sqrt();
    let told: Vec<String> = of_users.iter().map(|(age, id)| format!("{id} {age}")).collect();
    story.recomputed(
        value.into(),
        format!(
            "days since each of its colleagues was in touch with anyone outside: {}; the record itself {newest}; √(half {} / (half + \
             {age})) = {value}",
            terms(&told, ", "),
            formula.half()
        ),
    );
    Ok(())
}

/// How many pairs of a kind and a colleague there are, each by its last interaction.
fn varied(lake: &LakeOfDay<'_>, seen: &[Seen], formula: &Formula, story: &mut ColumnStory) {
    // By kind and colleague: the last interaction of both.
    let mut last: BTreeMap<(u8, u32), &Seen> = BTreeMap::new();
    for one in seen {
        for sign in &one.signs {
            last.insert((sign.kind() as u8, sign.user()), one);
        }
    }
    let mut rows = ListedInteractions::default();
    let mut sum = 0;
    let mut told = Vec::new();
    for one in seen {
        let pairs = last.iter().filter(|(_, last)| last.interaction == one.interaction);
        let users: Vec<&str> =
            pairs.map(|((_, user), _)| if *user == NOBODY { "nobody of ours" } else { lake.user_id(*user) }).collect();
        if users.is_empty() {
            rows.leave_out(lake, one.interaction, "there was a later one of its kind with its colleagues");
            continue;
        }
        let counts = formula.fades(one.age) * users.len() as u64;
        sum += counts;
        told.push(format!("{} ({})", whole(counts), days_ago(one.age)));
        rows.count(lake, one.interaction, whole(counts)).parts =
            users.iter().map(|user| format!("last of its kind with {user}")).collect();
    }
    rows.list(story);
    let value = whole(sum).sqrt().sqrt().sqrt();
    story.recomputed(value.into(), format!("⁸√({}) = ⁸√{} = {value}", terms(&told, " + "), whole(sum)));
}

/// The scores of the four weeks before, by what is known at the date.
fn earlier(lake: &LakeOfDay<'_>, record: u32, formula: &Formula, story: &mut ColumnStory) -> Result<()> {
    let histories = lake.histories()?;
    let today = histories.days.count() - 1;
    let weeks: Vec<u32> = (7..=TREND_DAYS).step_by(7).collect();
    let score = |ago: &u32| formula.components(histories, record, today - ago).map_or(0.0, |found| found.score());
    let scores: Vec<f64> = weeks.iter().map(score).collect();
    let mean = scores.iter().sum::<f64>() / scores.len() as f64;
    let told: Vec<String> =
        scores.iter().zip(&weeks).map(|(score, ago)| format!("{score} ({ago} days before)")).collect();
    story.recomputed(mean.into(), format!("({}) / {} = {mean}", told.join(" + "), scores.len()));
    Ok(())
}
