//! Relationship health of accounts, contacts, open leads and open opportunities: score, state, trend and the
//! main reason in words (rules H1 to H5).
//!
//! [`histories`] has what happened around each record lately, one [`touchpoint`] per interaction; [`score`] has the formula,
//! and [`usual`] what it compares with; [`reason`] and [`words`] say why. [`relationship_health`] is the table, [`columns`]
//! are those that the KPI tables have too, and [`chance`] is the one of contacts.

pub mod chance;
mod clause;
pub mod columns;
pub mod components;
pub mod factors;
pub mod histories;
mod open;
pub mod reason;
pub mod relationship_health;
pub mod score;
pub mod taking_part;
pub mod touchpoint;
pub mod usual;
pub mod window;
pub mod words;
mod year;

use crate::config::HealthSettings;
use crate::error::Result;
use crate::interactions::Context;
use crate::people::RecordType;
use crate::time::{AsOf, DAY};
use factors::Components;
use histories::Histories;
use score::Formula;
use usual::Usual;
use window::TREND_DAYS;

/// Days between the earlier scores that a trend compares with.
const TREND_STEP: u32 = 7;
/// Points by which a score must leave its recent past to be on the move.
pub const DEAD_BAND: f64 = 5.0;
/// Days after which what happened says nothing any more.
pub const TWO_YEARS: i64 = 730;

/// What a record's score stands for, an index into [`STATES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// From `health_good_from`.
    Good,
    /// From `health_fair_from`.
    Fair,
    /// Below.
    Poor,
    /// Below, and silent for longer than its own rhythm explains.
    Dormant,
    /// Nothing was held in the past 365 days, though something was before.
    NotEnoughInfo,
    /// Nothing was ever held.
    NoClosedActivities,
    /// The last thing that was held is two years old or older.
    OlderThanTwoYears,
    /// No health is computed: a closed lead or opportunity.
    NotApplicable,
}

/// Published names of states.
pub const STATES: [&str; 8] = [
    "good",
    "fair",
    "poor",
    "dormant",
    "not_enough_info",
    "no_closed_activities",
    "older_than_two_years",
    "not_applicable",
];

impl State {
    const ALL: [State; 8] = [
        State::Good,
        State::Fair,
        State::Poor,
        State::Dormant,
        State::NotEnoughInfo,
        State::NoClosedActivities,
        State::OlderThanTwoYears,
        State::NotApplicable,
    ];

    /// That of a published name.
    pub fn named(name: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| STATES[*state as usize] == name)
    }

    /// What a score stands for where the last contact is so many days ago. After more than `dormant_after` days what would
    /// be poor is dormant, and where nothing was held in 90 days either, so is everything else.
    pub fn of_score(score: f64, silent_days: u32, dormant_after: Option<u32>, settings: &HealthSettings) -> State {
        let is_silent = dormant_after.is_some_and(|after| silent_days > after);
        match score {
            _ if is_silent && silent_days > window::LIVING_DAYS => State::Dormant,
            score if score >= f64::from(settings.good_from) => State::Good,
            score if score >= f64::from(settings.fair_from) => State::Fair,
            _ if is_silent => State::Dormant,
            _ => State::Poor,
        }
    }
}

/// Where a score is heading, an index into [`TRENDS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trend {
    /// Above its recent past.
    Improving,
    /// About the same.
    Steady,
    /// Below its recent past.
    Declining,
}

impl Trend {
    /// That of a published name.
    pub fn named(name: &str) -> Option<Trend> {
        [Trend::Improving, Trend::Steady, Trend::Declining].into_iter().find(|trend| TRENDS[*trend as usize] == name)
    }

    /// From an earlier score to a later one.
    pub fn between(earlier: f64, later: f64) -> Trend {
        match later - earlier {
            change if change > DEAD_BAND => Trend::Improving,
            change if change < -DEAD_BAND => Trend::Declining,
            _ => Trend::Steady,
        }
    }
}

/// Published names of trends.
pub const TRENDS: [&str; 3] = ["improving", "steady", "declining"];

/// Health of one record.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Health {
    /// What the score stands for, or why there is none.
    pub state: State,
    /// Score, components and trend, where there is a score.
    pub scored: Option<Scored>,
}

/// A score and what it is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    /// 0 to 100.
    pub score: f64,
    /// What it is made of.
    pub components: Components,
    /// Mean of the scores 7, 14, 21 and 28 days before, 0 where there was nothing to score.
    pub earlier: f64,
    /// Where it is heading.
    pub trend: Trend,
    /// Days between contacts that are expected.
    pub expected_days: u32,
    /// What frequency is divided by.
    pub expected_frequency: f64,
    /// Days of silence after which it is dormant; none where the expected contact is set.
    pub dormant_after: Option<u32>,
    /// Share of the scores of its record type that are lower, ties half, 0 to 100.
    pub percentile: f64,
}

/// Health of every record in their order. What is usual for a record type is found over all its records, so
/// the input must not be split by record.
///
/// # Errors
/// Only what the engine runs into.
pub fn of_records(context: &Context, histories: &Histories) -> Result<Vec<Health>> {
    of_records_as_of(context, histories, &context.as_of, &|record| histories.last_at(record))
}

