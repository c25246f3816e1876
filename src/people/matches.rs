//! Which entries of the administrator's lists name somebody whom the lake has.

use std::collections::HashSet;

use super::erasures::{self, ADDRESS, Erased, PEOPLE_TABLES, PeopleTable};
use super::groups::GroupMembers;
use super::principals::Principals;
use crate::error::{Error, Result};
use crate::frames::keys::{Address, Key};
use crate::frames::typed_columns::{addresses, texts};
use crate::people::carried::carried;
use crate::sources::columns::{SENDER, WHO};
use crate::sources::values::email_addresses::{ADDRESS_BITS, CompanyDomains};
use crate::sources::values::ids;
use crate::sources::{RECIPIENTS, SmallTables, Sources, contract};

/// Entries of a list, and those that name nobody whom the lake has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entries {
    /// Rows.
    pub all: usize,
    /// Rows that name nobody.
    pub nobody: usize,
}

/// The same of each list. Of erasures those under a kind of records and those under other kinds are apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Matches {
    /// Whose mailboxes are left alone (C1, C2).
    pub opt_outs: Entries,
    /// Who appears in no result (C4).
    pub erasures: Entries,
    /// Of the erasures that name nobody, those of addresses.
    pub nobodys_addresses: usize,
    /// Erasures of a kind that there is not.
    pub unknown_kinds: usize,
    /// Further addresses of people.
    pub aliases: Entries,
    /// Who belongs to which group.
    pub group_members: Entries,
}

impl Matches {
    /// Erasures, those of unknown kinds among those that name nobody.
    pub fn erasures_of_somebody(&self) -> Entries {
        Entries { nobody: self.erasures.nobody + self.unknown_kinds, ..self.erasures }
    }
}

/// Compares the lists with the lake.
///
/// # Errors
/// Only what the engine runs into.
pub fn of(sources: &Sources, domains: &CompanyDomains) -> Result<Matches> {
    let records = &sources.records;
    let (principals, groups) = (Principals::of(sources, domains)?, GroupMembers::of(records)?);
    let is_known = |principal: Option<&str>| {
        let everyone = principal.map(|principal| groups.everyone(principal)).unwrap_or_default();
        everyone.into_iter().any(|principal| principals.named(principal).is_known)
    };
    let count = |table: &str| -> Result<Entries> {
        let column = texts(&records[table], "principal")?;
        let nobody = column.iter().filter(|principal| !is_known(*principal)).count();
        Ok(Entries { all: column.len(), nobody })
    };
    let mut matches = Matches {
        opt_outs: count(contract::OPT_OUTS.name)?,
        group_members: count(contract::GROUP_MEMBERS.name)?,
        aliases: aliases(records, domains)?,
        ..Matches::default()
    };
    erasures_of(sources, domains, &mut matches)?;
    Ok(matches)
}

/// Aliases without an address that can be read, or of nobody whom the lake has.
fn aliases(records: &SmallTables, domains: &CompanyDomains) -> Result<Entries> {
    let all = records[contract::ALIASES.name].height();
    if all == 0 {
        return Ok(Entries::default());
    }
    let users: HashSet<&str> = texts(&records[contract::SYSTEMUSER.name], "systemuserid")?.iter().flatten().collect();
    let contacts: HashSet<&str> = texts(&records[contract::CONTACT.name], "contactid")?.iter().flatten().collect();
    let known = erasures::aliases(records, domains)?
        .iter()
        .filter(|alias| {
            let is =
                |id: &Option<String>, known: &HashSet<&str>| id.as_ref().is_some_and(|id| known.contains(id.as_str()));
            is(&alias.user, &users) || is(&alias.contact, &contacts)
        })
        .count();
    Ok(Entries { all, nobody: all - known })
}

