//! The ways in which colleagues may read records.

use std::collections::{HashMap, HashSet};

use crate::error::Result;
use crate::frames::Grouped;
use crate::frames::keys::Key;
use crate::frames::typed_columns::texts;
use crate::interactions::Context;
use crate::people::People;
use crate::sources::values::ids;
use crate::sources::{Shares, Sources, contract};

/// A way in which a colleague may read a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessWay {
    /// They own it.
    Owner = 1,
    /// A team of theirs owns it.
    Team = 2,
    /// It is shared with them or with a team of theirs.
    Shared = 4,
    /// They, or a team of theirs, are on its sales team.
    SalesTeam = 8,
    /// Somebody below them owns it, or a team of that person does.
    Manager = 16,
}

/// A record that a colleague may read, by its number, with the sum of the ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Readable {
    /// Number of the record.
    pub record: u32,
    ways: u8,
}

impl Readable {
    /// Whether a way leads to it.
    pub fn by(self, way: AccessWay) -> bool {
        self.ways & way as u8 != 0
    }
}

/// Who owns what, with whom it is shared, and who is whose manager. Principals are colleagues by their numbers, and
/// teams by numbers that follow these.
pub struct Readers {
    /// Teams of each colleague.
    teams: Grouped<u32>,
    /// Records of each principal.
    owned: Grouped<u32>,
    /// Records that are shared with each principal.
    shared: Grouped<u32>,
    /// Records on whose sales team each colleague is.
    sales_team: Grouped<u32>,
    /// Whom each colleague is the manager of.
    reports: Grouped<u32>,
    manager_levels: u32,
}

impl Readers {
    /// As of the context's date.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn of(context: &Context, shares: &Shares) -> Result<Readers> {
        let (people, sources) = (context.people, context.sources);
        let numbers = &people.directory.colleague_numbers;
        let colleagues = numbers.len();
        let mut principals: HashMap<Key, u32> =
            numbers.iter().filter_map(|(id, &number)| Some((ids::key(id)?, number))).collect();
        let memberships = memberships(sources, people, &mut principals)?;
        let all = principals.values().max().map_or(0, |&last| last as usize + 1).max(colleagues);
        let records = &people.records.table;
        let (record_ids, owners) = (texts(records, "record_id")?, texts(records, "owner_id")?);
        let of_owner = |(owner, record): (Option<&str>, u32)| Some((*principals.get(&ids::key(owner?)?)?, record));
        let owned: Vec<(u32, u32)> = owners.iter().zip(0..).filter_map(of_owner).collect();
        // What is shared of a merged record is not shared of its master.
        let own_key = |record: u32| record_ids.get(record as usize).and_then(ids::key);
        let of_share = |(principal, key): &(Key, Key)| {
            let record = people.records.by_key(*key).filter(|record| own_key(*record) == Some(*key))?;
            Some((*principals.get(principal)?, record))
        };
        let shared: Vec<(u32, u32)> = shares.pairs.iter().filter_map(of_share).collect();
        Ok(Readers {
            teams: Grouped::new(colleagues, memberships.iter().copied()),
            owned: Grouped::new(all, owned.iter().copied()),
            shared: Grouped::new(all, shared.iter().copied()),
            sales_team: Grouped::new(colleagues, people.interest.sales_team.iter().copied()),
            reports: Grouped::new(colleagues, reports(sources, people)?.iter().copied()),
            manager_levels: context.settings.manager_levels,
        })
    }

    /// The records that a colleague may read, in their order.
    pub fn readable(&self, colleague: u32) -> Vec<Readable> {
        let mut found = Vec::new();
        let mut add = |records: &[u32], way: AccessWay| {
            found.extend(records.iter().map(|&record| Readable { record, ways: way as u8 }));
        };
        add(self.owned.of(colleague), AccessWay::Owner);
        add(self.shared.of(colleague), AccessWay::Shared);
        add(self.sales_team.of(colleague), AccessWay::SalesTeam);
        for &team in self.teams.of(colleague) {
            add(self.owned.of(team), AccessWay::Team);
            add(self.shared.of(team), AccessWay::Shared);
        }
        for below in self.below(colleague) {
            add(self.owned.of(below), AccessWay::Manager);
            self.teams.of(below).iter().for_each(|&team| add(self.owned.of(team), AccessWay::Manager));
        }
        found.sort_unstable();
        found.dedup_by(|next, kept| {
            let same = next.record == kept.record;
            kept.ways |= if same { next.ways } else { 0 };
            same
        });
        found
    }

    /// Everybody whose manager a colleague is, through as many levels as the settings allow. Rings come to an end.
    fn below(&self, colleague: u32) -> Vec<u32> {
        let (mut met, mut level, mut below) = (HashSet::from([colleague]), vec![colleague], Vec::new());
        for _ in 0..self.manager_levels {
            let reports = level.iter().flat_map(|&above| self.reports.of(above));
            level = reports.copied().filter(|&report| met.insert(report)).collect();
            if level.is_empty() {
                break;
            }
            below.extend(&level);
        }
        below
    }
}

