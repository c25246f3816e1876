//! Addresses that somebody typed into one field beside another: `anna@acme.example; anna.berg@home.example`.

use std::collections::HashSet;

use polars::prelude::*;

use crate::frames::keys::{Address, KEY, KeyType};
use crate::sources::values::address_lists::{entries, is_address};
use crate::sources::values::email_addresses::CompanyDomains;

/// The name of the column that holds what [`further_column`] finds in `column`.
pub fn further_of(column: &str) -> String {
    format!("{column}_further")
}

/// Of `column`, of address text, the addresses of each text beside the one that [`CompanyDomains::address`] finds, as
/// lists of hashed addresses. Null where there are none.
pub fn further_column(domains: &CompanyDomains, column: Expr) -> Expr {
    let domains = domains.clone();
    let dtype = DataType::List(Box::new(KEY));
    column.map(
        move |c| {
            let texts = c.str()?;
            let mut lists = ListPrimitiveChunkedBuilder::<KeyType>::new(c.name().clone(), texts.len(), 0, KEY);
            for text in texts.iter() {
                match text.map(|text| further(&domains, text)).filter(|found| !found.is_empty()) {
                    Some(found) => lists.append_slice(&found),
                    None => lists.append_null(),
                }
            }
            Ok(lists.finish().into_column())
        },
        move |_, field| Ok(Field::new(field.name().clone(), dtype.clone())),
    )
}

fn further(domains: &CompanyDomains, text: &str) -> Vec<Address> {
    if text.bytes().filter(|byte| *byte == b'@').count() < 2 {
        return Vec::new();
    }
    let entries = entries(text).into_iter().filter(|entry| is_address(entry));
    let mut found: Vec<Address> = entries.filter_map(|entry| domains.address(&entry)).collect();
    let first = domains.address(text);
    let mut seen = HashSet::new();
    found.retain(|address| Some(*address) != first && seen.insert(*address));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_of_a_field_counts_once() {
        let domains = CompanyDomains::new(&["nw.example".to_string()]);
        let address = |text: &str| domains.address(text).expect("an address");
        let anna = ["anna@acme.example", "anna.berg@home.example"];
        for text in [
            "anna@acme.example; anna.berg@home.example",
            "anna@acme.example,anna.berg@home.example",
            "anna@acme.example / anna.berg@home.example",
            "anna@acme.example|Anna.Berg@HOME.example",
            "anna@acme.example anna.berg@home.example",
            "Anna <anna@acme.example>; \"Berg, Anna\" <anna.berg@home.example>; anna@acme.example",
            "anna@acme.example\r\nanna.berg@home.example",
        ] {
            let first = address(text);
            let found: HashSet<Address> = further(&domains, text).into_iter().chain([first]).collect();
            assert_eq!(found, anna.map(address).into(), "{text}");
            assert_eq!(further(&domains, text).len(), 1, "{text}");
        }
        for text in [
            "anna@acme.example",
            "\"anna@acme.example\" <anna@acme.example>",
            "anna@acme.example (anna@acme.example)",
            "mailto:anna@acme.example?cc=bo@acme.example",
            "\"anna; bo\"@acme.example",
            "anna@acme.example; see @anna",
        ] {
            assert!(further(&domains, text).is_empty(), "{text}");
        }
    }
}
