//! English sentences.

use super::super::finding::{Against, Finding, Noun};
use super::Them;
use super::vocabulary::{Counted, Vocabulary, rounded};

const WORDS: Vocabulary = Vocabulary {
    nouns: [
        Counted { a: "one", one: "email", many: "emails" },
        Counted { a: "one", one: "meeting", many: "meetings" },
        Counted { a: "one", one: "call", many: "calls" },
    ],
    units: [("minute", "minutes"), ("hour", "hours"), ("day", "days")],
    small: ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
    singular_below_two: false,
    thousands: ",",
    point: ".",
    before_percent: "",
    them: ["the customer", "the contact", "the lead"],
    similar_deals: "in similar won deals at the same age",
};

pub(super) fn sentence(finding: Finding, them: Them) -> String {
    let than = |against| WORDS.than(against, them);
    match finding {
        Finding::Count { noun, difference, against } => {
            let amount = difference.abs();
            let (number, name) = (WORDS.number(noun, amount), WORDS.noun(noun, amount));
            let counted = format!("{number} {} {name}", if difference > 0.0 { "more" } else { "fewer" });
            let than = than(against);
            if against == Against::SimilarDeals {
                let have = if rounded(amount) == 1.0 { "has" } else { "have" };
                return format!("So far, there {have} been {counted} than {than}.");
            }
            let did = match noun {
                Noun::Email => "sent",
                Noun::Meeting => "started",
                Noun::Call => "made",
            };
            format!("We {did} {counted} than {than}.")
        }
        Finding::Response { hours, against } => {
            let how = if hours > 0.0 { "later" } else { "faster" };
            format!("We answer emails {} {how} than {}.", WORDS.time(hours), than(against))
        }
        Finding::Rates { by_them, by_us } => {
            let (who, theirs, ours) = (WORDS.capital_them(them), WORDS.percent(by_them), WORDS.percent(by_us));
            format!("{who} answers {theirs} of our emails; we answer {ours} of theirs.")
        }
        Finding::RateBesideSimilar { here, there } => {
            let (who, here, there) = (WORDS.capital_them(them), WORDS.percent(here), WORDS.percent(there));
            format!("{who} answers {here} of our emails, against {there} {}.", than(Against::SimilarDeals))
        }
        Finding::Time { hours, against } => {
            let more = if hours > 0.0 { "more" } else { "less" };
            format!("We have spent {} {more} than {}.", WORDS.hours(hours), than(against))
        }
        Finding::Silence { days } => format!("The last contact was {} days ago.", WORDS.days(days)),
        Finding::Balance => "So far, both sides have done about as much.".to_string(),
    }
}
