//! The main reason for a score, in words and as a code (rule H3).

use std::cmp::Ordering;

use super::clause::Clause;
use super::window::LIVING_DAYS;
use super::words;
use super::{Health, Scored, State};
use crate::language::Language;

/// Why health is what it is. Many records have the same reason.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reason {
    clause: Clause,
    counted: Option<Counted>,
}

/// On how many of the last 90 days there was contact, and after how many days it is expected.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Counted {
    contact_days: u32,
    expected_days: u32,
}

impl Reason {
    /// Of a record.
    pub fn of(health: &Health) -> Reason {
        let clause = match (&health.scored, health.state) {
            (Some(scored), state) => main(scored, state),
            (None, State::NoClosedActivities) => Clause::NoneYet,
            (None, State::NotEnoughInfo) => Clause::NoneInYear,
            (None, _) => Clause::NoneInTwoYears,
        };
        let counted = health.scored.as_ref().map(|scored| Counted {
            contact_days: scored.components.contact_days,
            expected_days: scored.expected_days,
        });
        Reason { clause, counted }
    }

    /// As a code.
    pub fn code(&self) -> &'static str {
        self.clause.code()
    }

    /// In words: the reason, and what was counted over which span.
    pub fn words(&self, language: Language) -> String {
        let clause = words::clause(language, &self.clause);
        match self.counted {
            Some(Counted { contact_days, expected_days }) => {
                let counted = words::counted(language, contact_days, expected_days);
                let stop = if language == Language::French { " ;" } else { ";" };
                format!("{clause}{stop} {counted}")
            }
            None => clause,
        }
    }
}

/// Within so many days, or as many as contact is expected in, both sides have to be heard where contact goes both ways.
const BOTH_WAYS_DAYS: u32 = 14;

/// A side that was never heard in the year comes first. Then, unless health is good and both were heard lately, what the
/// smallest of recency, frequency (at most 1), mutual and our_activity says, if the counts bear it out, else the next.
fn main(scored: &Scored, state: State) -> Clause {
    let (found, expected) = (&scored.components, scored.expected_days);
    if state == State::Dormant {
        return Clause::Dormant(found.days_since_contact);
    }
    let (received, sent) = match (found.days_since_received, found.days_since_sent) {
        (None, None) => return Clause::OnlyNamed,
        (None, _) => return Clause::NoReply,
        (_, None) => return Clause::NoOutreach,
        (Some(received), Some(sent)) => (received, sent),
    };
    if state == State::Good && received.max(sent) <= expected.max(BOTH_WAYS_DAYS) {
        return Clause::OnRhythm(found.days_since_contact);
    }
    let overdue = match received.cmp(&sent) {
        Ordering::Greater => (received, Clause::AwaitingCustomer(received)),
        Ordering::Less => (sent, Clause::AwaitingUs(sent)),
        Ordering::Equal => (found.days_since_contact, Clause::Silent(found.days_since_contact)),
    };
    let one_sided = match () {
        () if found.received * 2.0 <= found.sent => Some(Clause::MostlyUs),
        () if found.sent * 2.0 <= found.received => Some(Clause::MostlyThem),
        () => None,
    };
    let mut said = [
        (found.recency, (overdue.0 > expected).then_some(overdue.1)),
        (found.frequency.min(1.0), (found.contact_days * expected < LIVING_DAYS).then_some(Clause::TooRare)),
        (found.mutual, one_sided),
        (found.our_activity, (found.our_activity < 0.7).then_some(Clause::ColleaguesQuiet)),
    ];
    said.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let fallback = if state == State::Poor { Clause::BelowUsual } else { Clause::Usual };
    said.into_iter().find_map(|(_, clause)| clause).unwrap_or(fallback)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health::Trend;
    use crate::health::factors::Components;

    fn scored(components: Components) -> Scored {
        Scored {
            score: 1.0,
            components,
            earlier: 1.0,
            trend: Trend::Steady,
            expected_days: 7,
            expected_frequency: 17.4,
            dormant_after: None,
            percentile: 50.0,
        }
    }

    fn reason(components: Components, state: State) -> (&'static str, String) {
        let health = Health { state, scored: Some(scored(components)) };
        let reason = Reason::of(&health);
        (reason.code(), reason.words(Language::English))
    }

    #[test]
    fn the_smallest_component_that_the_counts_bear_out_gives_the_reason() {
        let found = Components {
            days_since_contact: 2,
            days_since_received: Some(34),
            days_since_sent: Some(2),
            received: 0.5,
            sent: 2.0,
            frequency: 0.5,
            mutual: 0.8,
            recency: 0.3,
            our_activity: 0.9,
            varied: 1.0,
            contact_days: 4,
            own_gap: Some(9),
            recent_contact_days: 2,
            earlier_contact_days: 1,
        };
        let words = "nothing from the customer for 34 days; 4 days of contact in 90 days, expected weekly";
        assert_eq!(reason(found, State::Poor), ("awaiting_customer", words.to_string()));
        assert_eq!(reason(Components { days_since_sent: Some(35), ..found }, State::Poor).0, "awaiting_us");
        let rare = Components { frequency: 0.2, ..found };
        assert_eq!(reason(rare, State::Fair).0, "too_rare");
        assert_eq!(reason(Components { contact_days: 13, ..rare }, State::Fair).0, "awaiting_customer");
        assert_eq!(reason(Components { mutual: 0.2, ..found }, State::Fair).0, "one_sided");
        assert_eq!(reason(Components { our_activity: 0.1, ..found }, State::Fair).0, "colleagues_quiet");
        let as_usual = Components { days_since_received: Some(2), received: 2.0, contact_days: 20, ..found };
        assert_eq!(reason(as_usual, State::Fair).0, "usual");
        assert_eq!(reason(as_usual, State::Poor).0, "below_usual");
        assert_eq!(
            reason(Components { days_since_received: Some(12), ..found }, State::Good).1,
            "in contact 2 days ago, both ways; 4 days of contact in 90 days, expected weekly"
        );
        // A side that was last heard long ago is not in contact, however good the score is.
        let one_way = Components { days_since_received: Some(358), ..found };
        assert_eq!(reason(one_way, State::Good).0, "awaiting_customer");
        let health = Health { state: State::Good, scored: Some(scored(found)) };
        let in_french = Reason::of(&health).words(Language::French);
        assert!(in_french.contains(" ; 4 jours de contact"), "{in_french}");
        assert_eq!(reason(Components { days_since_received: None, ..found }, State::Fair).0, "no_reply");
        let unscored = Health { state: State::NotEnoughInfo, scored: None };
        assert_eq!(Reason::of(&unscored).words(Language::Swedish), "ingen kontakt det senaste året");
    }
}
