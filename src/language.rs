//! The languages of texts for people: summaries and introduction requests.

/// A language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Swedish.
    Swedish,
    /// French.
    French,
    /// German.
    German,
}

impl Language {
    /// All of them, in the order in which texts by language are kept.
    pub const ALL: [Language; 4] = [Language::English, Language::Swedish, Language::French, Language::German];

    /// Codes of all languages in the order of the alphabet.
    pub const CODES: [&str; 4] = ["de", "en", "fr", "sv"];

    /// The code of ISO 639-1.
    pub fn code(self) -> &'static str {
        ["en", "sv", "fr", "de"][self as usize]
    }

    /// The language of a code of ISO 639-1.
    pub fn from_code(code: &str) -> Option<Language> {
        Language::ALL.into_iter().find(|language| language.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_is_found_by_its_code() {
        let mut codes = Language::ALL.map(Language::code);
        codes.sort_unstable();
        assert_eq!(codes, Language::CODES);
        assert_eq!(Language::ALL.map(|language| Language::from_code(language.code())), Language::ALL.map(Some));
        assert_eq!(Language::from_code("xx"), None);
    }
}
