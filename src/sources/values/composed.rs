//! One form of letters with marks: `é` may be written as one character or as two, depending on the system, and is the
//! same to everybody who reads it.

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;

/// The text with each letter and its marks as one character, where there is one (Unicode's form C).
pub fn composed(text: &str) -> Cow<'_, str> {
    const FORM_C: ComposingNormalizerBorrowed<'static> = ComposingNormalizerBorrowed::new_nfc();
    if text.is_ascii() { Cow::Borrowed(text) } else { FORM_C.normalize(text) }
}

/// The same, its blanks as one types them: some languages have narrow ones, or such as no line breaks at.
pub fn with_plain_blanks(text: &str) -> Cow<'_, str> {
    let text = composed(text);
    let is_other = |c: char| c != ' ' && c.is_whitespace();
    if text.is_ascii() || !text.contains(is_other) { text } else { Cow::Owned(text.replace(is_other, " ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_their_marks_are_put_together() {
        for (apart, together) in [("Andre\u{301}", "André"), ("A\u{30a}sa", "Åsa"), ("\u{1112}\u{1161}\u{11ab}", "한")]
        {
            assert_eq!(composed(apart), together);
            assert_eq!(composed(together), together);
        }
        assert!(matches!(composed("xena@acme.example"), Cow::Borrowed(_)));
    }
}
