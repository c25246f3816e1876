//! The main reason for a score, in words (rule H3).

use super::score::Components;
use crate::config::{ExpectedContact, HealthSettings};

/// What weighs most in a score, and what is expected.
///
/// Of silence, silence of one side, and too little contact, the one that takes most from the score;
/// none of them, where contact is as expected.
pub fn reason(found: &Components, settings: &HealthSettings) -> String {
    let expected = format!("expected {}", words(settings.expected_contact));
    let days = settings.expected_contact.days();
    let overdue = |since: Option<u32>| since.is_none_or(|since| f64::from(since) > 2.0 * days);
    let since = |since: Option<u32>| since.map_or("a year".to_string(), day_count);
    let (received, sent) = (found.days_since_received, found.days_since_sent);
    let silent = f64::from(found.days_since_contact) > 2.0 * days;
    if overdue(received) && (received.is_none() || received > sent) {
        return format!("no customer reply for {}; {expected}", since(received));
    }
    if silent {
        return format!("no contact for {}; {expected}", day_count(found.days_since_contact));
    }
    if overdue(sent) {
        return format!("nothing from us for {}; {expected}", since(sent));
    }
    if found.mutual < 0.8 {
        let (more, less) = if found.sent > found.received { ("we write", "they do") } else { ("they write", "we do") };
        return format!("{more} far more than {less}; {expected}");
    }
    if found.frequency < 0.5 {
        return format!("contact is rarer than expected; {expected}");
    }
    format!("in touch both ways, the last time {}; {expected}", ago(found.days_since_contact))
}

fn words(expected: ExpectedContact) -> &'static str {
    match expected {
        ExpectedContact::Daily => "daily contact",
        ExpectedContact::EveryFewDays => "contact every few days",
        ExpectedContact::Weekly => "weekly contact",
        ExpectedContact::EveryCoupleOfWeeks => "contact every couple of weeks",
        ExpectedContact::Monthly => "monthly contact",
    }
}

fn day_count(days: u32) -> String {
    if days == 1 { "1 day".to_string() } else { format!("{days} days") }
}

fn ago(days: u32) -> String {
    match days {
        0 => "today".to_string(),
        1 => "yesterday".to_string(),
        days => format!("{days} days ago"),
    }
}
