//! German sentences.

use super::super::finding::{Against, Finding, Noun};
use super::Them;
use super::vocabulary::{Counted, Vocabulary};

const WORDS: Vocabulary = Vocabulary {
    // One of them in the accusative, as all sentences take it.
    nouns: [
        Counted { a: "eine", one: "E-Mail", many: "E-Mails" },
        Counted { a: "eine", one: "Besprechung", many: "Besprechungen" },
        Counted { a: "einen", one: "Anruf", many: "Anrufe" },
    ],
    units: [("Minute", "Minuten"), ("Stunde", "Stunden"), ("Tag", "Tage")],
    small: ["zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"],
    singular_below_two: false,
    thousands: ".",
    point: ",",
    before_percent: "\u{a0}",
    them: ["der Kunde", "der Kontakt", "der Lead"],
    similar_deals: "in ähnlichen gewonnenen Geschäften gleichen Alters",
};

pub(super) fn sentence(finding: Finding, them: Them) -> String {
    let than = |against| WORDS.than(against, them);
    match finding {
        Finding::Count { noun, difference, against } => {
            let amount = difference.abs();
            let (number, name) = (WORDS.number(noun, amount), WORDS.noun(noun, amount));
            let counted = format!("{number} {name} {}", if difference > 0.0 { "mehr" } else { "weniger" });
            let than = than(against);
            if against == Against::SimilarDeals {
                return format!("Bisher gab es {counted} als {than}.");
            }
            let did = match noun {
                Noun::Email => "geschickt",
                Noun::Meeting => "angesetzt",
                Noun::Call => "getätigt",
            };
            format!("Wir haben {counted} {did} als {than}.")
        }
        Finding::Response { hours, against } => {
            let how = if hours > 0.0 { "später" } else { "schneller" };
            format!("Wir beantworten E-Mails {} {how} als {}.", WORDS.time(hours), than(against))
        }
        Finding::Rates { by_them, by_us } => {
            let (who, theirs, ours) = (WORDS.capital_them(them), WORDS.percent(by_them), WORDS.percent(by_us));
            format!("{who} beantwortet {theirs} unserer E-Mails, wir {ours} der seinen.")
        }
        Finding::RateBesideSimilar { here, there } => {
            let (who, here, there) = (WORDS.capital_them(them), WORDS.percent(here), WORDS.percent(there));
            format!("{who} beantwortet {here} unserer E-Mails, gegenüber {there} {}.", than(Against::SimilarDeals))
        }
        Finding::Time { hours, against } => {
            let more = if hours > 0.0 { "mehr" } else { "weniger" };
            format!("Wir haben {} {more} aufgewendet als {}.", WORDS.hours(hours), than(against))
        }
        Finding::Silence { days } => format!("Der letzte Kontakt liegt {} Tage zurück.", WORDS.days(days)),
        Finding::Balance => "Bisher haben beide Seiten etwa gleich viel getan.".to_string(),
    }
}
