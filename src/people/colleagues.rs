//! Addresses of colleagues: their own, their aliases, and those that Exchange keeps for them (rules P1, P2).

use std::collections::HashMap;

use crate::error::{Error, Result};
use crate::frames::keys::Address;
use crate::frames::typed_columns::{addresses, booleans, texts};
use crate::people::carried::with_ids;
use crate::sources::{PROXIES, SmallTables, contract};

/// An address of a colleague. Of several holders the enabled come first, then those whose own it is, then by id.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HeldAddress<'a> {
    /// The address.
    pub address: Address,
    is_disabled: bool,
    /// An alias, or one that Exchange keeps.
    is_further: bool,
    /// The colleague's id.
    pub holder: &'a str,
}

/// A further address that the administrator lists for a colleague or a contact (table `aliases`).
pub struct Alias {
    /// The address.
    pub address: Address,
    /// The colleague's id.
    pub user: Option<String>,
    /// The contact's id.
    pub contact: Option<String>,
}

/// Every address that a colleague has of their own or as an alias.
pub fn held<'a>(records: &'a SmallTables, aliases: &'a [Alias]) -> Result<Vec<HeldAddress<'a>>> {
    let users = &records[contract::SYSTEMUSER.name];
    let disabled = disabled(records)?;
    let mut held = Vec::new();
    let own = with_ids(users, "systemuserid", &contract::COLLEAGUE_ADDRESSES)?;
    held.extend(own.into_iter().map(|(id, address)| HeldAddress {
        address,
        is_disabled: disabled[id],
        is_further: false,
        holder: id,
    }));
    let of_users = aliases.iter().filter_map(|alias| Some((alias.user.as_ref()?, alias.address)));
    held.extend(further(&disabled, of_users));
    Ok(held)
}

/// Further addresses of colleagues, without those of ids that no colleague has.
pub fn further<'a>(
    disabled: &HashMap<&'a str, bool>,
    pairs: impl Iterator<Item = (&'a String, Address)>,
) -> Vec<HeldAddress<'a>> {
    let known = pairs.filter_map(|(id, address)| {
        let (&holder, &is_disabled) = disabled.get_key_value(id.as_str())?;
        Some(HeldAddress { address, is_disabled, is_further: true, holder })
    });
    known.collect()
}

/// Whether each colleague is disabled.
pub fn disabled(records: &SmallTables) -> Result<HashMap<&str, bool>> {
    let users = &records[contract::SYSTEMUSER.name];
    let rows = texts(users, "systemuserid")?.iter().zip(booleans(users, "isdisabled")?.iter());
    Ok(rows.filter_map(|(id, disabled)| Some((id?, disabled == Some(true)))).collect())
}

/// Who comes first of those that hold each address.
pub fn preferred(mut held: Vec<HeldAddress<'_>>) -> Vec<HeldAddress<'_>> {
    held.sort_unstable();
    held.dedup_by_key(|held| held.address);
    held
}

/// Addresses that Exchange keeps for colleagues, in `users.proxyAddresses`: colleague and address. The user
/// of a mailbox is found as rule C2 says.
pub fn proxies(records: &SmallTables, aliases: &[Alias]) -> Result<Vec<(String, Address)>> {
    let mailboxes = &records[contract::USERS.name];
    let Ok(lists) = mailboxes.column(PROXIES) else { return Ok(Vec::new()) };
    if lists.null_count() == lists.len() {
        return Ok(Vec::new());
    }
    let users = &records[contract::SYSTEMUSER.name];
    let rows = texts(users, "azureactivedirectoryobjectid")?.iter().zip(texts(users, "systemuserid")?.iter());
    let by_mailbox: HashMap<&str, &str> = rows.filter_map(|(mailbox, user)| Some((mailbox?, user?))).collect();
    let by_address: HashMap<Address, &str> =
        preferred(held(records, aliases)?).into_iter().map(|held| (held.address, held.holder)).collect();
    let (ids, mail, principal) =
        (texts(mailboxes, "mailbox_id")?, addresses(mailboxes, "mail")?, addresses(mailboxes, "principal_name")?);
    let doing = || Error::engine("proxy addresses");
    let lists = lists.list().map_err(doing())?;
    let mut proxies = Vec::new();
    for (row, list) in lists.amortized_iter().enumerate() {
        let by_id = ids.get(row).and_then(|id| by_mailbox.get(id));
        let by_mail = || [mail.get(row), principal.get(row)].into_iter().flatten().find_map(|a| by_address.get(&a));
        let (Some(list), Some(user)) = (list, by_id.or_else(by_mail)) else { continue };
        let list = list.as_ref().i128().map_err(doing())?;
        proxies.extend(list.iter().flatten().map(|address| (user.to_string(), address)));
    }
    Ok(proxies)
}
