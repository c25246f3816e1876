//! The people with the most interactions of each record (rule K10).

use std::cmp::Reverse;
use std::ops::Range;

use polars::prelude::*;
use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::frames::Grouped;
use crate::interactions::Kind;
use crate::interactions::columns::*;
use crate::interactions::interaction_view::{Facts, Held};
use crate::interactions::record_shards::{ByInteraction, RecordShard};

/// Number of a person within the table, contact and lead or colleague.
pub const PERSON: &str = "person";
/// Place of a person among those of a record, from 1.
pub const RANK: &str = "rank";
/// Emails, meetings and calls that a person shares with a record.
pub const KIND_COUNTS: [&str; 3] = ["emails", "meetings", "phone_calls"];
/// When the last of them was.
pub const LAST_CONTACT: &str = "last_contact_at";
/// Number of the main colleague of that interaction.
pub const LAST_BY_NUMBER: &str = "last_contacted_by_number";

/// How many people a record has.
pub(super) const MOST: usize = 3;

/// What a person and a record have in common.
#[derive(Clone, Copy)]
pub(super) struct PersonCounts {
    pub person: u32,
    /// Emails, meetings and calls.
    pub counts: [u32; 3],
    pub last: i64,
    pub last_interaction: u32,
    pub last_by: u32,
}

/// One of the first people of a record.
#[derive(Clone, Copy)]
pub(super) struct RankedPerson {
    pub record: u32,
    /// From 1.
    pub rank: u32,
    pub shared: PersonCounts,
}

/// People by interaction, and which of two with as much comes first.
pub struct People<'a> {
    /// Whom to count: of held emails, meetings and calls, each once.
    pub of: &'a ByInteraction,
    /// One past the greatest number of a person.
    pub count: usize,
    /// By interaction, its main colleague.
    pub main: &'a [u32],
    /// A person's place where all else is equal.
    pub order: &'a (dyn Fn(u32) -> u32 + Sync),
}

/// The three people of each record but some with the most emails, meetings and calls; ties by the last one,
/// then by their order: `record`, `rank`, `person`, [`KIND_COUNTS`], `last_contact_at`, [`LAST_BY_NUMBER`].
pub fn ranked(parts: &[RecordShard], without: &Range<u32>, people: &People, facts: &Facts) -> Result<DataFrame> {
    let ranked = parts.par_iter().map(|part| {
        let mut ranked = Vec::new();
        of_part(part, without, people, facts, |record, shared| rank(record, shared, people.order, &mut ranked))?;
        Ok(ranked)
    });
    let ranked = ranked.collect::<PolarsResult<Vec<_>>>().map_err(Error::engine("ranking people of records"))?;
    frame(&ranked.concat())
}

pub(super) fn frame(ranked: &[RankedPerson]) -> Result<DataFrame> {
    let count = |at: usize| ranked.iter().map(|one| i64::from(one.shared.counts[at])).collect::<Vec<_>>();
    df!(
        RECORD => ranked.iter().map(|one| one.record).collect::<Vec<_>>(),
        RANK => ranked.iter().map(|one| one.rank).collect::<Vec<_>>(),
        PERSON => ranked.iter().map(|one| one.shared.person).collect::<Vec<_>>(),
        KIND_COUNTS[0] => count(0),
        KIND_COUNTS[1] => count(1),
        KIND_COUNTS[2] => count(2),
        LAST_CONTACT => ranked.iter().map(|one| one.shared.last).collect::<Vec<_>>(),
        LAST_BY_NUMBER => ranked.iter().map(|one| one.shared.last_by).collect::<Vec<_>>(),
    )
    .map_err(Error::engine("ranking people of records"))
}

/// Hands what each record has in common with anybody to `take`, which empties it.
///
/// A counting sort brings what a record has in common with anybody together, so that counting it looks
/// at few people at a time; one table of all records and people of a part took three times as long.
pub(super) fn of_part(
    part: &RecordShard,
    without: &Range<u32>,
    people: &People,
    facts: &Facts,
    mut take: impl FnMut(u32, &mut Vec<PersonCounts>),
) -> PolarsResult<()> {
    let records = part.records.clone();
    if without.start <= records.start && records.end <= without.end {
        return Ok(());
    }
    let linked = part.links.column(RECORD)?.u32()?.cont_slice()?;
    let interactions = part.links.column(INTERACTION)?.u32()?.cont_slice()?;
    let links = || {
        let links = linked.iter().zip(interactions).filter(|(record, _)| !without.contains(record));
        links.map(|(record, &interaction)| (record - records.start, interaction, people.of.of(interaction)))
    };
    let mut tally = RecordTally { slots: vec![0; people.count], shared: Vec::new(), main: people.main };
    if records.len() == 1 {
        // It may have any number of links, and needs no sorting.
        for (_, interaction, found) in links() {
            let Some(held) = facts.held(interaction) else { continue };
            found.iter().for_each(|&person| tally.add(Contact::of(person, held, interaction)));
        }
        take(records.start, tally.counted());
        return Ok(());
    }
    let contacts = links().flat_map(|(record, interaction, found)| {
        let of_one = facts
            .held(interaction)
            .map(|held| found.iter().map(move |&person| (record, Contact::of(person, held, interaction))));
        of_one.into_iter().flatten()
    });
    let contacts = Grouped::new(records.len(), contacts);
    for (place, record) in (0..).zip(records) {
        contacts.of(place).iter().for_each(|&contact| tally.add(contact));
        take(record, tally.counted());
    }
    Ok(())
}

