//! Threads of emails: by conversation, else by what they answer (rule N7).

use polars::prelude::*;

use crate::literals::typed;

use super::event::*;
use crate::columns::*;
use crate::error::{Error, Result};
use crate::reasons::Reason;

/// Bits of the conversation, where a thread has one.
pub const THREAD_CONVERSATION: &str = "thread_conversation";
/// Event that is the thread's root, where it has no conversation.
pub const THREAD_ROOT: &str = "thread_root";

/// Adds [`THREAD_CONVERSATION`] and [`THREAD_ROOT`] to `events`, which are in order of
/// [`EVENT`]. Mail that is dropped links its thread; erased mail does not. Needs all emails.
pub fn thread(events: DataFrame) -> Result<DataFrame> {
    thread_events(events).map_err(Error::engine("threading emails"))
}

fn thread_events(mut events: DataFrame) -> PolarsResult<DataFrame> {
    let height = events.height();
    let is_link = col(KIND).eq(typed(EMAIL)).and(col(REASON).neq_missing(Reason::Erased.lit()));
    let links = events.clone().lazy().with_row_index(EVENT, None).filter(is_link);
    let parents = links
        .clone()
        .filter(col(CONVERSATION).is_null().and(col(PARENT).is_not_null()))
        .select([col(EVENT), col(PARENT)])
        .join(
            links.clone().select([col(EVENT).alias("parent_event"), col(IDENTITY)]),
            [col(PARENT)],
            [col(IDENTITY)],
            JoinArgs::new(JoinType::Inner),
        )
        .select([col(EVENT), col("parent_event")])
        .collect()?;
    let mut parent_of = vec![u32::MAX; height];
    let (children, found) = (parents.column(EVENT)?.u32()?, parents.column("parent_event")?.u32()?);
    for (child, parent) in children.iter().zip(found.iter()) {
        if let (Some(child), Some(parent)) = (child, parent) {
            parent_of[child as usize] = parent;
        }
    }
    let conversations = events.column(CONVERSATION)?.i128()?.rechunk().into_owned();
    let texts = events.column(IDENTITY_TEXT)?.str()?.rechunk().into_owned();
    let roots = roots(&parent_of, |event| conversations.get(event).is_some(), |event| texts.get(event));

    let links = links.select([col(EVENT)]).collect()?;
    let mut of_link = vec![None; height];
    for event in links.column(EVENT)?.u32()?.iter().flatten() {
        of_link[event as usize] = Some(roots[event as usize]);
    }
    let root = UInt32Chunked::from_slice_options(THREAD_ROOT.into(), &of_link);
    let conversation = conversations.take(&root)?.with_name(THREAD_CONVERSATION.into());
    let root = root.set(&conversation.is_not_null(), None)?;
    events.with_column(conversation.into_column())?;
    events.with_column(root.into_column())?;
    Ok(events)
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
            if ends(at) || parent_of[at] == u32::MAX {
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

    const NONE: u32 = u32::MAX;

    #[test]
    fn answers_follow_to_the_root_and_stop_at_a_conversation() {
        // 3 → 2 → 1 → 0, where 1 has a conversation.
        let roots = roots(&[NONE, 0, 1, 2], |event| event == 1, |_| None);
        assert_eq!(roots, [0, 1, 1, 1]);
    }

    #[test]
    fn a_ring_takes_its_smallest_id() {
        // 2 → 0 → 1 → 0; the texts make 1 the smallest.
        let texts = ["b", "a", "0"];
        let roots = roots(&[1, 0, 0], |_| false, |event| Some(texts[event]));
        assert_eq!(roots, [1, 1, 1]);
    }
}
