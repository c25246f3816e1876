//! Records that come to be within a period, and everybody whom that concerns: what is theirs differs from day to day.

use std::collections::{HashMap, HashSet};

use polars::prelude::*;

use crate::config::Settings;
use crate::error::Result;
use crate::frames::keys::{Address, Key, KeySet, Keys};
use crate::frames::typed_columns::{instants, texts};
use crate::people::carried::with_ids;
use crate::people::{aliases, merged};
use crate::sources::values::email_addresses::{ADDRESS_BITS, CompanyDomains};
use crate::sources::values::ids;
use crate::sources::{Sources, contract};

const ACCOUNTS: (&str, &str) = (contract::ACCOUNT.name, "accountid");
const CONTACTS: (&str, &str) = (contract::CONTACT.name, "contactid");
const LEADS: (&str, &str) = (contract::LEAD.name, "leadid");
const DEALS: (&str, &str) = (contract::OPPORTUNITY.name, "opportunityid");

/// What points at records that are somebody else, or not there yet, on some day of a period.
pub struct News {
    /// Their addresses.
    pub addresses: KeySet,
    /// Join keys of them, and of records that share an address with one.
    pub keys: KeySet,
}

impl News {
    /// Of the days whose ends lie from one instant to another.
    pub fn between(sources: &Sources, settings: &Settings, from: i64, until: i64) -> Result<News> {
        let changed = changed(sources, from, until)?;
        let mut found = News { addresses: KeySet::default(), keys: keys(changed.iter().map(String::as_str)) };
        if changed.is_empty() {
            return Ok(found);
        }
        let domains = CompanyDomains::new(&settings.company_domains);
        for alias in aliases(&sources.records, &domains)? {
            if alias.contact.is_some_and(|contact| changed.contains(&contact)) {
                found.addresses.insert(alias.address & ADDRESS_BITS);
            }
        }
        for (table, id) in [CONTACTS, LEADS] {
            let frame = &sources.records[table];
            let carried =
                with_ids(frame, id, &contract::CUSTOMER_ADDRESSES)?.into_iter().filter(|(id, _)| changed.contains(*id));
            found.addresses.extend(carried.map(|(_, address)| address & ADDRESS_BITS));
        }
        found.add_sharing(sources)?;
        Ok(found)
    }

    /// Adds the keys of records that share an address: a party that carries none has that of its record, and of a
    /// merged one that of its master.
    fn add_sharing(&mut self, sources: &Sources) -> Result<()> {
        for (table, id) in [CONTACTS, LEADS] {
            let frame = &sources.records[table];
            let carried = with_ids(frame, id, &contract::CUSTOMER_ADDRESSES)?
                .into_iter()
                .filter(|(_, address)| self.has_address(*address));
            let mut sharing: HashSet<String> = carried.map(|(id, _)| id.to_string()).collect();
            add_merged(&mut sharing, &merged::pairs(frame, id)?);
            self.keys.extend(keys(sharing.iter().map(String::as_str)));
        }
        Ok(())
    }

    /// Whether a key points at such a record.
    pub fn has_key(&self, key: Option<Key>) -> bool {
        key.is_some_and(|key| self.keys.contains(&key))
    }

    /// Whether an address, with or without the role of a recipient, is one of theirs.
    pub fn has_address(&self, address: Address) -> bool {
        self.addresses.contains(&(address & ADDRESS_BITS))
    }

    /// By row, whether one of the addresses of a list is one of theirs.
    pub fn among(&self, lists: &Column) -> PolarsResult<Vec<bool>> {
        let lists = lists.list()?.rechunk();
        let inner = lists.get_inner();
        let addresses: Keys = inner.i128()?.rechunk().into_owned();
        let is_theirs = |at: i64| addresses.get(at as usize).is_some_and(|address| self.has_address(address));
        let bounds = lists.downcast_as_array().offsets().as_slice().windows(2);
        Ok(bounds.map(|bounds| (bounds[0]..bounds[1]).any(is_theirs)).collect())
    }
}

