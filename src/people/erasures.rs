//! Who is erased: what the administrator named, and what belongs to it (rule C4).

use std::collections::{HashMap, HashSet};

use super::colleagues::{self, Alias};
use super::merged;
use crate::error::Result;
use crate::frames::keys::Address;
use crate::frames::typed_columns::{booleans, texts};
use crate::people::carried::with_ids;
use crate::sources::values::email_addresses::CompanyDomains;
use crate::sources::values::ids;
use crate::sources::{SmallTables, contract};

/// Erased records and addresses. An erased record erases its addresses and what was merged with it, and an
/// erased address its records, until nothing more follows.
#[derive(Clone, Default)]
pub struct Erased {
    /// Publishable ids of contacts, leads and colleagues, and of accounts and opportunities that are opted out.
    pub ids: HashSet<String>,
    /// Hashed addresses.
    pub addresses: HashSet<Address>,
}

/// The kind of erasures that name no record.
pub const ADDRESS: &str = "address";

/// A table of people.
pub struct PeopleTable {
    /// Its name.
    pub table: &'static str,
    /// The column of ids.
    pub id: &'static str,
    /// The columns of addresses.
    pub addresses: &'static [&'static str],
}

/// Contacts, leads and colleagues.
pub const PEOPLE_TABLES: [PeopleTable; 3] = [
    PeopleTable { table: contract::CONTACT.name, id: "contactid", addresses: &contract::CUSTOMER_ADDRESSES },
    PeopleTable { table: contract::LEAD.name, id: "leadid", addresses: &contract::CUSTOMER_ADDRESSES },
    PeopleTable { table: contract::SYSTEMUSER.name, id: "systemuserid", addresses: &contract::COLLEAGUE_ADDRESSES },
];

/// Tables of records that may be opted out themselves, with the column of their ids (rule C4).
pub const OPTING_OUT: [(&str, &str); 4] = [
    (contract::CONTACT.name, "contactid"),
    (contract::LEAD.name, "leadid"),
    (contract::ACCOUNT.name, "accountid"),
    (contract::OPPORTUNITY.name, "opportunityid"),
];

/// Whom the control table names, and what is opted out in Dataverse, followed through the whole lake, whatever the date
/// of the run.
pub fn follow(records: &SmallTables, domains: &CompanyDomains) -> Result<Erased> {
    let mut named = listed(records, domains)?;
    named.ids.extend(opted_out(records)?);
    follow_from(named, records, domains)
}

/// Whom the control table names.
pub fn listed(records: &SmallTables, domains: &CompanyDomains) -> Result<Erased> {
    let control = &records[contract::ERASURES.name];
    let (kinds, principals) = (texts(control, "kind")?, texts(control, "principal")?);
    let mut named = Erased::default();
    for (kind, principal) in kinds.iter().zip(principals.iter()) {
        let Some(principal) = principal else { continue };
        // What is written under a kind that does not fit it is erased all the same.
        let is_address = kind.is_some_and(|kind| kind.trim().eq_ignore_ascii_case(ADDRESS));
        if is_address || principal.contains('@') {
            named.addresses.extend(domains.address(principal));
        }
        if !is_address || !principal.contains('@') {
            named.ids.insert(ids::canonical(principal));
        }
    }
    Ok(named)
}

/// Contacts, leads, accounts and opportunities that are opted out in Dataverse.
pub fn opted_out(records: &SmallTables) -> Result<HashSet<String>> {
    let mut found = HashSet::new();
    for (table, id) in OPTING_OUT {
        let frame = &records[table];
        let rows = texts(frame, id)?.iter().zip(booleans(frame, contract::OPTED_OUT)?.iter());
        found.extend(rows.filter(|(_, out)| *out == Some(true)).filter_map(|(id, _)| id.map(str::to_string)));
    }
    Ok(found)
}

