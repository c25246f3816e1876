//! Relationship health of contacts, open leads and open opportunities: score, state, trend and the
//! main reason in words (rules H1 to H5).

pub mod backfill;
pub mod columns;
pub mod components;
pub mod histories;
mod open;
pub mod reason;
pub mod score;
mod settled;
pub mod signs;
pub mod table;

use crate::as_of::DAY;
use crate::config::HealthSettings;
use crate::error::Result;
use crate::interactions::Context;
use histories::Histories;
use score::{Components, Formula};

/// Days that a score looks back, its own among them.
pub const WINDOW_DAYS: u32 = 365;
/// Days back to the oldest earlier score that a trend compares with.
pub const TREND_DAYS: u32 = 28;
/// Days between the earlier scores that a trend compares with.
const TREND_STEP: u32 = 7;
/// Points by which a score must leave its recent past to be on the move.
pub const DEAD_BAND: f64 = 5.0;
/// Days after which what happened says nothing any more.
const TWO_YEARS: i64 = 730;

/// What a record's score stands for, an index into [`STATES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// From `health_good_from`.
    Good,
    /// From `health_fair_from`.
    Fair,
    /// Below.
    Poor,
    /// Nothing was held in the past 365 days, though something was before.
    NotEnoughInfo,
    /// Nothing was ever held.
    NoClosedActivities,
    /// The last thing that was held is two years old or older.
    OlderThanTwoYears,
    /// No health is computed: an account, a closed lead or opportunity.
    NotApplicable,
}

/// Published names of states.
pub const STATES: [&str; 7] =
    ["good", "fair", "poor", "not_enough_info", "no_closed_activities", "older_than_two_years", "not_applicable"];

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
}

/// Health of every record in their order. The input may be split by record.
///
/// # Errors
/// Only what the engine runs into.
pub fn of_records(context: &Context, histories: &Histories) -> Result<Vec<Health>> {
    let settings = &context.settings.health;
    let formula = Formula::new(settings);
    let health = |(record, open): (u32, bool)| {
        if open {
            of(histories, record, context.cutoff, &formula, settings)
        } else {
            Health { state: State::NotApplicable, scored: None }
        }
    };
    Ok((0u32..).zip(open::open(context)?).map(health).collect())
}

fn of(histories: &Histories, record: u32, cutoff: i64, formula: &Formula, settings: &HealthSettings) -> Health {
    let unscored = |state| Health { state, scored: None };
    let today = histories.days.count() - 1;
    let Some(last_at) = histories.last_at(record) else { return unscored(State::NoClosedActivities) };
    let Some(components) = formula.components(histories, record, today) else {
        let old = last_at < cutoff - TWO_YEARS * DAY;
        return unscored(if old { State::OlderThanTwoYears } else { State::NotEnoughInfo });
    };
    let score = components.score();
    let state = match score {
        score if score >= f64::from(settings.good_from) => State::Good,
        score if score >= f64::from(settings.fair_from) => State::Fair,
        _ => State::Poor,
    };
    let days_before = (TREND_STEP..=TREND_DAYS).step_by(TREND_STEP as usize);
    let before = |days: u32| formula.components(histories, record, today - days).map_or(0.0, |found| found.score());
    let earlier = days_before.map(before).sum::<f64>() / f64::from(TREND_DAYS / TREND_STEP);
    let trend = match score - earlier {
        change if change > DEAD_BAND => Trend::Improving,
        change if change < -DEAD_BAND => Trend::Declining,
        _ => Trend::Steady,
    };
    Health { state, scored: Some(Scored { score, components, earlier, trend }) }
}
