//! Published names of threads (rule N7).

use std::sync::Arc;

use indexmap::IndexSet;
use polars::prelude::*;
use rustc_hash::FxBuildHasher;

use crate::error::{Error, Result};
use crate::interactions::{ROOT_ID, THREAD_CONVERSATION, THREAD_ROOT};
use crate::table::Texts;

/// What threads are told by.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Thread {
    Conversation(u128),
    /// The event that is the root.
    Root(u32),
}

/// The threads of interactions, null for those that are in none, as places among their names: a
/// conversation's bits as 32 lower-case hex digits, else the id of the root.
///
/// A name is made and compared once for each thread, and not for each of its emails.
pub fn thread_ids(interactions: &DataFrame) -> Result<(UInt32Chunked, Arc<Texts>)> {
    let (places, names) = places(interactions).map_err(Error::engine("names of threads"))?;
    Ok((places, Texts::of(&names)?))
}

fn places(interactions: &DataFrame) -> PolarsResult<(UInt32Chunked, Column)> {
    let conversations = interactions.column(THREAD_CONVERSATION)?.i128()?;
    let roots = interactions.column(THREAD_ROOT)?.u32()?;
    let root_ids = interactions.column(ROOT_ID)?.str()?;
    let (mut threads, mut ids) = (IndexSet::with_hasher(FxBuildHasher), Vec::new());
    let emails = conversations.iter().zip(roots.iter()).zip(root_ids.iter());
    let places = emails.map(|((conversation, root), root_id)| {
        let thread = conversation.map(|bits| Thread::Conversation(bits as u128)).or(root.map(Thread::Root));
        let (place, is_new) = threads.insert_full(thread?);
        if is_new {
            ids.push(root_id);
        }
        Some(place as u32)
    });
    let places = places.collect();
    let mut names = StringChunkedBuilder::new("names of threads".into(), ids.len());
    for (thread, id) in threads.iter().zip(ids) {
        match thread {
            Thread::Conversation(bits) => names.append_value(std::str::from_utf8(&hex(*bits)).unwrap_or_default()),
            Thread::Root(_) => names.append_option(id),
        }
    }
    Ok((places, names.finish().into_column()))
}

/// Digits of 128 bits. Formatting them takes four times as long.
fn hex(bits: u128) -> [u8; 32] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let bytes = bits.to_be_bytes();
    std::array::from_fn(|at| DIGITS[usize::from(bytes[at / 2] >> (4 * (1 - at % 2)) & 15)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_are_named_once_by_conversation_or_root() {
        let conversations: Int128Chunked = [Some(-2i128), None, None, Some(0xab), None, Some(-2)].into_iter().collect();
        let frame = df!(
            THREAD_CONVERSATION => conversations.into_series(),
            THREAD_ROOT => [None, Some(7u32), Some(9), None, None, None],
            ROOT_ID => [None, Some("email:a"), Some("email:b"), None, None, None],
        );
        let (places, names) = places(&frame.expect("interactions")).expect("names");
        assert_eq!(places.iter().collect::<Vec<_>>(), [Some(0), Some(1), Some(2), Some(3), None, Some(0)]);
        let names: Vec<_> = names.str().expect("texts").iter().flatten().collect();
        let (all, few) = (format!("{:032x}", -2i128), "000000000000000000000000000000ab");
        assert_eq!(names, [all.as_str(), "email:a", "email:b", few]);
    }
}
