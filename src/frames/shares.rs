//! Numbered groups in shares of about one size.

use std::ops::Range;

/// Consecutive groups of `sizes` in ranges that together have all of them, each with no more than `most` values unless
/// it is a single group.
pub fn shares(sizes: &[usize], most: usize) -> Vec<Range<u32>> {
    let (mut shares, mut from, mut held) = (Vec::new(), 0u32, 0usize);
    for (at, &size) in (0u32..).zip(sizes) {
        if at > from && held.saturating_add(size) > most {
            shares.push(from..at);
            (from, held) = (at, 0);
        }
        held = held.saturating_add(size);
    }
    shares.push(from..sizes.len() as u32);
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_have_every_group_once_and_no_more_than_they_may() {
        assert_eq!(shares(&[2, 1, 3, 0, 9, 0, 4], 3), [0..2, 2..4, 4..5, 5..6, 6..7]);
        let (whole, none) = (0..3, 0..0);
        assert_eq!(shares(&[2, 1, 3], usize::MAX), std::slice::from_ref(&whole));
        assert_eq!(shares(&[], 3), std::slice::from_ref(&none));
    }
}
