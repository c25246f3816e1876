//! Words with which exports and people say that there is nothing: no address, no id, no number.

/// The longest of them.
const LONGEST: usize = 9;
const WORDS: [&str; 9] = ["null", "<na>", "(null)", "<null>", "[null]", "n/a", "#n/a", "undefined", "\\n"];
/// What nobody would write as an address or a number, and somebody may as an id.
const MORE: [&str; 5] = ["none", "nil", "nan", "nat", "-"];
/// What data frames write; in these letters alone, it is no id that somebody chose.
const OF_FRAMES: [&str; 4] = ["None", "nan", "NaN", "NaT"];

/// Whether a text that may be an address, a number or a time says that there is none.
pub fn is_null_word(text: &str) -> bool {
    text.len() <= LONGEST && (is_among(text, &WORDS) || is_among(text, &MORE))
}

/// Whether a text that may be an id says that there is none.
pub fn is_null_id(id: &str) -> bool {
    id.len() <= LONGEST && (is_among(id, &WORDS) || OF_FRAMES.contains(&id))
}

/// Whether a text that names a message or a meeting for all systems names none: a word for nothing, or only zeros and
/// signs. Nobody gives such an id, and all that share it would be one.
pub fn is_nothing(id: &str) -> bool {
    is_null_id(id) || id.bytes().all(|byte| byte == b'0' || byte.is_ascii_punctuation())
}

fn is_among(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_words_are_ids_and_no_values() {
        for nothing in ["null", "NULL", "N/A", "\\N", "None", "NaN", "NaT", "<NA>"] {
            assert!(is_null_word(nothing) && is_null_id(nothing), "{nothing}");
        }
        for id in ["none", "NONE", "nil", "-", "nan "] {
            assert!(!is_null_id(id), "{id}");
        }
        assert!(is_null_word("none") && is_null_word("-") && !is_null_word("nobody"));
    }

    #[test]
    fn zeros_and_signs_name_no_message() {
        for nothing in ["", "0", "?", "-", "<>", "00000000-0000-0000-0000-000000000000", "None", "<NA>"] {
            assert!(is_nothing(nothing), "{nothing}");
        }
        for id in ["1", "0@x", "<a>", "é", "NONE"] {
            assert!(!is_nothing(id), "{id}");
        }
    }
}
