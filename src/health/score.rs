//! How healthy a relationship is: the published formula (rules H2, H3, H5).
//!
//! ```text
//! half         2 × the days between contacts that are expected: 14 for weekly; 10 where the lake says what is expected
//! life(n)      half / (half + n), n being whole days
//! weight       of an interaction: the kind's weight / 6, half of that where the record's people are only
//!              copied in
//! received     sum of weight × √life over the days with something from the record's people, the heaviest
//!              of each day; mail of other outsiders that merely names them is neither received nor sent
//! sent         the same from us; meetings and calls are both, tasks are ours
//! frequency    (¼ + received + ¼ + sent) / 2 / what contact at exactly the expected rhythm would give; where the lake
//!              says what is expected, received and sent fade by 90 days instead of half, and the divisor is the one
//!              with which contact as it is usual in the record type has a score of 50
//! mutual       √((¼ + received) × (¼ + sent)) / their mean
//! recency      √(life of the last contact × √(life of the last from them × life of the last from us))
//! our_activity √life of the day on which the liveliest colleague of the record was last in touch with anyone
//! varied       ⁸√ of the sum of √life over kinds and colleagues, each by its last interaction
//! score        100 × x / (x + 0.3), x being the product of the five
//! ```

use super::histories::Histories;
use super::window::{LIVING_DAYS, TREND_DAYS, WINDOW_DAYS};
use crate::config::{ExpectedContact, HealthSettings};
use crate::decay::{Fading, MICRO, life, micro, whole};
use crate::health::touchpoint::{NOBODY, Sign, Way};

/// What a mail says about people who are only copied in.
const COPIED: f64 = 0.5;
/// What a side that was never heard counts as.
const FLOOR: f64 = 0.25;
/// The product that stands for an even chance.
const EVEN: f64 = 0.3;
/// Days after which a day of contact counts half, squared, where the lake says what is expected.
const MEMORY: f64 = 90.0;
/// Days between contacts by which the other components fade where the lake says what is expected.
const PACE: f64 = 5.0;
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

/// The formula under some settings.
#[derive(Clone)]
pub struct Formula {
    fading: Fading,
    /// How what was received and sent fades.
    memory: Fading,
    /// Weights in millionths by kind and part.
    weights: [[u32; 2]; 4],
    /// What contact at exactly the expected rhythm gives.
    rhythm: f64,
}

impl Formula {
    /// Under these settings.
    pub fn new(settings: &HealthSettings) -> Formula {
        let weights = settings.weights.map(|weight| [1.0, COPIED].map(|share| micro(share * f64::from(weight) / 6.0)));
        let fading = |half| Fading::new(half, WINDOW_DAYS + TREND_DAYS);
        let expected = settings.expected_contact;
        let half = 2.0 * expected.map_or(PACE, ExpectedContact::days);
        Formula {
            rhythm: expected.map_or(1.0, rhythm),
            fading: fading(half),
            memory: fading(expected.map_or(MEMORY, |_| half)),
            weights,
        }
    }

    /// The formula with which contact that comes to what is usual has a score of 50.
    pub fn against(&self, product: f64) -> Formula {
        Formula { rhythm: product / EVEN, ..self.clone() }
    }

    /// The formula that divides by another expected frequency.
    pub fn with_expected(&self, frequency: f64) -> Formula {
        Formula { rhythm: frequency, ..self.clone() }
    }

    /// What a sign of an age still counts in what one side did, in millionths.
    pub fn counts(&self, sign: Sign, age: u32) -> u64 {
        self.memory.weigh(self.weight(sign), age)
    }

    /// What a pair of kind and colleague still counts in variety, in millionths.
    pub fn fades(&self, age: u32) -> u64 {
        self.fading.weigh(MICRO, age)
    }

    /// Days after which life is a half.
    pub fn half(&self) -> f64 {
        self.fading.half
    }

    /// What frequency is divided by.
    pub fn expected_frequency(&self) -> f64 {
        self.rhythm
    }

    /// What contact comes to: the product of the components, frequency not divided.
    pub fn product(&self, found: &Components) -> f64 {
        found.frequency * self.rhythm * found.mutual * found.recency * found.our_activity * found.varied
    }

