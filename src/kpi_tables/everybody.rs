//! Everybody with whom records have an interaction in common, and the first of them where the interactions of a day come in
//! two parts: those that a period's days have in common, and the day's news (rule K10).

use std::ops::Range;

use polars::prelude::*;
use rayon::prelude::*;

use super::ranked_people::{MOST, People, PersonCounts, frame, of_part, rank, rank_key};
use crate::error::{Error, Result};
use crate::interactions::interaction_view::Facts;
use crate::interactions::record_shards::RecordShard;

/// Everybody whom records have anything in common with, by record in the order in which they are ranked.
pub struct Everybody {
    starts: Vec<usize>,
    shared: Vec<PersonCounts>,
}

impl Everybody {
    /// Of all records but some.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn of(parts: &[RecordShard], without: &Range<u32>, people: &People, facts: &Facts) -> Result<Everybody> {
        let of_parts = parts.par_iter().map(|part| {
            let (mut ends, mut all) = (Vec::with_capacity(part.records.len()), Vec::new());
            of_part(part, without, people, facts, |_, shared| {
                shared.sort_unstable_by_key(|shared| rank_key(shared, people.order));
                all.append(shared);
                ends.push(all.len());
            })?;
            ends.resize(part.records.len(), all.len());
            Ok((ends, all))
        });
        let of_parts = of_parts.collect::<PolarsResult<Vec<_>>>().map_err(Error::engine("people of records"))?;
        let mut everybody = Everybody { starts: vec![0], shared: Vec::new() };
        for (ends, all) in of_parts {
            let from = everybody.shared.len();
            everybody.starts.extend(ends.into_iter().map(|end| from + end));
            everybody.shared.extend(all);
        }
        Ok(everybody)
    }

    fn of_record(&self, record: u32) -> &[PersonCounts] {
        &self.shared[self.starts[record as usize]..self.starts[record as usize + 1]]
    }

    /// [`ranked`] of these and others. By record, `theirs` says under which number the others have it, if at all;
    /// `person` under which number somebody of theirs is here. Interactions get their `places` among all.
    pub fn ranked_with(
        &self,
        others: &Everybody,
        theirs: impl Fn(u32) -> Option<u32>,
        person: impl Fn(u32) -> Option<u32>,
        places: [&[u32]; 2],
        order: &dyn Fn(u32) -> u32,
    ) -> Result<DataFrame> {
        let mut found = Vec::new();
        let moved = |shared: &PersonCounts, places: &[u32]| PersonCounts {
            last_interaction: places[shared.last_interaction as usize],
            ..*shared
        };
        for record in 0..self.starts.len() as u32 - 1 {
            let own = self.of_record(record);
            let others = theirs(record).map_or(&[][..], |number| others.of_record(number));
            // Without news the order stays what it was.
            let looked_at = if own.is_empty() { &others[..others.len().min(MOST)] } else { others };
            let known = looked_at
                .iter()
                .filter_map(|one| Some(PersonCounts { person: person(one.person)?, ..moved(one, places[1]) }));
            let mut all: Vec<PersonCounts> = known.collect();
            let mut further: Vec<PersonCounts> = own.iter().map(|one| moved(one, places[0])).collect();
            further.sort_unstable_by_key(|one| one.person);
            for one in &mut all {
                if let Ok(at) = further.binary_search_by_key(&one.person, |other| other.person) {
                    *one = together(one, &further.remove(at));
                }
            }
            all.append(&mut further);
            rank(record, &mut all, order, &mut found);
        }
        frame(&found)
    }
}

/// What a person and a record have in common, by two parts of it.
fn together(one: &PersonCounts, other: &PersonCounts) -> PersonCounts {
    let is_later = other.last > one.last || other.last == one.last && other.last_interaction < one.last_interaction;
    let counts = std::array::from_fn(|kind| one.counts[kind] + other.counts[kind]);
    PersonCounts { counts, ..if is_later { *other } else { *one } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interactions::columns::*;
    use crate::interactions::event::*;
    use crate::interactions::record_shards::ByInteraction;
    use crate::kpi_tables::ranked_people::ranked;
    use crate::kpi_tables::ranked_people::tests::facts;
    use crate::scratch::Scratch;

    #[test]
    fn people_of_two_parts_are_ranked_as_those_of_one() {
        let rows = [(EMAIL, 1), (MEETING, 2), (CALL, 2), (EMAIL, 0), (EMAIL, 2)];
        let found = [vec![1, 2, 3], vec![1, 3], vec![2, 4], vec![3], vec![4, 2]];
        let part = |interactions: &[u32]| {
            let facts = facts(&interactions.iter().map(|&at| rows[at as usize]).collect::<Vec<_>>());
            let people = |at: u32, met: &mut Vec<u32>| met.extend(&found[interactions[at as usize] as usize]);
            let of = ByInteraction::of_each(interactions.len() as u32, &Scratch::default(), people).expect("people");
            let numbers: Vec<u32> = (0..interactions.len() as u32).collect();
            let links = df!(RECORD => vec![1u32; numbers.len()], INTERACTION => numbers).expect("links");
            (vec![RecordShard { records: 0..2, links }], of, interactions.to_vec(), facts)
        };
        let order = |person: u32| 9 - person;
        let everybody = |(parts, of, main, facts): &(Vec<RecordShard>, ByInteraction, Vec<u32>, Facts)| {
            Everybody::of(parts, &(0..1), &People { of, count: 5, main, order: &order }, facts).expect("people")
        };
        let (parts, of, main, facts) = part(&[0, 1, 2, 3, 4]);
        let expected = ranked(&parts, &(0..1), &People { of: &of, count: 5, main: &main, order: &order }, &facts);
        for (first, second) in [(&[0u32, 2, 3][..], &[1u32, 4][..]), (&[], &[0, 1, 2, 3, 4]), (&[0, 1, 2, 3, 4], &[])] {
            let (own, others) = (everybody(&part(first)), everybody(&part(second)));
            let found = own.ranked_with(&others, Some, Some, [first, second], &order).expect("ranked");
            assert_eq!(&found, expected.as_ref().expect("ranked"));
        }
    }
}
