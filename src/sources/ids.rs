//! Ids: GUIDs in any spelling, message ids, calendar ids; as text for results and as 128-bit keys for joins.

use polars::prelude::*;
use xxhash_rust::xxh3::xxh3_128;

/// The spelling in which an id is published: lower case, without braces or blanks (rule I2).
pub fn canonical(id: &str) -> String {
    bare(id).to_lowercase()
}

/// The join key of an id, equal for every spelling of it (rule I2). A GUID is its own 128 bits;
/// any other text is hashed to as many, so that two different ids never meet in practice.
pub fn key(id: &str) -> Option<i128> {
    let id = bare(id);
    if id.is_empty() {
        return None;
    }
    Some(guid_bits(id.as_bytes()).unwrap_or_else(|| xxh3_128(id.to_lowercase().as_bytes()) as i128))
}

/// An internet message id as it is compared and published: trimmed, without angle brackets (rule N5).
pub fn message_id(text: &str) -> &str {
    text.trim().trim_start_matches('<').trim_end_matches('>').trim()
}

/// The join key of a text whose letter case matters, such as a message id.
pub fn text_key(text: &str) -> Option<i128> {
    (!text.is_empty()).then(|| xxh3_128(text.as_bytes()) as i128)
}

/// `column` as join keys.
pub fn key_column(column: Expr) -> Expr {
    map_text(column, key, DataType::Int128)
}

/// `column` as publishable ids; blank ids become null.
pub fn canonical_column(column: Expr) -> Expr {
    column.map(
        |c| {
            let ids: StringChunked =
                c.str()?.iter().map(|id| id.map(canonical).filter(|id| !id.is_empty())).collect();
            Ok(ids.with_name(c.name().clone()).into_column())
        },
        |_, field| Ok(Field::new(field.name().clone(), DataType::String)),
    )
}

/// `column` of message ids as join keys.
pub fn message_key_column(column: Expr) -> Expr {
    map_text(column, |id| text_key(message_id(id)), DataType::Int128)
}

/// `column` of message ids as they are published; blank ids become null.
pub fn message_id_column(column: Expr) -> Expr {
    column.map(
        |c| {
            let ids: StringChunked =
                c.str()?.iter().map(|id| id.map(message_id).filter(|id| !id.is_empty())).collect();
            Ok(ids.with_name(c.name().clone()).into_column())
        },
        |_, field| Ok(Field::new(field.name().clone(), DataType::String)),
    )
}

/// The join key of two keys together.
pub fn pair_key(left: Expr, right: Expr) -> Expr {
    left.map_many(
        |columns| {
            let (left, right) = (columns[0].i128()?, columns[1].i128()?);
            let mut bytes = [0u8; 32];
            let keys: Int128Chunked = left
                .iter()
                .zip(right.iter())
                .map(|(left, right)| {
                    bytes[..16].copy_from_slice(&left.unwrap_or_default().to_le_bytes());
                    bytes[16..].copy_from_slice(&right.unwrap_or_default().to_le_bytes());
                    Some(xxh3_128(&bytes) as i128)
                })
                .collect();
            Ok(keys.with_name(columns[0].name().clone()).into_column())
        },
        &[right],
        |_, fields| Ok(Field::new(fields[0].name().clone(), DataType::Int128)),
    )
}

fn map_text(column: Expr, f: fn(&str) -> Option<i128>, dtype: DataType) -> Expr {
    column.map(
        move |c| {
            let keys: Int128Chunked = c.str()?.iter().map(|text| text.and_then(f)).collect();
            Ok(keys.with_name(c.name().clone()).into_column())
        },
        move |_, field| Ok(Field::new(field.name().clone(), dtype.clone())),
    )
}

fn bare(id: &str) -> &str {
    let id = id.trim();
    id.strip_prefix('{').and_then(|id| id.strip_suffix('}')).unwrap_or(id)
}

/// The 128 bits of a GUID written as 8-4-4-4-12 hex digits.
fn guid_bits(text: &[u8]) -> Option<i128> {
    if text.len() != 36 {
        return None;
    }
    let mut bits: u128 = 0;
    for (i, &c) in text.iter().enumerate() {
        if matches!(i, 8 | 13 | 18 | 23) {
            if c != b'-' {
                return None;
            }
        } else {
            bits = bits << 4 | u128::from((c as char).to_digit(16)?);
        }
    }
    Some(bits as i128)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_guid_are_one_id() {
        let lower = "a0000001-0000-4000-8000-00000000000f";
        for spelling in ["{A0000001-0000-4000-8000-00000000000F}", " a0000001-0000-4000-8000-00000000000F"] {
            assert_eq!(canonical(spelling), lower);
            assert_eq!(key(spelling), key(lower));
        }
        assert_ne!(key(lower), key("a0000001-0000-4000-8000-00000000000e"));
        assert_eq!(key("{}"), None);
    }

    #[test]
    fn message_ids_lose_brackets_but_keep_their_case() {
        assert_eq!(message_id(" <Ab@x> "), "Ab@x");
        assert_ne!(text_key(message_id("<Ab@x>")), text_key(message_id("<ab@x>")));
        assert_eq!(text_key(message_id("<>")), None);
    }
}
