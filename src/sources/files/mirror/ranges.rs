//! Which bytes of a Parquet file are asked for.

use std::ops::Range;

/// Bytes per request, so that each fits its time limit on a slow line.
const PART: u64 = 8 << 20;

pub(super) fn is_parquet(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with(".parquet")
}

/// Where the footer begins, by the last bytes of a Parquet file.
pub(super) fn footer(tail: &[u8], size: u64) -> Option<u64> {
    let [length @ .., b'P', b'A', b'R', b'1'] = tail.last_chunk::<8>()? else { return None };
    let length = u32::from_le_bytes(*length);
    size.checked_sub(u64::from(length) + 8)
}

/// Ranges in order, those with a gap of at most `gap` between them made one.
pub(super) fn joined(mut ranges: Vec<Range<u64>>, gap: u64) -> Vec<Range<u64>> {
    ranges.retain(|range| range.start < range.end);
    ranges.sort_by_key(|range| range.start);
    let mut joined: Vec<Range<u64>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start <= last.end.saturating_add(gap) => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}

/// What of the ranges is not present yet; both in order.
pub(super) fn missing(ranges: Vec<Range<u64>>, present: &[Range<u64>]) -> Vec<Range<u64>> {
    let mut missing = Vec::new();
    for range in ranges {
        let mut at = range.start;
        for there in present.iter().filter(|there| there.end > range.start && there.start < range.end) {
            if there.start > at {
                missing.push(at..there.start);
            }
            at = at.max(there.end);
        }
        if at < range.end {
            missing.push(at..range.end);
        }
    }
    missing
}

pub(super) fn parts(range: &Range<u64>) -> impl Iterator<Item = Range<u64>> + use<> {
    let end = range.end;
    (range.start..end).step_by(PART as usize).map(move |start| start..end.min(start + PART))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn close_ranges_are_one_request_and_nothing_is_asked_twice() {
        let ranges = joined(vec![50..60, 0..10, 12..20], 2);
        assert_eq!(ranges, [0..20, 50..60]);
        assert_eq!(missing(ranges, &[5..8, 55..100]), [0..5, 8..20, 50..55]);
        assert!(missing(joined(vec![3..6, 7..9], 1), &[0..4, 4..20]).is_empty());
    }

    #[test]
    fn long_ranges_are_several_requests() {
        let range = 7..2 * PART + 9;
        let parts: Vec<_> = parts(&range).collect();
        assert_eq!((parts.len(), parts[0].start, parts[2].end), (3, 7, 2 * PART + 9));
    }

    #[test]
    fn the_last_bytes_say_where_the_footer_begins() {
        assert_eq!(footer(b"xx\x05\x00\x00\x00PAR1", 100), Some(87));
        assert_eq!(footer(b"\xff\xff\xff\xffPAR1", 100), None);
        assert_eq!(footer(b"\x05\x00\x00\x00PARE", 100), None);
    }
}
