//! Who is erased: what the administrator named, and what belongs to it (rule C4).

use std::collections::HashSet;

use super::columns::{addresses, texts};
use crate::error::Result;
use crate::sources::addresses::CompanyDomains;
use crate::sources::{SmallTables, contract, ids};

/// Erased records and addresses. An erased record erases its addresses and an erased address its
/// records, until nothing more follows.
#[derive(Default)]
pub struct Erased {
    /// Publishable ids of contacts, leads and colleagues.
    pub ids: HashSet<String>,
    /// Addresses in flight.
    pub addresses: HashSet<u64>,
}

/// Contacts, leads and colleagues: table, column of the id, columns of addresses.
pub const CARRIERS: [(&str, &str, &[&str]); 3] = [
    (contract::CONTACT.name, "contactid", &["emailaddress1", "emailaddress2", "emailaddress3"]),
    (contract::LEAD.name, "leadid", &["emailaddress1", "emailaddress2", "emailaddress3"]),
    (contract::SYSTEMUSER.name, "systemuserid", &["internalemailaddress", "domainname"]),
];

/// Follows the erasures of the control table through the whole lake, whatever the date of the run.
pub fn follow(records: &SmallTables, domains: &CompanyDomains) -> Result<Erased> {
    let control = &records[contract::ERASURES.name];
    let (kinds, principals) = (texts(control, "kind")?, texts(control, "principal")?);
    let mut erased = Erased::default();
    for (kind, principal) in kinds.iter().zip(principals.iter()) {
        let (Some(kind), Some(principal)) = (kind, principal) else { continue };
        if kind.trim().eq_ignore_ascii_case("address") {
            erased.addresses.extend(domains.address(principal));
        } else {
            erased.ids.insert(ids::canonical(principal));
        }
    }
    if erased.ids.is_empty() && erased.addresses.is_empty() {
        return Ok(erased);
    }
    let pairs = addresses_of_people(records, domains)?;
    loop {
        let before = erased.ids.len() + erased.addresses.len();
        for (id, address) in &pairs {
            if erased.addresses.contains(address) {
                erased.ids.insert(id.clone());
            } else if erased.ids.contains(id) {
                erased.addresses.insert(*address);
            }
        }
        if erased.ids.len() + erased.addresses.len() == before {
            return Ok(erased);
        }
    }
}

/// Every address that a contact, lead or colleague carries, aliases included.
pub fn addresses_of_people(records: &SmallTables, domains: &CompanyDomains) -> Result<Vec<(String, u64)>> {
    let mut pairs = Vec::new();
    for (table, id, columns) in CARRIERS {
        let frame = &records[table];
        let ids = texts(frame, id)?;
        for column in columns {
            let carried = addresses(frame, column)?;
            pairs.extend(ids.iter().zip(carried.iter()).filter_map(|(id, address)| Some((id?.to_string(), address?))));
        }
    }
    for (address, user, contact) in aliases(records, domains)? {
        pairs.extend(user.into_iter().chain(contact).map(|id| (id, address)));
    }
    Ok(pairs)
}

/// Aliases: address, systemuserid, contactid.
pub fn aliases(records: &SmallTables, domains: &CompanyDomains) -> Result<Vec<(u64, Option<String>, Option<String>)>> {
    let frame = &records[contract::ALIASES.name];
    let (texts_of, users, contacts) =
        (texts(frame, "address")?, texts(frame, "systemuserid")?, texts(frame, "contactid")?);
    let id = |id: Option<&str>| id.map(ids::canonical).filter(|id| !id.is_empty());
    Ok((0..frame.height())
        .filter_map(|row| Some((domains.address(texts_of.get(row)?)?, id(users.get(row)), id(contacts.get(row)))))
        .collect())
}
