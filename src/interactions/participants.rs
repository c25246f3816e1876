//! One row per person and interaction (rule P4), and what the judging of interactions counts of them.

use std::collections::HashMap;
use std::ops::Range;

use polars::prelude::*;
use rayon::prelude::*;

use super::OTHER_IDENTITY;
use super::event::EVENT;
use crate::columns::*;
use crate::error::{Error, Result};
use crate::people::who;

/// Participants of all events, in the order of events.
pub struct Participants {
    /// `event`, `who`, `role` (the strongest), `declined` (or-ed): one row per person who is not erased.
    pub people: DataFrame,
    /// `event`, `who`, `group`, `role`, `declined`: further records that people are.
    pub groups: DataFrame,
    /// One row per event: `external` (erased people included), `outsiders` (not erased),
    /// `external_people` and `colleagues` (present), `addressed` (distinct people in To, Cc, Bcc).
    pub counts: DataFrame,
}

/// What is counted of one event's people.
#[derive(Clone, Copy, Default)]
struct Counts {
    external: u32,
    outsiders: u32,
    external_people: u32,
    colleagues: u32,
    addressed: u32,
}

#[derive(Clone, Copy, Default)]
struct Part {
    who: u64,
    role: u8,
    declined: bool,
}

/// Events whose people are collapsed at a time by one worker.
const RANGE: usize = 1 << 20;
/// Ranges there are at least.
const LEAST: usize = 4;

/// Collapses rows of participants, `event`, `who`, `role`, `declined`, into people. `stand_ins`
/// says for which events (`event`) somebody (`who`) stands for an identity (`other_identity`),
/// because one of the rows names both. The input may be split by event.
///
/// A counting sort brings the rows of an event together, so that the work is linear in the rows;
/// grouping by event and person in the engine took several times as long.
pub fn collapse(rows: DataFrame, stand_ins: &DataFrame, events: usize) -> Result<Participants> {
    collapse_rows(rows, stand_ins, events).map_err(Error::engine("collapsing participants"))
}

fn collapse_rows(mut rows: DataFrame, stand_ins: &DataFrame, events: usize) -> PolarsResult<Participants> {
    let stand_ins = stand_ins_by_event(stand_ins)?;
    rows.rechunk_mut();
    let rows = Rows {
        events: rows.column(EVENT)?.u32()?.cont_slice()?,
        people: rows.column(WHO)?.u64()?.cont_slice()?,
        roles: rows.column(ROLE)?.u8()?.cont_slice()?,
        declined: rows.column(DECLINED)?.bool()?,
    };
    // Few events are several ranges all the same, for every core to have one.
    let size = events.div_ceil(LEAST).clamp(1, RANGE);
    let ranges: Vec<_> = (0..events).step_by(size).map(|from| from..events.min(from + size)).collect();
    let ranges: Vec<Collapsed> = ranges.into_par_iter().map(|range| rows.collapse(range, &stand_ins)).collect();

    let height = |of: fn(&Collapsed) -> usize| ranges.iter().map(of).sum::<usize>();
    let mut all = Collapsed::with_capacity(height(|range| range.people.0.len()), events);
    for range in ranges {
        all.append(range);
    }
    let (people, groups, counts) = (all.people, all.groups, all.counts);
    let people = df!(EVENT => people.0, WHO => people.1, ROLE => people.2, DECLINED => people.3)?;
    let groups = df!(EVENT => groups.0, "group" => groups.1, ROLE => groups.2, DECLINED => groups.3, WHO => groups.4)?;
    let count = |f: fn(&Counts) -> u32| counts.iter().map(f).collect::<Vec<u32>>();
    let counts = df!(
        "external" => count(|c| c.external),
        "outsiders" => count(|c| c.outsiders),
        "external_people" => count(|c| c.external_people),
        "colleagues" => count(|c| c.colleagues),
        "addressed" => count(|c| c.addressed),
    )?;
    Ok(Participants { people, groups, counts })
}

/// Rows of participants, in any order.
struct Rows<'a> {
    events: &'a [u32],
    people: &'a [u64],
    roles: &'a [u8],
    declined: &'a BooleanChunked,
}

/// Columns of [`Participants`].
#[derive(Default)]
struct Collapsed {
    people: (Vec<u32>, Vec<u64>, Vec<u8>, Vec<bool>),
    groups: (Vec<u32>, Vec<u32>, Vec<u8>, Vec<bool>, Vec<u64>),
    counts: Vec<Counts>,
}

impl Collapsed {
    fn with_capacity(people: usize, events: usize) -> Self {
        let mut all = Self::default();
        all.people.0.reserve(people);
        all.people.1.reserve(people);
        all.people.2.reserve(people);
        all.people.3.reserve(people);
        all.counts.reserve(events);
        all
    }

    fn append(&mut self, range: Collapsed) {
        self.people.0.extend(range.people.0);
        self.people.1.extend(range.people.1);
        self.people.2.extend(range.people.2);
        self.people.3.extend(range.people.3);
        self.groups.0.extend(range.groups.0);
        self.groups.1.extend(range.groups.1);
        self.groups.2.extend(range.groups.2);
        self.groups.3.extend(range.groups.3);
        self.groups.4.extend(range.groups.4);
        self.counts.extend(range.counts);
    }

