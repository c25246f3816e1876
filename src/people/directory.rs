//! From addresses and party ids to people (rules P2, P3).

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use polars::prelude::*;

use super::columns::{addresses, booleans, instants, integers, texts};
use super::erasures::{self, Erased};
use super::records::Records;
use super::who;
use crate::error::{Error, Result};
use crate::sources::addresses::CompanyDomains;
use crate::sources::ids::KeyMap;
use crate::sources::{PARTY_TYPES, Sources, contract, ids};

const EMAIL_COLUMNS: [&str; 3] = ["emailaddress1", "emailaddress2", "emailaddress3"];

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
    groups: Mutex<Groups>,
}

/// What a party id stands for.
#[derive(Clone, Copy)]
pub struct Party {
    /// The colleague, external person or erased person that the id names.
    who: u64,
    kind: PartyKind,
    /// The record's own address, for parties that carry none.
    address: Option<u64>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum PartyKind {
    Colleague,
    Contact,
    Lead,
    Account,
    Erased,
}

/// Sets of records that one person is besides the one that names it.
#[derive(Default)]
struct Groups {
    members: Vec<Vec<u32>>,
    numbers: HashMap<Vec<u32>, u32>,
}

impl Groups {
    fn number(&mut self, mut members: Vec<u32>) -> u32 {
        if members.is_empty() {
            return 0;
        }
        members.sort_unstable();
        members.dedup();
        if let Some(&number) = self.numbers.get(&members) {
            return number;
        }
        self.members.push(members.clone());
        let number = self.members.len() as u32;
        self.numbers.insert(members, number);
        number
    }

    fn of(&self, number: u32) -> &[u32] {
        (number as usize).checked_sub(1).and_then(|at| self.members.get(at)).map_or(&[], Vec::as_slice)
    }
}

impl Directory {
    /// The person behind an address.
    pub fn by_address(&self, address: u64) -> u64 {
        self.by_address.get(&address).copied().unwrap_or_else(|| who::stranger(address))
    }

    /// What a party id stands for.
    pub fn party(&self, party: u64) -> Option<&Party> {
        self.parties.get(&party)
    }

    /// The person behind a party row: colleague by id, colleague by address, company domain, then
    /// contact, leads and account by id or address. `known` is what the row's id stands for, `found` who
    /// is behind its address.
    pub fn by_party(
        &self,
        (party, known): (Option<u64>, Option<&Party>),
        party_type: u8,
        (address, found): (Option<u64>, Option<u64>),
    ) -> Option<u64> {
        if let Some(known) = known
            && matches!(known.kind, PartyKind::Colleague | PartyKind::Erased)
        {
            return Some(known.who);
        }
        let address = address.or(known.and_then(|known| known.address));
        let by_address = found.or_else(|| address.map(|address| self.by_address(address)));
        let type_name = party_type.checked_sub(1).and_then(|at| PARTY_TYPES.get(usize::from(at)));
        if matches!(type_name, Some(&"queue" | &"systemuser")) && !by_address.is_some_and(who::is_ours) {
            let bits = address.or(party)?;
            return Some(who::internal(bits));
        }
        let Some(known) = known else { return by_address };
        let Some(found) = by_address else { return Some(known.who) };
        if who::is_ours(found) || who::is_erased(found) {
            return Some(found);
        }
        Some(match known.kind {
            PartyKind::Contact => {
                let leads = address.and_then(|address| self.leads_by_address.get(&address)).copied();
                who::external(known.who as u32, leads.unwrap_or(0))
            }
            PartyKind::Lead => {
                let contact = self.contact_behind(found);
                who::external(contact.unwrap_or(known.who as u32), who::group(known.who))
            }
            _ => {
                let mut groups = self.groups.lock().ok()?;
                let mut members = groups.of(who::group(found)).to_vec();
                members.push(known.who as u32);
                let group = groups.number(members);
                who::external(who::record(found).unwrap_or(known.who as u32), group)
            }
        })
    }

