//! Numbers, days and times as each language writes them. An unknown one is never written as 0.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;

use super::words::{Findings, Words};
use crate::language::Language;

/// How the pages of a report speak.
pub struct Say {
    /// In which the pages are written.
    pub language: Language,
    /// The words of the pages.
    pub words: &'static Words,
    /// What needs somebody, what changed, who is missing.
    pub findings: &'static Findings,
    /// The reporting time zone, in which days begin.
    pub zone: Tz,
}

impl Say {
    /// Speaks a language, with times of a zone.
    pub fn new(language: Language, zone: Tz) -> Say {
        Say { language, words: Words::of(language), findings: Findings::of(language), zone }
    }

    /// A number with so many decimals, its thousands parted.
    pub fn number(&self, value: f64, decimals: usize) -> String {
        let written = format!("{:.decimals$}", value.abs());
        let (whole, fraction) = written.split_once('.').unwrap_or((&written, ""));
        let (thousands, decimal) = match self.language {
            Language::English => (",", "."),
            Language::Swedish => ("\u{a0}", ","),
            Language::French => ("\u{202f}", ","),
            Language::German => (".", ","),
        };
        let mut text = String::new();
        // Rounded to nothing, it has no sign.
        if value < 0.0 && written.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) {
            text.push('−');
        }
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) {
                text.push_str(thousands);
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push_str(decimal);
            text.push_str(fraction);
        }
        text
    }

    /// An amount of money. One of ten billions or more is said in billions: no column has room for all its digits.
    pub fn amount(&self, value: f64) -> String {
        const BILLION: f64 = 1e9;
        match value.abs() < 10.0 * BILLION {
            true => self.number(value, 0),
            false => format!("{}\u{a0}{}", self.number(value / BILLION, 0), self.words.billions),
        }
    }

    /// A whole number, its thousands apart as the language has them.
    pub fn whole(&self, value: i64) -> String {
        self.number(value as f64, 0)
    }

    /// What stands between a name and what it names, as in "Longest silence: 3 days".
    pub fn colon(&self) -> &'static str {
        if self.language == Language::French { "\u{a0}:" } else { ":" }
    }

    /// What stands between two statements.
    pub fn semicolon(&self) -> &'static str {
        if self.language == Language::French { "\u{a0}; " } else { "; " }
    }

    /// A score from 0 to 100. It is cut and not rounded: 39.6 is poor where fair begins at 40, and reads 39.
    pub fn score(&self, score: f64) -> String {
        self.number(score.floor(), 0)
    }

    /// A share from 0 to 1.
    pub fn percent(&self, share: f64) -> String {
        let space = if self.language == Language::English { "" } else { "\u{a0}" };
        format!("{}{space}%", self.number(share * 100.0, 0))
    }

    /// Hours, in the unit that suits them.
    pub fn hours(&self, hours: f64) -> String {
        let words = self.words;
        match hours {
            hours if hours < 1.0 => format!("{}\u{a0}{}", self.number(hours * 60.0, 0), words.minutes_short),
            hours if hours < 48.0 => format!("{}\u{a0}{}", self.number(hours, 1), words.hours_short),
            hours => format!("{}\u{a0}{}", self.number(hours / 24.0, 1), words.days_short),
        }
    }

    /// Minutes, as hours and minutes.
    pub fn minutes(&self, minutes: f64) -> String {
        let rounded = minutes.round() as i64;
        let (hours, rest) = (rounded / 60, rounded % 60);
        let (hour, minute) = (self.words.hours_short, self.words.minutes_short);
        match (hours, rest) {
            (0, rest) => format!("{rest}\u{a0}{minute}"),
            (hours, 0) => format!("{}\u{a0}{hour}", self.whole(hours)),
            (hours, rest) => format!("{}\u{a0}{hour} {rest}\u{a0}{minute}", self.whole(hours)),
        }
    }

    /// A day, such as 31 Mar 2026.
    pub fn day(&self, day: NaiveDate) -> String {
        format!("{} {}", self.short_day(day), day.year())
    }

    /// A day without its year.
    pub fn short_day(&self, day: NaiveDate) -> String {
        let month = self.month_name(day);
        match self.language {
            Language::German => format!("{}.\u{a0}{month}", day.day()),
            Language::French if day.day() == 1 => format!("1er\u{a0}{month}"),
            _ => format!("{}\u{a0}{month}", day.day()),
        }
    }

    /// A month, such as Mar 2026.
    pub fn month(&self, day: NaiveDate) -> String {
        format!("{}\u{a0}{}", self.month_name(day), day.year())
    }

    fn month_name(&self, day: NaiveDate) -> &'static str {
        let months = match self.language {
            Language::English => "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
            Language::Swedish => "jan. feb. mars apr. maj juni juli aug. sep. okt. nov. dec.",
            Language::French => "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
            Language::German => "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.",
        };
        months.split(' ').nth(day.month0() as usize).unwrap_or_default()
    }

    /// The day of an instant in the reporting time zone.
    pub fn day_of(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    /// An instant to the minute, in the reporting time zone.
    pub fn instant(&self, at: DateTime<Utc>) -> String {
        let local = at.with_timezone(&self.zone);
        format!("{}, {}", self.day(local.date_naive()), local.format("%H:%M"))
    }

    /// `one` of 1, else `many` with its `{n}` replaced.
    pub fn count(&self, n: i64, one: &str, many: &str) -> String {
        // French has the singular for none, too.
        let singular = n == 1 || (n == 0 && self.language == Language::French);
        if singular { one } else { many }.replace("{n}", &self.whole(n))
    }

    /// Days, as in "3 days".
    pub fn days(&self, n: i64) -> String {
        self.count(n, self.words.day_one, self.words.day_many)
    }

    /// How far a day lies from that of the report: "3 days ago", "today", "in 3 days".
    pub fn distance(&self, days: i64) -> String {
        let words = self.words;
        let frame = match days {
            0 => return words.today.to_string(),
            days if days < 0 => words.days_ago,
            _ => words.in_days,
        };
        let n = days.abs();
        let dative = self.count(n, words.day_one_dative, words.day_many_dative);
        frame.replace("{days}", &self.days(n)).replace("{days_dative}", &dative)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Language; 4] = [Language::English, Language::Swedish, Language::French, Language::German];

    fn said(f: impl Fn(&Say) -> String) -> [String; 4] {
        ALL.map(|language| f(&Say::new(language, chrono_tz::Europe::Stockholm)))
    }

    #[test]
    fn numbers_follow_the_language() {
        assert_eq!(said(|say| say.number(1234.56, 1)), ["1,234.6", "1\u{a0}234,6", "1\u{202f}234,6", "1.234,6"]);
        assert_eq!(said(|say| say.percent(0.455)), ["46%", "46\u{a0}%", "46\u{a0}%", "46\u{a0}%"]);
        assert_eq!(said(|say| say.number(-0.04, 1))[0], "0.0");
        assert_eq!(said(|say| say.score(39.6))[0], "39");
        assert_eq!(said(|say| say.amount(9_999_999_999.0))[3], "9.999.999.999");
        let amounts = ["1,000\u{a0}bn", "1\u{a0}000\u{a0}md", "1\u{202f}000\u{a0}Md", "1.000\u{a0}Mrd."];
        assert_eq!(said(|say| say.amount(1e12)), amounts);
    }

    #[test]
    fn days_and_times_are_those_of_the_zone() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
        assert_eq!(
            said(|say| say.day(day)),
            ["1\u{a0}Mar 2026", "1\u{a0}mars 2026", "1er\u{a0}mars 2026", "1.\u{a0}März 2026"]
        );
        let late = "2026-03-31T22:30:00Z".parse().unwrap();
        assert_eq!(said(|say| say.instant(late))[0], "1\u{a0}Apr 2026, 00:30");
    }

    #[test]
    fn times_take_the_unit_that_suits_them() {
        assert_eq!(said(|say| say.hours(0.5))[0], "30\u{a0}min");
        assert_eq!(said(|say| say.hours(3.4))[3], "3,4\u{a0}Std.");
        assert_eq!(said(|say| say.hours(72.0))[1], "3,0\u{a0}dagar");
        assert_eq!(said(|say| say.minutes(135.4))[0], "2\u{a0}h 15\u{a0}min");
        assert_eq!(said(|say| say.distance(-3)), ["3 days ago", "3 dagar sedan", "il y a 3 jours", "vor 3 Tagen"]);
        assert_eq!(said(|say| say.distance(1)), ["in 1 day", "om 1 dag", "dans 1 jour", "in 1 Tag"]);
    }
}
