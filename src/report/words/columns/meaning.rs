//! What a column means to a reader.

use crate::language::Language;
use crate::report::words::choose;

/// What a column means.
pub struct Meaning {
    /// Its name, or with its table where tables differ.
    pub column: &'static str,
    /// What a reader calls it: in English, Swedish, French and German.
    pub(super) labels: [&'static str; 4],
    /// What it says, in Swedish, French and German. In English the dictionary says it.
    pub(super) texts: [&'static str; 3],
}

/// One line for its name, one for each description.
macro_rules! columns {
    ($($column:literal: $labels:expr; $swedish:literal; $french:literal; $german:literal;)*) => {
        pub(super) const COLUMNS: &[super::meaning::Meaning] =
            &[$(super::meaning::Meaning { column: $column, labels: $labels, texts: [$swedish, $french, $german] },)*];
    };
}
pub(super) use columns;

impl Meaning {
    /// What a reader calls it.
    pub fn label(&self, language: Language) -> &'static str {
        choose(language, &self.labels)
    }

    /// What it says, where the dictionary does not say it in this language.
    pub fn text(&self, language: Language) -> Option<&'static str> {
        (language as usize).checked_sub(1).map(|place| self.texts[place])
    }
}
