//! Internet message ids: as they compare and are published (rule N5).

use polars::prelude::*;

use crate::frames::keys::{KEY, Key, KeyType};
use crate::frames::map_text::of_text;
use crate::sources::values::ids::text_key;
use crate::sources::values::null_words::{is_nothing, is_null_id};

/// An internet message id as it is compared and published: trimmed, without angle brackets (rule N5). Of a word for
/// nothing nothing is left.
pub fn message_id(text: &str) -> &str {
    let id = without_brackets(text);
    if is_nothing(id) || is_null_id(text.trim()) { "" } else { id }
}

fn without_brackets(text: &str) -> &str {
    // Nearly all are wrapped once, with nothing else to take off.
    if let [b'<', a, .., z, b'>'] = text.as_bytes()
        && a.is_ascii_alphanumeric()
        && z.is_ascii_alphanumeric()
    {
        return &text[1..text.len() - 1];
    }
    text.trim().trim_start_matches('<').trim_end_matches('>').trim()
}

/// The join key of a message id.
pub fn message_key(text: &str) -> Option<Key> {
    text_key(message_id(text))
}

/// `column` of message ids as join keys.
pub fn message_key_column(column: Expr) -> Expr {
    of_text::<KeyType, _>(column, KEY, message_key)
}

/// `column` of message ids as they are published; blank ids become null.
pub fn message_id_column(column: Expr) -> Expr {
    column.map(
        |c| {
            let ids: StringChunked = c.str()?.iter().map(|id| id.map(message_id).filter(|id| !id.is_empty())).collect();
            Ok(ids.with_name(c.name().clone()).into_column())
        },
        |_, field| Ok(Field::new(field.name().clone(), DataType::String)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn message_ids_lose_brackets_but_keep_their_case() {
        assert_eq!(message_id(" <Ab@x> "), "Ab@x");
        assert_ne!(text_key(message_id("<Ab@x>")), text_key(message_id("<ab@x>")));
        assert_eq!(text_key(message_id("<>")), None);
        for nothing in ["<NA>", "-", "<None>", "0", "00000000-0000-0000-0000-000000000000"] {
            assert_eq!(message_id(nothing), "", "{nothing}");
        }
    }
}