    /// Of a record as of the end of a day, over the year before; none if nothing happened in it.
    pub fn components(&self, histories: &Histories, record: u32, today: u32) -> Option<Components> {
        let signs = histories.signs(record);
        let from = signs.partition_point(|sign| sign.day() + WINDOW_DAYS <= today);
        let signs = &signs[from..signs.partition_point(|sign| sign.day() <= today)];
        let newest = signs.last()?.day();
        let age = |day: u32| today - day;
        let oldest = signs.first()?.day();
        let (mut received, mut sent) = (Side::default(), Side::default());
        let (mut contact_days, mut all_days) = (0, 0);
        let (mut recent_contact_days, mut earlier_contact_days) = (0, 0);
        let (mut channels, mut variety, mut liveliest) = (Vec::with_capacity(8), 0, newest);
        // From the newest day back, so that each channel is met at its last interaction.
        for of_day in signs.chunk_by(|a, b| a.day() == b.day()).rev() {
            let age = age(of_day[0].day());
            all_days += 1;
            contact_days += u32::from(age < LIVING_DAYS);
            recent_contact_days += u32::from(age < TREND_DAYS);
            earlier_contact_days += u32::from((TREND_DAYS..2 * TREND_DAYS).contains(&age));
            let (mut theirs, mut ours) = (None, None);
            for sign in of_day {
                let (way, weight) = (sign.way(), Some(self.weight(*sign)));
                if matches!(way, Way::In | Way::Both) {
                    theirs = theirs.max(weight);
                }
                if matches!(way, Way::Out | Way::Both) {
                    ours = ours.max(weight);
                }
                if channels.contains(&sign.channel()) {
                    continue;
                }
                channels.push(sign.channel());
                variety += self.fading.weigh(MICRO, age);
                if sign.user() != NOBODY {
                    liveliest = liveliest.max(histories.last_day_of(sign.user(), today).unwrap_or(0));
                }
            }
            for (side, heaviest) in [(&mut received, theirs), (&mut sent, ours)] {
                if let Some(weight) = heaviest {
                    side.sum += self.memory.weigh(weight, age);
                    side.since.get_or_insert(age);
                }
            }
        }
        let life = |age: u32| life(age, self.fading.half);
        let (since_received, since_sent) = (received.since, sent.since);
        let (received, sent) = (whole(received.sum), whole(sent.sum));
        Some(Components {
            days_since_contact: age(newest),
            days_since_received: since_received,
            days_since_sent: since_sent,
            received,
            sent,
            frequency: frequency(received, sent, self.rhythm),
            mutual: mutual(received, sent),
            recency: recency(age(newest), [since_received, since_sent], self.fading.half),
            our_activity: life(age(liveliest)).sqrt(),
            varied: whole(variety).sqrt().sqrt().sqrt(),
            contact_days,
            own_gap: (all_days > 1).then(|| (newest - oldest).div_ceil(all_days - 1)),
            recent_contact_days,
            earlier_contact_days,
        })
    }

    /// What was found with another formula that expects another frequency.
    pub fn expecting(&self, found: &Components) -> Components {
        Components { frequency: frequency(found.received, found.sent, self.rhythm), ..*found }
    }

    fn weight(&self, sign: Sign) -> u32 {
        self.weights[sign.kind() as usize][sign.part() as usize]
    }
}

/// What came from one side.
#[derive(Default)]
struct Side {
    /// Faded weights of days, in millionths.
    sum: u64,
    /// Days since the last of it.
    since: Option<u32>,
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

/// The sum over the days of a year of contact at exactly the expected rhythm.
fn rhythm(expected: ExpectedContact) -> f64 {
    let contacts = (WINDOW_DAYS - 1) / expected.days() as u32;
    whole((0..=contacts).map(|contact| u64::from(micro((2.0 / (2.0 + f64::from(contact))).sqrt()))).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_expected_rhythm_is_a_year_of_contacts() {
        let monthly = rhythm(ExpectedContact::Monthly);
        let by_hand: f64 = (0..=12).map(|k| (2.0_f64 / (2.0 + f64::from(k))).sqrt()).sum();
        assert!((monthly - by_hand).abs() < 1e-5, "{monthly} {by_hand}");
        assert!(rhythm(ExpectedContact::Daily) > rhythm(ExpectedContact::Weekly));
    }
}
