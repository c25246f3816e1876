//! Ranges of records, so that what is computed per record fits the processor's caches and the
//! memory stays bounded, however large the lake.

use std::ops::Range;

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::frames::shares;
use crate::interactions::columns::*;
use crate::scratch::{List, Scratch};

/// Links that a part should have; a record with more of them is a part of its own.
const LINKS: usize = 1 << 18;

/// Some consecutive records and everything that counts for them. Copies share their columns.
#[derive(Clone)]
pub struct RecordShard {
    /// The records.
    pub records: Range<u32>,
    /// `record`, `interaction`: their links, in the order of interactions.
    pub links: DataFrame,
}

/// Cuts links, sorted by [`INTERACTION`], into parts that together have all records up to
/// `records`, in order. A counting sort: two passes over the links.
///
/// # Errors
/// A disk that is full, where memory is limited.
pub fn by_record(links: &DataFrame, records: u32, scratch: &Scratch) -> Result<Vec<RecordShard>> {
    cut(links, records, LINKS, scratch)
}

fn cut(links: &DataFrame, records: u32, size: usize, scratch: &Scratch) -> Result<Vec<RecordShard>> {
    let doing = || Error::engine("cutting links by record");
    let column = |name: &str| links.column(name).and_then(|column| column.u32()?.cont_slice());
    let (linked, interactions) = (column(RECORD).map_err(doing())?, column(INTERACTION).map_err(doing())?);
    let mut counts = vec![0usize; records as usize];
    for &record in linked {
        counts[record as usize] += 1;
    }
    let ranges = shares(&counts, size);
    let (mut sizes, mut part_of) = (Vec::with_capacity(ranges.len()), Vec::with_capacity(counts.len()));
    for (range, part) in ranges.iter().zip(0u32..) {
        sizes.push(counts[range.start as usize..range.end as usize].iter().sum::<usize>());
        part_of.resize(range.end as usize, part);
    }
    drop(counts);

    let mut parts = Vec::with_capacity(ranges.len());
    // As many at a time as memory holds links of.
    for share in shares(&sizes, scratch.values(2 * size_of::<u32>())) {
        let sizes = &sizes[share.start as usize..share.end as usize];
        let mut next: Vec<usize> =
            sizes.iter().scan(0, |end, size| Some(std::mem::replace(end, *end + size))).collect();
        let rows = sizes.iter().sum();
        let (mut sorted_records, mut sorted_interactions) = (vec![0u32; rows], vec![0u32; rows]);
        for (&record, &interaction) in linked.iter().zip(interactions) {
            let part = part_of[record as usize];
            if share.contains(&part) {
                let place = &mut next[(part - share.start) as usize];
                sorted_records[*place] = record;
                sorted_interactions[*place] = interaction;
                *place += 1;
            }
        }
        let sorted = df!(RECORD => sorted_records, INTERACTION => sorted_interactions).map_err(doing())?;
        let sorted = scratch.keep(sorted)?;
        let of_share = ranges[share.start as usize..share.end as usize].iter().zip(sizes.iter().zip(next));
        parts.extend(of_share.map(|(records, (&size, end))| RecordShard {
            records: records.clone(),
            links: sorted.slice((end - size) as i64, size),
        }));
    }
    Ok(parts)
}

/// People by interaction, for looking up those of many interactions at once.
pub struct ByInteraction {
    ends: List<u32>,
    people: List<u32>,
}

impl ByInteraction {
    /// Of so many interactions: each person once whom `find` adds for one after the other.
    ///
    /// # Errors
    /// A disk that is full, where memory is limited.
    pub fn of_each(
        interactions: u32,
        scratch: &Scratch,
        mut find: impl FnMut(u32, &mut Vec<u32>),
    ) -> Result<ByInteraction> {
        let (mut ends, mut people, mut found) = (scratch.list()?, scratch.list()?, Vec::new());
        let mut count = 0;
        // By person, one past the last interaction in which they were met: looking for them among the people of
        // one grows with the square of these.
        let mut met: Vec<u32> = Vec::new();
        for interaction in 0..interactions {
            find(interaction, &mut found);
            for person in found.drain(..) {
                if met.len() <= person as usize {
                    met.resize(person as usize + 1, 0);
                }
                if std::mem::replace(&mut met[person as usize], interaction + 1) != interaction + 1 {
                    people.push(person);
                    count += 1;
                }
            }
            ends.push(count);
        }
        Ok(ByInteraction { ends: ends.finish()?, people: people.finish()? })
    }

    /// Those of one interaction.
    pub fn of(&self, interaction: u32) -> &[u32] {
        let begin = if interaction == 0 { 0 } else { self.ends[interaction as usize - 1] };
        &self.people[begin as usize..self.ends[interaction as usize] as usize]
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tempfile::TempDir;

    use super::*;
    use crate::scratch::Limit;
    use crate::storage::Spool;

    fn numbers(frame: &DataFrame, column: &str) -> Vec<u32> {
        frame.column(column).expect(column).u32().expect(column).iter().flatten().collect()
    }

    #[test]
    fn parts_hold_every_record_once_and_their_links_in_order() {
        let links = df!(INTERACTION => [0u32, 0, 1, 2, 2, 3], RECORD => [4u32, 0, 4, 1, 4, 0]).expect("links");
        let root = TempDir::new().expect("folder");
        let spool = Arc::new(Spool::below(root.path().to_path_buf()));
        let on_disk = Scratch::beyond(Limit::Parts(2), spool);
        let parts = cut(&links, 6, 2, &Scratch::default()).expect("parts");
        let those_on_disk = cut(&links, 6, 2, &on_disk).expect("parts");
        let frames = |parts: &[RecordShard]| parts.iter().map(|part| part.links.clone()).collect::<Vec<_>>();
        assert_eq!(frames(&parts), frames(&those_on_disk));
        let ranges: Vec<_> = parts.iter().map(|part| part.records.clone()).collect();
        assert_eq!(ranges, [0..1, 1..4, 4..5, 5..6]);
        assert_eq!(numbers(&parts[0].links, INTERACTION), [0, 3]);
        assert_eq!(numbers(&parts[2].links, INTERACTION), [0, 1, 2]);
        assert_eq!(parts[3].links.height(), 0);
        let none = cut(&links.head(Some(0)), 0, 2, &on_disk).expect("parts");
        assert_eq!((none.len(), none[0].records.clone()), (1, 0..0));
    }

    #[test]
    fn people_are_found_once_by_interaction() {
        let people = [vec![5, 6, 5], vec![], vec![7, 6], vec![5, 5]];
        let find = |interaction: u32, found: &mut Vec<u32>| found.extend(&people[interaction as usize]);
        let people = ByInteraction::of_each(4, &Scratch::default(), find).expect("people");
        assert_eq!([people.of(0), people.of(1), people.of(2), people.of(3)], [&[5, 6][..], &[], &[7, 6], &[5]]);
    }
}
