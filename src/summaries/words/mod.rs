//! Findings as sentences, natural in each language: each has its words in a `vocabulary` and its
//! grammar in a function.

mod english;
mod french;
mod german;
mod swedish;
#[cfg(test)]
mod tests;
mod vocabulary;

use super::finding::{Answers, Finding};
use crate::language::Language;

/// Days from which on a day is named instead of counted back to.
const LONG_AGO: u32 = 100;

/// Whose side the customer's is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Of accounts and opportunities.
    Customer,
    /// Of contacts.
    Contact,
    /// Of leads.
    Lead,
}

/// The customer's side, and the name of a person that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Them<'a> {
    /// What to call it without a name.
    pub side: Side,
    /// The name of the contact or lead.
    pub name: Option<&'a str>,
}

/// The sentence for a finding.
pub fn sentence(language: Language, finding: &Finding, them: &Them) -> String {
    match language {
        Language::English => english::sentence(finding, them),
        Language::Swedish => swedish::sentence(finding, them),
        Language::French => french::sentence(finding, them),
        Language::German => german::sentence(finding, them),
    }
}

/// Whether we take longer.
fn slower(ours: Answers, theirs: f64) -> bool {
    ours.median > theirs
}
