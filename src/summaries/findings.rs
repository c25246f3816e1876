//! What is worth saying about a record, the most telling first (rule K11).

use super::comparisons::{beside_similar, beside_them};
use super::evidence::{CHANCE, sign};
use super::finding::{Finding, HealthTrend, TrendReason};
use super::numbers::Numbers;
use crate::health::{self, Scored};
use crate::similar_deals::at_same_age::AtSameAge;

/// Most sentences per record and language.
pub const MOST: usize = 5;
/// Most comparisons among them.
const MOST_COMPARISONS: usize = 3;
/// Days without contact that are worth a sentence.
const SILENT: u32 = 14;
/// Days without contact, or without anything from one side, that explain a falling score.
const QUIET: u32 = 7;

/// What is known of a record besides its numbers.
#[derive(Clone, Copy, Default)]
pub struct Beside<'a> {
    /// Similar won deals of an open deal.
    pub similar: Option<&'a AtSameAge>,
    /// Its health.
    pub health: Option<&'a Scored>,
    /// A colleague and a customer person who have most of the contact.
    pub mostly_between: Option<(&'a str, &'a str)>,
    /// It is an open deal.
    pub is_open_deal: bool,
    /// It is a lead or deal that has ended, of which nobody expects contact.
    pub has_ended: bool,
}

/// What is worth saying; nothing where there was no contact, unless it is an open deal.
pub fn findings<'a>(numbers: &Numbers, beside: &Beside<'a>) -> Vec<Finding<'a>> {
    if numbers.last.is_none() && !beside.is_open_deal {
        return Vec::new();
    }
    let mut found = match beside.similar {
        Some(similar) => beside_similar(numbers, similar),
        None => beside_them(numbers),
    };
    found.truncate(MOST_COMPARISONS);
    let compared = !found.is_empty();
    if !compared {
        found.extend(so_far(numbers));
    }
    let trend = beside.health.filter(|_| !beside.has_ended).and_then(trend);
    found.extend(trend.map(Finding::Trend));
    if !beside.has_ended {
        found.extend(numbers.next.map(|(contact, day)| Finding::Planned { contact, day }));
        if numbers.next.is_none() && beside.is_open_deal {
            found.push(Finding::NothingPlanned);
        }
    }
    found.extend(beside.mostly_between.map(|(colleague, person)| Finding::MostlyBetween { colleague, person }));
    let told = trend.is_some_and(|trend| matches!(trend.reason, TrendReason::Silence(_)));
    let days = numbers.silent_days;
    let is_worth_saying = !beside.has_ended && (found.is_empty() || (days >= SILENT && !told));
    let last = numbers.last.filter(|_| is_worth_saying);
    found.extend(last.map(|(contact, day)| Finding::LastContact { days, day, contact }));
    found.truncate(MOST);
    found
}

/// What there was, where no comparison says it.
fn so_far(numbers: &Numbers) -> Option<Finding<'static>> {
    let counts = numbers.counts.map(|(sent, received)| sent + received);
    match (numbers.last, counts.iter().sum::<u32>()) {
        (None, _) => Some(Finding::NoContact),
        // Tasks alone, or mail without direction: the last contact says which.
        (_, 0) => None,
        _ => Some(Finding::SoFar { counts }),
    }
}

