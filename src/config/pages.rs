//! What a job of the kind `report` writes: pages of which records, for whom, in which language.

use crate::language::Language;

/// Which pages a report has. Where they lie is [`super::Job::site`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageSettings {
    /// Owners by id or address, each of whom gets a report of their own; empty: one report of all.
    pub owners: Vec<String>,
    /// Ids of the records that have pages; empty: all.
    pub records: Vec<String>,
    /// Of each kind only so many, those with the most interactions.
    pub top: Option<u32>,
    /// The language of the pages.
    pub language: Language,
    /// Who may read them.
    pub file_mode: u32,
}

impl Default for PageSettings {
    fn default() -> PageSettings {
        PageSettings {
            owners: Vec::new(),
            records: Vec::new(),
            top: None,
            language: Language::English,
            file_mode: 0o600,
        }
    }
}
