//! Fills the directory of people as of a date: colleagues, and whom addresses and party ids stand for (rules P2, P3).

use std::collections::HashMap;
use std::sync::Mutex;

use polars::prelude::*;

use super::directory::{Directory, Party, PartyKind};
use super::record_groups::RecordGroups;
use crate::error::{Error, Result};
use crate::frames::keys::KeyMap;
use crate::frames::typed_columns::texts;
use crate::people::carried::first_by_row;
use crate::people::colleagues::HeldAddress;
use crate::people::erasures::Erased;
use crate::people::records::Records;
use crate::people::{RecordType, colleagues, customers, erasures, person_key};
use crate::sources::values::email_addresses::CompanyDomains;
use crate::sources::values::ids;
use crate::sources::{Sources, contract};

/// Builds the directory as of a date: `records` are those known then. What Exchange keeps of colleagues'
/// addresses counts with `consent` (rule C1).
pub fn build(
    sources: &Sources,
    records: &Records,
    erased: &Erased,
    domains: &CompanyDomains,
    consent: bool,
) -> Result<Directory> {
    let aliases = erasures::aliases(&sources.records, domains)?;
    let users = Colleagues::of(&sources.records[contract::SYSTEMUSER.name], erased)?;
    let disabled = colleagues::disabled(&sources.records)?;
    let proxies = if consent { colleagues::proxies(&sources.records, &aliases)? } else { Vec::new() };
    let mut held = colleagues::held(&sources.records, &aliases)?;
    held.extend(colleagues::further(&disabled, proxies.iter().map(|(id, address)| (id, *address))));
    let own_addresses = colleagues::preferred(held);

    let mut groups = RecordGroups::default();
    let contacts = customers::contacts(sources, records, &aliases)?;
    let leads = customers::leads(sources, records)?.into_iter();
    let leads_by_address: KeyMap<u32> = leads.map(|(address, leads)| (address, groups.number(leads))).collect();
    let customers = Customers { contacts: &contacts.first, leads: &leads_by_address };
    let by_address = by_address(&customers, &groups, erased, &own_addresses, &users);

    let mut parties = users.parties();
    for (record_type, kind) in [
        (RecordType::Account, PartyKind::Account),
        (RecordType::Contact, PartyKind::Contact),
        (RecordType::Lead, PartyKind::Lead),
    ] {
        add_records(&mut parties, sources, records, record_type, kind, erased, &mut groups)?;
    }
    // Somebody who was erased may be gone from the lake, and activities still name them.
    for key in erased.ids.iter().filter_map(|id| ids::key(id)) {
        let who = person_key::erased(person_key::nameless(key));
        parties.entry(key).or_insert(Party { who, kind: PartyKind::Erased, address: None });
    }
    Ok(Directory {
        colleagues: users.named()?,
        disabled: users.sorted.iter().map(|(id, _)| disabled.get(id) == Some(&true)).collect(),
        colleague_numbers: users.numbers,
        by_address,
        parties,
        leads_by_address,
        contacts_of_one: contacts.several,
        contacts: records.range(RecordType::Contact),
        contact_places: contacts.places,
        leads: records.range(RecordType::Lead),
        groups: Mutex::new(groups),
    })
}

/// Colleagues, numbered in the order of their ids.
struct Colleagues<'a> {
    users: &'a DataFrame,
    /// Ids, each with its row.
    sorted: Vec<(&'a str, usize)>,
    numbers: HashMap<String, u32>,
    erased: &'a Erased,
}

impl<'a> Colleagues<'a> {
    fn of(users: &'a DataFrame, erased: &'a Erased) -> Result<Colleagues<'a>> {
        let mut sorted: Vec<(&str, usize)> =
            texts(users, "systemuserid")?.iter().zip(0..).filter_map(|(id, row)| Some((id?, row))).collect();
        sorted.sort_unstable();
        sorted.dedup_by_key(|(id, _)| *id);
        let numbers = sorted.iter().zip(0..).map(|((id, _), number)| (id.to_string(), number)).collect();
        Ok(Colleagues { users, sorted, numbers, erased })
    }

    /// The person of an id.
    fn person(&self, id: &str) -> Option<u64> {
        let who = self.numbers.get(id).map(|&number| person_key::colleague(number))?;
        Some(if self.erased.ids.contains(id) { person_key::erased(who) } else { who })
    }

    /// What their ids stand for.
    fn parties(&self) -> KeyMap<Party> {
        let party = |who| Party { who, kind: PartyKind::Colleague, address: None };
        self.sorted.iter().filter_map(|(id, _)| Some((ids::key(id)?, party(self.person(id)?)))).collect()
    }

    /// `user`, `systemuser_id` and `name` of those who are not erased.
    fn named(&self) -> Result<DataFrame> {
        let kept = (0u32..).zip(&self.sorted).filter(|(_, (id, _))| !self.erased.ids.contains(*id));
        let (numbers, rows): (Vec<u32>, Vec<IdxSize>) =
            kept.map(|(number, (_, row))| (number, *row as IdxSize)).unzip();
        let taken = self.users.select(["systemuserid", "fullname"]);
        let taken = taken.and_then(|users| users.take(&IdxCa::from_vec(PlSmallStr::EMPTY, rows)));
        let named = taken.and_then(|users| {
            let columns = [
                lit(Series::new("user".into(), numbers)),
                col("systemuserid").alias("systemuser_id"),
                col("fullname").alias("name"),
            ];
            users.lazy().select(columns).collect()
        });
        named.map_err(Error::engine("numbering colleagues"))
    }
}

/// The contact and the group of leads of each address.
struct Customers<'a> {
    contacts: &'a KeyMap<u32>,
    leads: &'a KeyMap<u32>,
}

/// Everybody whose address means more than its domain.
fn by_address(
    customers: &Customers<'_>,
    groups: &RecordGroups,
    erased: &Erased,
    own_addresses: &[HeldAddress<'_>],
    users: &Colleagues<'_>,
) -> KeyMap<u64> {
    let mut by_address: KeyMap<u64> = KeyMap::default();
    for address in customers.contacts.keys().chain(customers.leads.keys()) {
        if person_key::is_ours(person_key::stranger(*address)) {
            continue;
        }
        let group = customers.leads.get(address).copied().unwrap_or(0);
        let record = customers.contacts.get(address).or(groups.of(group).first()).copied();
        by_address.insert(*address, person_key::external(record.unwrap_or(person_key::NO_NUMBER), group));
    }
    for address in &erased.addresses {
        by_address.insert(*address, person_key::erased(person_key::stranger(*address)));
    }
    by_address.extend(own_addresses.iter().filter_map(|held| Some((held.address, users.person(held.holder)?))));
    by_address
}

/// Adds what the ids of accounts, contacts or leads stand for.
fn add_records(
    parties: &mut KeyMap<Party>,
    sources: &Sources,
    records: &Records,
    record_type: RecordType,
    kind: PartyKind,
    erased: &Erased,
    groups: &mut RecordGroups,
) -> Result<()> {
    let frame = &sources.records[record_type.name()];
    let carries = kind != PartyKind::Account;
    let first = if carries { customers::first_addresses(sources, records, record_type)? } else { Vec::new() };
    let address_of = |number: u32| *first.get((number - records.range(record_type).start) as usize)?;
    let own = if carries { first_by_row(frame, &contract::CUSTOMER_ADDRESSES)? } else { vec![None; frame.height()] };
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
    Ok(())
}