/// One interaction of one person.
#[derive(Clone, Copy, Default)]
struct Contact {
    person: u32,
    kind: Kind,
    at: i64,
    interaction: u32,
}

impl Contact {
    fn of(person: u32, held: Held, interaction: u32) -> Contact {
        Contact { person, kind: held.kind, at: held.at, interaction }
    }
}

/// What people have in common with one record.
struct RecordTally<'a> {
    /// By person, one more than the place in `shared`.
    slots: Vec<u32>,
    shared: Vec<PersonCounts>,
    main: &'a [u32],
}

impl RecordTally<'_> {
    /// Interactions come in their order: of several at one time the first is the last contact.
    fn add(&mut self, contact: Contact) {
        let Contact { person, kind, at, interaction } = contact;
        let slot = &mut self.slots[person as usize];
        if *slot == 0 {
            let last_by = u32::MAX;
            self.shared.push(PersonCounts { person, counts: [0; 3], last: i64::MIN, last_interaction: 0, last_by });
            *slot = self.shared.len() as u32;
        }
        let shared = &mut self.shared[*slot as usize - 1];
        shared.counts[kind as usize] += 1;
        if at > shared.last {
            (shared.last, shared.last_interaction) = (at, interaction);
            shared.last_by = self.main[interaction as usize];
        }
    }

    /// What was counted of a record, to be taken out before the next is counted.
    fn counted(&mut self) -> &mut Vec<PersonCounts> {
        for shared in &self.shared {
            self.slots[shared.person as usize] = 0;
        }
        &mut self.shared
    }
}

pub(super) fn rank_key(shared: &PersonCounts, order: impl Fn(u32) -> u32) -> (Reverse<u32>, Reverse<i64>, u32, u32) {
    let PersonCounts { person, counts, last, .. } = *shared;
    (Reverse(counts.iter().sum::<u32>()), Reverse(last), order(person), person)
}

/// Adds a record's first people to `ranked` and empties what was counted.
pub(super) fn rank(
    record: u32,
    shared: &mut Vec<PersonCounts>,
    order: impl Fn(u32) -> u32,
    ranked: &mut Vec<RankedPerson>,
) {
    if shared.len() > MOST {
        shared.select_nth_unstable_by_key(MOST - 1, |shared| rank_key(shared, &order));
        shared.truncate(MOST);
    }
    shared.sort_unstable_by_key(|shared| rank_key(shared, &order));
    ranked.extend((1..).zip(shared.drain(..)).map(|(rank, shared)| RankedPerson { record, rank, shared }));
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::interactions::event::*;
    use crate::scratch::Scratch;

    pub fn facts(rows: &[(u8, i64)]) -> Facts {
        let mut table = df!(
            KIND => rows.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(),
            OURS => vec![true; rows.len()],
            PLANNED => vec![false; rows.len()],
            OCCURRED_AT => rows.iter().map(|(_, at)| *at).collect::<Vec<_>>(),
        )
        .expect("interactions");
        table.try_apply(OCCURRED_AT, |at| at.cast(&INSTANT)).expect("times");
        Facts::of(&table).expect("facts")
    }

    #[test]
    fn ties_go_to_the_last_then_to_the_order() {
        let facts = facts(&[(EMAIL, 1), (MEETING, 2), (CALL, 2), (EMAIL, 0)]);
        let found = [vec![1, 2, 3], vec![1, 3], vec![2, 4], vec![3]];
        let find = |interaction: u32, people: &mut Vec<u32>| people.extend(&found[interaction as usize]);
        let of = ByInteraction::of_each(4, &Scratch::default(), find).expect("people");
        // Of records 5 to 8 all or one in a part, 6 being left out.
        let part = |records: Range<u32>, links: &[(u32, u32)]| RecordShard {
            records,
            links: df!(
                RECORD => links.iter().map(|(record, _)| *record).collect::<Vec<_>>(),
                INTERACTION => links.iter().map(|(_, interaction)| *interaction).collect::<Vec<_>>(),
            )
            .expect("links"),
        };
        let (of_5, of_6, of_7) = ([(5, 0), (5, 1), (5, 2)], [(6, 0)], [(7, 0), (7, 1), (7, 2), (7, 3)]);
        let together = vec![part(5..9, &[&of_5[..], &of_6, &of_7].concat())];
        let alone = vec![part(5..6, &of_5), part(6..7, &of_6), part(7..8, &of_7), part(8..9, &[])];
        for parts in [together, alone] {
            let order = |person: u32| 9 - person;
            let people = People { of: &of, count: 5, main: &[0; 4], order: &order };
            let ranked = ranked(&parts, &(6..7), &people, &facts).expect("ranked");
            let column = |name: &str| -> Vec<u32> {
                ranked
                    .column(name)
                    .expect(name)
                    .cast(&DataType::UInt32)
                    .expect(name)
                    .u32()
                    .expect(name)
                    .iter()
                    .flatten()
                    .collect()
            };
            assert_eq!(column(RECORD), [5, 5, 5, 7, 7, 7]);
            assert_eq!(column("rank"), [1, 2, 3, 1, 2, 3]);
            // Of record 5, 1, 2 and 3 have two each, the last at 2: the order decides. 4 has one.
            assert_eq!(column("person"), [3, 2, 1, 3, 2, 1]);
            assert_eq!((column("emails"), column("phone_calls")), (vec![1, 1, 1, 2, 1, 1], vec![0, 1, 0, 0, 1, 0]));
            assert_eq!(column(LAST_CONTACT), [2; 6]);
        }
    }
}
