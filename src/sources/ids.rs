//! Ids: GUIDs in any spelling, message ids, calendar ids; as text for results and as keys for joins.
//!
//! A key is a 64-bit hash of the id. Among ten million ids the chance that any two share one is
//! three in a million; in return joins take a third of the time and half of the memory of text.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{Arc, Mutex};

use chrono::DateTime;
use polars::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use super::mapped::of_text;

/// The spelling in which an id is published: lower case, without braces or blanks (rule I2).
pub fn canonical(id: &str) -> String {
    bare(id).to_lowercase()
}

/// The join key of an id, equal for every spelling of it (rule I2).
pub fn key(id: &str) -> Option<u64> {
    // An id of just this length between two letters or digits has nothing to take off.
    let is_bare = matches!(id.as_bytes(), [a, .., z] if a.is_ascii_alphanumeric() && z.is_ascii_alphanumeric());
    let id = if is_bare && id.len() == GUID_LENGTH { id } else { bare(id) };
    if id.is_empty() {
        return None;
    }
    if let Ok(mut guid) = <[u8; GUID_LENGTH]>::try_from(id.as_bytes()) {
        // Most are lower case already; hashing them where they lie takes half the time of hashing a copy.
        if guid.iter().fold(true, |lower, byte| lower & byte.is_ascii() & !byte.is_ascii_uppercase()) {
            return Some(xxh3_64(id.as_bytes()));
        }
        if guid.is_ascii() {
            guid.make_ascii_lowercase();
            return Some(xxh3_64(&guid));
        }
    }
    Some(xxh3_64(id.to_lowercase().as_bytes()))
}

const GUID_LENGTH: usize = 36;

/// A map by join keys or addresses. They are hashes already, so that hashing them again with care
/// would take longer than the look-up itself.
pub type KeyMap<V> = HashMap<u64, V, BuildHasherDefault<KeyHasher>>;

/// Spreads a key over all bits by one multiplication, for flags leave some of them constant.
#[derive(Default)]
pub struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = xxh3_64(bytes);
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = spread(key);
    }
}

/// A number as one whose bits all depend on all of it.
pub fn spread(number: u64) -> u64 {
    number.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(26)
}

/// An internet message id as it is compared and published: trimmed, without angle brackets (rule N5).
pub fn message_id(text: &str) -> &str {
    // Nearly all are wrapped once, with nothing else to take off.
    if let [b'<', a, .., z, b'>'] = text.as_bytes()
        && a.is_ascii_alphanumeric()
        && z.is_ascii_alphanumeric()
    {
        return &text[1..text.len() - 1];
    }
    text.trim().trim_start_matches('<').trim_end_matches('>').trim()
}

/// The join key of a text whose letter case matters, such as a message id.
pub fn text_key(text: &str) -> Option<u64> {
    (!text.is_empty()).then(|| xxh3_64(text.as_bytes()))
}

/// The join key of an id of Exchange, whose letter case matters (rule I2).
pub fn exact_key(id: &str) -> Option<u64> {
    text_key(id.trim())
}

/// The join key of an item of a mailbox; none without an id.
pub fn item_key(mailbox: Option<u64>, id: &str) -> Option<u64> {
    Some(pair(mailbox.unwrap_or_default(), exact_key(id)?))
}

/// The join key of a message id.
pub fn message_key(text: &str) -> Option<u64> {
    text_key(message_id(text))
}

/// `column` as join keys.
pub fn key_column(column: Expr) -> Expr {
    of_text::<UInt64Type, _>(column, DataType::UInt64, key)
}

/// How an id is read as its join key.
type KeyOf = fn(&str) -> Option<u64>;

/// The join key of the first of two columns that gives one, each as its function reads it.
pub fn first_key_column((column, of_one): (Expr, KeyOf), (other, of_other): (Expr, KeyOf)) -> Expr {
    column.map_many(
        move |columns| {
            let rows = columns[0].str()?.iter().zip(columns[1].str()?.iter());
            let keys = rows.map(|(id, other)| id.and_then(of_one).or_else(|| other.and_then(of_other)));
            let keys: UInt64Chunked = keys.collect_ca(columns[0].name().clone());
            Ok(keys.into_column())
        },
        &[other],
        |_, fields| Ok(Field::new(fields[0].name().clone(), DataType::UInt64)),
    )
}

/// `column` as publishable ids; blank ids become null.
pub fn canonical_column(column: Expr) -> Expr {
    column.map(
        |c| {
            let ids = c.str()?;
            // Most exports spell ids as they are published; those are passed on without a copy.
            if ids.iter().flatten().all(is_canonical) {
                return Ok(c);
            }
            let ids: StringChunked = ids.iter().map(|id| id.map(canonical).filter(|id| !id.is_empty())).collect();
            Ok(ids.with_name(c.name().clone()).into_column())
        },
        |_, field| Ok(Field::new(field.name().clone(), DataType::String)),
    )
}

