//! Words with which exports and people say that there is nothing: no address, no id, no number.

/// The longest of them.
const LONGEST: usize = 9;
const WORDS: [&str; 12] =
    ["null", "(null)", "<null>", "[null]", "none", "nil", "nan", "n/a", "#n/a", "undefined", "\\n", "-"];

/// Whether a text says that there is nothing.
pub fn is_null_word(text: &str) -> bool {
    text.len() <= LONGEST && WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}
