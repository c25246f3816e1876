//! French sentences.

use super::super::finding::{Answers, Contact, Finding, HealthTrend, Noun, TrendReason};
use super::them::Them;
use super::vocabulary::{Counted, LONG_AGO, Unit, Vocabulary, by_side, slower};
use crate::language::Language;

const WORDS: Vocabulary = Vocabulary {
    nouns: [
        Counted { none: "aucun e-mail", a: "un", one: "e-mail", many: "e-mails" },
        Counted { none: "aucune réunion", a: "une", one: "réunion", many: "réunions" },
        Counted { none: "aucun appel", a: "un", one: "appel", many: "appels" },
    ],
    units: [
        Unit { one: "minute", many: "minutes" },
        Unit { one: "heure", many: "heures" },
        Unit { one: "jour", many: "jours" },
    ],
    small: ["deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"],
    singular_below_two: true,
    thousands: "\u{202f}",
    point: ",",
    before_percent: "\u{202f}",
    them: ["le client", "le contact", "le prospect"],
    side: ["le client", "le côté client", "le côté prospect"],
    and: "et",
};

pub(super) fn sentence(finding: &Finding, them: &Them) -> String {
    let (they, capital) = (WORDS.side(them), WORDS.capital_side(them));
    match *finding {
        Finding::Started { noun, by_us, by_them } => {
            let (more, less) = (by_us.max(by_them), by_us.min(by_them));
            let did = match noun {
                Noun::Email => "envoyé",
                Noun::Meeting => "organisé",
                Noun::Call => "passé",
            };
            let counted = WORDS.counted(noun, more - less, "");
            let numbers = format!("{} contre {}", WORDS.whole(more), WORDS.whole(less));
            match by_us > by_them {
                true => format!("Nous avons {did} {counted} de plus que {they} ({numbers})."),
                false => format!("{capital} a {did} {counted} de plus que nous ({numbers})."),
            }
        }
        Finding::AnswerTimes { by_us: us, by_them } => format!(
            "Nous répondons {} que {they} : généralement en {}, contre {} de son côté (médianes de {} et {} réponses).",
            how(us, by_them.median),
            WORDS.time(us.median),
            WORDS.time(by_them.median),
            WORDS.whole(us.count),
            WORDS.whole(by_them.count),
        ),
        Finding::AnswerRates { by_us, by_them } => format!(
            "Quand nous écrivons, {they} répond dans {} des cas ({} sur {}) ; quand {they} écrit, nous répondons dans {} des \
             cas ({} sur {}).",
            WORDS.percent(by_them.value()),
            WORDS.whole(by_them.hits),
            WORDS.whole(by_them.cases),
            WORDS.percent(by_us.value()),
            WORDS.whole(by_us.hits),
            WORDS.whole(by_us.cases),
        ),
        Finding::CountBesideSimilar { noun, here, there, deals } => {
            let were = if here == 0 { "il n'y a eu" } else { "il y a eu" };
            let those = match WORDS.about(there, "environ", "") {
                none if none.is_empty() => "n'en comptaient presque pas".to_string(),
                mean => format!("en comptaient {mean} en moyenne"),
            };
            let (counted, deals) = (WORDS.counted(noun, here, ""), WORDS.whole(deals));
            format!(
                "Jusqu'ici, {were} {counted} ; les affaires gagnées similaires {those} au même âge ({deals} affaires)."
            )
        }
        Finding::AnswerTimesBesideSimilar { here, there, deals } => format!(
            "Nous répondons {} que dans les affaires gagnées similaires au même âge : généralement en {}, contre {} (médianes \
             de {} réponses et de {} affaires).",
            how(here, there),
            WORDS.time(here.median),
            WORDS.time(there),
            WORDS.whole(here.count),
            WORDS.whole(deals),
        ),
        Finding::AnswerRateBesideSimilar { here, there, deals } => format!(
            "Quand nous écrivons, {they} répond dans {} des cas ({} sur {}), contre {} en moyenne dans les affaires gagnées \
             similaires au même âge ({} affaires).",
            WORDS.percent(here.value()),
            WORDS.whole(here.hits),
            WORDS.whole(here.cases),
            WORDS.percent(there),
            WORDS.whole(deals),
        ),
        Finding::TimeBesideSimilar { here, there, deals } => format!(
            "Nous y avons consacré {} jusqu'ici, contre {} en moyenne dans les affaires gagnées similaires au même âge ({} \
             affaires).",
            WORDS.hours(here),
            WORDS.hours(there),
            WORDS.whole(deals),
        ),
        Finding::SoFar { counts } => format!("Jusqu'ici, il y a eu {}.", WORDS.list(counts)),
        Finding::NoContact => "Il n'y a eu aucun contact jusqu'ici.".to_string(),
        Finding::MostlyBetween { colleague, person } => {
            format!("L'essentiel des échanges se fait entre {colleague} et {person}.")
        }
        Finding::Trend(HealthTrend { score, earlier, reason }) => format!(
            "La santé de la relation est {} à {}, après une moyenne de {} sur les quatre dernières semaines : {}.",
            if score > earlier { "montée" } else { "tombée" },
            WORDS.score(score),
            WORDS.score(earlier),
            because(reason, them),
        ),
        Finding::Planned { contact, day } => {
            let what = match contact {
                Contact::Meeting => "La prochaine réunion est prévue",
                Contact::Call => "Le prochain appel est prévu",
                Contact::Task => "La prochaine tâche est prévue",
                _ => "Le prochain e-mail est prévu",
            };
            format!("{what} le {}.", Language::French.day(day))
        }
        Finding::NothingPlanned => "Rien n'est prévu : ni réunion, ni appel, ni tâche.".to_string(),
        Finding::LastContact { days, day, contact } => {
            let what = match contact {
                Contact::Email => "un e-mail".to_string(),
                Contact::EmailFromUs => "un e-mail de notre part".to_string(),
                Contact::EmailFromThem => {
                    format!("un e-mail {}", ["du client", "du côté client", "du côté prospect"][them.side as usize])
                }
                Contact::Meeting => "une réunion".to_string(),
                Contact::Call => "un appel".to_string(),
                Contact::Task => "une tâche de notre côté".to_string(),
            };
            let when = match days {
                0 => "date d'aujourd'hui".to_string(),
                1 => "date d'hier".to_string(),
                2..LONG_AGO => format!("remonte à {} jours", WORDS.whole(days)),
                _ => format!("date du {}", Language::French.day(day)),
            };
            format!("Le dernier contact {when} : {what}.")
        }
    }
}

