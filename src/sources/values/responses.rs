//! What attendees answered to an invitation, in the words of Graph, of Exchange's older services and by number.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use crate::sources::values::nested::unwrapped;
use crate::sources::values::null_words::is_null_word;

const DECLINED: [&str; 3] = ["declined", "decline", "4"];

/// All other answers there are.
const OTHERS: [&str; 15] = [
    "none",
    "organizer",
    "tentativelyaccepted",
    "tentative",
    "accepted",
    "accept",
    "notresponded",
    "noresponsereceived",
    "unknown",
    "unknownfuturevalue",
    "0",
    "1",
    "2",
    "3",
    "5",
];

/// So many attendees of whom none has an answer, not even `none`, have lost their answers on the way.
const FEW: u32 = 10;
/// Unknown words that are kept for a warning.
const MANY: usize = 5;

/// What is noted about answers while they are read. Copies note together.
#[derive(Clone, Debug, Default)]
pub struct Responses(Arc<Noted>);

#[derive(Debug, Default)]
struct Noted {
    without: AtomicU32,
    answered: AtomicBool,
    unknown: Mutex<BTreeSet<String>>,
}

impl Responses {
    /// Whether an attendee declined. What is no answer that anybody knows is noted, and declines nothing.
    pub fn declined(&self, response: Option<&str>) -> bool {
        let response = response.map(|text| unwrapped(text).trim()).filter(|text| !text.is_empty());
        let is = |words: &[&str]| response.is_some_and(|text| words.iter().any(|word| text.eq_ignore_ascii_case(word)));
        let noted = &self.0;
        // A flag that is set is not written again: all threads read here.
        if response.is_none() {
            if noted.without.load(Ordering::Relaxed) < FEW {
                noted.without.fetch_add(1, Ordering::Relaxed);
            }
            return false;
        }
        if !noted.answered.load(Ordering::Relaxed) {
            noted.answered.store(true, Ordering::Relaxed);
        }
        let declined = is(&DECLINED);
        if !declined && !is(&OTHERS) {
            self.note(response.unwrap_or_default());
        }
        declined
    }

    fn note(&self, word: &str) {
        // A word of an enumeration; anything longer may be what somebody wrote.
        let is_word = word.len() <= 32 && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let word = if is_word { word.to_lowercase() } else { "(a text)".to_string() };
        if let Ok(mut unknown) = self.0.unknown.lock()
            && !is_null_word(&word)
            && unknown.len() < MANY
        {
            unknown.insert(word);
        }
    }

    /// Whether attendees have no answers at all.
    pub fn are_missing(&self) -> bool {
        !self.0.answered.load(Ordering::Relaxed) && self.0.without.load(Ordering::Relaxed) >= FEW
    }

    /// A few of the words that nobody knows.
    pub fn unknown(&self) -> Vec<String> {
        self.0.unknown.lock().map(|words| words.iter().cloned().collect()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_declined_is_known_in_all_words_for_it() {
        let responses = Responses::default();
        for word in ["declined", "Declined", "microsoft.graph.responseType'declined'", "Decline", "4"] {
            assert!(responses.declined(Some(word)), "{word}");
        }
        for word in ["accepted", "none", "microsoft.graph.responseType'notResponded'", "Tentative", "0", "", " "] {
            assert!(!responses.declined(Some(word)), "{word}");
        }
        assert!(!responses.declined(None) && !responses.are_missing() && responses.unknown().is_empty());
    }

    #[test]
    fn answers_that_nobody_knows_and_those_that_are_missing_are_noted() {
        let responses = Responses::default();
        (0..FEW).for_each(|_| assert!(!responses.declined(None)));
        assert!(responses.are_missing());
        assert!(!responses.declined(Some("Abgelehnt")) && !responses.declined(Some("see anna@nordwind.example")));
        assert!(!responses.are_missing());
        assert_eq!(responses.unknown(), ["(a text)", "abgelehnt"]);
    }
}
