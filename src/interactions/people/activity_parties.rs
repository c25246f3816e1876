//! Parties of tracked activities: who they are, and in which activity (rules P2 to P4, N6).

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use polars::prelude::*;
use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::frames::keys::{Key, Keys, place};
use crate::interactions::Kind;
use crate::interactions::columns::*;
use crate::interactions::event::{EVENT, OURS};
use crate::interactions::people::stand_ins::StandIn;
use crate::interactions::source_rows::{NO_EVENT, SourceRows};
use crate::people::{Directory, PartyRow, Rank, person_key};
use crate::sources::Activities;
use crate::sources::roles::{ADDRESSED, STARTS};

/// Rows that one worker resolves at a time.
const CHUNK: usize = 1 << 17;
/// Somebody is known to start an activity, one of ours does, and a machine does; somebody of whom nothing but
/// an id is known does, and is ours.
const STARTED: u8 = 1;
const STARTED_BY_US: u8 = 2;
const ROBOT: u8 = 4;
const NAMELESS: u8 = 8;
const NAMELESS_OURS: u8 = 16;

/// Whether nothing but an id is known of who starts an activity.
pub const STARTED_BY_NAMELESS: &str = "started_by_nameless";

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

/// A chunk of rows. Of those whose address alone would name somebody else than the row does, that other
/// is in `others`, with the number of the row.
#[derive(Default)]
struct Rows {
    activities: Vec<u32>,
    people: Vec<u64>,
    roles: Vec<u8>,
    others: Vec<(usize, Other)>,
    /// Activity, person and role of rows of whom nothing but an id is known.
    nameless: Vec<(u32, u64, u8)>,
    starters: Vec<(u32, u8)>,
}

/// Whom the address of a row would name alone, and the ranks by which one of both stands for the other.
#[derive(Clone, Copy)]
struct Other {
    identity: u64,
    rank: Rank,
    rank_of_named: Rank,
}

/// Who took part in tracked activities.
pub struct Tracked {
    /// `event`, `who`, `role`, `declined`: the parties of all kinds.
    pub participants: Vec<DataFrame>,
    /// The same of people of whom nothing but an id is known; where others name the people by address,
    /// they are among those (rule P4).
    pub nameless: DataFrame,
    /// Who stands for whom.
    pub stand_ins: Vec<StandIn>,
}

impl Parties {
    /// Resolves the parties of `activities`.
    pub fn of(activities: &Activities, directory: &Directory) -> Result<Parties> {
        read(activities, directory).map_err(Error::engine("resolving parties"))
    }

    /// Of each activity of a kind whether our side starts it ([`OURS`], null where nobody does), and
    /// whether a machine does (`robot`), and whether nothing but their id is known of who does
    /// ([`STARTED_BY_NAMELESS`]).
    pub fn starters(&self, kind: Kind) -> PolarsResult<DataFrame> {
        let starters = &self.starters[self.tables[kind as usize].clone()];
        let ours = |flags: &u8| match flags {
            _ if flags & STARTED != 0 => Some(flags & STARTED_BY_US != 0),
            _ if flags & NAMELESS != 0 => Some(flags & NAMELESS_OURS != 0),
            _ => None,
        };
        let column = |name: &str, of: &dyn Fn(&u8) -> Option<bool>| {
            let values: BooleanChunked = starters.iter().map(of).collect();
            values.with_name(name.into()).into_column()
        };
        let columns = vec![
            column(OURS, &ours),
            column("robot", &|flags| Some(flags & ROBOT != 0)),
            column(STARTED_BY_NAMELESS, &|flags| Some(flags & (STARTED | NAMELESS) == NAMELESS)),
        ];
        DataFrame::new(starters.len(), columns)
    }

