//! Short lists of records by number, for kernels: accounts of contacts, leads of groups, people of interest.

use crate::error::Result;
use crate::frames::Grouped;
use crate::people::{People, RecordType};

/// The accounts of each contact: the one it belongs to, and those whose primary contact it is.
pub fn accounts_of_contacts(people: &People) -> Lists {
    let records = &people.records;
    let (contacts, accounts) = (records.range(RecordType::Contact), records.range(RecordType::Account));
    let of_accounts = |(person, record): &&(u32, u32)| contacts.contains(person) && accounts.contains(record);
    Lists::of(people.interest.customers.iter().filter(of_accounts).copied().collect())
}

/// The leads of each group of records that one person is.
pub fn leads_of_groups(people: &People) -> Result<Lists> {
    let leads = people.records.range(RecordType::Lead);
    let mut members = members(people)?;
    members.retain(|(_, record)| leads.contains(record));
    Ok(Lists::of(members))
}

/// The records of each group of records that one person is.
pub fn members_of_groups(people: &People) -> Result<Lists> {
    Ok(Lists::of(members(people)?))
}

/// Number of the group, and record.
fn members(people: &People) -> Result<Vec<(u32, u32)>> {
    let groups = people.directory.group_members()?;
    let pairs = (0u32..).zip(&groups).flat_map(|(group, members)| members.iter().map(move |&record| (group, record)));
    Ok(pairs.collect())
}

/// The customer side's people of interest of each record (rules L1 to L5).
pub fn people_of_records(people: &People) -> Lists {
    Lists::of(people.interest.customers.iter().map(|&(person, record)| (record, person)).collect())
}

/// Lists of numbers under numbers.
pub struct Lists(Grouped<u32>);

impl Lists {
    fn of(mut pairs: Vec<(u32, u32)>) -> Lists {
        pairs.sort_unstable();
        pairs.dedup();
        let keys = pairs.last().map_or(0, |(last, _)| *last as usize + 1);
        Lists(Grouped::new(keys, pairs.iter().copied()))
    }

    /// The list under a number, in order, nothing twice.
    pub fn under(&self, key: u32) -> &[u32] {
        if (key as usize) < self.0.count() { self.0.of(key) } else { &[] }
    }
}
