//! Texts from outside, made fit to be shown: nothing in them moves a cursor, forges a line or gives away a key.
//!
//! Names of files and columns, values of settings and what a store answers are written by others. Whoever
//! reads a message on a terminal or in a log sees its characters, whatever they are meant to do there.

use std::borrow::Cow;
use std::fmt::Write;
use std::sync::{LazyLock, OnceLock};

use regex::{Captures, Regex};

/// Characters of a value that are shown.
const SHOWN: usize = 100;

/// From this length on a word of small and capital letters and digits may be a key.
const KEY_LENGTH: usize = 20;

/// Keys and tokens that this process was given.
static KEPT: OnceLock<Vec<String>> = OnceLock::new();

/// Never shows these values, wherever they turn up. Only the first call counts.
pub fn keep_secret(values: impl IntoIterator<Item = String>) {
    let mut values: Vec<String> = values.into_iter().filter(|value| value.len() >= 8).collect();
    // A longer one may hold a shorter one.
    values.sort_by_key(|value| std::cmp::Reverse(value.len()));
    let _ = KEPT.set(values);
}

/// A message on one line.
pub fn told(text: &str) -> String {
    escaped(&redacted(text)).into_owned()
}

/// A text whose lines were made by us.
pub fn told_lines(text: &str) -> String {
    text.split_inclusive('\n')
        .map(|line| match line.strip_suffix('\n') {
            Some(line) => told(line) + "\n",
            None => told(line),
        })
        .collect()
}

/// A value as somebody wrote it, in quotes: its beginning, and nothing of what may be a key.
pub fn value(text: &str) -> String {
    format!("{:?}", cut(&without_keys(&redacted(text)), SHOWN))
}

/// At most so many characters.
pub fn cut(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((at, _)) => Cow::Owned(format!("{}… ({} characters)", &text[..at], text.chars().count())),
        None => Cow::Borrowed(text),
    }
}

/// Characters that say what they are instead of doing it.
pub fn escaped(text: &str) -> Cow<'_, str> {
    if !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => shown.extend(c.escape_default()),
            c if acts(c) => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// The same within JSON.
pub fn escaped_json(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if acts(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(shown, "\\u{unit:04x}");
            }
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Whether a character does something to what is around it: controls, line separators, marks and overrides
/// of direction, and what has no width.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The text without keys, tokens, and what URLs carry besides their place.
pub fn redacted(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    for kept in KEPT.get().into_iter().flatten() {
        if text.contains(kept.as_str()) {
            text = Cow::Owned(text.replace(kept.as_str(), "…"));
        }
    }
    for (pattern, with) in PATTERNS.iter() {
        if pattern.is_match(&text) {
            text = Cow::Owned(pattern.replace_all(&text, *with).into_owned());
        }
    }
    if let Some(pattern) = USER.as_ref().filter(|pattern| pattern.is_match(&text)) {
        let user = |found: &Captures<'_>| match (found[1].to_ascii_lowercase().as_str(), found[2].contains(':')) {
            // Here it is the container.
            ("abfs" | "abfss", false) => found[0].to_string(),
            (scheme, _) => format!("{scheme}://…@"),
        };
        text = Cow::Owned(pattern.replace_all(&text, user).into_owned());
    }
    text
}

/// What stands before the @ of a URL.
static USER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#"(?i)([a-z][a-z0-9+.-]*)://([^\s/?#'"]*)@"#).ok());

