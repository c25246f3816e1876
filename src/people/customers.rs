//! Addresses of contacts and leads, and who of several comes first (rule P3).

use std::cmp::Reverse;
use std::collections::HashMap;

use rayon::prelude::*;

use super::colleagues::Alias;
use super::records::Records;
use crate::error::Result;
use crate::frames::keys::{Address, KeyMap};
use crate::frames::typed_columns::{instants, integers};
use crate::people::RecordType;
use crate::people::carried::{Carried, carried, first_by_row};
use crate::sources::{Sources, contract};

/// The contacts of each address.
pub struct Contacts {
    /// The one that comes first.
    pub first: KeyMap<u32>,
    /// All, in order, where there are several.
    pub several: KeyMap<Vec<u32>>,
    /// The place of each contact, in the order of numbers, where addresses do not tell who comes first.
    pub places: Vec<u32>,
}

/// Which of several contacts comes first, field by field: the active one, then the oldest, of unknown age the last,
/// then the smallest number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct ContactOrder {
    is_inactive: bool,
    age: Reverse<Option<Reverse<i64>>>,
    number: u32,
}

/// A contact that has an address, in the order in which they are preferred for it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    address: Address,
    /// In which of the columns it stands; aliases come after all columns.
    level: usize,
    contact: ContactOrder,
}

/// The contacts of each address: by `emailaddress1` of all, then 2, then 3, then alias; of several
/// the active one, then the oldest, then the smallest id.
pub fn contacts(sources: &Sources, records: &Records, aliases: &[Alias]) -> Result<Contacts> {
    let frame = &sources.records[contract::CONTACT.name];
    let numbers = records.numbers_by_row(RecordType::Contact, frame.height());
    let (state, created) = (integers(frame, "statecode")?, instants(frame, "createdon")?);
    // Numbers follow ids, so the smallest number is the smallest id.
    let order = |number: u32| {
        let row = records.rows[number as usize];
        let is_inactive = state.get(row).is_some_and(|state| state != 0);
        ContactOrder { is_inactive, age: Reverse(created.get(row).map(Reverse)), number }
    };
    let mut candidates = Vec::new();
    for Carried { row, level, address } in carried(frame, &contract::CUSTOMER_ADDRESSES)? {
        candidates.extend(numbers[row].map(|number| Candidate { address, level, contact: order(number) }));
    }
    for &Alias { address, ref contact, .. } in aliases {
        let number = contact.as_deref().and_then(|id| records.number(RecordType::Contact, id));
        let level = contract::CUSTOMER_ADDRESSES.len();
        candidates.extend(number.map(|number| Candidate { address, level, contact: order(number) }));
    }
    candidates.sort_unstable();
    let range = records.range(RecordType::Contact);
    let mut in_order: Vec<ContactOrder> = range.clone().map(order).collect();
    in_order.par_sort_unstable();
    let mut places = vec![0; in_order.len()];
    for (contact, place) in in_order.into_iter().zip(0..) {
        places[(contact.number - range.start) as usize] = place;
    }
    let mut contacts = Contacts { first: KeyMap::default(), several: KeyMap::default(), places };
    for of_one in candidates.chunk_by(|a, b| a.address == b.address) {
        let Candidate { address, contact: ContactOrder { number: first, .. }, .. } = of_one[0];
        contacts.first.insert(address, first);
        if of_one.iter().any(|one| one.contact.number != first) {
            contacts.several.insert(address, of_one.iter().map(|one| one.contact.number).collect());
        }
    }
    Ok(contacts)
}

/// The leads of each address: all that have it in the first of the three columns where any has it.
pub fn leads(sources: &Sources, records: &Records) -> Result<Vec<(Address, Vec<u32>)>> {
    let frame = &sources.records[contract::LEAD.name];
    let numbers = records.numbers_by_row(RecordType::Lead, frame.height());
    let mut found: HashMap<Address, (usize, Vec<u32>)> = HashMap::new();
    for Carried { row, level, address } in carried(frame, &contract::CUSTOMER_ADDRESSES)? {
        let Some(number) = numbers[row] else { continue };
        let (first_level, leads) = found.entry(address).or_insert((level, Vec::new()));
        if *first_level == level {
            leads.push(number);
        }
    }
    let mut found: Vec<_> = found.into_iter().map(|(address, (_, leads))| (address, leads)).collect();
    found.sort_unstable();
    Ok(found)
}

/// The first address of each contact or lead, in the order of numbers: that of its own row, else of one that
/// was merged into it.
pub fn first_addresses(sources: &Sources, records: &Records, record_type: RecordType) -> Result<Vec<Option<Address>>> {
    let frame = &sources.records[record_type.name()];
    let rows = first_by_row(frame, &contract::CUSTOMER_ADDRESSES)?;
    let of_row = |row: usize| rows[row];
    let range = records.range(record_type);
    let first = range.start;
    let mut found: Vec<Option<Address>> = range.map(|record| of_row(records.rows[record as usize])).collect();
    for &(row, master) in records.merged(record_type) {
        let place = &mut found[(master - first) as usize];
        *place = place.or_else(|| of_row(row));
    }
    Ok(found)
}
