//! The words that introduction requests need in each language.

use chrono::{Datelike, NaiveDate};

use crate::interactions::event::{EMAIL, MEETING};
use crate::language::Language;

impl Language {
    /// What to call a kind of interaction.
    pub(super) fn kind(self, kind: u8) -> &'static str {
        let [email, meeting, call] = match self {
            Language::English => ["email", "meeting", "phone call"],
            Language::Swedish => ["mejl", "möte", "telefonsamtal"],
            Language::French => ["e-mail", "réunion", "appel téléphonique"],
            Language::German => ["E-Mail", "Besprechung", "Telefonat"],
        };
        match kind {
            EMAIL => email,
            MEETING => meeting,
            _ => call,
        }
    }

    /// What to call somebody whose name nobody knows.
    pub(super) fn nameless(self) -> &'static str {
        match self {
            Language::English => "this contact",
            Language::Swedish => "den här kontakten",
            Language::French => "ce contact",
            Language::German => "diesem Kontakt",
        }
    }

    /// A day as it is written in a letter.
    pub(super) fn day(self, day: NaiveDate) -> String {
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
    fn days_are_written_as_letters_write_them() {
        let first = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
        let written = Language::ALL.map(|language| language.day(first));
        assert_eq!(written, ["1 March 2026", "1 mars 2026", "1er mars 2026", "1. März 2026"]);
    }
}
