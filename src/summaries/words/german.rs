//! German sentences.

use super::super::finding::{Answers, Contact, Finding, HealthTrend, Noun, TrendReason};
use super::them::Them;
use super::vocabulary::{Counted, LONG_AGO, Unit, Vocabulary, by_side, slower};
use crate::language::Language;

const WORDS: Vocabulary = Vocabulary {
    // One of them in the accusative, as all sentences take it.
    nouns: [
        Counted { none: "keine E-Mails", a: "eine", one: "E-Mail", many: "E-Mails" },
        Counted { none: "keine Besprechungen", a: "eine", one: "Besprechung", many: "Besprechungen" },
        Counted { none: "keine Anrufe", a: "einen", one: "Anruf", many: "Anrufe" },
    ],
    // As they stand after "nach"; hours and minutes are the same in all cases.
    units: [
        Unit { one: "Minute", many: "Minuten" },
        Unit { one: "Stunde", many: "Stunden" },
        Unit { one: "Tag", many: "Tagen" },
    ],
    small: ["zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"],
    singular_below_two: false,
    thousands: ".",
    point: ",",
    before_percent: "\u{a0}",
    them: ["der Kunde", "der Kontakt", "der Lead"],
    side: ["der Kunde", "die Kundenseite", "die Seite des Leads"],
    and: "und",
};

