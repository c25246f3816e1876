//! English sentences.

use super::super::finding::{Answers, Contact, Finding, HealthTrend, Noun, TrendReason};
use super::them::Them;
use super::vocabulary::{Counted, LONG_AGO, Unit, Vocabulary, slower};
use crate::language::Language;

const WORDS: Vocabulary = Vocabulary {
    nouns: [
        Counted { none: "no emails", a: "one", one: "email", many: "emails" },
        Counted { none: "no meetings", a: "one", one: "meeting", many: "meetings" },
        Counted { none: "no calls", a: "one", one: "call", many: "calls" },
    ],
    units: [
        Unit { one: "minute", many: "minutes" },
        Unit { one: "hour", many: "hours" },
        Unit { one: "day", many: "days" },
    ],
    small: ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
    singular_below_two: false,
    thousands: ",",
    point: ".",
    before_percent: "",
    them: ["the customer", "the contact", "the lead"],
    side: ["the customer", "the customer's side", "the lead's side"],
    and: "and",
};

pub(super) fn sentence(finding: &Finding, them: &Them) -> String {
    let (they, capital) = (WORDS.side(them), WORDS.capital_side(them));
    match *finding {
        Finding::Started { noun, by_us, by_them } => {
            let (more, less) = (by_us.max(by_them), by_us.min(by_them));
            let did = match noun {
                Noun::Email => "sent",
                Noun::Meeting => "set up",
                Noun::Call => "made",
            };
            let counted = WORDS.counted(noun, more - less, "more ");
            let numbers = format!("{} against {}", WORDS.whole(more), WORDS.whole(less));
            match by_us > by_them {
                true => format!("We {did} {counted} than {they} ({numbers})."),
                false => format!("{capital} {did} {counted} than we did ({numbers})."),
            }
        }
        Finding::AnswerTimes { by_us: us, by_them } => format!(
            "We answer {} than {they}: typically after {}, {they} after {} (medians of {} and {} answers).",
            how(us, by_them.median),
            WORDS.time(us.median),
            WORDS.time(by_them.median),
            WORDS.whole(us.count),
            WORDS.whole(by_them.count),
        ),
        Finding::AnswerRates { by_us, by_them } => format!(
            "When we write, {they} answers {} of the time ({} of {}); when {they} writes, we answer {} of the time ({} of {}).",
            WORDS.percent(by_them.value()),
            WORDS.whole(by_them.hits),
            WORDS.whole(by_them.cases),
            WORDS.percent(by_us.value()),
            WORDS.whole(by_us.hits),
            WORDS.whole(by_us.cases),
        ),
        Finding::CountBesideSimilar { noun, here, there, deals } => format!(
            "So far there {} been {}; similar won deals had {} on average at the same age ({} deals).",
            if here == 1 { "has" } else { "have" },
            WORDS.counted(noun, here, ""),
            WORDS.about(there, "about", "hardly any"),
            WORDS.whole(deals),
        ),
        Finding::AnswerTimesBesideSimilar { here, there, deals } => format!(
            "We answer {} than in similar won deals at the same age: typically after {}, there after {} (medians of {} answers \
             and of {} deals).",
            how(here, there),
            WORDS.time(here.median),
            WORDS.time(there),
            WORDS.whole(here.count),
            WORDS.whole(deals),
        ),
        Finding::AnswerRateBesideSimilar { here, there, deals } => format!(
            "When we write, {they} answers {} of the time ({} of {}); in similar won deals it was {} on average at the same \
             age ({} deals).",
            WORDS.percent(here.value()),
            WORDS.whole(here.hits),
            WORDS.whole(here.cases),
            WORDS.percent(there),
            WORDS.whole(deals),
        ),
        Finding::TimeBesideSimilar { here, there, deals } => format!(
            "We have spent {} so far; in similar won deals it was {} on average at the same age ({} deals).",
            WORDS.hours(here),
            WORDS.hours(there),
            WORDS.whole(deals),
        ),
        Finding::SoFar { counts } => {
            let first = counts.into_iter().find(|count| *count > 0);
            format!("So far there {} been {}.", if first == Some(1) { "has" } else { "have" }, WORDS.list(counts))
        }
        Finding::NoContact => "There has been no contact so far.".to_string(),
        Finding::MostlyBetween { colleague, person } => {
            format!("Most of the contact is between {colleague} and {person}.")
        }
        Finding::Trend(HealthTrend { score, earlier, reason }) => format!(
            "Relationship health has {} to {}, from an average of {} over the past four weeks: {}.",
            if score > earlier { "risen" } else { "fallen" },
            WORDS.score(score),
            WORDS.score(earlier),
            because(reason, WORDS.them(them)),
        ),
        Finding::Planned { contact, day } => {
            let what = match contact {
                Contact::Meeting => "meeting",
                Contact::Call => "call",
                Contact::Task => "task",
                _ => "email",
            };
            format!("The next {what} is planned for {}.", Language::English.day(day))
        }
        Finding::NothingPlanned => "Nothing is planned: no meeting, call or task.".to_string(),
        Finding::LastContact { days, day, contact } => {
            let what = match contact {
                Contact::Email => "an email".to_string(),
                Contact::EmailFromUs => "an email from us".to_string(),
                Contact::EmailFromThem => format!("an email from {they}"),
                Contact::Meeting => "a meeting".to_string(),
                Contact::Call => "a call".to_string(),
                Contact::Task => "a task of ours".to_string(),
            };
            let when = match days {
                0 => "today".to_string(),
                1 => "yesterday".to_string(),
                2..LONG_AGO => format!("{} days ago", WORDS.whole(days)),
                _ => format!("on {}", Language::English.day(day)),
            };
            format!("The last contact was {when}: {what}.")
        }
    }
}

fn how(ours: Answers, theirs: f64) -> &'static str {
    if slower(ours, theirs) { "more slowly" } else { "faster" }
}

fn because(reason: TrendReason, they: &str) -> String {
    let days = |days: u32| if days == 1 { "1 day".to_string() } else { format!("{} days", WORDS.whole(days)) };
    match reason {
        TrendReason::Silence(since) => format!("no contact for {}", days(since)),
        TrendReason::NothingFromThem(since) => format!("nothing from {they} for {}", days(since)),
        TrendReason::NothingFromUs(since) => format!("nothing from us for {}", days(since)),
        TrendReason::ContactDays(recent) => format!("contact on {} in that time", days(recent)),
        TrendReason::ContactDaysChanged { recent, before } => {
            format!("contact on {} in that time, on {} in the four weeks before", days(recent), WORDS.whole(before))
        }
    }
}
