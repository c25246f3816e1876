//! Who stands for whom within one interaction: rows with one address are one person (rules P3, P4).

use crate::people::{Rank, person_key};

/// A row of an event names somebody whose address alone would give another identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StandIn {
    /// Number of the event.
    pub event: u32,
    /// The identity that the address alone gives.
    pub other: u64,
    /// Their rank at this address.
    pub rank_of_other: Rank,
    /// The rank of whom the row names at this address.
    pub rank: Rank,
    /// Whom the row names.
    pub who: u64,
}

/// Who the participants of one event are, by identity, sorted.
pub struct PeopleOfEvent(Vec<(u64, u64)>);

impl PeopleOfEvent {
    /// The participant whom a row is about. The records that the row names beside them stay: its leads and
    /// accounts are leads and accounts of whoever comes first.
    pub fn person(&self, row: u64) -> u64 {
        match self.0.binary_search_by_key(&person_key::identity(row), |&(identity, _)| identity) {
            Ok(at) => person_key::with_group_of(self.0[at].1, row),
            Err(_) => row,
        }
    }
}

/// Settles the stand-ins of one event, whose rows are about `people`. Everybody whom rows with one address
/// name is one person: the one that comes first by rank, then by identity. Somebody whom only the address
/// gives does not count among them unless a row names them by id.
pub fn settle(stand_ins: &[StandIn], people: impl Iterator<Item = u64>) -> PeopleOfEvent {
    let mut identities: Vec<u64> =
        stand_ins.iter().flat_map(|one| [one.other, person_key::identity(one.who)]).collect();
    identities.sort_unstable();
    identities.dedup();
    let place = |identity: u64| identities.binary_search(&identity).unwrap_or_default();
    let mut parents: Vec<usize> = (0..identities.len()).collect();
    for one in stand_ins {
        let (left, right) =
            (root(&mut parents, place(one.other)), root(&mut parents, place(person_key::identity(one.who))));
        parents[left.max(right)] = left.min(right);
    }
    // By identity, the best rank of those whom an address alone gives.
    let mut ranks: Vec<Option<Rank>> = vec![None; identities.len()];
    for one in stand_ins {
        let rank = &mut ranks[place(one.other)];
        *rank = Some(rank.map_or(one.rank_of_other, |known| known.min(one.rank_of_other)));
    }
    // By root, the rank and the identity that come first.
    let mut first: Vec<Option<(Rank, u64)>> = vec![None; identities.len()];
    let mut stand = |at: usize, rank: Rank| {
        let candidate = (rank, identities[at]);
        let place = &mut first[root(&mut parents, at)];
        *place = Some(place.map_or(candidate, |known| known.min(candidate)));
    };
    for one in stand_ins {
        stand(place(person_key::identity(one.who)), one.rank);
    }
    for person in people.filter(|&person| person_key::is_named(person)) {
        let Ok(at) = identities.binary_search(&person_key::identity(person)) else { continue };
        if let Some(rank) = ranks[at] {
            stand(at, rank);
        }
    }
    let settled = identities.iter().enumerate().map(|(at, &identity)| {
        let standing = first[root(&mut parents, at)].map_or(identity, |(_, standing)| standing);
        (identity, standing)
    });
    PeopleOfEvent(settled.collect())
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

    const XENA: Rank = Rank::ContactWithAddress { place: 0 };
    const OTHER: Rank = Rank::Contact { place: 7 };

    fn stand_in(other: (u64, Rank), who: (u64, Rank)) -> StandIn {
        let (rank_of_other, rank) = (other.1, who.1);
        StandIn { event: 0, other: person_key::identity(other.0), rank_of_other, rank, who: person_key::named(who.0) }
    }

    #[test]
    fn an_address_stands_for_whom_a_row_names() {
        let (xena, yngve) = (person_key::external(1, 5), person_key::external(2, 5));
        let pair = stand_in((xena, XENA), (yngve, OTHER));
        let settled = settle(&[pair], [xena, person_key::named(yngve)].into_iter());
        assert_eq!(person_key::identity(settled.person(xena)), person_key::identity(yngve));
        let zoe = person_key::external(3, 0);
        assert_eq!(settled.person(zoe), zoe);
    }

    #[test]
    fn of_several_who_are_named_the_first_by_rank_stands_for_all() {
        let (xena, second, third) =
            (person_key::external(9, 5), person_key::external(2, 6), person_key::external(1, 0));
        let place = |place| Rank::ContactWithAddress { place };
        let pairs = [stand_in((xena, XENA), (second, place(1))), stand_in((xena, XENA), (third, place(2)))];
        let rows = [second, third].map(person_key::named);
        let settled = settle(&pairs, rows.into_iter().chain([xena]));
        for row in [xena, rows[0], rows[1]] {
            assert_eq!(person_key::identity(settled.person(row)), person_key::identity(second));
        }
        assert_eq!(person_key::group(settled.person(rows[0])), 6);
        // Once a row names her by id, whom the address alone gives comes first.
        let settled = settle(&pairs, rows.into_iter().chain([person_key::named(xena)]));
        for row in [xena, rows[0], rows[1]] {
            assert_eq!(person_key::identity(settled.person(row)), person_key::identity(xena));
        }
        assert_eq!(person_key::group(settled.person(rows[0])), 6);
    }

    #[test]
    fn a_contact_comes_before_the_lead_that_has_the_address_and_is_that_lead_too() {
        let (contact, lead) = (person_key::external(1, 0), person_key::external(9, 4));
        let rows = [contact, lead].map(person_key::named);
        let settled = settle(&[stand_in((lead, Rank::Lead), (contact, OTHER))], rows.into_iter());
        assert_eq!(settled.person(rows[0]), contact);
        assert_eq!(settled.person(rows[1]), person_key::external(1, 4));
        // So does a lead that a row names where the address alone gives a contact.
        let (xena, with_lead) = (person_key::external(3, 0), person_key::external(3, 4));
        let settled = settle(&[stand_in((xena, XENA), (contact, OTHER))], [with_lead, rows[0]].into_iter());
        assert_eq!(settled.person(with_lead), person_key::external(1, 4));
    }

    #[test]
    fn a_colleague_comes_before_contacts_and_is_no_lead() {
        let (xena, lead, bo) = (person_key::external(1, 0), person_key::external(9, 4), person_key::colleague(7));
        let bos = Rank::Colleague { is_disabled: true, is_other: true };
        let pairs = [stand_in((xena, XENA), (bo, bos)), stand_in((xena, XENA), (lead, Rank::Lead))];
        let settled = settle(&pairs, [xena, lead, bo].map(person_key::named).into_iter());
        for row in [xena, person_key::named(lead), person_key::named(bo)] {
            assert_eq!(settled.person(row), bo);
        }
    }
}
