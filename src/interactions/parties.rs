//! Parties of tracked activities: who they are, and in which activity (rules P2 to P4, N6).

use std::ops::Range;

use polars::prelude::*;
use rayon::prelude::*;

use super::event::{EVENT, OURS};
use super::places::NO_EVENT;
use super::{OTHER_IDENTITY, Places};
use crate::columns::*;
use crate::error::{Error, Result};
use crate::people::{Directory, who};
use crate::sources::Activities;
use crate::sources::STARTS;
use crate::sources::ids::KeyMap;

/// Rows that one worker resolves at a time.
const CHUNK: usize = 1 << 17;
/// Somebody is known to start an activity, one of ours does, and a machine does.
const STARTED: u8 = 1;
const STARTED_BY_US: u8 = 2;
const ROBOT: u8 = 4;

/// Rows of parties as people. An activity is known by its position: tables of tracked activities
/// come in the order of kinds, one after the other. Looking it up once, instead of joining by its
/// key wherever somebody asks who took part, saves three joins of the largest table.
#[derive(Default)]
pub struct Parties {
    tables: [Range<usize>; 4],
    rows: Vec<Rows>,
    /// By position, who starts the activity.
    starters: Vec<u8>,
}

/// A chunk of rows. Of those whose address alone would name somebody else than the row does, that
/// other identity is in `others`, with the number of the row.
#[derive(Default)]
struct Rows {
    activities: Vec<u32>,
    people: Vec<u64>,
    roles: Vec<u8>,
    others: Vec<(usize, u64)>,
    starters: Vec<(u32, u8)>,
}

impl Parties {
    /// Resolves the parties of `activities`.
    pub fn of(activities: &Activities, directory: &Directory) -> Result<Parties> {
        read(activities, directory).map_err(Error::engine("resolving parties"))
    }

    /// Of each activity of a kind whether our side starts it ([`OURS`], null where nobody does), and
    /// whether a machine does (`robot`).
    pub fn starters(&self, kind: u8) -> PolarsResult<DataFrame> {
        let starters = &self.starters[self.tables[usize::from(kind)].clone()];
        let ours = starters.iter().map(|flags| (flags & STARTED != 0).then_some(flags & STARTED_BY_US != 0));
        let ours: BooleanChunked = ours.collect();
        let robots: BooleanChunked = starters.iter().map(|flags| Some(flags & ROBOT != 0)).collect();
        let columns = vec![ours.with_name(OURS.into()).into_column(), robots.with_name("robot".into()).into_column()];
        DataFrame::new(starters.len(), columns)
    }

    /// `event`, `who`, `role`, `declined` of the parties of all kinds, and who stands for whom:
    /// `event`, `other_identity`, `who`. `places` are those of the tracked activities of each kind.
    pub fn participants(&self, places: [&Places; 4]) -> Result<(Vec<DataFrame>, DataFrame)> {
        let mut events = vec![NO_EVENT; self.starters.len()];
        for (table, places) in self.tables.iter().zip(places) {
            for (row, event) in events[table.clone()].iter_mut().enumerate() {
                *event = places.held(row).unwrap_or(NO_EVENT);
            }
        }
        let chunks: PolarsResult<Vec<_>> = self.rows.par_iter().map(|rows| rows.participants(&events)).collect();
        let (participants, others): (Vec<_>, Vec<_>) =
            chunks.map_err(Error::engine("participants of tracked activities"))?.into_iter().unzip();
        let others: Vec<(u32, u64, u64)> = others.into_iter().flatten().collect();
        let others = df!(
            EVENT => others.iter().map(|other| other.0).collect::<Vec<_>>(),
            OTHER_IDENTITY => others.iter().map(|other| other.1).collect::<Vec<_>>(),
            WHO => others.iter().map(|other| other.2).collect::<Vec<_>>(),
        );
        Ok((participants, others.map_err(Error::engine("who stands for whom"))?))
    }
}

impl Rows {
    fn participants(&self, events: &[u32]) -> PolarsResult<(DataFrame, Vec<(u32, u64, u64)>)> {
        let count = self.activities.len();
        let (mut of, mut people, mut roles) =
            (Vec::with_capacity(count), Vec::with_capacity(count), Vec::with_capacity(count));
        for ((&activity, &person), &role) in self.activities.iter().zip(&self.people).zip(&self.roles) {
            let event = events[activity as usize];
            if event != NO_EVENT {
                of.push(event);
                people.push(person);
                roles.push(role);
            }
        }
        let others = self.others.iter().map(|&(row, other)| (events[self.activities[row] as usize], other, row));
        let others = others.filter(|&(event, ..)| event != NO_EVENT);
        let others = others.map(|(event, other, row)| (event, other, self.people[row])).collect();
        let declined = BooleanChunked::full(DECLINED.into(), false, of.len()).into_column();
        let mut participants = df!(EVENT => of, WHO => people, ROLE => roles)?;
        participants.with_column(declined)?;
        Ok((participants, others))
    }
}

