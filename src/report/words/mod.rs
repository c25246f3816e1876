//! The words of the pages, in the four languages side by side.
//!
//! [`Words`] are those of pages and widgets, [`Findings`] those of what needs somebody, what changed and who is missing.
//! [`columns`] says what columns mean, and [`factors`] what the columns of a deal are called.

use crate::language::Language;

/// Every word has a name, and stands here once in each language; one that is missing does not compile.
macro_rules! words {
    ($words:ident; $($name:ident: $english:literal, $swedish:literal, $french:literal, $german:literal;)*) => {
        /// The words of one language.
        #[expect(missing_docs, reason = "the table below is what each says")]
        pub struct $words { $(pub $name: &'static str,)* }
        impl $words {
            const ENGLISH: $words = $words { $($name: $english,)* };
            const SWEDISH: $words = $words { $($name: $swedish,)* };
            const FRENCH: $words = $words { $($name: $french,)* };
            const GERMAN: $words = $words { $($name: $german,)* };
            /// All of them by their names.
            #[cfg(test)]
            pub(super) const ALL: &'static [(&'static str, [&'static str; 4])] =
                &[$((stringify!($name), [$english, $swedish, $french, $german]),)*];

            /// The words of a language.
            pub fn of(language: crate::language::Language) -> &'static $words {
                match language {
                    crate::language::Language::English => &$words::ENGLISH,
                    crate::language::Language::Swedish => &$words::SWEDISH,
                    crate::language::Language::French => &$words::FRENCH,
                    crate::language::Language::German => &$words::GERMAN,
                }
            }
        }
    };
}

pub mod columns;
pub mod factors;
mod findings;
pub mod measures;
mod pages;

pub use findings::Findings;
pub use pages::Words;

/// A text in the language of the reader, of those in English, Swedish, French and German.
pub fn choose<'a>(language: Language, texts: &[&'a str; 4]) -> &'a str {
    texts[language as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_is_empty_and_placeholders_are_in_every_language() {
        let placeholders = |text: &str| {
            let mut found: Vec<String> =
                text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0.to_string())).collect();
            // German has a case of its own for days.
            found.iter_mut().for_each(|name| *name = name.replace("_dative", ""));
            found.sort();
            found
        };
        assert!(Words::ALL.len() > 100);
        for (name, texts) in Words::ALL.iter().chain(Findings::ALL) {
            assert!(texts.iter().all(|text| !text.trim().is_empty()), "{name} has an empty word");
            // "1 day" needs no number in languages where one is always singular.
            let due = placeholders(texts[0]);
            let same = |text: &&&str| placeholders(text) == due;
            assert!(
                name.contains("_one") || texts.iter().filter(same).count() == 4,
                "{name} differs in its placeholders"
            );
        }
    }
}
