//! GUIDs in any spelling (rule I2).

use std::collections::HashMap;

use serde_json::Value;

use crate::sources::values::null_words::is_null_id;

/// Letters, digits and hyphens of a GUID.
const LENGTH: usize = 36;
/// Its digits.
const DIGITS: usize = 32;
/// Bytes of an id that may be a GUID with something around it.
const LONGEST: usize = 128;
/// What stands before a GUID that is a URN.
const URN: &str = "urn:uuid:";
/// Fields of a reference that hold the id of its record, in small letters.
const REFERENCE_IDS: [&str; 3] = ["id", "guid", "value"];
/// What .NET calls empty: a lookup to nothing.
const EMPTY: &str = "00000000-0000-0000-0000-000000000000";

/// Whether an id as it is published is none: blank, a word for nothing, or the GUID of zeros.
fn is_none(id: &str) -> bool {
    id.is_empty() || id == EMPTY || is_null_id(id)
}

/// The spelling in which an id is published: lower case, without braces or blanks, a GUID with its hyphens.
pub fn canonical(id: &str) -> String {
    let id = bare(id).to_lowercase();
    match compact(&id) {
        true => [&id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]].join("-"),
        false => id,
    }
}

/// An id as it is published, where it is one.
pub(super) fn published(id: &str) -> Option<String> {
    (!is_null_id(bare(id))).then(|| canonical(id)).filter(|id| !is_none(id))
}

/// Whether an id is spelled as it is published.
pub(super) fn is_canonical(id: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_graphic() && !byte.is_ascii_uppercase() && !b"{}()\"':,".contains(&byte);
    !is_none(id) && id.bytes().all(plain) && !compact(id)
}

/// An id without blanks and braces around it; a GUID may also stand in parentheses, as in `contacts(…)`, in quotes, behind
/// `urn:uuid:` or the name of its table (`contact,…`), or in a reference written as JSON.
pub(super) fn bare(id: &str) -> &str {
    // An id of just this length between two letters or digits has nothing to take off.
    if let [first, .., last] = id.as_bytes()
        && (id.len(), first.is_ascii_alphanumeric(), last.is_ascii_alphanumeric()) == (LENGTH, true, true)
    {
        return id;
    }
    let id = id.trim();
    if let Some(guid) = of_reference(id) {
        return guid;
    }
    if id.len() > LONGEST {
        return id;
    }
    let within = |open, close| id.strip_prefix(open).and_then(|id: &str| id.strip_suffix(close)).map(str::trim);
    let of_set = || id.strip_suffix(')').and_then(|id| Some(id.rsplit_once('(')?.1));
    let of_urn = || id.get(..URN.len()).filter(|head| head.eq_ignore_ascii_case(URN)).map(|_| &id[URN.len()..]);
    let quoted = || within('"', '"').or_else(|| within('\'', '\''));
    let of_table = || id.split_once([',', ':']).filter(|(table, _)| is_name(table)).map(|(_, id)| id);
    let marked =
        || of_set().or_else(of_urn).or_else(of_table).or_else(quoted).map(bare).filter(|id| guid(id).is_some());
    within('{', '}').or_else(marked).unwrap_or(id)
}

