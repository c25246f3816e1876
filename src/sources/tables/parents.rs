//! Which message an email answers, of all that its header names (rules I8, N7).
//!
//! Mail programs write `In-Reply-To` in many ways: one id, a phrase before it, several ids. Of several, the last
//! that the lake holds is the parent, and which those are is known only when all mail was read. So such an email
//! travels with a key that stands for all of them, until [`Parents::settled`] says which it is.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use polars::prelude::*;

use crate::frames::keys::{KEY, Key, KeyType};
use crate::frames::map_text::of_text;
use crate::sources::values::ids::text_key;
use crate::sources::values::message_ids::{message_id, unescaped, unfolded};

/// What the keys stand for that name several possible parents. Copies share it.
#[derive(Clone, Debug, Default)]
pub struct Parents(Arc<Mutex<HashMap<Key, Vec<Key>>>>);

impl Parents {
    /// The key of the parent that a text names, or one that stands for several.
    pub fn key(&self, text: &str) -> Option<Key> {
        let text = unescaped(text);
        let key = |id: &str| text_key(&unfolded(id));
        let mut ids = bracketed(&text);
        let Some(first) = ids.next() else { return key(message_id(&text)) };
        let Some(second) = ids.next() else { return key(first) };
        let keys: Vec<Key> = [first, second].into_iter().chain(ids).filter_map(key).collect();
        let all = text_key(text.trim())?;
        if let Ok(mut several) = self.0.lock() {
            several.insert(all, keys);
        }
        Some(all)
    }

    /// `column` of texts as keys of parents.
    pub fn keys(&self, column: Expr) -> Expr {
        let parents = self.clone();
        of_text::<KeyType, _>(column, KEY, move |text| parents.key(text))
    }

    /// The parent among the headers of a message: what `In-Reply-To` names, else the last of `References`.
    pub fn of_headers<'n, 'v, 'h>(&self, headers: &mut (dyn Iterator<Item = (&'n str, &'v str)> + 'h)) -> Option<Key> {
        let (mut references, mut replies) = (None, Vec::new());
        for (name, value) in headers {
            let name = name.trim();
            if name.eq_ignore_ascii_case("in-reply-to") {
                replies.push(value);
            } else if name.eq_ignore_ascii_case("references") {
                references = Some(value);
            }
        }
        let parent = match replies[..] {
            [] => None,
            [one] => self.key(one),
            // What several headers name is a list like that of one.
            _ => self.key(&replies.iter().filter_map(|value| in_brackets(value)).collect::<Vec<_>>().join(" ")),
        };
        parent.or_else(|| text_key(&unfolded(last_of(&unescaped(references?)))))
    }

    /// All parents that each key names which names several.
    pub fn several(&self) -> HashMap<Key, Vec<Key>> {
        self.0.lock().map(|several| several.clone()).unwrap_or_default()
    }

    /// The parents for which keys of several stand: the last that is held, else the last. `held` is handed all
    /// keys that may be parents, and says which of them the lake holds.
    pub fn settled(&self, held: impl FnOnce(&HashSet<Key>) -> HashSet<Key>) -> HashMap<Key, Key> {
        let Ok(several) = self.0.lock() else { return HashMap::new() };
        if several.is_empty() {
            return HashMap::new();
        }
        let held = held(&several.values().flatten().copied().collect());
        let parent = |keys: &[Key]| keys.iter().rev().find(|key| held.contains(key)).or(keys.last()).copied();
        several.iter().filter_map(|(&all, keys)| Some((all, parent(keys)?))).collect()
    }
}

/// The last id of a list of references, in brackets or between blanks.
fn last_of(references: &str) -> &str {
    bracketed(references).last().or_else(|| references.split_whitespace().last()).map_or("", message_id)
}

/// What a header names, in brackets where it has none; none where it names nothing.
fn in_brackets(value: &str) -> Option<String> {
    let value = unescaped(value);
    if bracketed(&value).next().is_some() {
        return Some(value.into_owned());
    }
    let id = message_id(&value);
    (!id.is_empty()).then(|| format!("<{id}>"))
}

