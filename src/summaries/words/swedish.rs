//! Swedish sentences.

use super::super::finding::{Answers, Contact, Finding, HealthTrend, Noun, TrendReason};
use super::them::Them;
use super::vocabulary::{Counted, LONG_AGO, Unit, Vocabulary, slower};
use crate::language::Language;

const WORDS: Vocabulary = Vocabulary {
    nouns: [
        Counted { none: "inga mejl", a: "ett", one: "mejl", many: "mejl" },
        Counted { none: "inga möten", a: "ett", one: "möte", many: "möten" },
        Counted { none: "inga samtal", a: "ett", one: "samtal", many: "samtal" },
    ],
    units: [
        Unit { one: "minut", many: "minuter" },
        Unit { one: "timme", many: "timmar" },
        Unit { one: "dag", many: "dagar" },
    ],
    small: ["två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv"],
    singular_below_two: false,
    thousands: "\u{a0}",
    point: ",",
    before_percent: "\u{a0}",
    them: ["kunden", "kontakten", "leadet"],
    side: ["kunden", "kundsidan", "leadets sida"],
    and: "och",
};

pub(super) fn sentence(finding: &Finding, them: &Them) -> String {
    let (they, capital) = (WORDS.side(them), WORDS.capital_side(them));
    match *finding {
        Finding::Started { noun, by_us, by_them } => {
            let (more, less) = (by_us.max(by_them), by_us.min(by_them));
            let did = match noun {
                Noun::Email => "skickat",
                Noun::Meeting => "bokat",
                Noun::Call => "ringt",
            };
            // One is more of it, several are further ones.
            let counted = match more - less {
                1 => format!("{} mer", WORDS.counted(noun, 1, "")),
                several => WORDS.counted(noun, several, "fler "),
            };
            let numbers = format!("{} mot {}", WORDS.whole(more), WORDS.whole(less));
            match by_us > by_them {
                true => format!("Vi har {did} {counted} än {they} ({numbers})."),
                false => format!("{capital} har {did} {counted} än vi ({numbers})."),
            }
        }
        Finding::AnswerTimes { by_us: us, by_them } => format!(
            "Vi svarar {} än {they}: vanligtvis efter {}, {they} efter {} (medianer av {} respektive {} svar).",
            how(us, by_them.median),
            WORDS.time(us.median),
            WORDS.time(by_them.median),
            WORDS.whole(us.count),
            WORDS.whole(by_them.count),
        ),
        Finding::AnswerRates { by_us, by_them } => format!(
            "När vi skriver svarar {they} i {} av fallen ({} av {}); när {they} skriver svarar vi i {} av fallen ({} av {}).",
            WORDS.percent(by_them.value()),
            WORDS.whole(by_them.hits),
            WORDS.whole(by_them.cases),
            WORDS.percent(by_us.value()),
            WORDS.whole(by_us.hits),
            WORDS.whole(by_us.cases),
        ),
        Finding::CountBesideSimilar { noun, here, there, deals } => format!(
            "Hittills har det {}; i liknande vunna affärer var det i genomsnitt {} vid samma ålder ({} affärer).",
            match here {
                0 => format!("inte varit {}", ["några mejl", "några möten", "några samtal"][noun as usize]),
                _ => format!("varit {}", WORDS.counted(noun, here, "")),
            },
            WORDS.about(there, "ungefär", "knappt något"),
            WORDS.whole(deals),
        ),
        Finding::AnswerTimesBesideSimilar { here, there, deals } => format!(
            "Vi svarar {} än i liknande vunna affärer vid samma ålder: vanligtvis efter {}, där efter {} (medianer av {} svar \
             respektive {} affärer).",
            how(here, there),
            WORDS.time(here.median),
            WORDS.time(there),
            WORDS.whole(here.count),
            WORDS.whole(deals),
        ),
        Finding::AnswerRateBesideSimilar { here, there, deals } => format!(
            "När vi skriver svarar {they} i {} av fallen ({} av {}); i liknande vunna affärer var det i genomsnitt {} vid \
             samma ålder ({} affärer).",
            WORDS.percent(here.value()),
            WORDS.whole(here.hits),
            WORDS.whole(here.cases),
            WORDS.percent(there),
            WORDS.whole(deals),
        ),
        Finding::TimeBesideSimilar { here, there, deals } => format!(
            "Vi har hittills lagt ner {}; i liknande vunna affärer var det i genomsnitt {} vid samma ålder ({} affärer).",
            WORDS.hours(here),
            WORDS.hours(there),
            WORDS.whole(deals),
        ),
        Finding::SoFar { counts } => format!("Hittills har det varit {}.", WORDS.list(counts)),
        Finding::NoContact => "Det har inte varit någon kontakt hittills.".to_string(),
        Finding::MostlyBetween { colleague, person } => {
            format!("Det mesta av kontakten går mellan {colleague} och {person}.")
        }
        Finding::Trend(HealthTrend { score, earlier, reason }) => format!(
            "Relationens hälsa har {} till {}, från i genomsnitt {} de senaste fyra veckorna: {}.",
            if score > earlier { "stigit" } else { "sjunkit" },
            WORDS.score(score),
            WORDS.score(earlier),
            because(reason, WORDS.them(them)),
        ),
        Finding::Planned { contact, day } => {
            let what = match contact {
                Contact::Meeting => "Nästa möte är planerat",
                Contact::Call => "Nästa samtal är planerat",
                Contact::Task => "Nästa uppgift är planerad",
                _ => "Nästa mejl är planerat",
            };
            format!("{what} till den {}.", Language::Swedish.day(day))
        }
        Finding::NothingPlanned => "Inget är inplanerat: varken möte, samtal eller uppgift.".to_string(),
        Finding::LastContact { days, day, contact } => {
            let what = match contact {
                Contact::Email => "ett mejl".to_string(),
                Contact::EmailFromUs => "ett mejl från oss".to_string(),
                Contact::EmailFromThem => format!("ett mejl från {they}"),
                Contact::Meeting => "ett möte".to_string(),
                Contact::Call => "ett samtal".to_string(),
                Contact::Task => "en uppgift hos oss".to_string(),
            };
            let when = match days {
                0 => "i dag".to_string(),
                1 => "i går".to_string(),
                2..LONG_AGO => format!("för {} dagar sedan", WORDS.whole(days)),
                _ => format!("den {}", Language::Swedish.day(day)),
            };
            format!("Den senaste kontakten var {when}: {what}.")
        }
    }
}

fn how(ours: Answers, theirs: f64) -> &'static str {
    if slower(ours, theirs) { "långsammare" } else { "snabbare" }
}

fn because(reason: TrendReason, they: &str) -> String {
    let days = |days: u32| if days == 1 { "1 dag".to_string() } else { format!("{} dagar", WORDS.whole(days)) };
    match reason {
        TrendReason::Silence(since) => format!("ingen kontakt på {}", days(since)),
        TrendReason::NothingFromThem(since) => format!("inget från {they} på {}", days(since)),
        TrendReason::NothingFromUs(since) => format!("inget från oss på {}", days(since)),
        TrendReason::ContactDays(recent) => format!("kontakt {} under den tiden", days(recent)),
        TrendReason::ContactDaysChanged { recent, before } => {
            format!(
                "kontakt {} under den tiden, {} under de fyra veckorna dessförinnan",
                days(recent),
                WORDS.whole(before)
            )
        }
    }
}
