//! Words of a language, and how it writes numbers with them.

use super::super::finding::{Answers, Noun};
use super::them::{CustomerSide, Them};

/// Days from which on a day is named instead of counted back to.
pub(super) const LONG_AGO: u32 = 100;

/// A thing that is counted.
pub(super) struct Counted {
    /// None of it, with its word.
    pub none: &'static str,
    /// The number one before it.
    pub a: &'static str,
    /// One of it.
    pub one: &'static str,
    /// Several of it.
    pub many: &'static str,
}

/// A unit of time.
#[derive(Clone, Copy)]
pub(super) struct Unit {
    /// One of it.
    pub one: &'static str,
    /// Several of it.
    pub many: &'static str,
}

/// The words of a language.
pub(super) struct Vocabulary {
    /// Emails, meetings, calls.
    pub nouns: [Counted; 3],
    /// Minutes, hours, days.
    pub units: [Unit; 3],
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
    /// All who write for them: the customer, the contact's side, the lead's side.
    pub side: [&'static str; 3],
    /// Between the last two of a list.
    pub and: &'static str,
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

    /// A whole number in digits.
    pub fn whole(&self, number: u32) -> String {
        self.digits(f64::from(number))
    }

    /// A score of 0 to 100 without decimals: cut, so that it stays on its side of the thresholds of states (rule H3).
    pub fn score(&self, score: f64) -> String {
        self.digits(score.floor())
    }

    /// A whole number before a noun: small ones in words.
    fn number(&self, noun: Noun, number: u32) -> String {
        match number {
            1 => self.nouns[noun as usize].a.to_string(),
            2..=12 => self.small[number as usize - 2].to_string(),
            _ => self.whole(number),
        }
    }

    /// Number and noun, with a word between them where the language puts one there.
    pub fn counted(&self, noun: Noun, number: u32, between: &str) -> String {
        let words = &self.nouns[noun as usize];
        if number == 0 {
            return words.none.to_string();
        }
        format!("{} {between}{}", self.number(noun, number), if number == 1 { words.one } else { words.many })
    }

    /// The counts that are not zero, as a list.
    pub fn list(&self, counts: [u32; 3]) -> String {
        let nouns = super::super::finding::NOUNS.into_iter().zip(counts).filter(|(_, count)| *count > 0);
        let parts: Vec<String> = nouns.map(|(noun, count)| self.counted(noun, count, "")).collect();
        match parts.split_last() {
            Some((last, first)) if !first.is_empty() => format!("{} {} {last}", first.join(", "), self.and),
            _ => parts.join(""),
        }
    }

    /// A mean, as a whole number with a word for about, or the word for hardly any.
    pub fn about(&self, mean: f64, about: &str, hardly: &str) -> String {
        match mean {
            mean if mean < 0.5 => hardly.to_string(),
            mean if (mean - mean.round()).abs() < 1e-9 => self.digits(mean.round()),
            mean => format!("{about} {}", self.digits(mean.round())),
        }
    }

    /// A share of 0 to 1 as a percentage.
    pub fn percent(&self, share: f64) -> String {
        format!("{:.0}{}%", share * 100.0, self.before_percent)
    }

    /// How long something took by the clock, in the unit that suits it.
    pub fn time(&self, hours: f64) -> String {
        if hours < 48.0 { self.hours(hours) } else { self.of_unit(hours / 24.0, self.units[2]) }
    }

    /// How long people worked, never in days: theirs have no 24 hours.
    pub fn hours(&self, hours: f64) -> String {
        let [minute, hour, _] = self.units;
        match hours {
            hours if hours < 0.95 => self.of_unit((hours * 60.0).round().max(1.0), minute),
            hours => self.of_unit(hours, hour),
        }
    }

    fn of_unit(&self, amount: f64, unit: Unit) -> String {
        format!("{} {}", self.digits(amount), if self.singular(amount) { unit.one } else { unit.many })
    }

    /// What the customer's side is called: a person by name.
    pub fn them<'a>(&self, them: &Them<'a>) -> &'a str {
        them.name.unwrap_or(self.them[them.side as usize])
    }

    /// What all are called who write for the customer's side. KPIs of a person count what others wrote as well in which that
    /// person is copied, so that nobody is named.
    pub fn side(&self, them: &Them) -> &'static str {
        self.side[them.side as usize]
    }

    /// The same at the beginning of a sentence.
    pub fn capital_side(&self, them: &Them) -> String {
        let mut letters = self.side(them).chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    }
}

/// One of three words by the side, or what comes before a name.
pub(super) fn by_side(them: &Them, words: [&str; 3], before_name: &str) -> String {
    match (them.name, them.side) {
        (Some(name), _) => format!("{before_name}{name}"),
        (None, CustomerSide::Customer) => words[0].to_string(),
        (None, CustomerSide::Contact) => words[1].to_string(),
        (None, CustomerSide::Lead) => words[2].to_string(),
    }
}

/// To one decimal below ten, to the whole from there on.
pub(super) fn rounded(amount: f64) -> f64 {
    if amount < 9.95 { (amount * 10.0).round() / 10.0 } else { amount.round() }
}

/// Whether we take longer.
pub(super) fn slower(ours: Answers, theirs: f64) -> bool {
    ours.median > theirs
}
