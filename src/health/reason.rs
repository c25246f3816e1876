//! The main reason for a score, in words and as a code (rule H3).

use std::cmp::Ordering;

use super::score::Components;
use super::{Health, STATES, State};
use crate::config::{ExpectedContact, HealthSettings};

/// Why health is what it is: a code, and words.
///
/// A side that was never heard in the year comes first. Then, unless health is good, the smallest of
/// recency, frequency (at most 1), mutual and our_activity.
pub fn reason(health: &Health, settings: &HealthSettings) -> (&'static str, String) {
    let Some(scored) = health.scored else {
        let words = match health.state {
            State::NoClosedActivities => "no contact yet",
            State::NotEnoughInfo => "no contact in the past year",
            _ => "no contact for two years",
        };
        return (STATES[health.state as usize], words.to_string());
    };
    let (code, words) = main(&scored.components, health.state);
    (code, format!("{words}; expected {}", expected(settings.expected_contact)))
}

fn main(found: &Components, state: State) -> (&'static str, String) {
    let (received, sent) = match (found.days_since_received, found.days_since_sent) {
        (None, None) => {
            return (
                "silent",
                format!("neither side has written or met, they were last named {}", ago(found.days_since_contact)),
            );
        }
        (None, _) => return ("no_reply", "no customer reply in the past year".to_string()),
        (_, None) => return ("no_outreach", "we have not written or met in the past year".to_string()),
        (Some(received), Some(sent)) => (received, sent),
    };
    if state == State::Good {
        return ("on_rhythm", format!("in contact {}, both ways", ago(found.days_since_contact)));
    }
    let frequency = found.frequency.min(1.0);
    let least = found.recency.min(frequency).min(found.mutual).min(found.our_activity);
    if found.recency <= least {
        match received.cmp(&sent) {
            Ordering::Greater => ("awaiting_customer", format!("no customer reply for {}", days(received))),
            Ordering::Less => ("awaiting_us", format!("we have not been in touch for {}", days(sent))),
            Ordering::Equal => ("silent", format!("no contact for {}", days(found.days_since_contact))),
        }
    } else if frequency <= least {
        ("too_rare", format!("contact is too rare, the last was {}", ago(found.days_since_contact)))
    } else if found.mutual <= least {
        let who = if found.received < found.sent { "the customer seldom answers" } else { "we seldom answer" };
        ("one_sided", who.to_string())
    } else {
        ("colleagues_quiet", "the colleagues of this record have been in touch with nobody outside lately".to_string())
    }
}

fn days(days: u32) -> String {
    if days == 1 { "1 day".to_string() } else { format!("{days} days") }
}

fn ago(age: u32) -> String {
    match age {
        0 => "today".to_string(),
        1 => "yesterday".to_string(),
        _ => format!("{} ago", days(age)),
    }
}

fn expected(expected: ExpectedContact) -> &'static str {
    match expected {
        ExpectedContact::Daily => "daily contact",
        ExpectedContact::EveryFewDays => "contact every few days",
        ExpectedContact::Weekly => "weekly contact",
        ExpectedContact::EveryCoupleOfWeeks => "contact every couple of weeks",
        ExpectedContact::Monthly => "monthly contact",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Profile, Settings};
    use crate::health::{Scored, Trend};

    fn code(components: Components, state: State) -> (&'static str, String) {
        let scored = Scored { score: 1.0, components, earlier: 1.0, trend: Trend::Steady };
        reason(&Health { state, scored: Some(scored) }, &Settings::of_profile(Profile::Default).health)
    }

    #[test]
    fn the_smallest_component_gives_the_reason() {
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
        };
        let words = "no customer reply for 34 days; expected weekly contact";
        assert_eq!(code(found, State::Poor), ("awaiting_customer", words.to_string()));
        assert_eq!(code(Components { days_since_sent: Some(35), ..found }, State::Poor).0, "awaiting_us");
        let rare = code(Components { frequency: 0.2, ..found }, State::Fair);
        let words = "contact is too rare, the last was 2 days ago; expected weekly contact";
        assert_eq!(rare, ("too_rare", words.to_string()));
        let today = code(Components { days_since_contact: 0, ..found }, State::Good);
        assert_eq!(today.1, "in contact today, both ways; expected weekly contact");
        let one_sided = code(Components { mutual: 0.2, ..found }, State::Fair);
        assert_eq!(one_sided, ("one_sided", "the customer seldom answers; expected weekly contact".to_string()));
        assert_eq!(code(Components { our_activity: 0.1, ..found }, State::Fair).0, "colleagues_quiet");
        assert_eq!(code(found, State::Good).1, "in contact 2 days ago, both ways; expected weekly contact");
        assert_eq!(code(Components { days_since_received: None, ..found }, State::Fair).0, "no_reply");
        let unscored = Health { state: State::NotEnoughInfo, scored: None };
        let settings = Settings::of_profile(Profile::Default).health;
        assert_eq!(reason(&unscored, &settings), ("not_enough_info", "no contact in the past year".to_string()));
    }
}
