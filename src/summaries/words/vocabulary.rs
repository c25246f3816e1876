//! Words of a language, and how it writes numbers with them.

use super::super::finding::{Against, Noun};
use super::Them;

/// A thing that is counted.
pub(super) struct Counted {
    /// The number one before it.
    pub a: &'static str,
    /// One of it.
    pub one: &'static str,
    /// Several of it.
    pub many: &'static str,
}

/// The words of a language.
pub(super) struct Vocabulary {
    /// Emails, meetings, calls.
    pub nouns: [Counted; 3],
    /// Minutes, hours, days: one and several.
    pub units: [(&'static str, &'static str); 3],
    /// Two to twelve.
    pub small: [&'static str; 11],
    /// Whether everything below two takes the singular, and not one alone.
    pub singular_below_two: bool,
    /// Between thousands.
    pub thousands: &'static str,
    /// Before decimals.
    pub point: &'static str,
    /// Before a percent sign.
    pub before_percent: &'static str,
    /// The customer, the contact, the lead.
    pub them: [&'static str; 3],
    /// Where similar won deals were as old.
    pub similar_deals: &'static str,
}

impl Vocabulary {
    /// An amount in digits: one decimal below ten, where it has any.
    fn digits(&self, amount: f64) -> String {
        let rounded = rounded(amount);
        let text = if rounded.fract() == 0.0 { format!("{rounded:.0}") } else { format!("{rounded:.1}") };
        let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
        let mut grouped = String::new();
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) {
                grouped.push_str(self.thousands);
            }
            grouped.push(digit);
        }
        if !decimals.is_empty() {
            grouped.push_str(self.point);
            grouped.push_str(decimals);
        }
        grouped
    }

    fn singular(&self, amount: f64) -> bool {
        let rounded = rounded(amount);
        if self.singular_below_two { rounded < 2.0 } else { rounded == 1.0 }
    }

    /// How many of something: small whole numbers in words.
    pub fn number(&self, noun: Noun, amount: f64) -> String {
        let rounded = rounded(amount);
        if rounded == 1.0 {
            return self.nouns[noun as usize].a.to_string();
        }
        if rounded.fract() == 0.0 && (2.0..=12.0).contains(&rounded) {
            return self.small[rounded as usize - 2].to_string();
        }
        self.digits(amount)
    }

    /// What it is, as that many take it.
    pub fn noun(&self, noun: Noun, amount: f64) -> &'static str {
        let noun = &self.nouns[noun as usize];
        if self.singular(amount) { noun.one } else { noun.many }
    }

    /// A whole number of days, in digits.
    pub fn days(&self, days: i64) -> String {
        self.digits(days as f64)
    }

    /// A share of 0 to 1 as a percentage.
    pub fn percent(&self, share: f64) -> String {
        format!("{:.0}{}%", share * 100.0, self.before_percent)
    }

    /// How long something took by the clock, in the unit that suits it.
    pub fn time(&self, hours: f64) -> String {
        let hours = hours.abs();
        if hours < 48.0 { self.hours(hours) } else { self.of_unit(hours / 24.0, self.units[2]) }
    }

    /// How long people worked, never in days: theirs have no 24 hours.
    pub fn hours(&self, hours: f64) -> String {
        let [minute, hour, _] = self.units;
        match hours.abs() {
            hours if hours < 0.95 => self.of_unit((hours * 60.0).round().max(1.0), minute),
            hours => self.of_unit(hours, hour),
        }
    }

    fn of_unit(&self, amount: f64, (one, many): (&str, &str)) -> String {
        format!("{} {}", self.digits(amount), if self.singular(amount) { one } else { many })
    }

    /// What the customer's side is called.
    pub fn them(&self, them: Them) -> &'static str {
        self.them[them as usize]
    }

    /// The same at the beginning of a sentence.
    pub fn capital_them(&self, them: Them) -> String {
        let mut letters = self.them(them).chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    }

    /// What the comparison is with, after `than`.
    pub fn than(&self, against: Against, them: Them) -> &'static str {
        match against {
            Against::Them => self.them(them),
            Against::SimilarDeals => self.similar_deals,
        }
    }
}

/// To one decimal below ten, to the whole from there on.
pub(super) fn rounded(amount: f64) -> f64 {
    if amount < 9.95 { (amount * 10.0).round() / 10.0 } else { amount.round() }
}
