//! Colleagues who leave: the disabled, and those whom the setting `leaving_colleagues` names (rule W8).

use std::collections::{BTreeMap, HashSet};

use crate::error::Result;
use crate::frames::typed_columns::{booleans, texts};
use crate::interactions::Context;
use crate::people::person_key;
use crate::sources::contract;
use crate::sources::values::email_addresses::CompanyDomains;
use crate::sources::values::ids;

/// Colleagues who leave, by number, with whether they are disabled.
pub struct Leaving(BTreeMap<u32, bool>);

impl Leaving {
    /// Whether nobody leaves.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a colleague leaves.
    pub fn contains(&self, user: u32) -> bool {
        self.0.contains_key(&user)
    }

    /// Whether a colleague who leaves is disabled.
    pub fn is_disabled(&self, user: u32) -> bool {
        self.0.get(&user) == Some(&true)
    }
}

/// Those of the lake who leave. Names that are nobody's say nothing.
pub fn of(context: &Context) -> Result<Leaving> {
    let directory = &context.people.directory;
    let domains = CompanyDomains::new(&context.settings.company_domains);
    let named = &context.settings.coverage.leaving_colleagues;
    let by_address = named.iter().filter_map(|name| domains.address(name));
    let by_address: HashSet<u32> =
        by_address.filter_map(|address| person_key::colleague_number(directory.by_address(address))).collect();
    let by_id: HashSet<String> = named.iter().map(|name| ids::canonical(name)).collect();
    let users = &context.sources.records[contract::SYSTEMUSER.name];
    let rows = texts(users, "systemuserid")?.iter().zip(booleans(users, "isdisabled")?.iter());
    let leaving = rows.filter_map(|(id, disabled)| {
        let number = *directory.colleague_numbers.get(id?)?;
        let is_named = by_address.contains(&number) || by_id.contains(id?);
        (disabled == Some(true) || is_named).then_some((number, disabled == Some(true)))
    });
    Ok(Leaving(leaving.collect()))
}