/// What belongs to some records and addresses: addresses of records, records of addresses, and what was merged, until
/// nothing more follows.
pub fn follow_from(named: Erased, records: &SmallTables, domains: &CompanyDomains) -> Result<Erased> {
    let mut erased = named;
    if erased.ids.is_empty() && erased.addresses.is_empty() {
        return Ok(erased);
    }
    let carried = addresses_of_people(records, domains)?;
    let merged = merged_people(records)?;
    let (mut by_id, mut by_address) = (HashMap::new(), HashMap::new());
    for (id, address) in &carried {
        by_id.entry(id.as_str()).or_insert_with(Vec::new).push(*address);
        by_address.entry(*address).or_insert_with(Vec::new).push(id.as_str());
    }
    let mut same: HashMap<&str, Vec<&str>> = HashMap::new();
    for (one, other) in &merged {
        same.entry(one).or_default().push(other);
        same.entry(other).or_default().push(one);
    }
    let mut new_ids: Vec<String> = erased.ids.iter().cloned().collect();
    let mut new_addresses: Vec<Address> = erased.addresses.iter().copied().collect();
    loop {
        if let Some(id) = new_ids.pop() {
            let addresses = by_id.get(id.as_str()).into_iter().flatten();
            new_addresses.extend(addresses.filter(|address| erased.addresses.insert(**address)));
            let others = same.get(id.as_str()).into_iter().flatten().map(|other| other.to_string());
            new_ids.extend(others.filter(|other| erased.ids.insert(other.clone())));
        } else if let Some(address) = new_addresses.pop() {
            let ids = by_address.get(&address).into_iter().flatten().map(|id| id.to_string());
            new_ids.extend(ids.filter(|id| erased.ids.insert(id.clone())));
        } else {
            return Ok(erased);
        }
    }
}

/// Every address that a contact, lead or colleague carries, with aliases and what Exchange keeps for them.
pub fn addresses_of_people(records: &SmallTables, domains: &CompanyDomains) -> Result<Vec<(String, Address)>> {
    let mut pairs = Vec::new();
    for PeopleTable { table, id, addresses } in PEOPLE_TABLES {
        let frame = &records[table];
        pairs.extend(with_ids(frame, id, addresses)?.into_iter().map(|(id, address)| (id.to_string(), address)));
    }
    let aliases = aliases(records, domains)?;
    pairs.extend(colleagues::proxies(records, &aliases)?);
    for Alias { address, user, contact } in aliases {
        pairs.extend(user.into_iter().chain(contact).map(|id| (id, address)));
    }
    Ok(pairs)
}

/// How many contacts, leads and colleagues carry one erased address, of the one that most carry.
pub fn most_of_one_address(erased: &Erased, records: &SmallTables, domains: &CompanyDomains) -> Result<usize> {
    if erased.addresses.is_empty() {
        return Ok(0);
    }
    let mut carriers: HashMap<Address, HashSet<String>> = HashMap::new();
    for (id, address) in addresses_of_people(records, domains)? {
        if erased.addresses.contains(&address) {
            carriers.entry(address).or_default().insert(id);
        }
    }
    Ok(carriers.values().map(HashSet::len).max().unwrap_or(0))
}

/// Contacts and leads that were merged, each with its master.
pub fn merged_people(records: &SmallTables) -> Result<Vec<(String, String)>> {
    let of = |(table, id): (&str, &str)| merged::pairs(&records[table], id);
    Ok([(contract::CONTACT.name, "contactid"), (contract::LEAD.name, "leadid")]
        .map(of)
        .into_iter()
        .collect::<Result<Vec<_>>>()?
        .concat())
}

/// The aliases whose address can be read, in the order of their table.
pub fn aliases(records: &SmallTables, domains: &CompanyDomains) -> Result<Vec<Alias>> {
    let frame = &records[contract::ALIASES.name];
    let (texts_of, users, contacts) =
        (texts(frame, "address")?, texts(frame, "systemuserid")?, texts(frame, "contactid")?);
    let id = |id: Option<&str>| id.map(ids::canonical).filter(|id| !id.is_empty());
    let alias = |row: usize| {
        let address = domains.address(texts_of.get(row)?)?;
        Some(Alias { address, user: id(users.get(row)), contact: id(contacts.get(row)) })
    };
    Ok((0..frame.height()).filter_map(alias).collect())
}
