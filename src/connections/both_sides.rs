//! Who of our side and of the customer's takes part in an interaction, and which records those outside are.

use std::ops::Range;

use super::strangers::Strangers;
use crate::error::Result;
use crate::interactions::people::view::ParticipantRows;
use crate::people::record_lists::{Lists, accounts_of_contacts, leads_of_groups};
use crate::people::{People, RecordType, person_key};
use crate::sources::roles::STARTS;

/// A colleague or a record with the role in an interaction; they sort by number, then the strongest role first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Participation {
    /// The number of the colleague, record or stranger.
    pub number: u32,
    /// The role, as in [`crate::sources::roles`].
    pub role: u8,
}

impl Participation {
    /// Whether it is who started the interaction.
    pub fn starts(self) -> bool {
        self.role == STARTS
    }
}

/// Both sides of one interaction; the lists serve for all interactions in turn.
pub struct BothSides<'a> {
    records: &'a Records,
    strangers: &'a Strangers,
    /// The number of the first stranger: they come after records.
    first_stranger: u32,
    /// Colleagues.
    pub ours: Vec<Participation>,
    /// Contacts and leads, and strangers who were met.
    pub theirs: Vec<Participation>,
    /// Roles of everybody outside, whether or not they are in `theirs`.
    pub outsiders: Vec<u8>,
}

impl<'a> BothSides<'a> {
    /// Of no interaction yet.
    pub fn new(records: &'a Records, strangers: &'a Strangers, first_stranger: u32) -> BothSides<'a> {
        BothSides { records, strangers, first_stranger, ours: Vec::new(), theirs: Vec::new(), outsiders: Vec::new() }
    }

    /// Takes the participants of an interaction in place of those of the one before, without their leads.
    pub fn take_people(&mut self, people: &ParticipantRows<'_>, rows: Range<usize>) {
        self.ours.clear();
        self.theirs.clear();
        self.outsiders.clear();
        for row in rows.filter(|&row| people.takes_part(row)) {
            let (who, role) = (people.who[row], people.roles[row]);
            match person_key::colleague_number(who) {
                Some(number) => self.ours.push(Participation { number, role }),
                None if person_key::is_ours(who) => {}
                None => {
                    self.outsiders.push(role);
                    let stranger = || Some(self.first_stranger + self.strangers.number(who)?);
                    let number = self.records.contact(who).or_else(stranger);
                    self.theirs.extend(number.map(|number| Participation { number, role }));
                }
            }
        }
    }

    /// Whether somebody of either side takes part.
    pub fn met(&self) -> bool {
        !self.ours.is_empty() && !self.outsiders.is_empty()
    }

    /// Adds the leads that participants are.
    pub fn take_leads(&mut self, groups: &ParticipantRows<'_>, rows: Range<usize>) {
        for row in rows.filter(|&row| groups.takes_part(row)) {
            let (leads, role) = (self.records.leads.under(groups.groups[row]), groups.roles[row]);
            self.theirs.extend(leads.iter().map(|&number| Participation { number, role }));
        }
        // A lead that several participants are has the strongest of their roles.
        self.theirs.sort_unstable();
        self.theirs.dedup_by_key(|their| their.number);
    }
}

/// The contacts, leads and accounts that participants stand for.
pub struct Records {
    contacts: Range<u32>,
    last_lead: u32,
    /// Accounts of contacts.
    pub accounts: Lists,
    leads: Lists,
}

impl Records {
    /// Of everybody known.
    pub fn of(people: &People) -> Result<Records> {
        let contacts = people.records.range(RecordType::Contact);
        let last_lead = people.records.range(RecordType::Lead).end;
        Ok(Records { contacts, last_lead, accounts: accounts_of_contacts(people), leads: leads_of_groups(people)? })
    }

    /// Contacts and leads.
    pub fn people(&self) -> Range<u32> {
        self.contacts.start..self.last_lead
    }

    /// The contact that somebody is.
    fn contact(&self, who: u64) -> Option<u32> {
        person_key::record(who).filter(|record| self.contacts.contains(record))
    }
}