fn keys<'a>(ids: impl Iterator<Item = &'a str>) -> KeySet {
    ids.filter_map(ids::key).collect()
}

/// Ids of records that come to be in the period, of all that are merged with one of them, and of people who are of
/// interest to a deal only since then: primary contacts of accounts that come to be or change, and people of accounts
/// that change.
fn changed(sources: &Sources, from: i64, until: i64) -> Result<HashSet<String>> {
    let mut changed = HashSet::new();
    for (table, id) in [ACCOUNTS, CONTACTS, LEADS, DEALS] {
        let frame = &sources.records[table];
        let rows = texts(frame, id)?.iter().zip(instants(frame, "createdon")?.iter());
        let is_new = |created: Option<i64>| created.is_some_and(|created| created >= from && created < until);
        let mut new: HashSet<String> =
            rows.filter(|(_, created)| is_new(*created)).filter_map(|(id, _)| id.map(str::to_string)).collect();
        let count = new.len();
        if (table, id) != DEALS && count > 0 {
            add_merged(&mut new, &merged::pairs(frame, id)?);
        }
        let is_merged = new.len() > count;
        changed.extend(new);
        if (table, id) == ACCOUNTS && is_merged {
            let contacts = &sources.records[CONTACTS.0];
            let rows = texts(contacts, CONTACTS.1)?.iter().zip(texts(contacts, "parentcustomerid")?.iter());
            let theirs = rows.filter(|(_, parent)| parent.is_some_and(|parent| changed.contains(parent)));
            let theirs: Vec<String> = theirs.filter_map(|(id, _)| id.map(str::to_string)).collect();
            changed.extend(theirs);
        }
        if (table, id) == ACCOUNTS {
            let rows = texts(frame, id)?.iter().zip(texts(frame, "primarycontactid")?.iter());
            let primary = rows.filter(|(id, _)| id.is_some_and(|id| changed.contains(id)));
            let primary: Vec<String> = primary.filter_map(|(_, contact)| contact.map(str::to_string)).collect();
            changed.extend(primary);
        }
    }
    // Whoever is of interest is so by every record that was merged into theirs.
    let contacts = &sources.records[CONTACTS.0];
    add_merged(&mut changed, &merged::pairs(contacts, CONTACTS.1)?);
    Ok(changed)
}

/// Adds all that are merged with one of the records, over any number of steps.
fn add_merged(records: &mut HashSet<String>, pairs: &[(String, String)]) {
    let mut same: HashMap<&str, Vec<&str>> = HashMap::new();
    for (one, other) in pairs {
        same.entry(one).or_default().push(other);
        same.entry(other).or_default().push(one);
    }
    let mut open: Vec<&str> = same.keys().copied().filter(|id| records.contains(*id)).collect();
    while let Some(id) = open.pop() {
        let others = same.get(id).into_iter().flatten();
        open.extend(others.filter(|other| records.insert(other.to_string())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frames::keys::ALIKE;

    #[test]
    fn all_bits_of_a_key_decide() {
        let news = News { addresses: KeySet::default(), keys: KeySet::from_iter([ALIKE[1]]) };
        assert_eq!(ALIKE.map(|key| news.has_key(Some(key))), [false, true, false]);
        assert!(!news.has_key(None));
    }

    #[test]
    fn whatever_is_merged_with_a_record_belongs_to_it() {
        let pair = |one: &str, other: &str| (one.to_string(), other.to_string());
        let pairs = [pair("a", "b"), pair("c", "b"), pair("d", "c"), pair("x", "y")];
        let mut records = HashSet::from(["a".to_string(), "z".to_string()]);
        add_merged(&mut records, &pairs);
        let mut records: Vec<_> = records.into_iter().collect();
        records.sort_unstable();
        assert_eq!(records, ["a", "b", "c", "d", "z"]);
    }
}
