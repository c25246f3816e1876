//! One row per person and interaction (rule P4), and the counts by which interactions are kept or dropped.

use std::ops::Range;

use polars::prelude::*;
use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::frames::Grouped;
use crate::interactions::columns::*;
use crate::interactions::event::EVENT;
use crate::interactions::people::stand_ins;
use crate::interactions::people::stand_ins::StandIn;
use crate::people::person_key;
use crate::sources::roles::STARTS;

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

/// Events whose people are collapsed at a time by one worker.
const RANGE: usize = 1 << 20;
/// Ranges there are at least.
const LEAST: usize = 4;

/// Collapses rows of participants, `event`, `who`, `role`, `declined`, into people. `stand_ins`
/// says who stands for whom, because one of the rows names both. The input may be split by event.
///
/// A counting sort brings the rows of an event together, so that the work is linear in the rows;
/// grouping by event and person in the engine took several times as long.
pub fn collapse(rows: Vec<DataFrame>, mut stand_ins: Vec<StandIn>, events: usize) -> Result<Participants> {
    stand_ins.sort_unstable();
    collapse_rows(rows, &stand_ins, events).map_err(Error::engine("collapsing participants"))
}

fn collapse_rows(rows: Vec<DataFrame>, stand_ins: &[StandIn], events: usize) -> PolarsResult<Participants> {
    // Few events are several ranges all the same, for every core to have one.
    let size = events.div_ceil(LEAST).clamp(1, RANGE);
    let ranges: Vec<_> = (0..events).step_by(size).map(|from| from..events.min(from + size)).collect();
    let rows: Vec<Vec<Vec<Row>>> =
        rows.into_par_iter().map(|rows| by_range(&rows, size, ranges.len())).collect::<PolarsResult<_>>()?;
    let ranges: Vec<Collapsed> = ranges
        .into_par_iter()
        .enumerate()
        .map(|(at, range)| Collapsed::of(range, rows.iter().map(|ranges| &ranges[at][..]), stand_ins))
        .collect();
    drop(rows);
    let counts: Vec<Counts> = ranges.iter().flat_map(|range| &range.counts).copied().collect();
    let count = |f: fn(&Counts) -> u32| counts.iter().map(f).collect::<Vec<u32>>();
    let counts = df!(
        "external" => count(|c| c.external),
        "outsiders" => count(|c| c.outsiders),
        "external_people" => count(|c| c.external_people),
        "colleagues" => count(|c| c.colleagues),
        "addressed" => count(|c| c.addressed),
    )?;
    let (mut people, mut groups) = Collapsed::default().frames()?;
    for range in ranges {
        let (of_people, of_groups) = range.frames()?;
        people.vstack_mut_owned(of_people)?;
        groups.vstack_mut_owned(of_groups)?;
    }
    Ok(Participants { people, groups, counts })
}

/// Those rows of `nameless` people whose event has no copy in Exchange that names people by address
/// (rule P4); `copies` are the rows of all such copies.
pub fn beside_no_copy(nameless: DataFrame, copies: &[DataFrame], events: usize) -> Result<Option<DataFrame>> {
    if nameless.height() == 0 {
        return Ok(None);
    }
    let kept = || -> PolarsResult<DataFrame> {
        let mut named = vec![false; events];
        for copies in copies {
            copies.column(EVENT)?.u32()?.iter().flatten().for_each(|event| named[event as usize] = true);
        }
        let is_kept = nameless.column(EVENT)?.u32()?.iter().map(|event| event.is_some_and(|e| !named[e as usize]));
        nameless.filter(&is_kept.collect())
    };
    kept().map(Some).map_err(Error::engine("participants of tracked activities"))
}

/// A row of participants.
#[derive(Clone, Copy, Default)]
struct Row {
    /// See [`who`].
    who: u64,
    event: u32,
    role: u8,
    declined: bool,
}

/// Rows by the range of their event.
fn by_range(rows: &DataFrame, size: usize, ranges: usize) -> PolarsResult<Vec<Vec<Row>>> {
    let (events, people) = (rows.column(EVENT)?.u32()?, rows.column(WHO)?.u64()?);
    let (roles, declined) = (rows.column(ROLE)?.u8()?, rows.column(DECLINED)?.bool()?);
    let mut by_range = vec![Vec::with_capacity(rows.height() / ranges.max(1)); ranges];
    for ((event, who), (role, declined)) in events.iter().zip(people.iter()).zip(roles.iter().zip(declined.iter())) {
        if let (Some(event), Some(who), Some(role)) = (event, who, role) {
            let row = Row { who, event, role, declined: declined == Some(true) };
            by_range[event as usize / size].push(row);
        }
    }
    Ok(by_range)
}

/// Columns of [`Participants`].
#[derive(Default)]
struct Collapsed {
    people: (Vec<u32>, Vec<u64>, Vec<u8>, Vec<bool>),
    groups: (Vec<u32>, Vec<u32>, Vec<u8>, Vec<bool>, Vec<u64>),
    counts: Vec<Counts>,
}