/// `column` of message ids as join keys.
pub fn message_key_column(column: Expr) -> Expr {
    of_text::<UInt64Type, _>(column, DataType::UInt64, message_key)
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

/// `ids` with a name for rows that have none: `@` and their time, where it is known.
pub fn named_column(ids: Expr, times: Expr) -> Expr {
    ids.map_many(
        |columns| {
            if columns[0].null_count() == 0 {
                return Ok(columns[0].clone());
            }
            let (ids, times) = (columns[0].str()?, columns[1].datetime()?);
            let names = ids.iter().zip(times.phys.iter());
            let names = names.map(|(id, time)| Some(id.map_or_else(|| Cow::Owned(nameless(time)), Cow::Borrowed)));
            let names: StringChunked = names.collect();
            Ok(names.with_name(columns[0].name().clone()).into_column())
        },
        &[times],
        |_, fields| Ok(Field::new(fields[0].name().clone(), DataType::String)),
    )
}

fn nameless(time: Option<i64>) -> String {
    let time = time.and_then(DateTime::from_timestamp_micros);
    time.map_or("@".to_string(), |time| time.format("@%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// `column` of ids of Exchange as join keys.
pub fn exact_key_column(column: Expr) -> Expr {
    of_text::<UInt64Type, _>(column, DataType::UInt64, exact_key)
}

/// `column` of ids of Exchange; blank ones become null.
pub fn exact_column(column: Expr) -> Expr {
    column.map(
        |c| {
            let ids = c.str()?;
            let is_exact = |id: &str| !id.is_empty() && id.len() == id.trim().len();
            if ids.iter().flatten().all(is_exact) {
                return Ok(c);
            }
            let ids: StringChunked = ids.iter().map(|id| id.map(str::trim).filter(|id| !id.is_empty())).collect();
            Ok(ids.with_name(c.name().clone()).into_column())
        },
        |_, field| Ok(Field::new(field.name().clone(), DataType::String)),
    )
}

/// Publishable ids by key, noted while keys are made of a column that repeats few ids.
#[derive(Clone, Debug, Default)]
pub struct Names(Arc<Mutex<HashMap<u64, String>>>);

impl Names {
    /// `column` as join keys; every id in it is noted.
    pub fn keys(&self, column: Expr) -> Expr {
        let names = self.clone();
        column.map(
            move |c| {
                let mut last: Option<(u64, String)> = None;
                let mut met = HashMap::new();
                let mut noted = |id: &str| {
                    // Items of one mailbox come together; only a change of it is looked up.
                    if let Some((key, text)) = &last
                        && text == id
                    {
                        return Some(*key);
                    }
                    let key = key(id)?;
                    met.entry(key).or_insert_with(|| canonical(id));
                    last = Some((key, id.to_string()));
                    Some(key)
                };
                let keys: UInt64Chunked = c.str()?.iter().map(|id| id.and_then(&mut noted)).collect();
                if let Ok(mut names) = names.0.lock() {
                    names.extend(met);
                }
                Ok(keys.with_name(c.name().clone()).into_column())
            },
            |_, field| Ok(Field::new(field.name().clone(), DataType::UInt64)),
        )
    }

    /// The id that a key was made of.
    pub fn text(&self, key: u64) -> Option<String> {
        self.0.lock().ok()?.get(&key).cloned()
    }

    /// `column` of keys as the ids they were made of.
    pub fn texts(&self, column: Expr) -> Expr {
        let names = self.clone();
        column.map(
            move |c| {
                let names = names.0.lock().map_err(|_| polars_err!(ComputeError: "a worker stopped while reading"))?;
                let texts: StringChunked = c.u64()?.iter().map(|key| names.get(&key?).map(String::as_str)).collect();
                Ok(texts.with_name(c.name().clone()).into_column())
            },
            |_, field| Ok(Field::new(field.name().clone(), DataType::String)),
        )
    }
}

/// The join key of an item of a mailbox; none without an id of the item.
pub fn item_key_column(mailbox: Expr, item: Expr) -> Expr {
    item.map_many(
        |columns| {
            let rows = columns[0].u64()?.iter().zip(columns[1].u64()?.iter());
            let keys = rows.map(|(item, mailbox)| Some(pair(mailbox.unwrap_or_default(), item?)));
            let keys: UInt64Chunked = keys.collect();
            Ok(keys.with_name(columns[0].name().clone()).into_column())
        },
        &[mailbox],
        |_, fields| Ok(Field::new(fields[0].name().clone(), DataType::UInt64)),
    )
}

fn pair(left: u64, right: u64) -> u64 {
    let mut bytes = [0u8; 16];
    bytes[..8].copy_from_slice(&left.to_le_bytes());
    bytes[8..].copy_from_slice(&right.to_le_bytes());
    xxh3_64(&bytes)
}

/// The join key of two keys together.
pub fn pair_key(left: Expr, right: Expr) -> Expr {
    left.map_many(
        |columns| {
            let (left, right) = (columns[0].u64()?, columns[1].u64()?);
            let rows = left.iter().zip(right.iter());
            let keys: UInt64Chunked =
                rows.map(|(left, right)| Some(pair(left.unwrap_or_default(), right.unwrap_or_default()))).collect();
            Ok(keys.with_name(columns[0].name().clone()).into_column())
        },
        &[right],
        |_, fields| Ok(Field::new(fields[0].name().clone(), DataType::UInt64)),
    )
}

fn is_canonical(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|b| b.is_ascii_graphic() && !b.is_ascii_uppercase() && b != b'{' && b != b'}')
}

fn bare(id: &str) -> &str {
    let id = id.trim();
    id.strip_prefix('{').and_then(|id| id.strip_suffix('}')).unwrap_or(id)
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
