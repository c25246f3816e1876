//! Who takes part in interactions, and what that makes of them for a record's health.

use crate::error::Result;
use crate::health::touchpoint::{NOBODY, Part, Way, way};
use crate::interactions::interaction_view::Held;
use crate::interactions::people::view::{ParticipantColumns, ParticipantRows};
use crate::interactions::{Context, Interactions};
use crate::people::person_key;
use crate::people::record_lists::{Lists, members_of_groups, people_of_records};
use crate::sources::roles::{ADDRESSED, STARTS};

/// Participants of all interactions, and the people of records.
pub struct Everybody {
    people: ParticipantColumns,
    members: ParticipantColumns,
    interest: Lists,
    groups: Lists,
}

impl Everybody {
    /// Those of the date.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn of(context: &Context, interactions: &Interactions) -> Result<Everybody> {
        Ok(Everybody {
            people: ParticipantColumns::of(&interactions.participants.people)?,
            members: ParticipantColumns::of(&interactions.participants.groups)?,
            interest: people_of_records(context.people),
            groups: members_of_groups(context.people)?,
        })
    }

    /// One interaction after the other.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn events(&self) -> Result<Event<'_>> {
        Ok(Event {
            people: self.people.rows()?,
            members: self.members.rows()?,
            next: 0,
            colleagues: Vec::new(),
            outsiders: Vec::new(),
            interest: &self.interest,
            groups: &self.groups,
        })
    }
}

/// Who takes part in one interaction after the other, looked up once for all records it counts for.
pub struct Event<'a> {
    people: ParticipantRows<'a>,
    members: ParticipantRows<'a>,
    next: u32,
    colleagues: Vec<u32>,
    /// Records that participants are, those of their groups too, with their roles, in this order.
    outsiders: Vec<(u32, u8)>,
    interest: &'a Lists,
    groups: &'a Lists,
}

impl Event<'_> {
    /// Goes on to an interaction; numbers only grow.
    pub fn go_to(&mut self, number: u32) {
        let (mut rows, mut group_rows) = (0..0, 0..0);
        for number in self.next..=number {
            (rows, group_rows) = (self.people.next(number), self.members.next(number));
        }
        self.next = number + 1;
        let Event { people, members, colleagues, outsiders, groups, .. } = self;
        colleagues.clear();
        outsiders.clear();
        for row in rows.filter(|&row| people.takes_part(row)) {
            colleagues.extend(person_key::colleague_number(people.who[row]));
            outsiders.extend(person_key::record(people.who[row]).map(|record| (record, people.roles[row])));
        }
        for row in group_rows.filter(|&row| members.takes_part(row)) {
            let of_group = groups.under(members.groups[row]);
            outsiders.extend(of_group.iter().map(|&record| (record, members.roles[row])));
        }
        outsiders.sort_unstable();
    }

    /// The colleagues who take part, or [`NOBODY`].
    pub fn users(&self) -> &[u32] {
        if self.colleagues.is_empty() { &[NOBODY] } else { &self.colleagues }
    }

    /// Which way the interaction goes and how much of it is the record's own, by the strongest role
    /// of its people. Mail of another outsider that merely names them comes from neither side.
    pub fn sign(&self, record: u32, held: &Held) -> (Way, Part) {
        let way = way(held.kind, held.started);
        if !held.is_email() {
            return (way, Part::Full);
        }
        match self.strongest_role(self.interest.under(record)) {
            None | Some(STARTS) => (way, Part::Full),
            Some(role) => {
                let way = if way == Way::In { Way::Neither } else { way };
                (way, if role == ADDRESSED { Part::Full } else { Part::Copied })
            }
        }
    }

    /// The strongest role that any of these people has. The shorter list is gone through and the longer one
    /// searched, both being in order: one mail may go to everybody, and one deal may concern as many.
    fn strongest_role(&self, people: &[u32]) -> Option<u8> {
        let outsiders = &self.outsiders;
        if outsiders.len() < people.len() {
            let concerned = outsiders.iter().filter(|(person, _)| people.binary_search(person).is_ok());
            return concerned.map(|(_, role)| *role).min();
        }
        let role_of = |person: &u32| {
            let at = outsiders.partition_point(|(other, _)| other < person);
            outsiders.get(at).filter(|(other, _)| other == person).map(|(_, role)| *role)
        };
        people.iter().filter_map(role_of).min()
    }
}