    /// The contact that names an external person; a person named by a lead is in its own group.
    fn contact_behind(&self, found: u64) -> Option<u32> {
        let record = who::record(found)?;
        let groups = self.groups.lock().ok()?;
        (!groups.of(who::group(found)).contains(&record)).then_some(record)
    }

    /// `column` of addresses in flight as people.
    pub fn people(self: &Arc<Self>, column: Expr) -> Expr {
        let directory = self.clone();
        who::expression::<UInt64Type, _>(column, DataType::UInt64, move |address| Some(directory.by_address(address)))
    }

    /// Records of each group by its number; 0 is no group and has none.
    pub fn group_members(&self) -> Result<Vec<Vec<u32>>> {
        let groups = self
            .groups
            .lock()
            .map_err(|_| Error::Checks { message: "a worker stopped while resolving people".into() })?;
        Ok(std::iter::once(Vec::new()).chain(groups.members.iter().cloned()).collect())
    }
}

/// Builds the directory as of a date: `records` are those known then.
pub fn build(sources: &Sources, records: &Records, erased: &Erased, domains: &CompanyDomains) -> Result<Directory> {
    let mut parties = KeyMap::default();
    let mut groups = Groups::default();
    let aliases = erasures::aliases(&sources.records, domains)?;

    let users = &sources.records[contract::SYSTEMUSER.name];
    let (user_ids, disabled) = (texts(users, "systemuserid")?, booleans(users, "isdisabled")?);
    let mut sorted: Vec<(&str, usize)> = user_ids.iter().zip(0..).filter_map(|(id, row)| Some((id?, row))).collect();
    sorted.sort_unstable();
    sorted.dedup_by_key(|(id, _)| *id);
    let colleague_numbers: HashMap<String, u32> =
        sorted.iter().zip(0..).map(|((id, _), n)| (id.to_string(), n)).collect();
    let colleague = |id: &str| {
        let who = colleague_numbers.get(id).map(|&number| who::colleague(number))?;
        Some(if erased.ids.contains(id) { who::erased(who) } else { who })
    };
    let mut own_addresses = Vec::new();
    for (id, row) in &sorted {
        let Some(who) = colleague(id) else { continue };
        parties.extend(ids::key(id).map(|key| (key, Party { who, kind: PartyKind::Colleague, address: None })));
        for column in ["internalemailaddress", "domainname"] {
            let rank = (disabled.get(*row).unwrap_or(false), false, *id);
            own_addresses.extend(addresses(users, column)?.get(*row).map(|address| (address, rank, who)));
        }
    }
    let disabled_ids: HashMap<&str, bool> =
        sorted.iter().map(|(id, row)| (*id, disabled.get(*row).unwrap_or(false))).collect();
    for (address, user, _) in &aliases {
        let Some(id) = user.as_deref() else { continue };
        let (Some(who), Some((&id, &disabled))) = (colleague(id), disabled_ids.get_key_value(id)) else { continue };
        own_addresses.push((*address, (disabled, true, id), who));
    }
    own_addresses.sort_unstable();
    own_addresses.dedup_by_key(|(address, _, _)| *address);

    let contacts = contacts_by_address(sources, records, &aliases)?;
    let leads_by_address: KeyMap<u32> = leads_by_address(sources, records)?
        .into_iter()
        .map(|(address, leads)| (address, groups.number(leads)))
        .collect();
    let mut by_address: KeyMap<u64> = KeyMap::default();
    for address in contacts.keys().chain(leads_by_address.keys()) {
        if who::is_ours(who::stranger(*address)) {
            continue;
        }
        let group = leads_by_address.get(address).copied().unwrap_or(0);
        let record = contacts.get(address).or(groups.of(group).first()).copied().unwrap_or(who::NO_NUMBER);
        by_address.insert(*address, who::external(record, group));
    }
    for address in &erased.addresses {
        by_address.insert(*address, who::erased(who::stranger(*address)));
    }
    by_address.extend(own_addresses.iter().map(|(address, _, who)| (*address, *who)));

    for (record_type, id_column, kind) in [
        ("account", "accountid", PartyKind::Account),
        ("contact", "contactid", PartyKind::Contact),
        ("lead", "leadid", PartyKind::Lead),
    ] {
        let frame = &sources.records[record_type];
        let ids_of = texts(frame, id_column)?;
        for (id, row) in ids_of.iter().zip(0..) {
            let Some((id, key)) = id.and_then(|id| Some((id, ids::key(id)?))) else { continue };
            let address = match kind {
                PartyKind::Account => None,
                _ => EMAIL_COLUMNS.iter().find_map(|column| addresses(frame, column).ok()?.get(row)),
            };
            let party = if erased.ids.contains(id) {
                let ours = address.map(who::stranger).unwrap_or(who::external(who::NO_NUMBER, 0));
                Party { who: who::erased(ours), kind: PartyKind::Erased, address }
            } else {
                let Some(number) = records.number(record_type, id) else { continue };
                let group = if kind == PartyKind::Contact { 0 } else { groups.number(vec![number]) };
                Party { who: who::external(number, group), kind, address }
            };
            parties.insert(key, party);
        }
    }

    let kept: Vec<usize> = sorted.iter().filter(|(id, _)| !erased.ids.contains(*id)).map(|(_, row)| *row).collect();
    let taken: IdxCa = kept.iter().map(|&row| Some(row as IdxSize)).collect();
    let numbers: Vec<u32> =
        sorted.iter().zip(0u32..).filter(|((id, _), _)| !erased.ids.contains(*id)).map(|(_, n)| n).collect();
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
    Ok(Directory { colleagues, colleague_numbers, by_address, parties, leads_by_address, groups: Mutex::new(groups) })
}

/// The contact of each address: by `emailaddress1` of all, then 2, then 3, then alias; of several
/// the active one, then the oldest, then the smallest id.
fn contacts_by_address(
    sources: &Sources,
    records: &Records,
    aliases: &[(u64, Option<String>, Option<String>)],
) -> Result<KeyMap<u32>> {
    let frame = &sources.records[contract::CONTACT.name];
    let numbers = records.numbers_by_row("contact", frame.height());
    let (state, created) = (integers(frame, "statecode")?, instants(frame, "createdon")?);
    // Numbers follow ids, so the smallest number is the smallest id; unknown creation comes last.
    let rank = |row: usize, number: u32| {
        (state.get(row).is_some_and(|state| state != 0), Reverse(created.get(row).map(Reverse)), number)
    };
    let mut candidates = Vec::new();
    for (level, column) in EMAIL_COLUMNS.iter().enumerate() {
        for (address, row) in addresses(frame, column)?.iter().zip(0..) {
            if let (Some(address), Some(number)) = (address, numbers[row]) {
                candidates.push((address, level, rank(row, number)));
            }
        }
    }
    for (address, _, contact) in aliases {
        let number = contact.as_deref().and_then(|id| records.number("contact", id));
        candidates
            .extend(number.map(|number| (*address, EMAIL_COLUMNS.len(), rank(records.rows[number as usize], number))));
    }
    candidates.sort_unstable();
    candidates.dedup_by_key(|(address, _, _)| *address);
    Ok(candidates.into_iter().map(|(address, _, (_, _, number))| (address, number)).collect())
}

/// The leads of each address: all that have it in the first of the three columns where any has it.
fn leads_by_address(sources: &Sources, records: &Records) -> Result<Vec<(u64, Vec<u32>)>> {
    let frame = &sources.records[contract::LEAD.name];
    let numbers = records.numbers_by_row("lead", frame.height());
    let mut found: HashMap<u64, (usize, Vec<u32>)> = HashMap::new();
    for (level, column) in EMAIL_COLUMNS.iter().enumerate() {
        for (address, row) in addresses(frame, column)?.iter().zip(0..) {
            let (Some(address), Some(number)) = (address, numbers[row]) else { continue };
            let (first_level, leads) = found.entry(address).or_insert((level, Vec::new()));
            if *first_level == level {
                leads.push(number);
            }
        }
    }
    let mut found: Vec<_> = found.into_iter().map(|(address, (_, leads))| (address, leads)).collect();
    found.sort_unstable();
    Ok(found)
}
