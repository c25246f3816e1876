//! How the relationship of a deal stands whose close date is near.

use crate::health::{State, Trend};

/// How a relationship stands that is not as good as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relationship {
    /// There never was any contact.
    Never,
    /// There was contact once, and none in the past year.
    Over,
    /// Its score falls.
    Weakening,
    /// Its score is poor or dormant.
    Weak,
}

impl Relationship {
    /// None where it is good enough.
    pub fn of(state: State, trend: Option<Trend>) -> Option<Relationship> {
        match (state, trend) {
            (State::NoClosedActivities, _) => Some(Relationship::Never),
            (_, None) => Some(Relationship::Over),
            (_, Some(Trend::Declining)) => Some(Relationship::Weakening),
            (State::Good | State::Fair, _) => None,
            _ => Some(Relationship::Weak),
        }
    }
}
