//! Swedish sentences.

use super::super::finding::{Against, Finding, Noun};
use super::Them;
use super::vocabulary::{Counted, Vocabulary, rounded};

const WORDS: Vocabulary = Vocabulary {
    nouns: [
        Counted { a: "ett", one: "mejl", many: "mejl" },
        Counted { a: "ett", one: "möte", many: "möten" },
        Counted { a: "ett", one: "samtal", many: "samtal" },
    ],
    units: [("minut", "minuter"), ("timme", "timmar"), ("dag", "dagar")],
    small: ["två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv"],
    singular_below_two: false,
    thousands: "\u{a0}",
    point: ",",
    before_percent: "\u{a0}",
    them: ["kunden", "kontakten", "leadet"],
    similar_deals: "i liknande vunna affärer vid samma ålder",
};

pub(super) fn sentence(finding: Finding, them: Them) -> String {
    let than = |against| WORDS.than(against, them);
    match finding {
        Finding::Count { noun, difference, against } => {
            let (amount, more) = (difference.abs(), difference > 0.0);
            let (number, name) = (WORDS.number(noun, amount), WORDS.noun(noun, amount));
            // One is less or more of it, several are fewer or more of them.
            let counted = if rounded(amount) == 1.0 {
                format!("{number} {name} {}", if more { "mer" } else { "mindre" })
            } else {
                format!("{number} {} {name}", if more { "fler" } else { "färre" })
            };
            let than = than(against);
            if against == Against::SimilarDeals {
                return format!("Hittills har det varit {counted} än {than}.");
            }
            let did = match noun {
                Noun::Email => "skickat",
                Noun::Meeting => "tagit initiativ till",
                Noun::Call => "ringt",
            };
            format!("Vi har {did} {counted} än {than}.")
        }
        Finding::Response { hours, against } => {
            let how = if hours > 0.0 { "senare" } else { "snabbare" };
            format!("Vi svarar på mejl {} {how} än {}.", WORDS.time(hours), than(against))
        }
        Finding::Rates { by_them, by_us } => {
            let (who, theirs, ours) = (WORDS.capital_them(them), WORDS.percent(by_them), WORDS.percent(by_us));
            format!("{who} svarar på {theirs} av våra mejl, vi på {ours} av {}s.", WORDS.them(them))
        }
        Finding::RateBesideSimilar { here, there } => {
            let (who, here, there) = (WORDS.capital_them(them), WORDS.percent(here), WORDS.percent(there));
            format!("{who} svarar på {here} av våra mejl, mot {there} {}.", than(Against::SimilarDeals))
        }
        Finding::Time { hours, against } => {
            let more = if hours > 0.0 { "mer" } else { "mindre" };
            format!("Vi har lagt ned {} {more} än {}.", WORDS.hours(hours), than(against))
        }
        Finding::Silence { days } => format!("Den senaste kontakten var för {} dagar sedan.", WORDS.days(days)),
        Finding::Balance => "Hittills har båda sidor gjort ungefär lika mycket.".to_string(),
    }
}