/// The same as of a day, the date or an earlier one, from what is known at the date: histories go back far enough
/// before it. `last_at` is when the last held interaction of a record before the end of that day was.
///
/// # Errors
/// Only what the engine runs into.
pub fn of_records_as_of(
    context: &Context,
    histories: &Histories,
    as_of: &AsOf,
    last_at: &dyn Fn(u32) -> Option<i64>,
) -> Result<Vec<Health>> {
    let (settings, records) = (&context.settings.health, &context.people.records);
    let formula = Formula::new(settings);
    let days_ago = (histories.days.last - as_of.date).num_days().unsigned_abs() as u32;
    let today = histories.days.count() - 1 - days_ago;
    let day = Day { histories, today, cutoff: as_of.cutoff(), last_at };
    let open = open::open(context, as_of)?;
    let found = |record: u32| open[record as usize].then(|| formula.components(histories, record, today)).flatten();
    let found: Vec<Option<Components>> = (0..open.len() as u32).map(found).collect();
    let contacts = records.range(RecordType::Contact);
    let of_contacts = Usual::of(found[contacts.start as usize..contacts.end as usize].iter().flatten(), &formula);
    let mut health = vec![Health { state: State::NotApplicable, scored: None }; open.len()];
    for record_type in RecordType::ALL {
        let range = records.range(record_type);
        let of_type = &found[range.start as usize..range.end as usize];
        let against = match settings.expected_contact {
            Some(level) => Against { formula: formula.clone(), days: level.days() as u32, found: false },
            None => {
                let usual = Usual::of(of_type.iter().flatten(), &formula);
                let expected = usual::COMMON * usual.product / of_contacts.product;
                Against { formula: formula.against(expected), days: usual.days, found: true }
            }
        };
        for record in range.clone().filter(|&record| open[record as usize]) {
            let components = found[record as usize].as_ref().map(|found| against.formula.expecting(found));
            health[record as usize] = of(&day, record, components, &against, settings);
        }
        percentiles(&mut health[range.start as usize..range.end as usize]);
    }
    Ok(health)
}

/// What the relationships of a record type are measured against.
struct Against {
    formula: Formula,
    /// Days between contacts that are expected.
    days: u32,
    /// The lake says so, not a setting.
    found: bool,
}

/// A day as of which health is computed.
struct Day<'a> {
    histories: &'a Histories,
    /// Its place among the days of the histories.
    today: u32,
    cutoff: i64,
    last_at: &'a dyn Fn(u32) -> Option<i64>,
}

fn of(
    day: &Day<'_>,
    record: u32,
    components: Option<Components>,
    against: &Against,
    settings: &HealthSettings,
) -> Health {
    let unscored = |state| Health { state, scored: None };
    let (formula, &Day { histories, today, cutoff, last_at }) = (&against.formula, day);
    let Some(last_at) = last_at(record) else { return unscored(State::NoClosedActivities) };
    let Some(components) = components else {
        let old = last_at < cutoff - TWO_YEARS * DAY;
        return unscored(if old { State::OlderThanTwoYears } else { State::NotEnoughInfo });
    };
    let score = components.score();
    let dormant_after = against.found.then(|| usual::dormant_after(&components, against.days));
    let state = State::of_score(score, components.days_since_contact, dormant_after, settings);
    let before: Vec<u32> = (TREND_STEP..=TREND_DAYS).step_by(TREND_STEP as usize).map(|days| today - days).collect();
    let before = formula.components_of_days(histories, record, &before).into_iter();
    let score_of = |found: Option<Components>| found.map_or(0.0, |found| found.score());
    let earlier = before.map(score_of).sum::<f64>() / f64::from(TREND_DAYS / TREND_STEP);
    let trend = Trend::between(earlier, score);
    let scored = Scored {
        score,
        components,
        earlier,
        trend,
        expected_days: against.days,
        expected_frequency: formula.expected_frequency(),
        dormant_after,
        percentile: 0.0,
    };
    Health { state, scored: Some(scored) }
}

/// Fills in the percentiles of the records of one type.
fn percentiles(health: &mut [Health]) {
    let mut scores: Vec<f64> = health.iter().filter_map(|one| Some(one.scored?.score)).collect();
    scores.sort_unstable_by(f64::total_cmp);
    for scored in health.iter_mut().filter_map(|one| one.scored.as_mut()) {
        let below = scores.partition_point(|&score| score < scored.score);
        let ties = scores.partition_point(|&score| score <= scored.score) - below;
        scored.percentile = 100.0 * (below as f64 + ties as f64 / 2.0) / scores.len() as f64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Profile, Settings};

    #[test]
    fn long_silence_is_dormant_and_after_ninety_days_whatever_the_score() {
        let settings = Settings::of_profile(Profile::Default).health;
        let state = |score, silent, after| State::of_score(score, silent, after, &settings);
        assert_eq!(state(30.0, 60, Some(60)), State::Poor);
        assert_eq!(state(30.0, 61, Some(60)), State::Dormant);
        assert_eq!(state(70.0, 61, Some(60)), State::Good);
        assert_eq!(state(70.0, 91, Some(60)), State::Dormant);
        assert_eq!(state(50.0, 91, Some(120)), State::Fair);
        assert_eq!(state(70.0, 300, None), State::Good);
    }
}