fn read(activities: &Activities, directory: &Directory) -> PolarsResult<Parties> {
    let (tables, positions, twins) = positions(activities)?;
    let parties = &activities.parties;
    let [keys, records, addresses] =
        [ACTIVITY, "party", WHO].map(|name| PolarsResult::Ok(parties.column(name)?.u64()?.rechunk()));
    let (keys, records, addresses) = (keys?, records?, addresses?);
    let (types, roles) = (parties.column("party_type")?.u8()?.rechunk(), parties.column(ROLE)?.u8()?.rechunk());
    let robots = parties.column("robot")?.bool()?.rechunk();
    let (keys, records, addresses) =
        (keys.downcast_as_array(), records.downcast_as_array(), addresses.downcast_as_array());
    let (types, roles, robots) = (types.downcast_as_array(), roles.downcast_as_array(), robots.downcast_as_array());
    let resolve = |chunk: usize| {
        let of_chunk = || chunk * CHUNK..keys.len().min((chunk + 1) * CHUNK);
        // One table after the other: looked up row by row, they took half as long again, for what is
        // found decides what is done next, and the processor cannot look ahead.
        let at: Vec<_> = of_chunk().map(|row| positions.get(&keys.get(row)?).copied()).collect();
        let known: Vec<_> = of_chunk().map(|row| directory.party(records.get(row)?)).collect();
        let found: Vec<_> = of_chunk().map(|row| Some(directory.by_address(addresses.get(row)?))).collect();
        let mut rows = Rows::default();
        for (row, ((at, known), found)) in of_chunk().zip(at.into_iter().zip(known).zip(found)) {
            let (Some(activity), Some(role)) = (at, roles.get(row)) else { continue };
            let party_type = types.get(row).unwrap_or(0);
            let person = directory.by_party((records.get(row), known), party_type, (addresses.get(row), found));
            let Some(person) = person else { continue };
            // Where the address by itself names somebody else than the row does, it stands for the one
            // whom the row names, in all of the interaction (rule P4).
            let other = found.map(who::identity).filter(|&other| other != who::identity(person));
            let flags = STARTED
                | if who::is_ours(person) { STARTED_BY_US } else { 0 }
                | if robots.get(row) == Some(true) { ROBOT } else { 0 };
            let further = twins.get(&activity).into_iter().flatten().copied();
            for activity in std::iter::once(activity).chain(further) {
                rows.others.extend(other.map(|other| (rows.activities.len(), other)));
                rows.activities.push(activity);
                rows.people.push(person);
                rows.roles.push(role);
                if role == STARTS {
                    rows.starters.push((activity, flags));
                }
            }
        }
        rows
    };
    let mut rows: Vec<Rows> = (0..keys.len().div_ceil(CHUNK)).into_par_iter().map(resolve).collect();
    let mut starters = vec![0; tables[3].end];
    for (activity, flags) in rows.iter_mut().flat_map(|rows| std::mem::take(&mut rows.starters)) {
        starters[activity as usize] |= flags;
    }
    Ok(Parties { tables, rows, starters })
}

/// Activities that share the key of an earlier one, by its position. Only exports without versions
/// hold such.
type Twins = std::collections::HashMap<u32, Vec<u32>>;

/// The range of each table, and the position of each activity by its key.
fn positions(activities: &Activities) -> PolarsResult<([Range<usize>; 4], KeyMap<u32>, Twins)> {
    let tables = [&activities.emails, &activities.appointments, &activities.calls, &activities.tasks];
    let mut end = 0;
    let ranges = tables.map(|table| {
        end += table.height();
        end - table.height()..end
    });
    let mut positions = KeyMap::with_capacity_and_hasher(end, Default::default());
    let mut twins = Twins::new();
    for (table, range) in tables.into_iter().zip(&ranges) {
        for (key, position) in table.column(ACTIVITY)?.u64()?.iter().zip(range.start as u32..) {
            let Some(key) = key else { continue };
            match positions.entry(key) {
                std::collections::hash_map::Entry::Vacant(place) => {
                    place.insert(position);
                }
                std::collections::hash_map::Entry::Occupied(first) => {
                    twins.entry(*first.get()).or_default().push(position);
                }
            }
        }
    }
    Ok((ranges, positions, twins))
}
