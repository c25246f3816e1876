//! Ranges of records, so that what is computed per record fits the processor's caches and the
//! memory stays bounded, however large the lake.

use std::ops::Range;

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::interactions::columns::*;

/// Links that a part should have; a record with more of them is a part of its own.
const LINKS: u32 = 1 << 18;

/// Some consecutive records and everything that counts for them. Copies share their columns.
#[derive(Clone)]
pub struct Part {
    /// The records.
    pub records: Range<u32>,
    /// `record`, `interaction`: their links, in the order of interactions.
    pub links: DataFrame,
}

/// Cuts links, sorted by [`INTERACTION`], into parts that together have all records up to
/// `records`, in order. A counting sort: two passes over the links.
pub fn by_record(links: &DataFrame, records: u32) -> Result<Vec<Part>> {
    cut(links, records, LINKS).map_err(Error::engine("cutting links by record"))
}

fn cut(links: &DataFrame, records: u32, size: u32) -> PolarsResult<Vec<Part>> {
    let linked = links.column(RECORD)?.u32()?.cont_slice()?;
    let interactions = links.column(INTERACTION)?.u32()?.cont_slice()?;
    let mut counts = vec![0u32; records as usize];
    for &record in linked {
        counts[record as usize] += 1;
    }
    let (mut ranges, mut starts, mut from, mut rows) = (vec![], vec![0usize], 0u32, 0u32);
    let mut part_of = vec![0u32; records as usize];
    for (at, &count) in (0u32..).zip(&counts) {
        if at > from && rows.saturating_add(count) > size {
            ranges.push(from..at);
            starts.push(starts[starts.len() - 1] + rows as usize);
            (from, rows) = (at, 0);
        }
        part_of[at as usize] = ranges.len() as u32;
        rows += count;
    }
    ranges.push(from..records);

    let mut next = starts.clone();
    let (mut sorted_records, mut sorted_interactions) = (vec![0u32; links.height()], vec![0u32; links.height()]);
    for (&record, &interaction) in linked.iter().zip(interactions) {
        let place = &mut next[part_of[record as usize] as usize];
        sorted_records[*place] = record;
        sorted_interactions[*place] = interaction;
        *place += 1;
    }
    let sorted = df!(RECORD => sorted_records, INTERACTION => sorted_interactions)?;
    Ok(ranges
        .into_iter()
        .zip(starts.iter().zip(&next))
        .map(|(records, (&start, &end))| Part { records, links: sorted.slice(start as i64, end - start) })
        .collect())
}

/// People by interaction, for looking up those of many interactions at once.
pub struct ByInteraction {
    ends: Vec<u32>,
    people: Vec<u32>,
}

impl ByInteraction {
    /// Of so many interactions: each person once whom `find` adds for one after the other.
    pub fn of_each(interactions: u32, mut find: impl FnMut(u32, &mut Vec<u32>)) -> ByInteraction {
        let (mut ends, mut people, mut found) = (Vec::with_capacity(interactions as usize), Vec::new(), Vec::new());
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
                }
            }
            ends.push(people.len() as u32);
        }
        ByInteraction { ends, people }
    }

    /// Those of one interaction.
    pub fn of(&self, interaction: u32) -> &[u32] {
        let begin = if interaction == 0 { 0 } else { self.ends[interaction as usize - 1] };
        &self.people[begin as usize..self.ends[interaction as usize] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(frame: &DataFrame, column: &str) -> Vec<u32> {
        frame.column(column).expect(column).u32().expect(column).iter().flatten().collect()
    }

    #[test]
    fn parts_hold_every_record_once_and_their_links_in_order() {
        let links = df!(INTERACTION => [0u32, 0, 1, 2, 2, 3], RECORD => [4u32, 0, 4, 1, 4, 0]).expect("links");
        let parts = cut(&links, 6, 2).expect("parts");
        let ranges: Vec<_> = parts.iter().map(|part| part.records.clone()).collect();
        assert_eq!(ranges, [0..1, 1..4, 4..5, 5..6]);
        assert_eq!(numbers(&parts[0].links, INTERACTION), [0, 3]);
        assert_eq!(numbers(&parts[2].links, INTERACTION), [0, 1, 2]);
        assert_eq!(parts[3].links.height(), 0);
        let none = cut(&links.head(Some(0)), 0, 2).expect("parts");
        assert_eq!((none.len(), none[0].records.clone()), (1, 0..0));
    }

    #[test]
    fn people_are_found_once_by_interaction() {
        let people = [vec![5, 6, 5], vec![], vec![7, 6], vec![5, 5]];
        let people = ByInteraction::of_each(4, |interaction, found| found.extend(&people[interaction as usize]));
        assert_eq!([people.of(0), people.of(1), people.of(2), people.of(3)], [&[5, 6][..], &[], &[7, 6], &[5]]);
    }
}
