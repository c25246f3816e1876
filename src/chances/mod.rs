//! Chances: what a score has been worth in the lake's own past (rule W4).
//!
//! At earlier dates the same score is computed of what was known then, and held against what came in the days
//! after, as far as these have passed. From that [`Calibration`] learns which share of the cases with a score like
//! this one came true, and how well earlier chances, learned from still earlier dates only, foretold later dates: the
//! table `score_calibration`.

mod calibration;
mod curve;
pub mod score_calibration;

use crate::frames::keys::{Key, place};

pub use calibration::{Bin, Calibration};
pub use curve::Curve;

/// What is foretold, by which score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Foretold {
    /// Name of the chance; that of its column, where it has one.
    pub name: &'static str,
    /// Name of the score.
    pub score: &'static str,
    /// Within how many days it comes true.
    pub days: u32,
    /// How many earlier dates are learned from, so many days apart.
    pub dates: u32,
}

impl Foretold {
    /// Days before the date to each earlier date, the latest first: all days that are foretold there have passed.
    pub fn ago(&self) -> impl Iterator<Item = u32> {
        let days = self.days;
        (1..=self.dates).map(move |date| date * days)
    }

    /// Days before the date to the earliest one.
    pub const fn reach(&self) -> u32 {
        self.dates * self.days
    }
}

/// A score at an earlier date, and whether what it foretells came true.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Case {
    /// The score.
    pub score: f64,
    /// Whether it came true.
    pub came_true: bool,
}

/// Of how many cases of a date is learned at most, about.
const MOST_CASES: usize = 20_000;

/// Which of many cases are looked at: all of few, else a share, drawn by an id of each.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    one_in: u64,
}

impl Sample {
    /// Of so many cases.
    pub fn of(cases: usize) -> Sample {
        Sample { one_in: cases.div_ceil(MOST_CASES).max(1) as u64 }
    }

    /// Whether a case with this id is looked at.
    pub fn has(&self, id: Key) -> bool {
        (place(id) >> 16).is_multiple_of(self.one_in)
    }
}
