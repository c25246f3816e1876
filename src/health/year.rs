//! What happened around a record in the year before the end of a day, as it is added up day by day.

use super::factors::{Components, frequency, mutual, recency};
use super::window::{LIVING_DAYS, TREND_DAYS, WINDOW_DAYS};
use crate::decay::{Fading, life, whole};

/// A year of a record. Its days come from the newest back.
pub struct Year {
    /// Place of its last day.
    pub today: u32,
    /// The newest and the oldest day with any contact.
    days: Option<(u32, u32)>,
    received: Side,
    sent: Side,
    all_days: u32,
    contact_days: u32,
    recent_contact_days: u32,
    earlier_contact_days: u32,
    /// What pairs of kind and colleague still count, in millionths.
    pub variety: u64,
    /// The last day on which one of the colleagues was in touch with anyone outside.
    pub liveliest: u32,
}

/// What came from one side.
#[derive(Default)]
struct Side {
    /// Faded weights of days, in millionths.
    sum: u64,
    /// Days since the last of it.
    since: Option<u32>,
}

impl Year {
    /// One that ends with a day, without anything in it.
    pub fn until(today: u32) -> Year {
        Year {
            today,
            days: None,
            received: Side::default(),
            sent: Side::default(),
            all_days: 0,
            contact_days: 0,
            recent_contact_days: 0,
            earlier_contact_days: 0,
            variety: 0,
            liveliest: 0,
        }
    }

    /// Whether a day lies in it.
    pub fn has(&self, day: u32) -> bool {
        day <= self.today && self.today < day + WINDOW_DAYS
    }

    /// Adds a day with contact, and the heaviest weights of what came from them and from us, which fade.
    pub fn add(&mut self, memory: &Fading, day: u32, theirs: Option<u32>, ours: Option<u32>) {
        let age = self.today - day;
        let newest = self.days.map_or(day, |(newest, _)| newest);
        self.days = Some((newest, day));
        self.liveliest = self.liveliest.max(newest);
        self.all_days += 1;
        self.contact_days += u32::from(age < LIVING_DAYS);
        self.recent_contact_days += u32::from(age < TREND_DAYS);
        self.earlier_contact_days += u32::from((TREND_DAYS..2 * TREND_DAYS).contains(&age));
        for (side, heaviest) in [(&mut self.received, theirs), (&mut self.sent, ours)] {
            if let Some(weight) = heaviest {
                side.sum += memory.weigh(weight, age);
                side.since.get_or_insert(age);
            }
        }
    }

    /// What a score is made of; none where nothing happened. `half` are the days after which life is a half, `rhythm` is
    /// what frequency is divided by.
    pub fn components(&self, half: f64, rhythm: f64) -> Option<Components> {
        let (newest, oldest) = self.days?;
        let age = |day: u32| self.today - day;
        let (received, sent) = (whole(self.received.sum), whole(self.sent.sum));
        Some(Components {
            days_since_contact: age(newest),
            days_since_received: self.received.since,
            days_since_sent: self.sent.since,
            received,
            sent,
            frequency: frequency(received, sent, rhythm),
            mutual: mutual(received, sent),
            recency: recency(age(newest), [self.received.since, self.sent.since], half),
            our_activity: life(age(self.liveliest), half).sqrt(),
            varied: whole(self.variety).sqrt().sqrt().sqrt(),
            contact_days: self.contact_days,
            own_gap: (self.all_days > 1).then(|| (newest - oldest).div_ceil(self.all_days - 1)),
            recent_contact_days: self.recent_contact_days,
            earlier_contact_days: self.earlier_contact_days,
        })
    }
}