impl Collapsed {
    /// The people of a range of events. `stand_ins` come in the order of all events.
    fn of<'a>(events: Range<usize>, rows: impl Iterator<Item = &'a [Row]> + Clone, stand_ins: &[StandIn]) -> Collapsed {
        let first = events.start as u32;
        let mut rows = Grouped::new(events.len(), rows.flatten().map(|row| (row.event - first, *row)));
        let mut out = Collapsed { counts: vec![Counts::default(); events.len()], ..Collapsed::default() };
        let mut stand_ins = &stand_ins[stand_ins.partition_point(|one| one.event < first)..];
        for at in 0..events.len() {
            let event = first + at as u32;
            let rows = rows.of_mut(at as u32);
            let count = stand_ins.iter().take_while(|one| one.event == event).count();
            if count > 0 {
                let (of_event, others) = stand_ins.split_at(count);
                stand_ins = others;
                let places = stand_ins::settle(of_event, rows.iter().map(|row| row.who));
                rows.iter_mut().for_each(|row| row.who = places.person(row.who));
            }
            rows.sort_unstable_by_key(|row| (person_key::identity(row.who), row.role));
            for person in rows.chunk_by(|a, b| person_key::identity(a.who) == person_key::identity(b.who)) {
                out.add(event, at, person);
            }
        }
        out
    }

    fn frames(self) -> PolarsResult<(DataFrame, DataFrame)> {
        let (people, groups) = (self.people, self.groups);
        let people = df!(EVENT => people.0, WHO => people.1, ROLE => people.2, DECLINED => people.3)?;
        let groups =
            df!(EVENT => groups.0, "group" => groups.1, ROLE => groups.2, DECLINED => groups.3, WHO => groups.4)?;
        Ok((people, groups))
    }

    /// Adds a person by all its rows, the strongest role first.
    fn add(&mut self, event: u32, at: usize, person: &[Row]) {
        let counts = &mut self.counts[at];
        let first = person[0];
        // One copy in which they declined is enough; whoever starts it never does (rule P4).
        let declined = first.role != STARTS && person.iter().any(|row| row.declined);
        let external = !person_key::is_ours(first.who);
        counts.external += u32::from(external);
        counts.addressed += u32::from(first.role > STARTS);
        if person_key::is_erased(first.who) {
            return;
        }
        counts.outsiders += u32::from(external);
        if !declined {
            counts.external_people += u32::from(external);
            counts.colleagues += u32::from(person_key::side(first.who) == person_key::COLLEAGUE);
        }
        self.people.0.push(event);
        self.people.1.push(person_key::identity(first.who));
        self.people.2.push(first.role);
        self.people.3.push(declined);
        let mut seen = 0;
        for row in person {
            let group = person_key::group(row.who);
            if group != 0 && group != seen {
                seen = group;
                self.groups.0.push(event);
                self.groups.1.push(group);
                self.groups.2.push(row.role);
                self.groups.3.push(declined);
                self.groups.4.push(person_key::identity(row.who));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::Rank;

    #[test]
    fn rows_of_one_person_are_one_participant_in_the_strongest_role() {
        let contact = person_key::external(5, 0);
        let rows = df!(
            EVENT => [1u32, 1, 0, 1],
            WHO => [person_key::external(5, 2), contact, person_key::colleague(1), person_key::erased(person_key::external(9, 0))],
            ROLE => [3u8, 2, 1, 2],
            DECLINED => [false, false, false, false],
        )
        .expect("rows");
        let participants = collapse(vec![rows], Vec::new(), 2).expect("participants");
        let expected = df!(
            EVENT => [0u32, 1],
            WHO => [person_key::colleague(1), contact],
            ROLE => [1u8, 2],
            DECLINED => [false, false],
        );
        assert_eq!(participants.people, expected.expect("expected"));
        let group: Vec<_> = participants.groups.column("group").expect("group").u32().expect("u32").iter().collect();
        assert_eq!(group, [Some(2)]);
        let of = |name: &str| participants.counts.column(name).expect(name).u32().expect("u32").get(1);
        assert_eq!((of("external"), of("outsiders"), of("addressed")), (Some(2), Some(1), Some(2)));
    }

    #[test]
    fn one_declining_copy_is_enough_and_who_starts_never_declines() {
        let (organizer, guest) = (person_key::external(1, 0), person_key::external(2, 0));
        let rows = df!(
            EVENT => [0u32, 0, 0, 0],
            WHO => [organizer, organizer, guest, guest],
            ROLE => [STARTS, 2, 2, 2],
            DECLINED => [false, true, false, true],
        );
        let participants = collapse(vec![rows.expect("rows")], Vec::new(), 1).expect("participants");
        let declined = participants.people.column(DECLINED).expect("declined").bool().expect("bool");
        assert_eq!(declined.iter().collect::<Vec<_>>(), [Some(false), Some(true)]);
    }

    /// With a look through all rows for every stand-in, this would take hours.
    #[test]
    fn the_work_grows_with_the_rows_of_an_event() {
        const COUNT: u32 = 200_000;
        let people: Vec<u64> = (0..COUNT).map(|number| person_key::named(person_key::colleague(number))).collect();
        let other = |number: u32| person_key::identity(person_key::stranger(i128::from(number) << 1));
        let stand_ins = people.iter().zip(0..COUNT);
        let rank = Rank::Colleague { is_disabled: false, is_other: true };
        let stand_in = |number| StandIn { event: 0, other: other(number), rank_of_other: Rank::Nobody, rank, who: 0 };
        let stand_ins = stand_ins.map(|(&who, number)| StandIn { who, ..stand_in(number) });
        let by_address: Vec<u64> = (0..COUNT).map(other).collect();
        let rows = |people: Vec<u64>| {
            let count = people.len();
            df!(EVENT => vec![0u32; count], WHO => people, ROLE => vec![2u8; count], DECLINED => vec![false; count])
                .expect("rows")
        };
        let rows = vec![rows(people.clone()), rows(by_address)];
        let participants = collapse(rows, stand_ins.collect(), 1).expect("participants");
        assert_eq!(participants.people.height(), COUNT as usize);
    }
}
