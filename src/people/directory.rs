//! From addresses and party ids to people (rules P2, P3): the directory that `build_directory` fills.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex};

use polars::prelude::*;

use super::record_groups::RecordGroups;
use crate::frames::keys::{Address, Key, KeyMap};
use crate::people::person_key;
use crate::people::rank::Rank;
use crate::sources::PARTY_TYPES;

/// Types of party that are on our side, whoever they are (rules P2, P4).
const OUR_TYPES: [&str; 4] = ["systemuser", "queue", "team", "equipment"];

/// Who is behind an address or a party id.
pub struct Directory {
    /// Colleagues by number: `user`, `systemuser_id`, `name`; the erased are not among them.
    pub colleagues: DataFrame,
    /// Number of each colleague by publishable id.
    pub colleague_numbers: HashMap<String, u32>,
    /// Everybody whose address means more than its domain.
    pub(super) by_address: KeyMap<u64>,
    pub(super) parties: KeyMap<Party>,
    pub(super) leads_by_address: KeyMap<u32>,
    /// The contacts of addresses that several have, in the order in which they are preferred.
    pub(super) contacts_of_one: KeyMap<Vec<u32>>,
    /// Numbers of contacts.
    pub(super) contacts: Range<u32>,
    /// The place of each contact in the order in which contacts are preferred whose addresses do not tell.
    pub(super) contact_places: Vec<u32>,
    /// Numbers of leads.
    pub(super) leads: Range<u32>,
    /// By number, whether a colleague is disabled.
    pub disabled: Vec<bool>,
    pub(super) groups: Mutex<RecordGroups>,
}

/// What a party id stands for.
#[derive(Clone, Copy)]
pub struct Party {
    /// The colleague, external person or erased person that the id names.
    pub(super) who: u64,
    pub(super) kind: PartyKind,
    /// The record's own address, for parties that carry none.
    pub(super) address: Option<Address>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum PartyKind {
    Colleague,
    Contact,
    Lead,
    Account,
    Erased,
}

/// A row that names a participant of an activity.
pub struct PartyRow<'a> {
    /// The id that it has.
    pub party: Option<Key>,
    /// What that id stands for.
    pub known: Option<&'a Party>,
    /// The type of the id, one more than a place in [`PARTY_TYPES`]; 0 where there is none.
    pub party_type: u8,
    /// The address that it has.
    pub address: Option<Address>,
    /// The person behind that address.
    pub found: Option<u64>,
}

impl Directory {
    /// The person behind an address.
    pub fn by_address(&self, address: Address) -> u64 {
        self.by_address.get(&address).copied().unwrap_or_else(|| person_key::stranger(address))
    }

    /// What a party id stands for.
    pub fn party(&self, party: Key) -> Option<&Party> {
        self.parties.get(&party)
    }

    /// The person behind a party row: colleague by id, colleague by address, company domain, then
    /// contact, leads and account by id or address; whoever is known by an id alone is a person too.
    pub fn by_party(&self, row: &PartyRow) -> Option<u64> {
        let &PartyRow { party, known, party_type, address, found } = row;
        if let Some(known) = known
            && matches!(known.kind, PartyKind::Colleague | PartyKind::Erased)
        {
            return Some(person_key::named(known.who));
        }
        // A row without an address has that of its record, for its side and for leads.
        let carried = address.or(known.and_then(|known| known.address));
        let behind = found.or_else(|| carried.map(|address| self.by_address(address)));
        let type_name = party_type.checked_sub(1).and_then(|at| PARTY_TYPES.get(usize::from(at)));
        if type_name.is_some_and(|name| OUR_TYPES.contains(name)) && !behind.is_some_and(person_key::is_ours) {
            return Some(person_key::internal(address.or(party)?));
        }
        let Some(known) = known else { return found.or(party.map(person_key::nameless)) };
        if let Some(behind) = behind.filter(|&behind| person_key::is_ours(behind) || person_key::is_erased(behind)) {
            return Some(behind);
        }
        Some(match (known.kind, found) {
            (PartyKind::Contact, _) => {
                let leads = carried.and_then(|address| self.leads_by_address.get(&address)).copied();
                person_key::named(person_key::external(known.who as u32, leads.unwrap_or(0)))
            }
            (_, None) => person_key::named(known.who),
            (PartyKind::Lead, Some(found)) => match self.contact_behind(found) {
                Some(contact) => person_key::external(contact, person_key::group(known.who)),
                None => person_key::named(known.who),
            },
            (_, Some(found)) => {
                let mut groups = self.groups.lock().ok()?;
                let mut members = groups.of(person_key::group(found)).to_vec();
                members.push(known.who as u32);
                let group = groups.number(members);
                person_key::external(person_key::record(found).unwrap_or(known.who as u32), group)
            }
        })
    }

    /// The place of somebody whom a party row names among those whom rows with the same address name.
    pub fn rank(&self, address: Address, person: u64) -> Rank {
        if person_key::side(person) == person_key::COLLEAGUE {
            let is_disabled = self.disabled.get(person as u32 as usize) == Some(&true);
            let is_other = self.by_address.get(&address).is_none_or(|&first| first != person_key::identity(person));
            return Rank::Colleague { is_disabled, is_other };
        }
        match person_key::record(person) {
            Some(contact) if self.contacts.contains(&contact) => self.rank_of_contact(address, contact),
            Some(lead) if self.leads.contains(&lead) => Rank::Lead,
            Some(_) => Rank::Account,
            None => Rank::Nobody,
        }
    }

    fn rank_of_contact(&self, address: Address, contact: u32) -> Rank {
        let only = || self.by_address.get(&address).and_then(|&person| person_key::record(person));
        let place = match self.contacts_of_one.get(&address) {
            Some(several) => several.iter().position(|&one| one == contact),
            None => (only() == Some(contact)).then_some(0),
        };
        match place {
            Some(place) => Rank::ContactWithAddress { place: place as u32 },
            None => Rank::Contact { place: self.contact_places[(contact - self.contacts.start) as usize] },
        }
    }

    /// The contact that names an external person; a person named by a lead is in its own group.
    fn contact_behind(&self, found: u64) -> Option<u32> {
        let record = person_key::record(found)?;
        let groups = self.groups.lock().ok()?;
        (!groups.of(person_key::group(found)).contains(&record)).then_some(record)
    }

    /// How many contacts have an address that another has too.
    pub fn contacts_with_an_address_of_others(&self) -> usize {
        let mut contacts: Vec<u32> = self.contacts_of_one.values().flatten().copied().collect();
        contacts.sort_unstable();
        contacts.dedup();
        contacts.len()
    }

    /// `column` of hashed addresses as people.
    pub fn people(self: &Arc<Self>, column: Expr) -> Expr {
        let directory = self.clone();
        column.map(
            move |c| {
                let people = c.i128()?.iter().map(|address| Some(directory.by_address(address?)));
                let people: UInt64Chunked = people.collect_ca(c.name().clone());
                Ok(people.into_column())
            },
            |_, field| Ok(Field::new(field.name().clone(), DataType::UInt64)),
        )
    }
}
