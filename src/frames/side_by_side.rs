//! Work that calls the engine for many things, several at a time.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// What is made of each item, in their order, on as many threads as there are cores.
///
/// The threads are not those of a pool. A thread of a pool that waits for the engine takes up the next item meanwhile, waits within
/// that again, and so on until its stack is full, with all that each item holds in memory.
///
/// # Errors
/// The first error of `work`.
pub fn side_by_side<T: Sync, R: Send, E: Send>(
    items: &[T],
    work: impl Fn(&T) -> Result<R, E> + Sync,
) -> Result<Vec<R>, E> {
    let next = AtomicUsize::new(0);
    let some = || {
        let mut done = Vec::new();
        while let at = next.fetch_add(1, Ordering::Relaxed)
            && let Some(item) = items.get(at)
        {
            done.push((at, work(item)));
        }
        done
    };
    let threads = rayon::current_num_threads().min(items.len());
    let mut done = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(some)).collect();
        let mut done = some();
        others.into_iter().for_each(|other| done.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic))));
        done
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, made)| made).collect()
}

#[cfg(test)]
mod tests {
    use polars::prelude::*;

    use super::*;

    #[test]
    fn many_items_that_call_the_engine_do_not_pile_up() {
        let items: Vec<u32> = (0..3_000).collect();
        let distinct = |item: &u32| -> PolarsResult<usize> {
            let frame = df!("a" => (0..200).map(|row| row % (item % 7 + 1)).collect::<Vec<u32>>())?;
            Ok(frame.lazy().group_by([col("a")]).agg([len()]).collect()?.height())
        };
        let expected: Vec<usize> = items.iter().map(|item| (item % 7 + 1) as usize).collect();
        assert_eq!(side_by_side(&items, distinct).unwrap(), expected);
        let failed = side_by_side(&items, |item| if item % 5 == 3 { Err(*item) } else { Ok(()) });
        assert_eq!(failed, Err(3));
    }
}
