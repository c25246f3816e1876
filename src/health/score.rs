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

use super::factors::{Components, EVEN, frequency};
use super::histories::Histories;
use super::window::{TREND_DAYS, WINDOW_DAYS};
use super::year::Year;
use crate::config::{ExpectedContact, HealthSettings};
use crate::decay::{Fading, MICRO, micro, whole};
use crate::health::touchpoint::{NOBODY, Sign, Way};

/// What a mail says about people who are only copied in.
const COPIED: f64 = 0.5;
/// Days after which a day of contact counts half, squared, where the lake says what is expected.
const MEMORY: f64 = 90.0;
/// Days between contacts by which the other components fade where the lake says what is expected.
const PACE: f64 = 5.0;
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
        self.components_of_days(histories, record, &[today]).pop().flatten()
    }

    /// The same as of the ends of several days, of 32 at most. Most of what they look at is the same.
    pub fn components_of_days(&self, histories: &Histories, record: u32, days: &[u32]) -> Vec<Option<Components>> {
        let mut years: Vec<Year> = days.iter().map(|&today| Year::until(today)).collect();
        let (first, last) = (days.iter().min().copied().unwrap_or(0), days.iter().max().copied().unwrap_or(0));
        let signs = histories.signs(record);
        let signs = &signs[..signs.partition_point(|sign| sign.day() <= last)];
        let signs = &signs[signs.partition_point(|sign| sign.day() + WINDOW_DAYS <= first)..];
        // Pairs of kind and colleague, and in which of the years they were met.
        let mut channels: Vec<(u64, u32)> = Vec::with_capacity(8);
        // From the newest day back, so that each channel is met at its last interaction.
        for of_day in signs.chunk_by(|a, b| a.day() == b.day()).rev() {
            let day = of_day[0].day();
            let has_day = (0u32..).zip(&years).filter(|(_, year)| year.has(day));
            let with_day = has_day.fold(0, |years, (year, _)| years | 1 << year);
            let (theirs, ours) = self.heaviest(of_day);
            each(with_day, |year| years[year].add(&self.memory, day, theirs, ours));
            for sign in of_day {
                let place = channels.iter().position(|(channel, _)| *channel == sign.channel());
                let place = place.unwrap_or_else(|| {
                    channels.push((sign.channel(), 0));
                    channels.len() - 1
                });
                let met = channels[place].1;
                channels[place].1 |= with_day;
                each(with_day & !met, |year| {
                    let year = &mut years[year];
                    year.variety += self.fading.weigh(MICRO, year.today - day);
                    if sign.user() != NOBODY {
                        let last = histories.last_day_of(sign.user(), year.today).unwrap_or(0);
                        year.liveliest = year.liveliest.max(last);
                    }
                });
            }
        }
        years.iter().map(|year| year.components(self.fading.half, self.rhythm)).collect()
    }

    /// The heaviest weights of what came from either side on a day.
    fn heaviest(&self, of_day: &[Sign]) -> (Option<u32>, Option<u32>) {
        let (mut theirs, mut ours) = (None, None);
        for sign in of_day {
            let (way, weight) = (sign.way(), Some(self.weight(*sign)));
            if matches!(way, Way::In | Way::Both) {
                theirs = theirs.max(weight);
            }
            if matches!(way, Way::Out | Way::Both) {
                ours = ours.max(weight);
            }
        }
        (theirs, ours)
    }

    /// What was found with another formula that expects another frequency.
    pub fn expecting(&self, found: &Components) -> Components {
        Components { frequency: frequency(found.received, found.sent, self.rhythm), ..*found }
    }

    fn weight(&self, sign: Sign) -> u32 {
        self.weights[sign.kind() as usize][sign.part() as usize]
    }
}

/// Calls `look` with the place of each bit that is set.
fn each(bits: u32, mut look: impl FnMut(usize)) {
    let mut left = bits;
    while left != 0 {
        look(left.trailing_zeros() as usize);
        left &= left - 1;
    }
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