/// Where a score is heading, and what was counted that goes with it.
fn trend(scored: &Scored) -> Option<HealthTrend> {
    let found = &scored.components;
    let (recent, before) = (found.recent_contact_days, found.earlier_contact_days);
    let changed = sign(recent, before) <= CHANCE;
    let reason = match scored.trend {
        health::Trend::Steady => return None,
        health::Trend::Improving if changed && recent > before => TrendReason::ContactDaysChanged { recent, before },
        health::Trend::Improving => TrendReason::ContactDays(recent),
        health::Trend::Declining => {
            let silent = |days: u32| days >= QUIET;
            match (found.days_since_received, found.days_since_sent) {
                _ if silent(found.days_since_contact) => TrendReason::Silence(found.days_since_contact),
                (Some(received), Some(sent)) if silent(received) && received > sent => {
                    TrendReason::NothingFromThem(received)
                }
                (Some(received), Some(sent)) if silent(sent) && sent > received => TrendReason::NothingFromUs(sent),
                _ if changed && recent < before => TrendReason::ContactDaysChanged { recent, before },
                _ => TrendReason::ContactDays(recent),
            }
        }
    };
    // Where there was no score, none has risen.
    if scored.earlier < 1.0 {
        return None;
    }
    // A score also moves with what our colleagues do elsewhere; of days without contact there is nothing to say then.
    let says_something = reason != TrendReason::ContactDays(0);
    says_something.then_some(HealthTrend { score: scored.score, earlier: scored.earlier, reason })
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::super::evidence::Share;
    use super::super::finding::{Contact, Noun};
    use super::*;
    use crate::health::factors::Components;

    const DAY: NaiveDate = NaiveDate::MIN;
    const NONE: Share = Share { hits: 0, cases: 0 };
    const NUMBERS: Numbers = Numbers {
        counts: [(0, 0); 3],
        response_hours: [f64::NAN; 2],
        response_times_apart: None,
        answered: [NONE; 2],
        minutes_by_us: f64::NAN,
        last: Some((Contact::Meeting, DAY)),
        silent_days: 3,
        next: None,
    };
    const OPEN_DEAL: Beside =
        Beside { similar: None, health: None, mostly_between: None, is_open_deal: true, has_ended: false };

    fn started(noun: Noun, by_us: u32, by_them: u32) -> Finding<'static> {
        Finding::Started { noun, by_us, by_them }
    }

    #[test]
    fn chance_is_not_told_and_the_most_telling_comes_first() {
        let numbers = Numbers { counts: [(40, 41), (7, 0), (20, 2)], ..NUMBERS };
        let expected = [started(Noun::Call, 20, 2), started(Noun::Meeting, 7, 0)];
        assert_eq!(findings(&numbers, &Beside::default()), expected);
        // Five of five may be chance: one in sixteen.
        let numbers = Numbers { counts: [(0, 0), (5, 0), (0, 0)], ..NUMBERS };
        assert_eq!(findings(&numbers, &Beside::default()), [Finding::SoFar { counts: [0, 5, 0] }]);
        // A difference that is certain, but that nobody would notice.
        let numbers = Numbers { counts: [(12_000, 10_000), (0, 0), (0, 0)], ..NUMBERS };
        assert_eq!(findings(&numbers, &Beside::default()), [Finding::SoFar { counts: [22_000, 0, 0] }]);
    }

    #[test]
    fn answers_need_cases_on_both_sides() {
        let answered = [Share { hits: 9, cases: 10 }, Share { hits: 3, cases: 12 }];
        let numbers = Numbers { answered, ..NUMBERS };
        let rates = Finding::AnswerRates { by_us: answered[0], by_them: answered[1] };
        assert_eq!(findings(&numbers, &Beside::default()), [rates]);
        let few = Numbers { answered: [answered[0], Share { hits: 0, cases: 4 }], ..NUMBERS };
        assert!(matches!(findings(&few, &Beside::default())[..], [Finding::LastContact { .. }]));
        let slower = Numbers { response_hours: [8.0, 2.0], response_times_apart: Some(2.5), ..numbers };
        let found = findings(&slower, &Beside::default());
        assert!(found.iter().any(|one| matches!(one, Finding::AnswerTimes { .. })), "{found:?}");
        let chance = Numbers { response_times_apart: Some(1.9), ..slower };
        assert_eq!(findings(&chance, &Beside::default()), [rates]);
    }

    #[test]
    fn open_deals_say_what_is_planned_even_without_contact() {
        let none = Numbers { last: None, silent_days: 0, ..NUMBERS };
        assert_eq!(findings(&none, &OPEN_DEAL), [Finding::NoContact, Finding::NothingPlanned]);
        assert_eq!(findings(&none, &Beside::default()), []);
        let planned = Numbers { next: Some((Contact::Call, DAY)), counts: [(1, 0), (0, 0), (0, 0)], ..NUMBERS };
        let expected = [Finding::SoFar { counts: [1, 0, 0] }, Finding::Planned { contact: Contact::Call, day: DAY }];
        assert_eq!(findings(&planned, &OPEN_DEAL), expected);
    }

    #[test]
    fn silence_comes_last_and_only_where_contact_is_expected() {
        let silent = Numbers { silent_days: 34, counts: [(1, 0), (0, 0), (0, 0)], ..NUMBERS };
        let last = Finding::LastContact { days: 34, day: DAY, contact: Contact::Meeting };
        assert_eq!(findings(&silent, &Beside::default()), [Finding::SoFar { counts: [1, 0, 0] }, last]);
        let ended = Beside { has_ended: true, ..Beside::default() };
        assert_eq!(findings(&silent, &ended), [Finding::SoFar { counts: [1, 0, 0] }]);
    }

    #[test]
    fn similar_deals_have_to_lie_on_one_side_and_own_cases_to_be_many() {
        let similar =
            |emails: [f64; 8]| AtSameAge { counts: [emails.to_vec(), Vec::new(), Vec::new()], ..AtSameAge::default() };
        let says = |here: u32, emails, expected: Finding| {
            let similar = similar(emails);
            let numbers = Numbers { counts: [(here, 0), (0, 0), (0, 0)], ..NUMBERS };
            assert_eq!(findings(&numbers, &Beside { similar: Some(&similar), ..OPEN_DEAL })[0], expected);
        };
        let alike = [10.0, 11.0, 12.0, 12.0, 13.0, 13.0, 14.0, 15.0];
        says(3, alike, Finding::CountBesideSimilar { noun: Noun::Email, here: 3, there: 12.5, deals: 8 });
        // Some of them had as few.
        says(3, [1.0, 2.0, 12.0, 12.0, 13.0, 13.0, 14.0, 15.0], Finding::SoFar { counts: [3, 0, 0] });
        // All had more, but so few of its own may be chance.
        says(1, [2.0, 3.0, 2.0, 3.0, 2.0, 3.0, 2.0, 3.0], Finding::SoFar { counts: [1, 0, 0] });
    }

    #[test]
    fn a_trend_is_explained_by_what_was_counted() {
        let components = Components {
            days_since_contact: 2,
            days_since_received: Some(34),
            days_since_sent: Some(2),
            recent_contact_days: 3,
            earlier_contact_days: 4,
            ..Components::default()
        };
        let of = |components, trend| {
            let scored = Scored {
                score: 40.0,
                components,
                earlier: 55.0,
                trend,
                expected_days: 7,
                expected_frequency: 17.4,
                dormant_after: None,
                percentile: 50.0,
            };
            super::trend(&scored).map(|trend| trend.reason)
        };
        let declining = health::Trend::Declining;
        assert_eq!(of(components, declining), Some(TrendReason::NothingFromThem(34)));
        let silent = Components { days_since_contact: 9, ..components };
        assert_eq!(of(silent, declining), Some(TrendReason::Silence(9)));
        let both = Components { days_since_received: Some(2), ..components };
        assert_eq!(of(both, declining), Some(TrendReason::ContactDays(3)));
        let rarer = Components { earlier_contact_days: 14, ..both };
        assert_eq!(of(rarer, declining), Some(TrendReason::ContactDaysChanged { recent: 3, before: 14 }));
        assert_eq!(of(rarer, health::Trend::Improving), Some(TrendReason::ContactDays(3)));
        assert_eq!(of(rarer, health::Trend::Steady), None);
    }
}
