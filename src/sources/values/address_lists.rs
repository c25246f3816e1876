//! Texts that hold the addresses of several people.

use std::borrow::Cow;

use polars::prelude::*;

use crate::frames::map_text::as_lists;
use crate::sources::values::address_text::{Named, named};

/// The entries of a list of addresses: between semicolons and line ends, and between commas, bars and slashes where an
/// address stands before, those in quotes aside. Addresses with nothing but blanks between are entries, too.
pub fn entries(text: &str) -> Vec<String> {
    let (mut entries, mut begun, mut quoted) = (Vec::new(), String::new(), false);
    for c in text.chars() {
        quoted ^= c == '"';
        let ends = match c {
            ';' | '\n' | '\r' => true,
            ',' | '|' | '/' => begun.contains('@'),
            _ => false,
        };
        if ends && !quoted {
            entries.push(std::mem::take(&mut begun));
        } else {
            begun.push(c);
        }
    }
    entries.push(begun);
    let is_plain =
        |entry: &str| entry.split_whitespace().all(|word| word.contains('@') && !word.contains(['<', '"', '(']));
    let words = |entry: String| match is_plain(&entry) {
        true => entry.split_whitespace().map(str::to_string).collect(),
        false => vec![entry],
    };
    entries.into_iter().flat_map(words).collect()
}

/// Whether a text names somebody by an address of mail or of a directory.
pub fn is_address(text: &str) -> bool {
    matches!(named(text), Some(Named::Mail(_) | Named::Directory(_)))
}

/// `column` of texts as lists: of a text with several addresses all of them, of others the text.
pub fn one_by_one(column: Expr) -> Expr {
    as_lists(column, |text| {
        let found: Vec<String> = entries(text).into_iter().filter(|entry| is_address(entry)).collect();
        match found.len() {
            0 | 1 => vec![Cow::Borrowed(text)],
            _ => found.into_iter().map(Cow::Owned).collect(),
        }
    })
}