    /// The parties of all kinds as participants of events. `places` are those of the tracked activities of
    /// each kind.
    pub fn participants(&self, places: [&SourceRows; 4]) -> Result<Tracked> {
        let mut events = vec![NO_EVENT; self.starters.len()];
        let mut attended = HashSet::new();
        for (table, places) in self.tables.iter().zip(places) {
            for (row, event) in events[table.clone()].iter_mut().enumerate() {
                *event = places.held(row).unwrap_or(NO_EVENT);
            }
            attended.extend(places.attended.iter().map(|row| (table.start + row) as u32));
        }
        let doing = || Error::engine("participants of tracked activities");
        let chunks: PolarsResult<Vec<_>> =
            self.rows.par_iter().map(|rows| rows.participants(&events, &attended)).collect();
        let participants = chunks.map_err(doing())?;
        let nameless = self.rows.iter().flat_map(|rows| &rows.nameless);
        let nameless = nameless.map(|&(activity, who, role)| {
            // Who is the organizer in another copy is a required attendee (rule N5).
            let role = if role == STARTS && attended.contains(&activity) { ADDRESSED } else { role };
            (events[activity as usize], who, role)
        });
        let nameless: Vec<_> = nameless.filter(|&(event, ..)| event != NO_EVENT).collect();
        let nameless = frame(
            nameless.iter().map(|row| row.0).collect(),
            nameless.iter().map(|row| row.1).collect(),
            nameless.iter().map(|row| row.2).collect(),
        );
        let stand_ins = self.rows.iter().flat_map(|rows| rows.stand_ins(&events)).collect();
        Ok(Tracked { participants, nameless: nameless.map_err(doing())?, stand_ins })
    }
}

impl Rows {
    /// Of activities that are among the `attended`, whoever starts them attends instead.
    fn participants(&self, events: &[u32], attended: &HashSet<u32>) -> PolarsResult<DataFrame> {
        let count = self.activities.len();
        let (mut of, mut people, mut roles) =
            (Vec::with_capacity(count), Vec::with_capacity(count), Vec::with_capacity(count));
        for ((&activity, &person), &role) in self.activities.iter().zip(&self.people).zip(&self.roles) {
            let event = events[activity as usize];
            if event != NO_EVENT {
                of.push(event);
                people.push(person);
                let attends = role == STARTS && !attended.is_empty() && attended.contains(&activity);
                roles.push(if attends { ADDRESSED } else { role });
            }
        }
        frame(of, people, roles)
    }

    fn stand_ins<'a>(&'a self, events: &'a [u32]) -> impl Iterator<Item = StandIn> + 'a {
        let of_row = |&(row, other): &(usize, Other)| {
            let event = events[self.activities[row] as usize];
            let Other { identity, rank, rank_of_named } = other;
            let who = self.people[row];
            (event != NO_EVENT).then_some(StandIn {
                event,
                other: identity,
                rank_of_other: rank,
                rank: rank_of_named,
                who,
            })
        };
        self.others.iter().filter_map(of_row)
    }
}

fn frame(events: Vec<u32>, people: Vec<u64>, roles: Vec<u8>) -> PolarsResult<DataFrame> {
    let declined = BooleanChunked::full(DECLINED.into(), false, events.len()).into_column();
    let mut frame = df!(EVENT => events, WHO => people, ROLE => roles)?;
    frame.with_column(declined)?;
    Ok(frame)
}

