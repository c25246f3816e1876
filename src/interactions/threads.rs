//! Threads of emails: by conversation, else by what they answer (rule N7).

use std::collections::{HashMap, HashSet};

use polars::prelude::*;

use super::event::*;
use crate::error::{Error, Result};
use crate::frames::keys::{Key, KeyMap, Keys};
use crate::interactions::columns::*;
use crate::interactions::source_rows::NO_EVENT;
use crate::sources::Parents;
use crate::sources::drop_reason::DropReason;

/// Bits of the conversation, where a thread has one.
pub const THREAD_CONVERSATION: &str = "thread_conversation";
/// Event that is the thread's root, where it has no conversation.
pub const THREAD_ROOT: &str = "thread_root";

/// Adds [`THREAD_CONVERSATION`] and [`THREAD_ROOT`] to `events`, which are in order of
/// [`EVENT`]. Mail that is dropped links its thread; erased mail does not, so that its threads are those of
/// a lake that never held it. Needs all emails. `several` says what a parent's key stands for that names several.
pub fn thread(events: DataFrame, several: &Parents) -> Result<DataFrame> {
    thread_events(events, several).map_err(Error::engine("threading emails"))
}

fn thread_events(mut events: DataFrame, several: &Parents) -> PolarsResult<DataFrame> {
    let erased = Some(DropReason::Erased as u8);
    let kinds = events.column(KIND)?.u8()?.iter().zip(events.column(REASON)?.u8()?.iter());
    let is_link: Vec<bool> = kinds.map(|(kind, reason)| kind == Some(EMAIL) && reason != erased).collect();
    let conversations = events.column(CONVERSATION)?.i128()?.rechunk().into_owned();
    let identities = events.column(IDENTITY)?.i128()?;
    let meant = several.settled(|named| links_among(named, &is_link, identities));
    let parent_of = parents(&is_link, &conversations, events.column(PARENT)?.i128()?, &meant, identities);
    let texts = events.column(IDENTITY_TEXT)?.str()?.rechunk().into_owned();
    let roots = roots(&parent_of, |event| conversations.get(event).is_some(), |event| texts.get(event));

    let root = roots.iter().zip(&is_link).map(|(&root, &is_link)| is_link.then_some(root));
    let root: UInt32Chunked = root.collect_ca(THREAD_ROOT.into());
    let conversation = conversations.take(&root)?.with_name(THREAD_CONVERSATION.into());
    let root = root.set(&conversation.is_not_null(), None)?;
    events.with_column(conversation.into_column())?;
    events.with_column(root.into_column())?;
    Ok(events)
}

/// Which of the named identities link threads.
fn links_among(named: &HashSet<Key>, is_link: &[bool], identities: &Keys) -> HashSet<Key> {
    let links = identities.iter().zip(is_link).filter(|(_, is_link)| **is_link).filter_map(|(identity, _)| identity);
    links.filter(|identity| named.contains(identity)).collect()
}

/// Of each event the one that it answers, [`NO_EVENT`] where that is not held or where the event has a
/// conversation. `meant` says which parent the keys stand for that name several.
fn parents(
    is_link: &[bool],
    conversations: &Int128Chunked,
    parents: &Keys,
    meant: &HashMap<Key, Key>,
    identities: &Keys,
) -> Vec<u32> {
    let answers = is_link.iter().zip(conversations.iter()).zip(parents.iter());
    let answers =
        answers.map(|((&is_link, conversation), parent)| parent.filter(|_| is_link && conversation.is_none()));
    let answers = answers.enumerate().filter_map(|(event, parent)| Some((event, parent?)));
    let answers: Vec<(usize, Key)> =
        answers.map(|(event, parent)| (event, meant.get(&parent).copied().unwrap_or(parent))).collect();
    let mut parent_of = vec![NO_EVENT; is_link.len()];
    if answers.is_empty() {
        return parent_of;
    }
    // Few emails are answered by one without conversation; only they are kept in the table.
    let mut found: KeyMap<u32> = answers.iter().map(|&(_, parent)| (parent, NO_EVENT)).collect();
    for ((event, &is_link), identity) in (0..).zip(is_link).zip(identities.iter()) {
        if let Some(place) = identity.filter(|_| is_link).and_then(|identity| found.get_mut(&identity)) {
            *place = event;
        }
    }
    for (event, parent) in answers {
        parent_of[event] = found.get(&parent).copied().unwrap_or(NO_EVENT);
    }
    parent_of
}

/// The last event up the line of parents from each event: one that `ends` the line, one without
/// parent, or, where the line runs in a ring, the ring's member with the smallest text.
fn roots<'a>(parent_of: &[u32], ends: impl Fn(usize) -> bool, text: impl Fn(usize) -> Option<&'a str>) -> Vec<u32> {
    const UNSEEN: u32 = u32::MAX;
    const ON_PATH: u32 = u32::MAX - 1;
    let mut root = vec![UNSEEN; parent_of.len()];
    let mut path = Vec::new();
    for start in 0..parent_of.len() {
        let mut at = start;
        let found = loop {
            match root[at] {
                UNSEEN => {}
                ON_PATH => {
                    let ring = path.iter().position(|&member| member == at).unwrap_or(0);
                    break path[ring..].iter().copied().min_by_key(|&member| text(member)).unwrap_or(at) as u32;
                }
                known => break known,
            }
            if ends(at) || parent_of[at] == NO_EVENT {
                break at as u32;
            }
            root[at] = ON_PATH;
            path.push(at);
            at = parent_of[at] as usize;
        };
        root[at] = found;
        for member in path.drain(..) {
            root[member] = found;
        }
    }
    root
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frames::keys::ALIKE;

    const NONE: u32 = NO_EVENT;

    #[test]
    fn answers_follow_to_the_root_and_stop_at_a_conversation() {
        // 3 → 2 → 1 → 0, where 1 has a conversation.
        let roots = roots(&[NONE, 0, 1, 2], |event| event == 1, |_| None);
        assert_eq!(roots, [0, 1, 1, 1]);
    }

    #[test]
    fn parents_are_told_apart_by_all_bits_of_their_keys() {
        let identities: Keys = ALIKE.into_iter().chain([1, 2, 3, 4]).map(Some).collect();
        let answered: Keys = [None; 3].into_iter().chain(ALIKE.map(Some)).chain([Some(5)]).collect();
        let conversations = Int128Chunked::full_null(PlSmallStr::EMPTY, 7);
        let parent_of = parents(&[true; 7], &conversations, &answered, &HashMap::new(), &identities);
        assert_eq!(parent_of, [NONE, NONE, NONE, 0, 1, 2, NONE]);
    }

    #[test]
    fn a_ring_takes_its_smallest_id() {
        // 2 → 0 → 1 → 0; the texts make 1 the smallest.
        let texts = ["b", "a", "0"];
        let roots = roots(&[1, 0, 0], |_| false, |event| Some(texts[event]));
        assert_eq!(roots, [1, 1, 1]);
    }
}
