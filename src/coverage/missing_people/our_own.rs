//! Addresses outside of the company's domains that are our own people's all the same (rule W6).

use std::collections::{HashMap, HashSet};

use super::domains::{DomainKind, Domains};
use crate::error::{Error, Result};
use crate::frames::typed_columns::{addresses, texts};
use crate::sources::values::email_addresses::KEPT_BITS;
use crate::sources::{ADDRESS_TEXT, PRINCIPAL_TEXT, PROXIES, Sources, contract};

/// From how many colleagues on a domain in which they have addresses is the company's, though no setting says so.
const COLLEAGUES: usize = 2;
/// The domain of every organisation in Microsoft 365 that has no other.
const TENANTS: &str = ".onmicrosoft.com";

/// What tells that an address is one of our own people's.
pub struct OurOwn {
    /// Kept bits of the addresses of mailboxes, those of users who are no `systemuser` too.
    mailboxes: HashSet<u64>,
    /// Domains in which colleagues have addresses.
    domains: HashSet<String>,
    /// Local parts of colleagues' addresses.
    locals: HashSet<String>,
}

impl OurOwn {
    /// As the lake's users and colleagues say. What Exchange keeps of mailboxes counts with `consent` (rule C1).
    pub fn of(sources: &Sources, domains: &Domains, consent: bool) -> Result<OurOwn> {
        let users = &sources.records[contract::SYSTEMUSER.name];
        let (mut locals, mut by_domain) = (HashSet::new(), HashMap::<&str, HashSet<usize>>::new());
        for column in [ADDRESS_TEXT, PRINCIPAL_TEXT] {
            for (row, address) in texts(users, column)?.iter().enumerate() {
                let Some((local, domain)) = address.and_then(|address| address.rsplit_once('@')) else { continue };
                locals.extend(is_telling(local).then(|| local.to_string()));
                by_domain.entry(domain).or_default().insert(row);
            }
        }
        let is_ours = |(domain, of): &(&str, HashSet<usize>)| {
            domain.ends_with(TENANTS) || of.len() >= COLLEAGUES && domains.kind(domain) == DomainKind::Other
        };
        let domains = by_domain.into_iter().filter(is_ours).map(|(domain, _)| domain.to_string()).collect();
        let mailboxes = if consent { mailboxes(sources)? } else { HashSet::new() };
        Ok(OurOwn { mailboxes, domains, locals })
    }

    /// Whether an address is one of our own people's: it is a mailbox's, lies in a domain of colleagues, or is what a
    /// colleague calls themselves, at a provider that gives addresses to everybody.
    pub fn is_ours(&self, bits: u64, local: &str, domain: &str, kind: DomainKind) -> bool {
        self.mailboxes.contains(&bits)
            || self.domains.contains(domain)
            || kind == DomainKind::FreeMail && self.locals.contains(local)
    }
}

/// Whether two addresses with this local part are probably one person's: it has two parts, a number or eight letters.
pub fn is_telling(local: &str) -> bool {
    let parts = local.split(['.', '_', '-']).filter(|part| part.len() > 1).count();
    parts > 1 || local.len() >= 8 || (local.len() > 4 && local.bytes().any(|byte| byte.is_ascii_digit()))
}

/// Kept bits of all addresses of mailboxes.
fn mailboxes(sources: &Sources) -> Result<HashSet<u64>> {
    let (frame, mut found) = (&sources.mailboxes, HashSet::new());
    if frame.width() == 0 {
        return Ok(found);
    }
    for column in ["mail", "principal_name"] {
        found.extend(addresses(frame, column)?.iter().flatten().map(|address| address as u64 & KEPT_BITS));
    }
    let doing = || Error::engine("addresses of mailboxes");
    let lists = frame.column(PROXIES).map_err(doing())?;
    if lists.null_count() < lists.len() {
        for list in lists.list().map_err(doing())?.amortized_iter().flatten() {
            let list = list.as_ref().i128().map_err(doing())?;
            found.extend(list.iter().flatten().map(|address| address as u64 & KEPT_BITS));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_telling_local_parts_tell_who_somebody_is() {
        assert!(["anna.berg", "a.berg.12", "rberg484", "annaberg", "anna_berg"].iter().all(|local| is_telling(local)));
        assert!(!["anna", "info", "a.b", "x1", "office"].iter().any(|local| is_telling(local)));
    }
}
