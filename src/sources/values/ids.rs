//! Ids: GUIDs in any spelling, and ids of Exchange; as text for results and as keys for joins.
//!
//! See [`crate::frames::keys`] for what a key is.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use chrono::DateTime;
use polars::prelude::*;

use crate::frames::keys::{KEY, Key, KeyType, Keys, of_bytes, of_guid};
use crate::frames::map_text::{of_repeated_text, of_text};
use crate::sources::values::guids::{bare, guid, is_canonical, published};
use crate::sources::values::null_words::is_null_id;

pub use crate::sources::values::guids::canonical;

/// The join key of an id, equal for every spelling of it (rule I2); none of the GUID of zeros.
pub fn key(id: &str) -> Option<Key> {
    let id = bare(id);
    if id.is_empty() || is_null_id(id) {
        return None;
    }
    match guid(id) {
        Some(0) => None,
        Some(guid) => Some(of_guid(guid)),
        None => Some(of_bytes(id.to_lowercase().as_bytes())),
    }
}

/// The join key of a text whose letter case matters, such as a message id.
pub fn text_key(text: &str) -> Option<Key> {
    (!text.is_empty()).then(|| of_bytes(text.as_bytes()))
}

/// The join key of an id of Exchange, whose letter case matters (rule I2).
pub fn exact_key(id: &str) -> Option<Key> {
    text_key(exact(id)?)
}

/// An id of Exchange without blanks around it; none where it says that there is none.
fn exact(id: &str) -> Option<&str> {
    Some(id.trim()).filter(|id| !id.is_empty() && !is_null_id(id))
}

/// The join key of an item of a mailbox; none without an id.
pub fn item_key(mailbox: Option<Key>, id: &str) -> Option<Key> {
    Some(pair(mailbox.unwrap_or_default(), exact_key(id)?))
}

/// `column` as join keys.
pub fn key_column(column: Expr) -> Expr {
    of_text::<KeyType, _>(column, KEY, key)
}

/// `column` of ids that many rows have as join keys.
pub fn repeated_key_column(column: Expr) -> Expr {
    of_repeated_text::<KeyType, _>(column, KEY, key)
}

/// How an id is read as its join key.
type KeyOf = fn(&str) -> Option<Key>;

/// The join key of the first of two columns that gives one, each as its function reads it.
pub fn first_key_column((column, of_one): (Expr, KeyOf), (other, of_other): (Expr, KeyOf)) -> Expr {
    column.map_many(
        move |columns| {
            let rows = columns[0].str()?.iter().zip(columns[1].str()?.iter());
            let keys = rows.map(|(id, other)| id.and_then(of_one).or_else(|| other.and_then(of_other)));
            let keys: Keys = keys.collect_ca(columns[0].name().clone());
            Ok(keys.into_column())
        },
        &[other],
        |_, fields| Ok(Field::new(fields[0].name().clone(), KEY)),
    )
}

