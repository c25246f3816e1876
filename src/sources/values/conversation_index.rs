//! Conversation indexes of emails: which bytes name the thread (rules I3, N7).

use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::{Engine as _, alphabet};
use polars::prelude::*;

use crate::frames::map_text::of_text;

/// A header of 22 bytes comes first, and five more with every answer; only the header matters.
const HEADER_BYTES: usize = 22;

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// `column` of conversation indexes as bytes 6..22 of each.
pub fn column(column: Expr) -> Expr {
    of_text::<Int128Type, _>(column, DataType::Int128, conversation)
}

/// Bytes 6..22 of a conversation index in hex (when it is all hex digits) or base64; none when it
/// is shorter than 22 bytes.
fn conversation(text: &str) -> Option<i128> {
    let text = text.trim().as_bytes();
    let mut header = [0u8; 33];
    if text.iter().all(u8::is_ascii_hexdigit) {
        let digits = text.get(..2 * HEADER_BYTES)?;
        for (byte, pair) in header.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
    } else {
        let head = &text[..text.len().min(32)];
        let length = LENIENT.decode_slice(head, &mut header).ok()?;
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
        assert_eq!(conversation("01000000000000000000000000000000000000000001"), Some(1));
        assert_eq!(conversation("0100000000000000000000000000000000000000000 "), None);
        assert_eq!(conversation("AQAAAAAAAAAAAAAAAAAAAAAA"), None);
        let with_answers = format!("{}AAAAAAAA", &base64[..28]);
        assert_eq!(conversation(&with_answers), Some(0));
    }
}
