//! From addresses and party ids to people (rules P2, P3).

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex};

use polars::prelude::*;

use super::record_groups::Groups;
use crate::error::{Error, Result};
use crate::frames::keys::{Address, Key, KeyMap};
use crate::frames::typed_columns::texts;
use crate::people::carried::first_by_row;
use crate::people::erasures::Erased;
use crate::people::rank::Rank;
use crate::people::records::Records;
use crate::people::{RecordType, colleagues, customers, erasures, person_key};
use crate::sources::values::email_addresses::CompanyDomains;
use crate::sources::values::ids;
use crate::sources::{PARTY_TYPES, Sources, contract};

/// Types of party that are on our side, whoever they are (rules P2, P4).
const OUR_TYPES: [&str; 4] = ["systemuser", "queue", "team", "equipment"];

/// Who is behind an address or a party id.
pub struct Directory {
    /// Colleagues by number: `user`, `systemuser_id`, `name`; the erased are not among them.
    pub colleagues: DataFrame,
    /// Number of each colleague by publishable id.
    pub colleague_numbers: HashMap<String, u32>,
    /// Everybody whose address means more than its domain.
    by_address: KeyMap<u64>,
    parties: KeyMap<Party>,
    leads_by_address: KeyMap<u32>,
    /// The contacts of addresses that several have, in the order in which they are preferred.
    contacts_of_one: KeyMap<Vec<u32>>,
    /// Numbers of contacts.
    contacts: Range<u32>,
    /// The place of each contact in the order in which contacts are preferred whose addresses do not tell.
    contact_places: Vec<u32>,
    /// Numbers of leads.
    leads: Range<u32>,
    /// By number, whether a colleague is disabled.
    pub disabled: Vec<bool>,
    pub(super) groups: Mutex<Groups>,
}

