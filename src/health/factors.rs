//! What a score is made of: the five factors, and what they are computed of. See [`super::score`] for the formula.

use super::window::WINDOW_DAYS;
use crate::decay::life;

/// What a side that was never heard counts as.
const FLOOR: f64 = 0.25;
/// The product that stands for an even chance.
pub const EVEN: f64 = 0.3;
/// The age of what never was.
const NEVER: u32 = WINDOW_DAYS;

/// What a score is made of, as it is published beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Components {
    /// Days since the last contact.
    pub days_since_contact: u32,
    /// Days since the last from them, none in the window is null.
    pub days_since_received: Option<u32>,
    /// Days since the last from us, none in the window is null.
    pub days_since_sent: Option<u32>,
    /// See the formula, as all below.
    pub received: f64,
    /// What we sent.
    pub sent: f64,
    /// How often there was contact, against what is expected.
    pub frequency: f64,
    /// How even the two sides are.
    pub mutual: f64,
    /// How recent the contact is.
    pub recency: f64,
    /// Whether we are active.
    pub our_activity: f64,
    /// Of how many kinds the contact is.
    pub varied: f64,
    /// Days with any contact among the last 90.
    pub contact_days: u32,
    /// Days from one day of contact to the next on average, where there were two in the window.
    pub own_gap: Option<u32>,
    /// Days with any contact among the last 28.
    pub recent_contact_days: u32,
    /// The same among the 28 before.
    pub earlier_contact_days: u32,
}

impl Components {
    /// The score, 0 to 100.
    pub fn score(&self) -> f64 {
        let product = self.product();
        100.0 * product / (product + EVEN)
    }

    /// The product of the five.
    pub fn product(&self) -> f64 {
        self.frequency * self.mutual * self.recency * self.our_activity * self.varied
    }
}

/// How often there was contact, against what is expected.
pub fn frequency(received: f64, sent: f64, expected: f64) -> f64 {
    mean(received, sent) / expected
}

/// How even the two sides are.
pub fn mutual(received: f64, sent: f64) -> f64 {
    ((FLOOR + received) * (FLOOR + sent)).sqrt() / mean(received, sent)
}

/// How recent contact is, by the days since the last of all, and of each side.
pub fn recency(since_contact: u32, since_each: [Option<u32>; 2], half: f64) -> f64 {
    let [theirs, ours] = since_each.map(|days| life(days.unwrap_or(NEVER), half));
    (life(since_contact, half) * (theirs * ours).sqrt()).sqrt()
}

fn mean(received: f64, sent: f64) -> f64 {
    ((FLOOR + received) + (FLOOR + sent)) / 2.0
}
