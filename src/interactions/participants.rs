//! One row per person and interaction (rule P4), and what the judging of interactions counts of them.

use std::collections::HashMap;

use polars::prelude::*;

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

#[derive(Clone, Copy)]
struct Part {
    who: u64,
    role: u8,
    declined: bool,
}

/// Collapses rows of participants, `event`, `who`, `role`, `declined`, into people. `stand_ins`
/// says for which events (`event`) somebody (`who`) stands for an identity (`other_identity`),
/// because one of the rows names both.
///
/// A counting sort brings the rows of an event together, so that the work is linear in the rows;
/// grouping by event and person in the engine took several times as long.
pub fn collapse(rows: DataFrame, stand_ins: &DataFrame, events: usize) -> Result<Participants> {
    collapse_rows(rows, stand_ins, events).map_err(Error::engine("collapsing participants"))
}

fn collapse_rows(rows: DataFrame, stand_ins: &DataFrame, events: usize) -> PolarsResult<Participants> {
    let stand_ins = stand_ins_by_event(stand_ins)?;
    let event = rows.column(EVENT)?.u32()?;
    let (people, roles, declined) =
        (rows.column(WHO)?.u64()?, rows.column(ROLE)?.u8()?, rows.column(DECLINED)?.bool()?);
    let mut ends = vec![0u32; events + 1];
    for event in event.iter().flatten() {
        ends[event as usize + 1] += 1;
    }
    for at in 1..ends.len() {
        ends[at] += ends[at - 1];
    }
    let mut next = ends.clone();
    let mut sorted = vec![Part { who: 0, role: 0, declined: false }; rows.height()];
    for (((event, who), role), declined) in event.iter().zip(people.iter()).zip(roles.iter()).zip(declined.iter()) {
        let (Some(event), Some(who), Some(role)) = (event, who, role) else { continue };
        let place = &mut next[event as usize];
        sorted[*place as usize] = Part { who, role, declined: declined.unwrap_or(false) };
        *place += 1;
    }

    drop(rows);

    let mut out = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut groups = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut counts = vec![Counts::default(); events];
    for event in 0..events {
        let parts = &mut sorted[ends[event] as usize..next[event] as usize];
        for (other, who) in stand_ins.get(&(event as u32)).into_iter().flatten() {
            for part in parts.iter_mut().filter(|part| who::identity(part.who) == *other) {
                part.who = *who;
            }
        }
        parts.sort_unstable_by_key(|part| (who::identity(part.who), part.role));
        let counts = &mut counts[event];
        for person in parts.chunk_by(|a, b| who::identity(a.who) == who::identity(b.who)) {
            let first = person[0];
            let declined = person.iter().any(|part| part.declined);
            let external = !who::is_ours(first.who);
            counts.external += u32::from(external);
            counts.addressed += u32::from(first.role > 1);
            if who::is_erased(first.who) {
                continue;
            }
            counts.outsiders += u32::from(external);
            if !declined {
                counts.external_people += u32::from(external);
                counts.colleagues += u32::from(who::side(first.who) == who::COLLEAGUE);
            }
            out.0.push(event as u32);
            out.1.push(who::identity(first.who));
            out.2.push(first.role);
            out.3.push(declined);
            let mut seen = 0;
            for part in person {
                let group = who::group(part.who);
                if group != 0 && group != seen {
                    seen = group;
                    groups.0.push(event as u32);
                    groups.1.push(group);
                    groups.2.push(part.role);
                    groups.3.push(declined);
                    groups.4.push(who::identity(part.who));
                }
            }
        }
    }
    let people = df!(EVENT => out.0, WHO => out.1, ROLE => out.2, DECLINED => out.3)?;
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

/// By event, who stands for which identity.
fn stand_ins_by_event(stand_ins: &DataFrame) -> PolarsResult<HashMap<u32, Vec<(u64, u64)>>> {
    let events = stand_ins.column(EVENT)?.u32()?;
    let (others, people) = (stand_ins.column(OTHER_IDENTITY)?.u64()?, stand_ins.column(WHO)?.u64()?);
    let mut by_event: HashMap<u32, Vec<(u64, u64)>> = HashMap::new();
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
