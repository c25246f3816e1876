//! Words as mail carries them when they have other letters than ASCII: `=?utf-8?Q?J=C3=B6rg?=` is Jörg (RFC 2047).

use base64::Engine;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::{GeneralPurposeConfig, NO_PAD};

/// The text with its encoded words decoded; none where it has no such word.
pub fn decoded(text: &str) -> Option<String> {
    let (mut plain, mut rest, mut found) = (String::new(), text, false);
    while let Some(at) = rest.find("=?") {
        let Some((word, after)) = word(&rest[at..]) else {
            plain.push_str(&rest[..at + 2]);
            rest = &rest[at + 2..];
            continue;
        };
        // Blanks between two encoded words belong to neither.
        let between = &rest[..at];
        if !found || !between.trim().is_empty() {
            plain.push_str(between);
        }
        plain.push_str(&word);
        (rest, found) = (after, true);
    }
    plain.push_str(rest);
    found.then_some(plain)
}

/// The encoded word that a text begins with, decoded, and what follows it.
fn word(text: &str) -> Option<(String, &str)> {
    let (charset, rest) = text.strip_prefix("=?")?.split_once('?')?;
    let (encoding, rest) = rest.split_once('?')?;
    let (letters, after) = rest.split_once("?=")?;
    if charset.is_empty() || charset.contains(char::is_whitespace) || letters.contains('?') {
        return None;
    }
    let bytes = match encoding {
        "B" | "b" => base64_bytes(letters)?,
        "Q" | "q" => quoted_bytes(letters),
        _ => return None,
    };
    // Of addresses nearly all letters are ASCII, which is the same in all that mail uses.
    let text =
        String::from_utf8(bytes).unwrap_or_else(|error| error.as_bytes().iter().copied().map(char::from).collect());
    Some((text, after))
}

fn base64_bytes(letters: &str) -> Option<Vec<u8>> {
    let config: GeneralPurposeConfig = NO_PAD.with_decode_allow_trailing_bits(true);
    let engine = GeneralPurpose::new(&base64::alphabet::STANDARD, config);
    engine.decode(letters.trim_end_matches('=').trim()).ok()
}

fn quoted_bytes(letters: &str) -> Vec<u8> {
    let (mut bytes, mut rest) = (Vec::with_capacity(letters.len()), letters.as_bytes());
    while let [first, others @ ..] = rest {
        let code = others.get(..2).filter(|_| *first == b'=').and_then(|code| std::str::from_utf8(code).ok());
        let code = code.and_then(|code| u8::from_str_radix(code, 16).ok());
        bytes.push(code.unwrap_or(if *first == b'_' { b' ' } else { *first }));
        rest = if code.is_some() { &others[2..] } else { others };
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn words_of_both_encodings() {
        for (text, plain) in [
            ("=?utf-8?Q?J=C3=B6rg_B?= <j@x.example>", "Jörg B <j@x.example>"),
            ("=?UTF-8?B?SsO2cmc=?=", "Jörg"),
            ("=?utf-8?b?SsO2cmc?=", "Jörg"),
            ("=?iso-8859-1?q?J=F6rg?= =?iso-8859-1?q?_B?= x", "Jörg B x"),
            ("a =?x?= =?us-ascii?q?b?=", "a =?x?= b"),
        ] {
            assert_eq!(decoded(text).as_deref(), Some(plain), "{text}");
        }
        for none in ["", "Jörg", "=?utf-8?Q?no end", "=?utf-8?X?a?=", "=??q?a?=", "=?utf-8?B?*?="] {
            assert_eq!(decoded(none), None, "{none}");
        }
    }
}
