//! One row per person and interaction (rule P4), and what the judging of interactions counts of them.

use std::collections::HashMap;
use std::ops::Range;

use polars::prelude::*;
use rayon::prelude::*;

use super::OTHER_IDENTITY;
use super::event::EVENT;
use crate::columns::*;
use crate::error::{Error, Result};
use crate::grouped::Grouped;
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
pub fn collapse(rows: Vec<DataFrame>, stand_ins: &DataFrame, events: usize) -> Result<Participants> {
    collapse_rows(rows, stand_ins, events).map_err(Error::engine("collapsing participants"))
}

fn collapse_rows(rows: Vec<DataFrame>, stand_ins: &DataFrame, events: usize) -> PolarsResult<Participants> {
    let stand_ins = stand_ins_by_event(stand_ins)?;
    // Few events are several ranges all the same, for every core to have one.
    let size = events.div_ceil(LEAST).clamp(1, RANGE);
    let ranges: Vec<_> = (0..events).step_by(size).map(|from| from..events.min(from + size)).collect();
    let rows: Vec<Vec<Vec<Row>>> =
        rows.into_par_iter().map(|rows| by_range(&rows, size, ranges.len())).collect::<PolarsResult<_>>()?;
    let ranges: Vec<Collapsed> = ranges
        .into_par_iter()
        .enumerate()
        .map(|(at, range)| Collapsed::of(range, rows.iter().map(|ranges| &ranges[at][..]), &stand_ins))
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

/// A row of participants.
#[derive(Clone, Copy, Default)]
struct Row {
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
    /// The people of a range of events.
    fn of<'a>(events: Range<usize>, rows: impl Iterator<Item = &'a [Row]> + Clone, stand_ins: &StandIns) -> Collapsed {
        let first = events.start as u32;
        let mut rows = Grouped::new(events.len(), rows.flatten().map(|row| (row.event - first, *row)));
        let mut out = Collapsed { counts: vec![Counts::default(); events.len()], ..Collapsed::default() };
        for at in 0..events.len() {
            let event = first + at as u32;
            let rows = rows.of_mut(at as u32);
            if !stand_ins.is_empty() {
                for (other, who) in stand_ins.get(&event).into_iter().flatten() {
                    for row in rows.iter_mut().filter(|row| who::identity(row.who) == *other) {
                        row.who = *who;
                    }
                }
            }
            rows.sort_unstable_by_key(|row| (who::identity(row.who), row.role));
            for person in rows.chunk_by(|a, b| who::identity(a.who) == who::identity(b.who)) {
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
        let declined = person.iter().any(|row| row.declined);
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
        for row in person {
            let group = who::group(row.who);
            if group != 0 && group != seen {
                seen = group;
                self.groups.0.push(event);
                self.groups.1.push(group);
                self.groups.2.push(row.role);
                self.groups.3.push(declined);
                self.groups.4.push(who::identity(row.who));
            }
        }
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
        let participants = collapse(vec![rows], &nobody, 2).expect("participants");
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
