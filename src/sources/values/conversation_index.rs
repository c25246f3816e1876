//! Conversation indexes of emails: which bytes name the thread (rules I3, N7).

use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::{Engine as _, alphabet};
use polars::prelude::*;

use crate::frames::map_text::of_text;
use crate::sources::values::null_words::is_nothing;

/// A header of 22 bytes comes first, and five more with every answer; only the header matters.
const HEADER_BYTES: usize = 22;

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const BASE64: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const BASE64_OF_LINKS: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// `column` of conversation indexes as bytes 6..22 of each.
pub fn column(column: Expr) -> Expr {
    of_text::<Int128Type, _>(column, DataType::Int128, conversation)
}

/// Bytes 6..22 of a conversation index in hex (when it is all hex digits, also behind the `0x` of databases) or
/// base64; none when it is shorter than 22 bytes.
fn conversation(text: &str) -> Option<i128> {
    let text = text.trim();
    // A word for nothing in the form of an id; it would be base64.
    if is_nothing(text) {
        return None;
    }
    // No index begins with the byte that `0x` would be in base64.
    let text = ["0x", "0X", "\\x"].iter().find_map(|mark| text.strip_prefix(mark)).unwrap_or(text).as_bytes();
    let mut header = [0u8; 33];
    if text.iter().all(u8::is_ascii_hexdigit) {
        let digits = text.get(..2 * HEADER_BYTES)?;
        for (byte, pair) in header.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
    } else {
        let head = &text[..text.len().min(32)];
        let engine = if head.iter().any(|byte| b"-_".contains(byte)) { BASE64_OF_LINKS } else { BASE64 };
        let length = engine.decode_slice(head, &mut header).ok()?;
        if length < HEADER_BYTES {
            return None;
        }
    }
    let bytes: [u8; 16] = header[6..22].try_into().ok()?;
    Some(i128::from_be_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_and_base64_give_the_same_bytes() {
        let base64 = "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAQ==";
        assert_eq!(conversation(base64), Some(1));
        assert_eq!(conversation("00000000-0000-0000-0000-000000000000"), None);
        assert_eq!(conversation("01000000000000000000000000000000000000000001"), Some(1));
        for mark in ["0x", "0X", "\\x"] {
            assert_eq!(conversation(&format!("{mark}01000000000000000000000000000000000000000001")), Some(1));
        }
        assert_eq!(conversation("AQAAAAAAAAAAAAAA-_8AAAAAAAAAAQ=="), conversation("AQAAAAAAAAAAAAAA+/8AAAAAAAAAAQ=="));
        assert!(conversation("AQAAAAAAAAAAAAAA-_8AAAAAAAAAAQ==").is_some());
        assert_eq!(conversation("0100000000000000000000000000000000000000000 "), None);
        assert_eq!(conversation("AQAAAAAAAAAAAAAAAAAAAAAA"), None);
        let with_answers = format!("{}AAAAAAAA", &base64[..28]);
        assert_eq!(conversation(&with_answers), Some(0));
    }
}
