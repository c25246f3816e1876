//! Connections as they were at earlier dates, and what came of them: what chances are learned from (rule W4).

use super::connection::Scoring;
use super::edges::{Edge, Edges};
use super::window::{WINDOW_DAYS, Window};
use crate::chances::{Calibration, Case, Foretold, Sample};
use crate::error::Result;
use crate::frames::keys::Key;
use crate::frames::typed_columns::texts;
use crate::interactions::Context;
use crate::interactions::Kind;
use crate::interactions::interaction_view::Started;
use crate::people::created;
use crate::sources::values::ids;
use crate::time::LocalDays;

/// What a strength foretells.
#[derive(Clone, Copy)]
pub struct Promise {
    /// Its chance.
    pub foretold: Foretold,
    /// Whether it came true, by the edges of the days after.
    pub holds: fn(&[Edge]) -> bool,
}

/// The two are in touch within 30 days.
pub const IN_TOUCH: Promise = Promise {
    foretold: Foretold { name: "contact_chance_30d", score: "strength", days: 30, dates: 6 },
    holds: |after| !after.is_empty(),
};

/// The two exchange mail both ways, meet or call within 60 days.
pub const EXCHANGE: Promise = Promise {
    foretold: Foretold { name: "exchange_chance_60d", score: "strength", days: 60, dates: 3 },
    holds: |after| {
        let by = |started| after.iter().any(|edge| edge.kind() != Kind::Email || edge.started() == started);
        by(Started::ByUs) && by(Started::ByThem)
    },
};

/// Days of edges that the connections of a date and of its past need.
pub fn days(context: &Context) -> LocalDays {
    let reach = IN_TOUCH.foretold.reach().max(EXCHANGE.foretold.reach());
    LocalDays::until(&context.as_of, WINDOW_DAYS + reach)
}

/// What the past of the edges, which were found in [`days`], says about a promise. Of a record that was not known yet
/// at an earlier date nothing is learned there.
///
/// # Errors
/// Only what the engine runs into.
pub fn calibration(context: &Context, found: &Edges, days: &LocalDays, promise: &Promise) -> Result<Calibration> {
    let records = &context.people.records;
    let (ids, created) = (texts(&records.table, "record_id")?, created(context.sources, records)?);
    let people = |pair: &&[Edge]| found.people.contains(&pair[0].record);
    let sample = Sample::of(found.pairs().filter(people).count());
    let keys: Vec<Option<Key>> = ids.iter().map(|id| id.and_then(ids::key)).collect();
    let drawn = |pair: &&[Edge]| keys[pair[0].record as usize].is_some_and(|key| sample.has(key));
    let pairs: Vec<&[Edge]> = found.pairs().filter(people).filter(drawn).collect();
    let past = promise.foretold.ago().map_while(|ago| Window::before(days, ago)).map(|window| {
        let mut scoring = Scoring::of(found, window);
        let known = |pair: &&&[Edge]| created[pair[0].record as usize].is_none_or(|created| created < window.end());
        let case = |pair: &&[Edge]| {
            let strength = scoring.components(window.of(pair))?.strength();
            let came_true = (promise.holds)(window.after(pair, promise.foretold.days));
            Some(Case { score: strength, came_true })
        };
        pairs.iter().filter(known).filter_map(case).collect()
    });
    Ok(Calibration::learn(promise.foretold, past.collect()))
}
