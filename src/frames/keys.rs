//! What columns hold in place of ids and addresses while a run works with them: 128 bits of each.
//!
//! A GUID is its own key: two of them never share one. Of any other id, and of an address, the key is a hash.
//! Among 10⁹ different ones the chance that any two share a key is 1.5 · 10⁻²¹, among as many addresses
//! (123 bits) 4.7 · 10⁻²⁰, so that keys are compared and never the texts: joins take a third of the time and
//! half of the memory of text.
//!
//! People outside choose message ids and addresses. With xxh3, 64 bits as well as 128, two texts that share
//! their hash are written down without any search; of SipHash-2-4 with 128 bits no way is known that is
//! shorter than to try 2⁶⁴ texts, even for those who know the key.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

use polars::prelude::*;
use siphasher::sip128::SipHasher24;

/// An id, equal for all its spellings. All 128 bits decide whether two are one.
pub type Key = i128;
/// An address as it compares: 123 bits of a hash, and whether it lies in a company domain.
pub type Address = i128;
/// Type of values in columns of keys and of addresses.
pub type KeyType = Int128Type;
/// A column of keys or addresses.
pub type Keys = Int128Chunked;
/// Type of columns of keys and addresses.
pub const KEY: DataType = DataType::Int128;

/// Digits of e and of π: the same in every run, since keys break ties in the order of results.
const SIP_KEY: (u64, u64) = (0xB7E1_5162_8AED_2A6A, 0x243F_6A88_85A3_08D3);

/// The key of the bytes of an id as it compares.
pub fn of_bytes(bytes: &[u8]) -> Key {
    SipHasher24::new_with_keys(SIP_KEY.0, SIP_KEY.1).hash(bytes).as_u128() as Key
}

/// The key of a GUID. Its bits are mixed, for GUIDs made one after the other share half of them; the mixing
/// can be undone, so that no two GUIDs have one key.
pub fn of_guid(guid: u128) -> Key {
    let fold = |half: u64, by: u64| {
        let product = u128::from(half ^ SIP_KEY.0) * u128::from(by);
        product as u64 ^ (product >> 64) as u64
    };
    let (mut high, mut low) = ((guid >> 64) as u64, guid as u64);
    low ^= fold(high, 0x9E37_79B9_7F4A_7C15);
    high ^= fold(low, 0xD6E8_FEB8_6659_FD93);
    (u128::from(high) << 64 | u128::from(low)) as Key
}

/// A map by keys or addresses. Their bits are mixed already, so that hashing them again with care would take
/// longer than the look-up itself.
pub type KeyMap<V, K = Key> = HashMap<K, V, BuildHasherDefault<KeyHasher>>;

/// A set of keys or addresses.
pub type KeySet = HashSet<Key, BuildHasherDefault<KeyHasher>>;

/// Finds a place in a table by half of a key; whether a key is there, all of it decides.
#[derive(Default)]
pub struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = of_bytes(bytes) as u64;
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = spread(number);
    }

    fn write_i128(&mut self, key: Key) {
        self.0 = place(key);
    }
}

/// The place of a key in a hash table, or in a share of the keys. The bits are mixed because some bits of addresses
/// are constant flags, and some keys are row numbers.
pub fn place(key: Key) -> u64 {
    spread(key as u64)
}

/// Mixes the bits of a number, so that each bit of the result depends on all of them (Fibonacci hashing).
pub fn spread(number: u64) -> u64 {
    number.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(26)
}

/// Keys for tests of what is keyed: two that share their low 64 bits, and one that shares its high 64 bits with
/// the first. Keys of 64 bits would make two of them one, whichever half they kept.
#[cfg(test)]
pub const ALIKE: [Key; 3] = [7 << 64 | 6, 9 << 64 | 6, 7 << 64 | 4];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_share_half_of_their_bits_are_several_in_a_map() {
        let map: KeyMap<usize> = ALIKE.into_iter().zip(0..).collect();
        assert_eq!(ALIKE.map(|key| map[&key]), [0, 1, 2]);
    }

    #[test]
    fn guids_that_share_half_of_their_bits_have_keys_that_differ_in_both_halves() {
        for step in [1, 1 << 64, 1 << 96] {
            let keys: Vec<Key> = (0..1000).map(|number| of_guid((0xA000_0001 << 96) + number * step)).collect();
            for half in [0, 64] {
                let halves: std::collections::HashSet<u64> = keys.iter().map(|&key| (key >> half) as u64).collect();
                assert_eq!(halves.len(), keys.len(), "{step}");
            }
        }
    }
}
