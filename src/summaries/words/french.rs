//! French sentences.

use super::super::finding::{Against, Finding, Noun};
use super::Them;
use super::vocabulary::{Counted, Vocabulary};

const WORDS: Vocabulary = Vocabulary {
    nouns: [
        Counted { a: "un", one: "e-mail", many: "e-mails" },
        Counted { a: "une", one: "réunion", many: "réunions" },
        Counted { a: "un", one: "appel", many: "appels" },
    ],
    units: [("minute", "minutes"), ("heure", "heures"), ("jour", "jours")],
    small: ["deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"],
    singular_below_two: true,
    thousands: "\u{202f}",
    point: ",",
    before_percent: "\u{202f}",
    them: ["le client", "le contact", "le prospect"],
    similar_deals: "dans les affaires gagnées similaires au même âge",
};

pub(super) fn sentence(finding: Finding, them: Them) -> String {
    let than = |against| WORDS.than(against, them);
    match finding {
        Finding::Count { noun, difference, against } => {
            let amount = difference.abs();
            let (number, name) = (WORDS.number(noun, amount), WORDS.noun(noun, amount));
            let counted = format!("{number} {name} de {}", if difference > 0.0 { "plus" } else { "moins" });
            let than = than(against);
            if against == Against::SimilarDeals {
                return format!("Jusqu'ici, il y a eu {counted} que {than}.");
            }
            let did = match noun {
                Noun::Email => "envoyé",
                Noun::Meeting => "organisé",
                Noun::Call => "passé",
            };
            format!("Nous avons {did} {counted} que {than}.")
        }
        Finding::Response { hours, against } => {
            let how = if hours > 0.0 { "tard" } else { "vite" };
            format!("Nous répondons aux e-mails {} plus {how} que {}.", WORDS.time(hours), than(against))
        }
        Finding::Rates { by_them, by_us } => {
            let (who, theirs, ours) = (WORDS.capital_them(them), WORDS.percent(by_them), WORDS.percent(by_us));
            format!("{who} répond à {theirs} de nos e-mails, nous à {ours} des siens.")
        }
        Finding::RateBesideSimilar { here, there } => {
            let (who, here, there) = (WORDS.capital_them(them), WORDS.percent(here), WORDS.percent(there));
            format!("{who} répond à {here} de nos e-mails, contre {there} {}.", than(Against::SimilarDeals))
        }
        Finding::Time { hours, against } => {
            let more = if hours > 0.0 { "plus" } else { "moins" };
            format!("Nous y avons consacré {} de {more} que {}.", WORDS.hours(hours), than(against))
        }
        Finding::Silence { days } => format!("Le dernier contact remonte à {} jours.", WORDS.days(days)),
        Finding::Balance => "Jusqu'ici, les deux parties en ont fait à peu près autant.".to_string(),
    }
}