/// The ids in angle brackets.
fn bracketed(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let begin = rest.find('<')? + 1;
            let length = rest[begin..].find('>')?;
            // What a bracket that is never closed begins is no id.
            let id = rest[begin..begin + length].rsplit('<').next().unwrap_or_default().trim();
            rest = &rest[begin + length + 1..];
            if !id.is_empty() {
                return Some(id);
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> Key {
        text_key(text).expect("a key")
    }

    fn parent(text: &str, lake: &[&str]) -> Option<Key> {
        let parents = Parents::default();
        let key = parents.key(text)?;
        let lake: HashSet<Key> = lake.iter().map(|text| id(text)).collect();
        let settled = parents.settled(|keys| keys.intersection(&lake).copied().collect());
        Some(settled.get(&key).copied().unwrap_or(key))
    }

    #[test]
    fn of_several_ids_the_last_that_the_lake_holds_is_the_parent() {
        assert_eq!(parent("<a@x> <b@x> <c@x>", &["a@x", "b@x"]), Some(id("b@x")));
        assert_eq!(parent("<a@x> <b@x>", &[]), Some(id("b@x")));
        assert_eq!(parent("Your message of \"Tue\" <a@x>", &[]), Some(id("a@x")));
        assert_eq!(parent("anna@x <a@x>", &["anna@x"]), Some(id("a@x")));
        assert_eq!(parent(" a@x ", &[]), Some(id("a@x")));
        assert_eq!(parent("<<a@x>>", &[]), Some(id("a@x")));
        assert_eq!(parent("<>", &[]), None);
        assert_eq!(parent("", &[]), None);
        for escaped in ["=?utf-8?Q?=3Ca=40x=3E?=", "&lt;a@x&gt;", "<a@\r\n x>", "Re &lt;a@x&gt; &lt;b@x&gt;"] {
            assert_eq!(parent(escaped, &["a@x"]), Some(id("a@x")), "{escaped}");
        }
    }

    #[test]
    fn references_speak_only_without_a_reply_header() {
        let of = |headers: &[(&'static str, &'static str)]| Parents::default().of_headers(&mut headers.iter().copied());
        assert_eq!(of(&[("References", "<a@x>\r\n <b@x>"), ("In-Reply-To", "<c@x>")]), Some(id("c@x")));
        assert_eq!(of(&[("in-reply-to", " "), ("REFERENCES", "<a@x>\r\n <b@x>")]), Some(id("b@x")));
        assert_eq!(of(&[("References", "a@x b@x")]), Some(id("b@x")));
        assert_eq!(of(&[("In-Reply-To", "<>"), ("References", "<a@x>")]), Some(id("a@x")));
        assert_eq!(of(&[("Subject", "<a@x>")]), None);
        assert_eq!(of(&[("In-Reply-To", "<>"), ("In-Reply-To", " "), ("References", "&lt;a@x&gt;")]), Some(id("a@x")));
        assert_eq!(of(&[("In-Reply-To", ""), ("In-Reply-To", "b@x")]), Some(id("b@x")));
    }

    #[test]
    fn of_several_reply_headers_all_ids_may_be_the_parent() {
        let of = |lake: &[&str]| {
            let parents = Parents::default();
            let headers = [("In-Reply-To", "a@x"), ("In-Reply-To", "<b@x> <c@x>")];
            let key = parents.of_headers(&mut headers.into_iter())?;
            let lake: HashSet<Key> = lake.iter().map(|text| id(text)).collect();
            parents.settled(|keys| keys.intersection(&lake).copied().collect()).get(&key).copied()
        };
        assert_eq!(of(&["a@x"]), Some(id("a@x")));
        assert_eq!(of(&["a@x", "b@x"]), Some(id("b@x")));
        assert_eq!(of(&[]), Some(id("c@x")));
    }
}
