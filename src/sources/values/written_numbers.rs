//! Whole numbers and truths written as text (rule I3).

/// A whole number, with zeros behind the point if there is one.
pub fn whole(text: &str) -> Option<i64> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    rest.bytes().all(|byte| byte == b'0').then(|| whole.parse().ok())?
}

/// A number with a point or a comma before its decimals, and groups of digits before it. A comma and three digits alone
/// (`1,234`) may be either, and nobody knows.
pub fn decimal(text: &str) -> Option<f64> {
    let number = |text: &str| text.parse().ok().filter(|number: &f64| number.is_finite());
    if let Some(number) = number(text) {
        return Some(number);
    }
    let text: String = text.chars().filter(|c| !c.is_whitespace() && *c != '\'').collect();
    let (point, comma) = (text.rfind('.'), text.rfind(','));
    let is_group = |group: &str| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit());
    let of = |whole: &str, group: char, decimals: &str| {
        let mut groups = whole.split(group);
        let first = groups.next()?;
        let digits = first.trim_start_matches('-');
        let grouped = (1..=3).contains(&digits.len()) && groups.clone().all(is_group);
        let is_plain = !digits.is_empty() && groups.next().is_none();
        let is_number = decimals.bytes().all(|byte| byte.is_ascii_digit());
        let whole = whole.replace(group, "");
        (is_number && (grouped || is_plain)).then(|| number(&format!("{whole}.{decimals}")))?
    };
    match (point, comma) {
        (Some(point), Some(comma)) if point > comma => of(&text[..point], ',', &text[point + 1..]),
        (Some(_), Some(comma)) => of(&text[..comma], '.', &text[comma + 1..]),
        (None, Some(comma)) if text.matches(',').count() == 1 && text.len() - comma - 1 != 3 => {
            of(&text[..comma], '.', &text[comma + 1..])
        }
        (_, None) => number(&text),
        _ => None,
    }
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
    use super::{decimal, truth};

    #[test]
    fn numbers_may_be_written_in_the_way_of_other_countries() {
        for text in ["1234.5", "1234,5", "1.234,5", "1,234.50", "1 234,5", "1\u{a0}234,50", "1'234.5"] {
            assert_eq!(decimal(text), Some(1234.5), "{text}");
        }
        assert_eq!(decimal("-1.234.567,00"), Some(-1_234_567.0));
        for unclear in ["1,234", "1,234,567", "12.34.56", "1.23,4", "1,2,3", "abc", ",", "12a,5", "1..2,5"] {
            assert_eq!(decimal(unclear), None, "{unclear}");
        }
    }

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