fn erasures_of(sources: &Sources, domains: &CompanyDomains, matches: &mut Matches) -> Result<()> {
    let frame = &sources.records[contract::ERASURES.name];
    if frame.height() == 0 {
        return Ok(());
    }
    let mut carriers: Vec<(&str, HashSet<&str>)> = Vec::new();
    for PeopleTable { table, id, .. } in PEOPLE_TABLES {
        carriers.push((table, texts(&sources.records[table], id)?.iter().flatten().collect()));
    }
    let mut pending: Vec<Address> = Vec::new();
    for (kind, principal) in texts(frame, "kind")?.iter().zip(texts(frame, "principal")?.iter()) {
        let (kind, principal) = (kind.unwrap_or_default().trim().to_lowercase(), principal.unwrap_or_default());
        matches.erasures.all += 1;
        let carrier = carriers.iter().find(|(table, _)| *table == kind);
        if carrier.is_none() && kind != ADDRESS {
            matches.unknown_kinds += 1;
        }
        if carrier.is_some_and(|(_, ids)| ids.contains(ids::canonical(principal).as_str())) {
            continue;
        }
        match domains.address(principal).filter(|_| kind == ADDRESS) {
            Some(address) => pending.push(address),
            None => {
                matches.erasures.nobody += usize::from(carrier.is_some() || kind == ADDRESS);
                matches.nobodys_addresses += usize::from(kind == ADDRESS);
            }
        }
    }
    let found = met(sources, domains, &pending.iter().copied().collect())?;
    let nobodys = pending.iter().filter(|address| !found.contains(*address)).count();
    matches.erasures.nobody += nobodys;
    matches.nobodys_addresses += nobodys;
    Ok(())
}

/// Those of the addresses that stand anywhere in the lake, on records or in what people did.
fn met(sources: &Sources, domains: &CompanyDomains, wanted: &HashSet<Address>) -> Result<HashSet<Address>> {
    let mut found = HashSet::new();
    if wanted.is_empty() {
        return Ok(found);
    }
    let mut meet = |address: Address| {
        if wanted.contains(&address) {
            found.insert(address);
        }
    };
    erasures::addresses_of_people(&sources.records, domains)?.iter().for_each(|(_, address)| meet(*address));
    for PeopleTable { table, addresses, .. } in PEOPLE_TABLES {
        let Some(deleted) = sources.deleted.get(table).filter(|deleted| deleted.width() > 0) else { continue };
        carried(deleted, addresses)?.into_iter().for_each(|one| meet(one.address));
    }
    each_address(sources, &mut |addresses| addresses.for_each(&mut meet))?;
    Ok(found)
}

/// Hands on the addresses of all participants, those of one row or column at a time.
fn each_address(sources: &Sources, hand_on: &mut dyn FnMut(&mut dyn Iterator<Item = Address>)) -> Result<()> {
    let activities = &sources.activities;
    for (frame, column) in [(&activities.parties, WHO), (&activities.messages, SENDER), (&activities.events, SENDER)] {
        if frame.width() > 0 {
            hand_on(&mut addresses(frame, column)?.iter().flatten());
        }
    }
    for (frame, column) in [(&activities.messages, RECIPIENTS), (&activities.events, WHO)] {
        if frame.width() > 0 {
            let lists = frame.column(column).and_then(|lists| Ok(lists.list()?.get_inner().i128()?.clone()));
            let lists = lists.map_err(Error::engine("participants"))?;
            hand_on(&mut lists.iter().flatten().map(|address| address & ADDRESS_BITS));
        }
    }
    Ok(())
}

/// Rows of people who take part in what others did, as far as they are erased: activities' parties, copies of
/// messages, and copies of events.
pub(super) fn parts_of(sources: &Sources, erased: &Erased) -> Result<[usize; 3]> {
    let activities = &sources.activities;
    let ids: HashSet<Key> = erased.ids.iter().filter_map(|id| ids::key(id)).collect();
    let is_erased = |address: Address| erased.addresses.contains(&(address & ADDRESS_BITS));
    let mut counts = [0; 3];
    if activities.parties.width() > 0 {
        let (people, addresses) =
            (crate::frames::typed_columns::keys(&activities.parties, "party")?, addresses(&activities.parties, WHO)?);
        let rows = people.iter().zip(addresses.iter());
        counts[0] = rows
            .filter(|(party, address)| {
                party.is_some_and(|party| ids.contains(&party)) || address.is_some_and(is_erased)
            })
            .count();
    }
    for (count, (frame, column)) in
        counts[1..].iter_mut().zip([(&activities.messages, RECIPIENTS), (&activities.events, WHO)])
    {
        if frame.width() == 0 {
            continue;
        }
        let doing = || Error::engine("participants");
        let lists = frame.column(column).and_then(|lists| lists.list().cloned()).map_err(doing())?;
        for (sender, list) in addresses(frame, SENDER)?.iter().zip(lists.amortized_iter()) {
            let others = match &list {
                Some(list) => list.as_ref().i128().map_err(doing())?.iter().flatten().any(is_erased),
                None => false,
            };
            *count += usize::from(others || sender.is_some_and(is_erased));
        }
    }
    Ok(counts)
}