static PATTERNS: LazyLock<Vec<(Regex, &'static str)>> = LazyLock::new(|| {
    let secret = r"[\w.-]*(?:signature|credential|secret|passw(?:or)?d|pwd|token|account_?key|access_?key|api_?key|private_?key)[\w.-]*|sig";
    let patterns = [
        (r"(?s)-----BEGIN.*?(?:-----END[^-]*-----|$)".to_string(), "…"),
        (r#"(?i)([a-z][a-z0-9+.-]*://[^\s'"?]*)\?[^\s'"]*"#.to_string(), "$1?…"),
        (format!(r#"(?i)\b({secret})=["']?[^\s"'&;,]+"#), "$1=…"),
        (format!(r#"(?i)(["'](?:{secret})["']\s*:\s*["'])[^"']+"#), "$1…"),
        (r"(?i)\b(bearer|sharedkey)\s+[^\s,;]+".to_string(), "$1 …"),
        (r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b".to_string(), "…"),
        (r"\beyJ[\w-]+\.[\w-]+\.[\w-]*".to_string(), "…"),
        (r"[A-Za-z0-9+/]{86}==".to_string(), "…"),
    ];
    // The tests see to it that each of them is one.
    patterns.into_iter().filter_map(|(text, with)| Some((Regex::new(&text).ok()?, with))).collect()
});

/// The text without words that look like keys.
pub fn without_keys(text: &str) -> String {
    let is_end = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | ';' | '[' | ']' | '{' | '}');
    let mut shown = String::with_capacity(text.len());
    for part in text.split_inclusive(is_end) {
        let word = part.trim_end_matches(is_end);
        if is_key(word) {
            let _ = write!(shown, "({} characters, hidden)", word.chars().count());
            shown.push_str(&part[word.len()..]);
        } else {
            shown.push_str(part);
        }
    }
    shown
}

fn is_key(word: &str) -> bool {
    let has = |of: fn(&char) -> bool| word.chars().any(|c| of(&c));
    word.len() >= KEY_LENGTH
        && has(char::is_ascii_digit)
        && has(char::is_ascii_uppercase)
        && has(char::is_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_shown_and_the_rest_is_left() {
        assert_eq!(escaped("a\u{1b}[2Jb\nc\u{202e}d\u{9b}"), "a\\u{1b}[2Jb\\nc\\u{202e}d\\u{9b}");
        assert_eq!(escaped("Größe 会議 👍 – ok"), "Größe 会議 👍 – ok");
        assert_eq!(escaped_json("{\"a\":\"\u{202e}\u{7f}\u{e0041}\"}"), "{\"a\":\"\\u202e\\u007f\\udb40\\udc41\"}");
        assert_eq!(told_lines("a\u{7}\nb\n"), "a\\u{7}\nb\n");
    }

    #[test]
    fn keys_are_left_out_wherever_they_stand() {
        for text in [
            "az://lake/x?sv=2024&sig=HIDDEN%3D",
            "https://user:HIDDEN@store.example:9000/x",
            "s3://HIDDEN@bucket/x",
            "AWS_SECRET_ACCESS_KEY=HIDDEN",
            "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=HIDDEN==;EndpointSuffix=x",
            "SharedAccessSignature=sv=1&sig=HIDDEN",
            "{\"client_secret\": \"HIDDEN\"}",
            "Authorization: Bearer HIDDEN",
            "-----BEGIN PRIVATE KEY-----\nHIDDEN\n-----END PRIVATE KEY-----",
            "-----BEGIN RSA PRIVATE KEY-----\nHIDDEN",
            "password='HIDDEN'",
            "--set sas_token=HIDDEN",
        ] {
            assert!(!told(text).contains("HIDDEN"), "{}", told(text));
        }
        assert_eq!(told("id AKIAIOSFODNN7EXAMPLE"), "id …");
    }

    #[test]
    fn places_and_ordinary_words_are_left() {
        for text in [
            "abfss://lake@account.dfs.core.windows.net/a/b: the store refuses access",
            "s3://bucket/email/part-0.parquet",
            "table email: column token: file a/b.parquet: holds text",
            "Set one of these in the environment: AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY",
            "Name it with --set control=lists",
        ] {
            assert_eq!(told(text), text);
        }
    }

    #[test]
    fn values_are_cut_and_hide_what_looks_like_a_key() {
        assert_eq!(value("Europe/Stokholm"), "\"Europe/Stokholm\"");
        assert_eq!(value("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), "\"(40 characters, hidden)\"");
        let long = value(&"x".repeat(24_000));
        assert!(long.chars().count() < 150 && long.contains("24000 characters"), "{long}");
    }
}
