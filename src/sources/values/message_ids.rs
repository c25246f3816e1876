//! Internet message ids: as they compare and are published (rule N5).

use std::borrow::Cow;

use polars::prelude::*;

use crate::frames::keys::{KEY, Key, KeyType};
use crate::frames::map_text::of_text;
use crate::sources::values::encoded_words;
use crate::sources::values::ids::text_key;
use crate::sources::values::null_words::{is_nothing, is_null_id};
use crate::sources::values::plain_marks::without_entities;

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

/// Ids as their writer wrote them, where whatever carried them escaped them: as encoded words of mail, or as HTML.
pub fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| matches!(byte, b'?' | b'&')) {
        return Cow::Borrowed(text);
    }
    let text = encoded_words::decoded(text).map_or(Cow::Borrowed(text), Cow::Owned);
    // Ids may have any signs in them: only brackets show that these were escaped.
    if text.contains('<') || !text.contains('&') {
        return text;
    }
    let plain = without_entities(&text);
    if plain.contains('<') { Cow::Owned(plain) } else { text }
}

/// An id in one line, where a header was folded within it.
pub fn unfolded(id: &str) -> Cow<'_, str> {
    if !id.contains(['\r', '\n']) {
        return Cow::Borrowed(id);
    }
    Cow::Owned(id.split(['\r', '\n']).map(str::trim).collect())
}

/// A message id as it was written, see [`unescaped`] and [`unfolded`].
fn written(text: &str) -> Cow<'_, str> {
    match unescaped(text.trim()) {
        Cow::Borrowed(text) => unfolded(text),
        Cow::Owned(text) => Cow::Owned(unfolded(&text).into_owned()),
    }
}

/// The join key of a message id.
pub fn message_key(text: &str) -> Option<Key> {
    text_key(message_id(&written(text)))
}

/// `column` of message ids as they were written.
pub fn written_column(column: Expr) -> Expr {
    column.map(
        |c| {
            let ids = c.str()?;
            if !ids.iter().flatten().any(|id| matches!(written(id), Cow::Owned(_))) {
                return Ok(c);
            }
            let ids: StringChunked = ids.iter().map(|id| id.map(written)).collect();
            Ok(ids.with_name(c.name().clone()).into_column())
        },
        |_, field| Ok(field.clone()),
    )
}

/// `column` of message ids as join keys.
pub fn message_key_column(column: Expr) -> Expr {
    of_text::<KeyType, _>(column, KEY, message_key)
}

/// `column` of message ids as they are published; blank ids become null.
pub fn message_id_column(column: Expr) -> Expr {
    written_column(column).map(
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

    #[test]
    fn escaped_message_ids_are_those_that_were_written() {
        let escaped =
            ["=?utf-8?Q?=3Cr=40x.example=3E?=", "&lt;r@x.example&gt;", "<r@x.\r\n example>", "&#60;r@x.example>"];
        for text in escaped {
            assert_eq!(message_id(&written(text)), "r@x.example", "{text}");
            assert_eq!(message_key(text), text_key("r@x.example"), "{text}");
        }
        for text in ["<a?b@x>", "<a&lt;b@x>", "a&b;c@x", "a=?b@x"] {
            assert_eq!(written(text), text);
        }
    }
}