fn how(ours: Answers, theirs: f64) -> &'static str {
    if slower(ours, theirs) { "plus lentement" } else { "plus vite" }
}

/// `de` with what they are called.
fn of(them: &Them) -> String {
    match them.name.filter(|name| begins_with_vowel(name)) {
        Some(name) => format!("d'{name}"),
        None => by_side(them, ["du client", "du contact", "du prospect"], "de "),
    }
}

fn begins_with_vowel(text: &str) -> bool {
    const VOWELS: &str = "AEIOUÀÂÄÉÈÊËÎÏÔÖÙÛÜÅaeiouàâäéèêëîïôöùûüå";
    let mut letters = text.chars();
    // Yves, but not Yann.
    letters.next().is_some_and(|first| match first {
        'Y' | 'y' => letters.next().is_some_and(|second| second.is_alphabetic() && !VOWELS.contains(second)),
        first => VOWELS.contains(first),
    })
}

fn because(reason: TrendReason, them: &Them) -> String {
    let days = |days: u32| format!("{} {}", WORDS.whole(days), if days < 2 { "jour" } else { "jours" });
    match reason {
        TrendReason::Silence(since) => format!("aucun contact depuis {}", days(since)),
        TrendReason::NothingFromThem(since) => format!("aucune nouvelle {} depuis {}", of(them), days(since)),
        TrendReason::NothingFromUs(since) => format!("rien de notre part depuis {}", days(since)),
        TrendReason::ContactDays(recent) => format!("{} de contact sur cette période", days(recent)),
        TrendReason::ContactDaysChanged { recent, before } => {
            format!(
                "{} de contact sur cette période, {} sur les quatre semaines précédentes",
                days(recent),
                WORDS.whole(before)
            )
        }
    }
}