    /// Adds a person by all its rows, the strongest role first.
    fn add(&mut self, event: u32, at: usize, person: &[Part]) {
        let counts = &mut self.counts[at];
        let first = person[0];
        let declined = person.iter().any(|part| part.declined);
        let external = !who::is_ours(first.who);
        counts.external += u32::from(external);
        counts.addressed += u32::from(first.role > 1);
        if who::is_erased(first.who) {
            return;
        }
        counts.outsiders += u32::from(external);
        if !declined {
            counts.external_people += u32::from(external);
            counts.colleagues += u32::from(who::side(first.who) == who::COLLEAGUE);
        }
        self.people.0.push(event);
        self.people.1.push(who::identity(first.who));
        self.people.2.push(first.role);
        self.people.3.push(declined);
        let mut seen = 0;
        for part in person {
            let group = who::group(part.who);
            if group != 0 && group != seen {
                seen = group;
                self.groups.0.push(event);
                self.groups.1.push(group);
                self.groups.2.push(part.role);
                self.groups.3.push(declined);
                self.groups.4.push(who::identity(part.who));
            }
        }
    }
}

impl Rows<'_> {
    /// The people of a range of events.
    fn collapse(&self, events: Range<usize>, stand_ins: &StandIns) -> Collapsed {
        let first = events.start as u32;
        let of_range = || (0..).zip(self.events).filter(|(_, event)| events.contains(&(**event as usize)));
        let mut ends = vec![0u32; events.len() + 1];
        for (_, event) in of_range() {
            ends[(event - first) as usize + 1] += 1;
        }
        for at in 1..ends.len() {
            ends[at] += ends[at - 1];
        }
        let mut next = ends.clone();
        let mut sorted = vec![Part::default(); ends[events.len()] as usize];
        for (row, event) in of_range() {
            let place = &mut next[(event - first) as usize];
            let declined = self.declined.get(row).unwrap_or(false);
            sorted[*place as usize] = Part { who: self.people[row], role: self.roles[row], declined };
            *place += 1;
        }
        let mut out = Collapsed { counts: vec![Counts::default(); events.len()], ..Collapsed::default() };
        for at in 0..events.len() {
            let event = first + at as u32;
            let parts = &mut sorted[ends[at] as usize..next[at] as usize];
            for (other, who) in stand_ins.get(&event).into_iter().flatten() {
                for part in parts.iter_mut().filter(|part| who::identity(part.who) == *other) {
                    part.who = *who;
                }
            }
            parts.sort_unstable_by_key(|part| (who::identity(part.who), part.role));
            for person in parts.chunk_by(|a, b| who::identity(a.who) == who::identity(b.who)) {
                out.add(event, at, person);
            }
        }
        out
    }
}

/// By event, in whose place (the first) who (the second) is the participant.
type StandIns = HashMap<u32, Vec<(u64, u64)>>;

/// By event, who stands for which identity.
fn stand_ins_by_event(stand_ins: &DataFrame) -> PolarsResult<StandIns> {
    let events = stand_ins.column(EVENT)?.u32()?;
    let (others, people) = (stand_ins.column(OTHER_IDENTITY)?.u64()?, stand_ins.column(WHO)?.u64()?);
    let mut by_event = StandIns::new();
    for ((event, other), who) in events.iter().zip(others.iter()).zip(people.iter()) {
        if let (Some(event), Some(other), Some(who)) = (event, other, who) {
            by_event.entry(event).or_default().push((other, who));
        }
    }
    // Where several ids come with one address, the smallest stands, whatever the order of rows.
    for pairs in by_event.values_mut() {
        pairs.sort_unstable();
        pairs.dedup_by_key(|(other, _)| *other);
    }
    Ok(by_event)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_one_person_are_one_participant_in_the_strongest_role() {
        let contact = who::external(5, 0);
        let rows = df!(
            EVENT => [1u32, 1, 0, 1],
            WHO => [who::external(5, 2), contact, who::colleague(1), who::erased(who::external(9, 0))],
            ROLE => [3u8, 2, 1, 2],
            DECLINED => [false, false, false, false],
        )
        .expect("rows");
        let nobody = df!(EVENT => [0u32; 0], OTHER_IDENTITY => [0u64; 0], WHO => [0u64; 0]).expect("no rows");
        let participants = collapse(rows, &nobody, 2).expect("participants");
        let expected = df!(
            EVENT => [0u32, 1],
            WHO => [who::colleague(1), contact],
            ROLE => [1u8, 2],
            DECLINED => [false, false],
        );
        assert_eq!(participants.people, expected.expect("expected"));
        let group: Vec<_> = participants.groups.column("group").expect("group").u32().expect("u32").iter().collect();
        assert_eq!(group, [Some(2)]);
        let of = |name: &str| participants.counts.column(name).expect(name).u32().expect("u32").get(1);
        assert_eq!((of("external"), of("outsiders"), of("addressed")), (Some(2), Some(1), Some(2)));
    }
}
