//! Who stands for whom within one interaction: rows with one address are one person (rules P3, P4).

use crate::people::{FIRST_CONTACT, who};

/// A row of an event names somebody whose address alone would give another identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StandIn {
    /// Number of the event.
    pub event: u32,
    /// The identity that the address alone gives.
    pub other: u64,
    /// See [`crate::people::Directory::rank`].
    pub rank: u32,
    /// Whom the row names.
    pub who: u64,
}

/// Who the participants of one event are, by identity, sorted.
pub struct Settled(Vec<(u64, Standing)>);

#[derive(Clone, Copy)]
struct Standing {
    /// The participant.
    who: u64,
    /// Whether they are named by the identity itself.
    is_same: bool,
}

impl Settled {
    /// The participant whom a row is about.
    pub fn person(&self, row: u64) -> u64 {
        let identity = who::identity(row);
        let Ok(at) = self.0.binary_search_by_key(&identity, |(identity, _)| *identity) else { return row };
        let Standing { who, is_same } = self.0[at].1;
        if is_same {
            row
        } else if who::is_named(row) {
            // Whom the row names by id they are as well: its leads stay.
            who::with_group_of(who, row)
        } else {
            who
        }
    }
}

/// Settles the stand-ins of one event, whose rows are about `people`. Everybody whom rows with one address
/// name is one person: the one that comes first by rank, then by identity. Somebody whom only the address
/// gives does not count among them unless a row names them by id.
pub fn settle(stand_ins: &[StandIn], people: impl Iterator<Item = u64>) -> Settled {
    let mut identities: Vec<u64> = stand_ins.iter().flat_map(|one| [one.other, who::identity(one.who)]).collect();
    identities.sort_unstable();
    identities.dedup();
    let place = |identity: u64| identities.binary_search(&identity).unwrap_or_default();
    let mut parents: Vec<usize> = (0..identities.len()).collect();
    for one in stand_ins {
        let (left, right) = (root(&mut parents, place(one.other)), root(&mut parents, place(who::identity(one.who))));
        parents[left.max(right)] = left.min(right);
    }
    let mut is_other = vec![false; identities.len()];
    for one in stand_ins {
        is_other[place(one.other)] = true;
    }
    // By root, the rank and the person that comes first.
    let mut first: Vec<Option<(u32, u64, u64)>> = vec![None; identities.len()];
    let mut stand = |at: usize, rank: u32, person: u64| {
        let candidate = (rank, who::identity(person), person);
        let place = &mut first[root(&mut parents, at)];
        *place = Some(place.map_or(candidate, |known| known.min(candidate)));
    };
    for one in stand_ins {
        stand(place(one.who_identity()), one.rank, one.who);
    }
    for person in people.filter(|&person| who::is_named(person)) {
        let Ok(at) = identities.binary_search(&who::identity(person)) else { continue };
        if is_other[at] {
            let rank = if who::side(person) == who::COLLEAGUE {
                0
            } else if who::record(person).is_some() {
                FIRST_CONTACT
            } else {
                u32::MAX
            };
            stand(at, rank, person);
        }
    }
    let of = |at: usize, identity: u64, parents: &mut Vec<usize>| {
        let (_, standing, who) = first[root(parents, at)].unwrap_or((0, identity, identity));
        (identity, Standing { who, is_same: standing == identity })
    };
    Settled(identities.iter().enumerate().map(|(at, &identity)| of(at, identity, &mut parents)).collect())
}

impl StandIn {
    fn who_identity(&self) -> u64 {
        who::identity(self.who)
    }
}

/// The root of a place, with the way to it made shorter.
fn root(parents: &mut [usize], mut at: usize) -> usize {
    while parents[at] != at {
        parents[at] = parents[parents[at]];
        at = parents[at];
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stand_in(other: u64, rank: u32, who: u64) -> StandIn {
        StandIn { event: 0, other: who::identity(other), rank, who: who::named(who) }
    }

    #[test]
    fn an_address_stands_for_whom_a_row_names() {
        let (xena, yngve) = (who::external(1, 5), who::external(2, 5));
        let settled = settle(&[stand_in(xena, u32::MAX, yngve)], [xena, who::named(yngve)].into_iter());
        assert_eq!(who::identity(settled.person(xena)), who::identity(yngve));
        let zoe = who::external(3, 0);
        assert_eq!(settled.person(zoe), zoe);
    }

    #[test]
    fn of_several_who_are_named_the_first_by_rank_stands_for_all() {
        let (xena, second, third) = (who::external(9, 5), who::external(2, 6), who::external(1, 0));
        let pairs = [stand_in(xena, 4, second), stand_in(xena, 5, third)];
        let rows = [second, third].map(who::named);
        let settled = settle(&pairs, rows.into_iter().chain([xena]));
        for row in [xena, rows[0], rows[1]] {
            assert_eq!(who::identity(settled.person(row)), who::identity(second));
        }
        assert_eq!(who::group(settled.person(rows[0])), 6);
        // Once a row names her by id, whom the address alone gives comes first.
        let settled = settle(&pairs, rows.into_iter().chain([who::named(xena)]));
        for row in [xena, rows[0], rows[1]] {
            assert_eq!(who::identity(settled.person(row)), who::identity(xena));
        }
        assert_eq!(who::group(settled.person(rows[0])), 6);
    }

    #[test]
    fn a_colleague_comes_before_contacts() {
        let (xena, bo) = (who::external(1, 0), who::colleague(7));
        let settled = settle(&[stand_in(xena, 1, bo)], [who::named(xena), who::named(bo)].into_iter());
        assert_eq!(who::identity(settled.person(xena)), bo);
    }
}
