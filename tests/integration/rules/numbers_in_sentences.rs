//! The numbers that a sentence of any language says, so that all languages can be held against one.

use std::sync::LazyLock;

use regex::Regex;

static TOKEN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\d[\d\u{a0}\u{202f}]*(?:[.,]\d+)*|\w+").expect("a pattern"));

/// The numbers of a sentence but 1, which articles are too, in order.
pub fn numbers(language: &str, sentence: &str) -> Vec<String> {
    let words: [&str; 11] = match language {
        "en" => ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
        "sv" => ["två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv"],
        "fr" => ["deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"],
        _ => ["zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"],
    };
    let (thousands, point) = if language == "en" { (",", '.') } else { (".", ',') };
    let mut found: Vec<String> = TOKEN
        .find_iter(sentence)
        .filter_map(|token| {
            let text = token.as_str();
            if let Some(at) = words.iter().position(|word| *word == text) {
                return Some((at + 2).to_string());
            }
            text.starts_with(|first: char| first.is_ascii_digit()).then(|| {
                let text = text.replace(['\u{a0}', '\u{202f}'], "");
                let grouped = text.split(thousands).skip(1).all(|group| group.len() == 3);
                let text = if grouped { text.replace(thousands, "") } else { text };
                text.replace(point, ".").trim_end_matches("er").to_string()
            })
        })
        .filter(|number| number != "1")
        .collect();
    found.sort();
    found
}

#[test]
fn numbers_are_read_in_every_language() {
    assert_eq!(numbers("en", "1,234 more (1,234 against 2)"), ["1234", "1234", "2"]);
    assert_eq!(numbers("de", "1.234 mehr, zwei 5,5"), ["1234", "2", "5.5"]);
    assert_eq!(numbers("sv", "1\u{a0}234 och 25\u{a0}%"), ["1234", "25"]);
}
