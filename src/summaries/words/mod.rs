//! Findings as sentences, natural in each language: each has its words in a [`vocabulary`] and its
//! grammar in a function.

mod english;
mod french;
mod german;
mod swedish;
mod vocabulary;

use super::finding::Finding;
use crate::language::Language;

/// Whose side the customer's is, which decides what it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Them {
    /// Of accounts and opportunities.
    Customer,
    /// Of contacts.
    Contact,
    /// Of leads.
    Lead,
}

use Language::{English, French, German, Swedish};

impl Language {
    /// The sentence for a finding.
    pub fn sentence(self, finding: Finding, them: Them) -> String {
        match self {
            English => english::sentence(finding, them),
            Swedish => swedish::sentence(finding, them),
            French => french::sentence(finding, them),
            German => german::sentence(finding, them),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::{Against, Noun};
    use super::*;

    fn said(finding: Finding, them: Them) -> [String; 4] {
        Language::ALL.map(|language| language.sentence(finding, them))
    }

    fn count(noun: Noun, difference: f64, against: Against) -> Finding {
        Finding::Count { noun, difference, against }
    }

    #[test]
    fn one_and_many_agree_with_their_nouns() {
        assert_eq!(
            said(count(Noun::Meeting, 3.0, Against::Them), Them::Customer),
            [
                "We started three more meetings than the customer.",
                "Vi har tagit initiativ till tre fler möten än kunden.",
                "Nous avons organisé trois réunions de plus que le client.",
                "Wir haben drei Besprechungen mehr angesetzt als der Kunde.",
            ]
        );
        assert_eq!(
            said(count(Noun::Call, -1.0, Against::Them), Them::Lead),
            [
                "We made one fewer call than the lead.",
                "Vi har ringt ett samtal mindre än leadet.",
                "Nous avons passé un appel de moins que le prospect.",
                "Wir haben einen Anruf weniger getätigt als der Lead.",
            ]
        );
    }

    #[test]
    fn decimals_and_their_plurals_follow_the_language() {
        assert_eq!(
            said(count(Noun::Meeting, -1.4, Against::SimilarDeals), Them::Customer),
            [
                "So far, there have been 1.4 fewer meetings than in similar won deals at the same age.",
                "Hittills har det varit 1,4 färre möten än i liknande vunna affärer vid samma ålder.",
                "Jusqu'ici, il y a eu 1,4 réunion de moins que dans les affaires gagnées similaires au même âge.",
                "Bisher gab es 1,4 Besprechungen weniger als in ähnlichen gewonnenen Geschäften gleichen Alters.",
            ]
        );
        assert_eq!(
            said(Finding::Time { hours: 1.5, against: Against::Them }, Them::Contact),
            [
                "We have spent 1.5 hours more than the contact.",
                "Vi har lagt ned 1,5 timmar mer än kontakten.",
                "Nous y avons consacré 1,5 heure de plus que le contact.",
                "Wir haben 1,5 Stunden mehr aufgewendet als der Kontakt.",
            ]
        );
    }

    #[test]
    fn times_take_the_unit_that_suits_them() {
        let later = |hours| English.sentence(Finding::Response { hours, against: Against::Them }, Them::Customer);
        assert_eq!(later(0.5), "We answer emails 30 minutes later than the customer.");
        assert_eq!(later(-12.0), "We answer emails 12 hours faster than the customer.");
        assert_eq!(later(24.0 * 40.0), "We answer emails 40 days later than the customer.");
        let spent = |hours| German.sentence(Finding::Time { hours, against: Against::Them }, Them::Customer);
        assert_eq!(spent(60.0), "Wir haben 60 Stunden mehr aufgewendet als der Kunde.");
    }

    #[test]
    fn large_numbers_and_percentages_are_written_as_usual() {
        let [english, swedish, french, german] = said(count(Noun::Email, 1_234.0, Against::Them), Them::Customer);
        assert!(english.contains("1,234 more emails") && swedish.contains("1\u{a0}234 fler mejl"));
        assert!(french.contains("1\u{202f}234 e-mails de plus") && german.contains("1.234 E-Mails mehr"));
        assert_eq!(
            said(Finding::Rates { by_them: 0.45, by_us: 0.8 }, Them::Customer)[1],
            "Kunden svarar på 45\u{a0}% av våra mejl, vi på 80\u{a0}% av kundens."
        );
    }
}