fn read(activities: &Activities, directory: &Directory) -> PolarsResult<Parties> {
    let positions = Positions::of(activities)?;
    let parties = &activities.parties;
    let [keys, records, addresses] =
        [ACTIVITY, "party", WHO].map(|name| PolarsResult::Ok(parties.column(name)?.i128()?.rechunk()));
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
        let mut last = (None, None);
        let mut position = |key: Key| {
            // The parties of an activity mostly come together.
            if last.0 != Some(key) {
                last = (Some(key), positions.get(key));
            }
            last.1
        };
        let at: Vec<_> = of_chunk().map(|row| position(keys.get(row)?)).collect();
        let known: Vec<_> = of_chunk().map(|row| directory.party(records.get(row)?)).collect();
        let found: Vec<_> = of_chunk().map(|row| Some(directory.by_address(addresses.get(row)?))).collect();
        let mut rows = Rows::default();
        for (row, ((at, known), found)) in of_chunk().zip(at.into_iter().zip(known).zip(found)) {
            let (Some(activity), Some(role)) = (at, roles.get(row)) else { continue };
            let party_type = types.get(row).unwrap_or(0);
            let (party, address) = (records.get(row), addresses.get(row));
            let person = directory.by_party(&PartyRow { party, known, party_type, address, found });
            let Some(person) = person else { continue };
            // Where the address by itself names somebody else than the row does, it stands for the one
            // whom the row names, in all of the interaction (rule P4).
            let other = found.map(person_key::identity).filter(|&other| other != person_key::identity(person));
            let other = other.zip(addresses.get(row)).map(|(identity, address)| Other {
                identity,
                rank: directory.rank(address, identity),
                rank_of_named: directory.rank(address, person),
            });
            let is_nameless = known.is_none() && found.is_none();
            let (started, by_us) = if is_nameless { (NAMELESS, NAMELESS_OURS) } else { (STARTED, STARTED_BY_US) };
            let flags = started
                | if person_key::is_ours(person) { by_us } else { 0 }
                | if robots.get(row) == Some(true) { ROBOT } else { 0 };
            let further = positions.twins.get(&activity).into_iter().flatten().copied();
            for activity in std::iter::once(activity).chain(further) {
                if is_nameless {
                    rows.nameless.push((activity, person, role));
                } else {
                    rows.others.extend(other.map(|other| (rows.activities.len(), other)));
                    rows.activities.push(activity);
                    rows.people.push(person);
                    rows.roles.push(role);
                }
                if role == STARTS {
                    rows.starters.push((activity, flags));
                }
            }
        }
        rows
    };
    let mut rows: Vec<Rows> = (0..keys.len().div_ceil(CHUNK)).into_par_iter().map(resolve).collect();
    let mut starters = vec![0; positions.tables[3].end];
    for (activity, flags) in rows.iter_mut().flat_map(|rows| std::mem::take(&mut rows.starters)) {
        starters[activity as usize] |= flags;
    }
    Ok(Parties { tables: positions.tables, rows, starters })
}

/// Where each activity is, by its key.
struct Positions {
    /// The range of each table.
    tables: [Range<usize>; 4],
    keys: [Keys; 4],
    /// Of the activities with a key, the first with each.
    found: HashTable<u32>,
    /// Activities that share the key of an earlier one, by its position. Only exports without versions
    /// hold such.
    twins: HashMap<u32, Vec<u32>>,
}

impl Positions {
    fn of(activities: &Activities) -> PolarsResult<Positions> {
        let keys = [&activities.emails, &activities.appointments, &activities.calls, &activities.tasks]
            .map(|table| PolarsResult::Ok(table.column(ACTIVITY)?.i128()?.rechunk().into_owned()));
        let [emails, appointments, calls, tasks] = keys;
        let keys: [Keys; 4] = [emails?, appointments?, calls?, tasks?];
        let mut end = 0;
        let tables = keys.each_ref().map(|keys| {
            end += keys.len();
            end - keys.len()..end
        });
        let mut positions = Positions { tables, keys, found: HashTable::with_capacity(end), twins: HashMap::new() };
        let Positions { tables, keys, found, twins } = &mut positions;
        let key_of = |position: u32| key_at(tables, keys, position);
        for (position, key) in (0..).zip(keys.iter().flat_map(Keys::iter)) {
            let Some(key) = key else { continue };
            match found.entry(
                place(key),
                |&other| key_of(other) == Some(key),
                |&other| place(key_of(other).unwrap_or_default()),
            ) {
                Entry::Vacant(place) => {
                    place.insert(position);
                }
                Entry::Occupied(first) => twins.entry(*first.get()).or_default().push(position),
            }
        }
        Ok(positions)
    }

    /// The first activity with a key.
    fn get(&self, key: Key) -> Option<u32> {
        let is_it = |&position: &u32| key_at(&self.tables, &self.keys, position) == Some(key);
        self.found.find(place(key), is_it).copied()
    }
}

fn key_at(tables: &[Range<usize>; 4], keys: &[Keys; 4], position: u32) -> Option<Key> {
    let position = position as usize;
    let (table, keys) = tables.iter().zip(keys).find(|(table, _)| position < table.end)?;
    keys.downcast_as_array().get(position - table.start)
}