pub(super) fn sentence(finding: &Finding, them: &Them) -> String {
    let (they, capital) = (WORDS.side(them), WORDS.capital_side(them));
    match *finding {
        Finding::Started { noun, by_us, by_them } => {
            let (more, less) = (by_us.max(by_them), by_us.min(by_them));
            let did = match noun {
                Noun::Email => "geschickt",
                Noun::Meeting => "angesetzt",
                Noun::Call => "getätigt",
            };
            let counted = WORDS.counted(noun, more - less, "");
            let numbers = format!("{} gegenüber {}", WORDS.whole(more), WORDS.whole(less));
            match by_us > by_them {
                true => format!("Wir haben {counted} mehr {did} als {they} ({numbers})."),
                false => format!("{capital} hat {counted} mehr {did} als wir ({numbers})."),
            }
        }
        Finding::AnswerTimes { by_us: us, by_them } => format!(
            "Wir antworten {} als {they}: in der Regel nach {}, {they} nach {} (Mediane aus {} und {} Antworten).",
            how(us, by_them.median),
            WORDS.time(us.median),
            WORDS.time(by_them.median),
            WORDS.whole(us.count),
            WORDS.whole(by_them.count),
        ),
        Finding::AnswerRates { by_us, by_them } => format!(
            "Wenn wir schreiben, antwortet {they} in {} der Fälle ({} von {}); wenn {they} schreibt, antworten wir in {} der \
             Fälle ({} von {}).",
            WORDS.percent(by_them.value()),
            WORDS.whole(by_them.hits),
            WORDS.whole(by_them.cases),
            WORDS.percent(by_us.value()),
            WORDS.whole(by_us.hits),
            WORDS.whole(by_us.cases),
        ),
        Finding::CountBesideSimilar { noun, here, there, deals } => format!(
            "Bisher gab es {}; in ähnlichen gewonnenen Verkaufschancen gleichen Alters waren es im Durchschnitt {} ({} \
             Verkaufschancen).",
            WORDS.counted(noun, here, ""),
            WORDS.about(there, "etwa", "so gut wie keine"),
            WORDS.whole(deals),
        ),
        Finding::AnswerTimesBesideSimilar { here, there, deals } => format!(
            "Wir antworten {} als in ähnlichen gewonnenen Verkaufschancen gleichen Alters: in der Regel nach {}, dort nach {} \
             (Mediane aus {} Antworten und {} Verkaufschancen).",
            how(here, there),
            WORDS.time(here.median),
            WORDS.time(there),
            WORDS.whole(here.count),
            WORDS.whole(deals),
        ),
        Finding::AnswerRateBesideSimilar { here, there, deals } => format!(
            "Wenn wir schreiben, antwortet {they} in {} der Fälle ({} von {}); in ähnlichen gewonnenen Verkaufschancen \
             gleichen Alters waren es im Durchschnitt {} ({} Verkaufschancen).",
            WORDS.percent(here.value()),
            WORDS.whole(here.hits),
            WORDS.whole(here.cases),
            WORDS.percent(there),
            WORDS.whole(deals),
        ),
        Finding::TimeBesideSimilar { here, there, deals } => format!(
            "Wir haben bisher {} aufgewendet; in ähnlichen gewonnenen Verkaufschancen gleichen Alters waren es im Durchschnitt \
             {} ({} Verkaufschancen).",
            WORDS.hours(here),
            WORDS.hours(there),
            WORDS.whole(deals),
        ),
        Finding::SoFar { counts } => format!("Bisher gab es {}.", WORDS.list(counts)),
        Finding::NoContact => "Bisher gab es keinen Kontakt.".to_string(),
        Finding::MostlyBetween { colleague, person } => {
            format!("Der Kontakt läuft überwiegend zwischen {colleague} und {person}.")
        }
        Finding::Trend(HealthTrend { score, earlier, reason }) => format!(
            "Die Beziehungsgesundheit ist auf {} {}, nach durchschnittlich {} in den letzten vier Wochen: {}.",
            WORDS.score(score),
            if score > earlier { "gestiegen" } else { "gesunken" },
            WORDS.score(earlier),
            because(reason, them),
        ),
        Finding::Planned { contact, day } => {
            let what = match contact {
                Contact::Meeting => "Die nächste Besprechung",
                Contact::Call => "Der nächste Anruf",
                Contact::Task => "Die nächste Aufgabe",
                _ => "Die nächste E-Mail",
            };
            format!("{what} ist für den {} geplant.", Language::German.day(day))
        }
        Finding::NothingPlanned => "Es ist nichts geplant: keine Besprechung, kein Anruf, keine Aufgabe.".to_string(),
        Finding::LastContact { days, day, contact } => {
            let what = match contact {
                Contact::Email => "eine E-Mail".to_string(),
                Contact::EmailFromUs => "eine E-Mail von uns".to_string(),
                Contact::EmailFromThem => format!(
                    "eine E-Mail {}",
                    ["vom Kunden", "von der Kundenseite", "von der Seite des Leads"][them.side as usize]
                ),
                Contact::Meeting => "eine Besprechung".to_string(),
                Contact::Call => "ein Anruf".to_string(),
                Contact::Task => "eine Aufgabe bei uns".to_string(),
            };
            match days {
                0 => format!("Der letzte Kontakt war heute: {what}."),
                1 => format!("Der letzte Kontakt war gestern: {what}."),
                2..LONG_AGO => format!("Der letzte Kontakt liegt {} Tage zurück: {what}.", WORDS.whole(days)),
                _ => format!("Der letzte Kontakt war am {}: {what}.", Language::German.day(day)),
            }
        }
    }
}

fn how(ours: Answers, theirs: f64) -> &'static str {
    if slower(ours, theirs) { "langsamer" } else { "schneller" }
}

/// `von` with what they are called.
fn from(them: &Them) -> String {
    by_side(them, ["vom Kunden", "vom Kontakt", "vom Lead"], "von ")
}

fn because(reason: TrendReason, them: &Them) -> String {
    let since = |days: u32| match days {
        1 => "seit einem Tag".to_string(),
        _ => format!("seit {} Tagen", WORDS.whole(days)),
    };
    let on = |days: u32| match days {
        1 => "an einem Tag".to_string(),
        _ => format!("an {} Tagen", WORDS.whole(days)),
    };
    match reason {
        TrendReason::Silence(days) => format!("{} kein Kontakt", since(days)),
        TrendReason::NothingFromThem(days) => format!("{} nichts {}", since(days), from(them)),
        TrendReason::NothingFromUs(days) => format!("{} nichts von uns", since(days)),
        TrendReason::ContactDays(recent) => format!("Kontakt {} in dieser Zeit", on(recent)),
        TrendReason::ContactDaysChanged { recent, before } => {
            format!("Kontakt {} in dieser Zeit, {} in den vier Wochen davor", on(recent), on(before))
        }
    }
}
