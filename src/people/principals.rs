//! Whom an entry of `opt_outs` or `group_members` names: an address, a systemuserid or a mailbox id (rule C2).

use std::collections::{HashMap, HashSet};

use polars::prelude::*;

use super::{colleagues, erasures};
use crate::error::{Error, Result};
use crate::frames::keys::{Address, Key};
use crate::frames::typed_columns::{addresses, texts};
use crate::people::carried::by_row;
use crate::sources::values::email_addresses::CompanyDomains;
use crate::sources::values::ids;
use crate::sources::{PROXIES, Sources, contract};

/// Colleagues and mailboxes of the lake by whatever names them.
pub struct Principals<'a> {
    sources: &'a Sources,
    domains: &'a CompanyDomains,
    users: HashSet<&'a str>,
    users_by_address: HashMap<Address, Vec<String>>,
    mailboxes_by_address: HashMap<Address, Vec<Key>>,
    /// Of colleagues that were deleted, whose mailboxes may go on.
    mailboxes_by_deleted: HashMap<&'a str, Vec<Key>>,
    mailbox_keys: HashSet<Key>,
}

/// What a principal names.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// Ids of colleagues.
    pub users: Vec<String>,
    /// Keys of mailboxes, whether or not the lake has them.
    pub mailboxes: Vec<Key>,
    /// Whether the lake has any of them.
    pub is_known: bool,
}

impl<'a> Principals<'a> {
    /// Of the lake.
    pub fn of(sources: &'a Sources, domains: &'a CompanyDomains) -> Result<Principals<'a>> {
        let table = &sources.records[contract::SYSTEMUSER.name];
        let users: HashSet<&str> = texts(table, "systemuserid")?.iter().flatten().collect();
        let aliases = erasures::aliases(&sources.records, domains)?;
        let mut users_by_address: HashMap<Address, Vec<String>> = HashMap::new();
        let held = colleagues::held(&sources.records, &aliases)?;
        let held = held.into_iter().map(|held| (held.holder.to_string(), held.address));
        for (id, address) in held.chain(colleagues::proxies(&sources.records, &aliases)?) {
            users_by_address.entry(address).or_default().push(id);
        }
        let mailboxes_by_address = mailboxes_by_address(&sources.mailboxes)?;
        let mut mailboxes_by_deleted: HashMap<&str, Vec<Key>> = HashMap::new();
        if let Some(deleted) = sources.deleted.get(contract::SYSTEMUSER.name).filter(|deleted| deleted.height() > 0) {
            let (ids_of, azure) = (texts(deleted, "systemuserid")?, texts(deleted, "azureactivedirectoryobjectid")?);
            let own = by_row(deleted, &contract::COLLEAGUE_ADDRESSES)?;
            for (row, own) in own.iter().enumerate() {
                let Some(id) = ids_of.get(row) else { continue };
                let own = own.iter().filter_map(|address| mailboxes_by_address.get(address)).flatten();
                let keys = azure.get(row).and_then(ids::key).into_iter().chain(own.copied());
                mailboxes_by_deleted.entry(id).or_default().extend(keys);
            }
        }
        let mut mailbox_keys: HashSet<Key> =
            texts(table, "azureactivedirectoryobjectid")?.iter().flatten().filter_map(ids::key).collect();
        if sources.mailboxes.width() > 0 {
            mailbox_keys.extend(texts(&sources.mailboxes, "mailbox_id")?.iter().flatten().filter_map(ids::key));
        }
        Ok(Principals {
            sources,
            domains,
            users,
            users_by_address,
            mailboxes_by_address,
            mailboxes_by_deleted,
            mailbox_keys,
        })
    }

    /// Whom a principal names. Where an address is several people's, all of them.
    pub fn named(&self, principal: &str) -> Named {
        let id = ids::canonical(principal);
        if self.users.contains(id.as_str()) {
            return Named { users: vec![id], mailboxes: Vec::new(), is_known: true };
        }
        let mut named = Named::default();
        if let Some(address) = self.domains.address(principal) {
            named.users.extend(self.users_by_address.get(&address).into_iter().flatten().cloned());
            named.mailboxes.extend(self.mailboxes_by_address.get(&address).into_iter().flatten());
        }
        named.mailboxes.extend(self.mailboxes_by_deleted.get(id.as_str()).into_iter().flatten());
        named.mailboxes.extend(ids::key(principal));
        named.is_known = !named.users.is_empty() || named.mailboxes.iter().any(|key| self.has(*key));
        named
    }

    fn has(&self, mailbox: Key) -> bool {
        self.mailbox_keys.contains(&mailbox) || self.sources.mailbox_names.text(mailbox).is_some()
    }
}

/// Every address of Exchange's own list of users.
fn mailboxes_by_address(frame: &DataFrame) -> Result<HashMap<Address, Vec<Key>>> {
    let mut found: HashMap<Address, Vec<Key>> = HashMap::new();
    if frame.width() == 0 {
        return Ok(found);
    }
    let keys: Vec<Option<Key>> = texts(frame, "mailbox_id")?.iter().map(|id| id.and_then(ids::key)).collect();
    for column in ["mail", "principal_name"] {
        for (key, address) in keys.iter().zip(addresses(frame, column)?.iter()) {
            if let (Some(key), Some(address)) = (key, address) {
                found.entry(address).or_default().push(*key);
            }
        }
    }
    let doing = || Error::engine("proxy addresses");
    let lists = frame.column(PROXIES).map_err(doing())?;
    if lists.null_count() < lists.len() {
        let lists = lists.list().map_err(doing())?;
        for (key, list) in keys.iter().zip(lists.amortized_iter()) {
            let (Some(key), Some(list)) = (key, list) else { continue };
            for address in list.as_ref().i128().map_err(doing())?.iter().flatten() {
                found.entry(address).or_default().push(*key);
            }
        }
    }
    Ok(found)
}