/// Whether it may be the logical name of a table.
fn is_name(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The GUID of a reference to a record that is written as JSON: `{"id":"…","logicalName":"contact"}`.
fn of_reference(text: &str) -> Option<&str> {
    if !(text.starts_with('{') && text.contains('"')) {
        return None;
    }
    let fields: HashMap<String, Value> = serde_json::from_str(text).ok()?;
    let named = |name: &str| fields.iter().find(|(field, _)| field.eq_ignore_ascii_case(name));
    let (_, id) = REFERENCE_IDS.iter().find_map(|name| named(name))?;
    let id = id.as_str()?;
    let at = text.find(id)?;
    Some(bare(&text[at..at + id.len()])).filter(|id| guid(id).is_some())
}

/// The 128 bits of a GUID: its digits in letters of either case, with hyphens or without.
pub(super) fn guid(id: &str) -> Option<u128> {
    match id.as_bytes().try_into() {
        Ok(text) => with_hyphens(text),
        Err(_) => compact(id).then(|| u128::from_str_radix(id, 16).ok())?,
    }
}

/// Whether it is the digits of a GUID, and nothing else.
fn compact(id: &str) -> bool {
    id.len() == DIGITS && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn with_hyphens(text: &[u8; LENGTH]) -> Option<u128> {
    let mut digits = [0; DIGITS];
    for (to, from) in [(0..8, 0..8), (8..12, 9..13), (12..16, 14..18), (16..20, 19..23), (20..32, 24..36)] {
        digits[to].copy_from_slice(&text[from]);
    }
    // Without an early exit these are a few vector instructions.
    let mut is_guid = [8, 13, 18, 23].iter().all(|&at: &usize| text[at] == b'-');
    for digit in &mut digits {
        let (number, letter) = (digit.wrapping_sub(b'0'), (*digit | 0x20).wrapping_sub(b'a'));
        is_guid &= (number < 10) | (letter < 6);
        *digit = if number < 10 { number } else { letter.wrapping_add(10) };
    }
    let mut bytes = [0; 16];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = pair[0] << 4 | pair[1] & 0xF;
    }
    is_guid.then_some(u128::from_be_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frames::keys::of_guid;
    use crate::sources::values::ids::key;

    #[test]
    fn spellings_of_a_guid_are_one_id() {
        let lower = "a0000001-0000-4000-8000-00000000000f";
        for spelling in [
            "{A0000001-0000-4000-8000-00000000000F}",
            " a0000001-0000-4000-8000-00000000000F",
            "(a0000001-0000-4000-8000-00000000000f)",
            "A000000100004000800000000000000F",
            "{ a000000100004000800000000000000f }",
            "urn:uuid:a0000001-0000-4000-8000-00000000000f",
            "URN:UUID:A000000100004000800000000000000F",
            "\"{A0000001-0000-4000-8000-00000000000F}\"",
            "'a0000001-0000-4000-8000-00000000000f'",
            "/contacts(a0000001-0000-4000-8000-00000000000f)",
            "https://org.crm4.dynamics.com/api/data/v9.2/contacts(A0000001-0000-4000-8000-00000000000F)",
            "contact,a0000001-0000-4000-8000-00000000000f",
            "new_site: {A0000001-0000-4000-8000-00000000000F}",
            r#"{"id":"a0000001-0000-4000-8000-00000000000f","logicalName":"contact","name":"Åsa, \"the\" {one}"}"#,
            r#" { "LogicalName": "contact", "Id": "{A0000001-0000-4000-8000-00000000000F}", "KeyAttributes": [] } "#,
            r#"{"Value":"A000000100004000800000000000000F"}"#,
        ] {
            assert_eq!(canonical(spelling), lower);
            assert_eq!(key(spelling), key(lower));
            assert!(!is_canonical(spelling));
        }
        assert!(is_canonical(lower) && is_canonical("sales"));
        assert_eq!(canonical("Sales (north)"), "sales (north)");
        assert_ne!(key(lower), key("a0000001-0000-4000-8000-00000000000e"));
        assert_eq!(key("{}"), None);
    }

    #[test]
    fn what_is_no_reference_to_a_guid_stays_as_it_is() {
        for id in ["sales,north", "crm:1", r#"{"id":"17"}"#, r#"{"name":"Acme"}"#, r#"{"id":7}"#, "a b,c"] {
            assert!(guid(bare(id)).is_none(), "{id}");
        }
        assert_ne!(key(r#"{"id":"17"}"#), key(r#"{"id":"18"}"#));
        let two = "contact,a0000001-0000-4000-8000-00000000000f,a0000001-0000-4000-8000-00000000000e";
        assert!(guid(bare(two)).is_none());
    }

    #[test]
    fn a_guid_is_its_own_key_and_other_ids_of_its_length_are_none() {
        let text = "a0000001-0000-4000-8000-00000000000f";
        assert_eq!(key(text), Some(of_guid(0xa0000001_0000_4000_8000_00000000000f)));
        for at in 0..LENGTH {
            for other in ["g", "/", ":", "@", "`", "G", "é"] {
                let other = format!("{}{other}{}", &text[..at], text.get(at + other.len()..).unwrap_or_default());
                assert!(guid(&other).is_none(), "{other}");
                assert_ne!(key(&other), key(text), "{other}");
            }
        }
    }
}
