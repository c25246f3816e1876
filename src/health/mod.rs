//! Relationship health of contacts, open leads and open opportunities: score, state, trend and the
//! main reason in words (rules H1 to H5).

pub mod columns;
pub mod histories;
mod open;
pub mod reason;
pub mod score;
pub mod table;

use crate::as_of::DAY;
use crate::config::HealthSettings;
use crate::error::Result;
use crate::interactions::Context;
use crate::interactions::touch::Touch;
use histories::{Histories, History, TREND_DAYS, WINDOW_DAYS};
use score::Components;

/// What a record's score stands for, an index into [`STATES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// From `health_good_from`.
    Good,
    /// From `health_fair_from`.
    Fair,
    /// Below.
    Poor,
    /// Nothing is known of it, neither held nor planned.
    NotEnoughInfo,
    /// Something is planned, but nothing was held yet.
    NoClosedActivities,
    /// The last thing that was held is older than two years.
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

/// Points by which a score must leave its recent past to be on the move.
pub const DEAD_BAND: f64 = 5.0;
/// Days between the earlier scores that a trend compares with.
const TREND_STEP: i64 = 7;
/// Days after which what happened says nothing any more.
const TWO_YEARS: i64 = 730;

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
    /// Mean of the scores 7, 14, 21 and 28 days before, where there was something to score.
    pub earlier: Option<f64>,
    /// Where it is heading.
    pub trend: Option<Trend>,
}

/// Health of every record in their order. The input may be split by record.
///
/// # Errors
/// Only what the engine runs into.
pub fn of_records(context: &Context, histories: &Histories) -> Result<Vec<Health>> {
    let open = open::open(context)?;
    let health = |(record, open): (usize, bool)| {
        if open {
            of(&histories.record(record as u32), context.cutoff, &context.settings.health)
        } else {
            Health { state: State::NotApplicable, scored: None }
        }
    };
    Ok(open.into_iter().enumerate().map(health).collect())
}

/// Health of one record as of an instant.
pub fn of(history: &History<'_>, at: i64, settings: &HealthSettings) -> Health {
    let unscored = |state| Health { state, scored: None };
    match history.last_at {
        None if history.planned => return unscored(State::NoClosedActivities),
        None => return unscored(State::NotEnoughInfo),
        Some(last) if last < at - TWO_YEARS * DAY => return unscored(State::OlderThanTwoYears),
        Some(_) => {}
    }
    let components = Components::of(window(history.touches, at), at, settings);
    let score = components.score();
    let state = match score {
        score if score >= f64::from(settings.good_from) => State::Good,
        score if score >= f64::from(settings.fair_from) => State::Fair,
        _ => State::Poor,
    };
    let earlier = earlier(history.touches, at, settings);
    let trend = earlier.map(|earlier| match score - earlier {
        change if change > DEAD_BAND => Trend::Improving,
        change if change < -DEAD_BAND => Trend::Declining,
        _ => Trend::Steady,
    });
    Health { state, scored: Some(Scored { score, components, earlier, trend }) }
}

/// The mean of the scores of the recent past, of the days on which there was something to score.
fn earlier(touches: &[Touch], at: i64, settings: &HealthSettings) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0.0);
    for days in (TREND_STEP..=TREND_DAYS).step_by(TREND_STEP as usize) {
        let at = at - days * DAY;
        let touches = window(touches, at);
        if !touches.is_empty() {
            sum += Components::of(touches, at, settings).score();
            count += 1.0;
        }
    }
    (count > 0.0).then(|| sum / count)
}

/// The touches of the year before an instant.
fn window(touches: &[Touch], at: i64) -> &[Touch] {
    let from = touches.partition_point(|touch| touch.at < at - WINDOW_DAYS * DAY);
    &touches[from..touches.partition_point(|touch| touch.at < at)]
}
