//! Whole numbers and truths written as text (rule I3).

/// A whole number, with zeros behind the point if there is one.
pub fn whole(text: &str) -> Option<i64> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    rest.bytes().all(|byte| byte == b'0').then(|| whole.parse().ok())?
}

/// Whether a text says yes, as 1, or no, as 0.
pub fn truth(text: &str) -> Option<u8> {
    let is_one_of = |words: [&str; 4]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is_one_of(["true", "yes", "t", "y"]) {
        return Some(1);
    }
    if is_one_of(["false", "no", "f", "n"]) {
        return Some(0);
    }
    whole(text).and_then(|number| u8::try_from(number).ok()).filter(|number| *number <= 1)
}

#[cfg(test)]
mod tests {
    use super::truth;

    #[test]
    fn truths_are_words_or_numbers() {
        for yes in ["true", "TRUE", "T", "Yes", "y", "1", "1.0"] {
            assert_eq!(truth(yes), Some(1), "{yes}");
        }
        for no in ["False", "f", "no", "N", "0", "0.00"] {
            assert_eq!(truth(no), Some(0), "{no}");
        }
        for neither in ["ja", "2", "-1", "1.5", "yes!", ""] {
            assert_eq!(truth(neither), None, "{neither}");
        }
    }
}