/// `column` as publishable ids; those that are none become null.
pub fn canonical_column(column: Expr) -> Expr {
    column.map(
        |c| {
            let ids = c.str()?;
            // Most exports spell ids as they are published; those are passed on without a copy.
            if ids.iter().flatten().all(is_canonical) {
                return Ok(c);
            }
            let ids: StringChunked = ids.iter().map(|id| id.and_then(published)).collect();
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
    of_text::<KeyType, _>(column, KEY, exact_key)
}

/// `column` of ids of Exchange; blank ones become null.
pub fn exact_column(column: Expr) -> Expr {
    column.map(
        |c| {
            let ids = c.str()?;
            let is_exact = |id: &str| exact(id).is_some_and(|exact| exact.len() == id.len());
            if ids.iter().flatten().all(is_exact) {
                return Ok(c);
            }
            let ids: StringChunked = ids.iter().map(|id| id.and_then(exact)).collect();
            Ok(ids.with_name(c.name().clone()).into_column())
        },
        |_, field| Ok(Field::new(field.name().clone(), DataType::String)),
    )
}

/// Publishable ids by key, noted while keys are made of a column that repeats few ids.
#[derive(Clone, Debug, Default)]
pub struct Names(Arc<Mutex<HashMap<Key, String>>>);

impl Names {
    /// `column` as join keys; every id in it is noted.
    pub fn keys(&self, column: Expr) -> Expr {
        let names = self.clone();
        column.map(
            move |c| {
                let mut last: Option<(Key, String)> = None;
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
                let keys: Keys = c.str()?.iter().map(|id| id.and_then(&mut noted)).collect();
                if let Ok(mut names) = names.0.lock() {
                    names.extend(met);
                }
                Ok(keys.with_name(c.name().clone()).into_column())
            },
            |_, field| Ok(Field::new(field.name().clone(), KEY)),
        )
    }

    /// The id that a key was made of.
    pub fn text(&self, key: Key) -> Option<String> {
        self.0.lock().ok()?.get(&key).cloned()
    }

    /// `column` of keys as the ids they were made of.
    pub fn texts(&self, column: Expr) -> Expr {
        let names = self.clone();
        column.map(
            move |c| {
                let names = names.0.lock().map_err(|_| polars_err!(ComputeError: "a worker stopped while reading"))?;
                let texts: StringChunked = c.i128()?.iter().map(|key| names.get(&key?).map(String::as_str)).collect();
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
            let rows = columns[0].i128()?.iter().zip(columns[1].i128()?.iter());
            let keys = rows.map(|(item, mailbox)| Some(pair(mailbox.unwrap_or_default(), item?)));
            let keys: Keys = keys.collect();
            Ok(keys.with_name(columns[0].name().clone()).into_column())
        },
        &[mailbox],
        |_, fields| Ok(Field::new(fields[0].name().clone(), KEY)),
    )
}

fn pair(left: Key, right: Key) -> Key {
    let mut bytes = [0u8; 32];
    bytes[..16].copy_from_slice(&left.to_le_bytes());
    bytes[16..].copy_from_slice(&right.to_le_bytes());
    of_bytes(&bytes)
}

/// The join key of two keys together.
pub fn pair_key(left: Expr, right: Expr) -> Expr {
    left.map_many(
        |columns| {
            let (left, right) = (columns[0].i128()?, columns[1].i128()?);
            let rows = left.iter().zip(right.iter());
            let keys: Keys =
                rows.map(|(left, right)| Some(pair(left.unwrap_or_default(), right.unwrap_or_default()))).collect();
            Ok(keys.with_name(columns[0].name().clone()).into_column())
        },
        &[right],
        |_, fields| Ok(Field::new(fields[0].name().clone(), KEY)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frames::keys::ALIKE;
    use crate::sources::values::message_ids;

    #[test]
    fn pairs_of_keys_differ_where_any_half_of_either_does() {
        let keys = [0, 1, 1 << 64, ALIKE[0], ALIKE[1], ALIKE[2]];
        let pairs = keys.iter().flat_map(|&left| keys.map(|right| pair(left, right)));
        assert_eq!(pairs.collect::<std::collections::HashSet<_>>().len(), keys.len() * keys.len());
    }

    #[test]
    fn texts_that_share_both_forms_of_xxh3_have_keys_of_their_own() {
        use xxhash_rust::xxh3::{xxh3_64, xxh3_128};
        let [one, other] = ["-mka$-g1钆v𨁓0001@mx1.example", "-mkc$-g1钆t𨁓0001@mx1.example"];
        let both = |text: &str| (xxh3_64(text.as_bytes()), xxh3_128(text.as_bytes()));
        assert_eq!(both(one), both(other));
        for of_text in [key, exact_key, message_ids::message_key] {
            let halves = |text: &str| of_text(text).map(|key| ((key >> 64) as u64, key as u64)).expect("a key");
            assert_ne!(halves(one).0, halves(other).0);
            assert_ne!(halves(one).1, halves(other).1);
        }
    }

    #[test]
    fn zeros_are_no_id_however_they_are_written() {
        for zeros in ["{00000000-0000-0000-0000-000000000000}", " 00000000000000000000000000000000", "", "{}"] {
            assert_eq!(key(zeros), None, "{zeros}");
            let column = df!("id" => [zeros]).unwrap().lazy().select([canonical_column(col("id"))]).collect().unwrap();
            assert_eq!(column.column("id").unwrap().null_count(), 1, "{zeros}");
        }
        assert!(key("00000000-0000-0000-0000-000000000001").is_some() && key("0").is_some());
    }
}
