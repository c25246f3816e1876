//! Findings as sentences, natural in each language: each has its words in a `vocabulary` and its
//! grammar in a function.

mod english;
mod french;
mod german;
mod swedish;
#[cfg(test)]
mod tests;
mod them;
mod vocabulary;

use super::finding::Finding;
use crate::language::Language;

pub use them::{CustomerSide, Them};

/// The sentence for a finding.
pub fn sentence(language: Language, finding: &Finding, them: &Them) -> String {
    match language {
        Language::English => english::sentence(finding, them),
        Language::Swedish => swedish::sentence(finding, them),
        Language::French => french::sentence(finding, them),
        Language::German => german::sentence(finding, them),
    }
}
