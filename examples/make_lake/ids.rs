//! Identifiers: GUIDs, message ids, conversation indexes, calendar ids.
//!
//! All of them depend on a kind and a running number only, so that any row can name another one
//! without looking it up.

use crate::random::hash;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Account = 1,
    Contact,
    Lead,
    Deal,
    Colleague,
    Mailbox,
    Team,
    Queue,
    Role,
    ConnectionRole,
    Connection,
    Email,
    Appointment,
    Call,
    Task,
    Party,
    Campaign,
    Currency,
    Tenant,
    BusinessUnit,
    Conversation,
    Membership,
}

fn bytes(kind: Kind, number: u64) -> [u8; 16] {
    let mut out = [0; 16];
    out[..8].copy_from_slice(&hash(&[kind as u64, number, 1]).to_be_bytes());
    out[8..].copy_from_slice(&hash(&[kind as u64, number, 2]).to_be_bytes());
    out
}

fn hex(bytes: &[u8], out: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in bytes {
        out.push(char::from(DIGITS[usize::from(byte >> 4)]));
        out.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
}

/// Lower-case, without braces.
pub fn guid(kind: Kind, number: u64) -> String {
    let mut id = bytes(kind, number);
    id[6] = (id[6] & 0x0F) | 0x40;
    id[8] = (id[8] & 0x3F) | 0x80;
    let mut out = String::with_capacity(36);
    for (part, range) in [0..4, 4..6, 6..8, 8..10, 10..16].into_iter().enumerate() {
        if part > 0 {
            out.push('-');
        }
        hex(&id[range], &mut out);
    }
    out
}

/// The internet message id of a mail, without angle brackets.
pub fn message_id(number: u64) -> String {
    format!("{number:07}.{:08x}@mx{}.example", hash(&[Kind::Email as u64, number, 3]) as u32, number % 9)
}

/// The bytes of a conversation index: a header of 22 bytes, made when the thread began, and five
/// more for each reply.
pub fn conversation_index(thread: u64, began: i64, replies: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(22 + 5 * replies);
    // The header's time: 100 ns since 1601, of which the upper bytes are kept.
    let ticks = ((began + 11_644_473_600) as u64).wrapping_mul(10_000_000);
    out.push(1);
    out.extend_from_slice(&ticks.to_be_bytes()[1..6]);
    out.extend_from_slice(&bytes(Kind::Conversation, thread));
    for reply in 0..replies {
        let block = hash(&[Kind::Conversation as u64, thread, 3 + reply as u64]);
        out.extend_from_slice(&block.to_be_bytes()[..5]);
    }
    out
}

/// The id of a conversation as one mailbox names it.
pub fn conversation_id(thread: u64, mailbox: u64) -> String {
    let mut id = bytes(Kind::Mailbox, mailbox).to_vec();
    id.extend_from_slice(&[0, 16]);
    id.extend_from_slice(&bytes(Kind::Conversation, thread));
    format!("AAQk{}", base64(&id)).replace('+', "_").replace('/', "-")
}

/// The id of an item (message or event) in one mailbox.
pub fn item_id(kind: Kind, number: u64, mailbox: u64) -> String {
    let mut id = hash(&[kind as u64, number, 4]).to_be_bytes().to_vec();
    id.extend_from_slice(&hash(&[Kind::Mailbox as u64, mailbox, number]).to_be_bytes());
    id.extend_from_slice(&[0, 0]);
    format!("AAMk{}", base64(&id)).replace('+', "_").replace('/', "-")
}

/// `iCalUId` and `globalobjectid` of a meeting; occurrences of a series share it.
pub fn calendar_uid(number: u64) -> String {
    let mut out = String::with_capacity(112);
    out.push_str("040000008200e00074c5b7101a82e008");
    hex(&bytes(Kind::Appointment, number), &mut out);
    out.push_str("00000000000000001000000000");
    hex(&number.to_be_bytes()[2..], &mut out);
    out.make_ascii_uppercase();
    out
}

pub fn hex_text(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    hex(bytes, &mut out);
    out.make_ascii_uppercase();
    out
}

pub fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let word = group.iter().enumerate().fold(0u32, |word, (at, &byte)| word | u32::from(byte) << (16 - 8 * at));
        for digit in 0..4 {
            if digit <= group.len() {
                out.push(char::from(DIGITS[(word >> (18 - 6 * digit)) as usize & 63]));
            } else {
                out.push('=');
            }
        }
    }
    out
}
