//! The languages of texts for people: summaries, reasons and introduction requests.

use chrono::{Datelike, NaiveDate};

/// A language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Swedish.
    Swedish,
    /// French.
    French,
    /// German.
    German,
}

impl Language {
    /// All of them, in the order in which texts by language are kept.
    pub const ALL: [Language; 4] = [Language::English, Language::Swedish, Language::French, Language::German];

    /// Codes of all languages in the order of the alphabet.
    pub const CODES: [&str; 4] = ["de", "en", "fr", "sv"];

    /// The code of ISO 639-1.
    pub fn code(self) -> &'static str {
        ["en", "sv", "fr", "de"][self as usize]
    }

    /// The language of a code of ISO 639-1.
    pub fn from_code(code: &str) -> Option<Language> {
        Language::ALL.into_iter().find(|language| language.code() == code)
    }

    /// A day as it is written in a letter.
    pub fn day(self, day: NaiveDate) -> String {
        let months = match self {
            Language::English => &ENGLISH,
            Language::Swedish => &SWEDISH,
            Language::French => &FRENCH,
            Language::German => &GERMAN,
        };
        let month = months[day.month0() as usize];
        let number = match (self, day.day()) {
            (Language::French, 1) => "1er".to_string(),
            (Language::German, number) => format!("{number}."),
            (_, number) => number.to_string(),
        };
        format!("{number} {month} {}", day.year())
    }
}

const ENGLISH: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const SWEDISH: [&str; 12] = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
];
const FRENCH: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const GERMAN: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_is_found_by_its_code() {
        let mut codes = Language::ALL.map(Language::code);
        codes.sort_unstable();
        assert_eq!(codes, Language::CODES);
        assert_eq!(Language::ALL.map(|language| Language::from_code(language.code())), Language::ALL.map(Some));
        assert_eq!(Language::from_code("xx"), None);
    }

    #[test]
    fn days_are_written_as_letters_write_them() {
        let first = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
        let written = Language::ALL.map(|language| language.day(first));
        assert_eq!(written, ["1 March 2026", "1 mars 2026", "1er mars 2026", "1. März 2026"]);
    }
}