/// What a party id stands for.
#[derive(Clone, Copy)]
pub struct Party {
    /// The colleague, external person or erased person that the id names.
    who: u64,
    kind: PartyKind,
    /// The record's own address, for parties that carry none.
    address: Option<Address>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum PartyKind {
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

/// Builds the directory as of a date: `records` are those known then. What Exchange keeps of colleagues'
/// addresses counts with `consent` (rule C1).
pub fn build(
    sources: &Sources,
    records: &Records,
    erased: &Erased,
    domains: &CompanyDomains,
    consent: bool,
) -> Result<Directory> {
    let mut parties = KeyMap::default();
    let mut groups = Groups::default();
    let aliases = erasures::aliases(&sources.records, domains)?;

    let users = &sources.records[contract::SYSTEMUSER.name];
    let mut sorted: Vec<(&str, usize)> =
        texts(users, "systemuserid")?.iter().zip(0..).filter_map(|(id, row)| Some((id?, row))).collect();
    sorted.sort_unstable();
    sorted.dedup_by_key(|(id, _)| *id);
    let colleague_numbers: HashMap<String, u32> =
        sorted.iter().zip(0..).map(|((id, _), n)| (id.to_string(), n)).collect();
    let colleague = |id: &str| {
        let who = colleague_numbers.get(id).map(|&number| person_key::colleague(number))?;
        Some(if erased.ids.contains(id) { person_key::erased(who) } else { who })
    };
    for (id, _) in &sorted {
        let Some(who) = colleague(id) else { continue };
        parties.extend(ids::key(id).map(|key| (key, Party { who, kind: PartyKind::Colleague, address: None })));
    }
    let disabled_ids = colleagues::disabled(&sources.records)?;
    let proxies = if consent { colleagues::proxies(&sources.records, &aliases)? } else { Vec::new() };
    let mut held = colleagues::held(&sources.records, &aliases)?;
    held.extend(colleagues::further(&disabled_ids, proxies.iter().map(|(id, address)| (id, *address))));
    let own_addresses = colleagues::preferred(held);

    let customers::Contacts { first: contacts, several: contacts_of_one, places: contact_places } =
        customers::contacts(sources, records, &aliases)?;
    let leads_by_address: KeyMap<u32> = customers::leads(sources, records)?
        .into_iter()
        .map(|(address, leads)| (address, groups.number(leads)))
        .collect();
    let mut by_address: KeyMap<u64> = KeyMap::default();
    for address in contacts.keys().chain(leads_by_address.keys()) {
        if person_key::is_ours(person_key::stranger(*address)) {
            continue;
        }
        let group = leads_by_address.get(address).copied().unwrap_or(0);
        let record = contacts.get(address).or(groups.of(group).first()).copied().unwrap_or(person_key::NO_NUMBER);
        by_address.insert(*address, person_key::external(record, group));
    }
    for address in &erased.addresses {
        by_address.insert(*address, person_key::erased(person_key::stranger(*address)));
    }
    by_address.extend(own_addresses.iter().filter_map(|(address, (.., id))| Some((*address, colleague(id)?))));

    for (record_type, kind) in [
        (RecordType::Account, PartyKind::Account),
        (RecordType::Contact, PartyKind::Contact),
        (RecordType::Lead, PartyKind::Lead),
    ] {
        let frame = &sources.records[record_type.name()];
        let carries = kind != PartyKind::Account;
        let first = if carries { customers::first_addresses(sources, records, record_type)? } else { Vec::new() };
        let address_of = |number: u32| *first.get((number - records.range(record_type).start) as usize)?;
        let own =
            if carries { first_by_row(frame, &contract::CUSTOMER_ADDRESSES)? } else { vec![None; frame.height()] };
        for (id, row) in texts(frame, record_type.id_column())?.iter().zip(0..) {
            let Some((id, key)) = id.and_then(|id| Some((id, ids::key(id)?))) else { continue };
            let party = if erased.ids.contains(id) {
                let address = own[row];
                let ours = address.map_or_else(|| person_key::nameless(key), person_key::stranger);
                Party { who: person_key::erased(ours), kind: PartyKind::Erased, address }
            } else {
                let Some(number) = records.number(record_type, id) else { continue };
                let group = if kind == PartyKind::Contact { 0 } else { groups.number(vec![number]) };
                Party { who: person_key::external(number, group), kind, address: address_of(number) }
            };
            parties.insert(key, party);
        }
    }

    // Somebody who was erased may be gone from the lake, and activities still name them.
    for key in erased.ids.iter().filter_map(|id| ids::key(id)) {
        let who = person_key::erased(person_key::nameless(key));
        parties.entry(key).or_insert(Party { who, kind: PartyKind::Erased, address: None });
    }

    let kept: Vec<usize> = sorted.iter().filter(|(id, _)| !erased.ids.contains(*id)).map(|(_, row)| *row).collect();
    let taken: IdxCa = kept.iter().map(|&row| Some(row as IdxSize)).collect();
    let numbers: Vec<u32> =
        sorted.iter().zip(0u32..).filter(|((id, _), _)| !erased.ids.contains(*id)).map(|(_, n)| n).collect();
    let disabled = sorted.iter().map(|(id, _)| disabled_ids.get(id) == Some(&true)).collect();
    let colleagues = users
        .select(["systemuserid", "fullname"])
        .and_then(|users| users.take(&taken))
        .and_then(|users| {
            users
                .lazy()
                .select([
                    lit(Series::new("user".into(), numbers)),
                    col("systemuserid").alias("systemuser_id"),
                    col("fullname").alias("name"),
                ])
                .collect()
        })
        .map_err(Error::engine("numbering colleagues"))?;
    Ok(Directory {
        colleagues,
        colleague_numbers,
        by_address,
        parties,
        leads_by_address,
        contacts_of_one,
        contacts: records.range(RecordType::Contact),
        contact_places,
        leads: records.range(RecordType::Lead),
        disabled,
        groups: Mutex::new(groups),
    })
}