/// Colleague and team. Teams are numbered after the principals that are there.
fn memberships(sources: &Sources, people: &People, principals: &mut HashMap<Key, u32>) -> Result<Vec<(u32, u32)>> {
    let frame = &sources.records[contract::TEAMMEMBERSHIP.name];
    let numbers = &people.directory.colleague_numbers;
    let mut next = numbers.len() as u32;
    let mut memberships = Vec::new();
    for (team, user) in texts(frame, "teamid")?.iter().zip(texts(frame, "systemuserid")?.iter()) {
        let known = team.and_then(ids::key).zip(user.and_then(|user| numbers.get(user)));
        let Some((team, &user)) = known else { continue };
        let team = *principals.entry(team).or_insert_with(|| {
            next += 1;
            next - 1
        });
        memberships.push((user, team));
    }
    Ok(memberships)
}

/// Manager and colleague.
fn reports(sources: &Sources, people: &People) -> Result<Vec<(u32, u32)>> {
    let frame = &sources.records[contract::SYSTEMUSER.name];
    let numbers = &people.directory.colleague_numbers;
    let rows = texts(frame, "parentsystemuserid")?.iter().zip(texts(frame, "systemuserid")?.iter());
    Ok(rows.filter_map(|(manager, user)| Some((*numbers.get(manager?)?, *numbers.get(user?)?))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four colleagues (0 is the manager of 1, 1 of 2, 2 of 0), a team (4) of 1 and 3, a record of each.
    fn readers(manager_levels: u32) -> Readers {
        let pairs = |groups: usize, pairs: &[(u32, u32)]| Grouped::new(groups, pairs.iter().copied());
        Readers {
            teams: pairs(4, &[(1, 4), (3, 4)]),
            owned: pairs(5, &[(0, 10), (1, 11), (2, 12), (3, 13), (4, 14)]),
            shared: pairs(5, &[(2, 10), (4, 12), (1, 11)]),
            sales_team: pairs(4, &[(3, 10)]),
            reports: pairs(4, &[(0, 1), (1, 2), (2, 0)]),
            manager_levels,
        }
    }

    fn readable(manager_levels: u32, colleague: u32) -> Vec<(u32, u8)> {
        readers(manager_levels).readable(colleague).iter().map(|one| (one.record, one.ways)).collect()
    }

    #[test]
    fn ways_to_one_record_are_one_row() {
        assert_eq!(readable(0, 0), [(10, 1)]);
        assert_eq!(readable(0, 1), [(11, 1 | 4), (12, 4), (14, 2)]);
        assert_eq!(readable(0, 3), [(10, 8), (12, 4), (13, 1), (14, 2)]);
        let one = Readable { record: 1, ways: 1 | 4 };
        assert!(one.by(AccessWay::Owner) && one.by(AccessWay::Shared) && !one.by(AccessWay::Team));
    }

    #[test]
    fn managers_read_what_those_below_own_level_by_level_and_rings_end() {
        assert_eq!(readable(1, 0), [(10, 1), (11, 16), (14, 16)]);
        assert_eq!(readable(2, 0), [(10, 1), (11, 16), (12, 16), (14, 16)]);
        assert_eq!(readable(100, 0), readable(2, 0));
    }
}
