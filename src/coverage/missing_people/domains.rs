//! To which account a mail domain belongs, and which domains give an address to everybody (rule W6).

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::error::Result;
use crate::frames::typed_columns::texts;
use crate::interactions::Context;
use crate::people::RecordType;
use crate::people::carried::by_row;
use crate::sources::contract;
use crate::sources::values::email_addresses::KEPT_BITS;

/// Providers that give addresses to everybody, by the first label of their domain; `hotmail.fr` is one as well.
const PROVIDERS: &str = "\
    126 163 aim alice aol arcor att bellsouth bluewin bol btinternet caramail centrum charter comcast cox daum earthlink \
    email fastmail foxmail free freenet gmail gmx googlemail hanmail hey home hotmail hushmail icloud inbox interia \
    juno laposte libero live mac mail mailbox me msn naver neuf netscape ntlworld o2 onet op optonline orange outlook \
    posteo proton protonmail qq rambler rediffmail rocketmail sbcglobal seznam sfr sina sky skynet spray swissonline \
    sympatico t-online talktalk telenet telia terra tiscali tutanota uol verizon virgilio virgin virginmedia \
    voila wanadoo web wp yahoo yandex yeah ymail zoho";
/// What stands between a name and the country in domains of some countries, such as `yahoo.co.uk`.
const SECOND_LEVELS: [&str; 6] = ["co", "com", "ne", "net", "or", "org"];
/// A domain that belongs to no account counts as one of a provider when so many contacts have an address in it.
const SEVERAL: usize = 3;

/// What kind of domain an address is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DomainKind {
    /// That of a known account.
    Account(u32),
    /// Everybody can have an address in it.
    FreeMail,
    /// Of a company or person nobody knows.
    Other,
}

/// The domains of a lake's people.
pub struct Domains {
    of_accounts: HashMap<String, u32>,
    shared: HashSet<String>,
}

/// How many of a domain's contacts belong to each account, and to none.
#[derive(Default)]
struct Votes {
    accounts: BTreeMap<u32, usize>,
    without: usize,
}

impl Domains {
    /// By websites of accounts and addresses of contacts, as of the date.
    pub fn of(context: &Context) -> Result<Domains> {
        let records = &context.people.records;
        let account_ids = texts(&records.table, "account_id")?;
        let frame = &context.sources.records[contract::CONTACT.name];
        let rows = by_row(frame, &contract::CUSTOMER_ADDRESSES)?;
        let mut votes: HashMap<String, Votes> = HashMap::new();
        for contact in records.range(RecordType::Contact) {
            let id = account_ids.get(contact as usize);
            let account = id.and_then(|id| records.number(RecordType::Account, id));
            let own = rows[records.rows[contact as usize]].iter();
            let own = own.filter_map(|address| context.sources.seen_domains.address(*address as u64 & KEPT_BITS));
            let mut domains: Vec<String> =
                own.filter_map(|address| Some(address.rsplit_once('@')?.1.to_string())).collect();
            domains.sort_unstable();
            domains.dedup();
            for domain in domains {
                let votes = votes.entry(domain).or_default();
                match account {
                    Some(account) => *votes.accounts.entry(account).or_default() += 1,
                    None => votes.without += 1,
                }
            }
        }
        let mut of_accounts: HashMap<String, u32> = HashMap::new();
        let websites = texts(&context.sources.records[contract::ACCOUNT.name], "websiteurl")?;
        for account in records.range(RecordType::Account) {
            let host = websites.get(records.rows[account as usize]).and_then(host);
            let Some(host) = host.filter(|host| !is_provider(host)) else { continue };
            let known = |account: &u32| votes.get(&host).and_then(|votes| votes.accounts.get(account)).copied();
            // Of several accounts with one website the one with most contacts there, then the smallest id.
            let better = of_accounts.get(&host).is_none_or(|other| known(&account) > known(other));
            if better {
                of_accounts.insert(host, account);
            }
        }
        let mut shared = HashSet::new();
        for (domain, votes) in votes {
            let with: usize = votes.accounts.values().sum();
            let most = votes.accounts.iter().max_by_key(|(account, count)| (**count, std::cmp::Reverse(**account)));
            match most {
                // Half of all who are there, and of those who belong to an account.
                Some((&account, &count)) if 2 * count >= with + votes.without && !is_provider(&domain) => {
                    of_accounts.entry(domain).or_insert(account);
                }
                _ if votes.without + with >= SEVERAL && !of_accounts.contains_key(&domain) => {
                    shared.insert(domain);
                }
                _ => {}
            }
        }
        Ok(Domains { of_accounts, shared })
    }

    /// What kind a domain is; a subdomain of an account's is the account's.
    pub fn kind(&self, domain: &str) -> DomainKind {
        if is_provider(domain) || self.shared.contains(domain) {
            return DomainKind::FreeMail;
        }
        let mut part = domain;
        loop {
            if let Some(&account) = self.of_accounts.get(part) {
                return DomainKind::Account(account);
            }
            match part.split_once('.') {
                Some((_, rest)) if rest.contains('.') => part = rest,
                _ => return DomainKind::Other,
            }
        }
    }
}

/// Whether a domain is that of a provider which gives addresses to everybody.
pub fn is_provider(domain: &str) -> bool {
    let labels: Vec<&str> = domain.split('.').collect();
    let first = match labels[..] {
        [first, _] => first,
        [first, second, _] if SECOND_LEVELS.contains(&second) => first,
        _ => return false,
    };
    PROVIDERS.split(' ').any(|provider| provider == first)
}

/// The host of a website, without `www.`.
fn host(website: &str) -> Option<String> {
    let website = website.trim().to_lowercase();
    let rest = website.split_once("://").map_or(website.as_str(), |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':']).next()?;
    let host = host.strip_prefix("www.").unwrap_or(host).trim_end_matches('.');
    (host.contains('.') && !host.contains([' ', '@'])).then(|| host.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_are_known_in_every_country_and_hosts_without_their_trimmings() {
        assert!(["gmail.com", "hotmail.fr", "yahoo.co.uk", "web.de"].iter().all(|domain| is_provider(domain)));
        assert!(!["kund.example", "mail.acme.example", "freely.example"].iter().any(|domain| is_provider(domain)));
        let hosts = ["https://www.Acme.example/about", "acme.example", "http://acme.example:8080", "call us"].map(host);
        let acme = Some("acme.example".to_string());
        assert_eq!(hosts, [acme.clone(), acme.clone(), acme, None]);
    }

    #[test]
    fn a_subdomain_belongs_to_its_account_and_a_shared_domain_to_none() {
        let domains = Domains {
            of_accounts: HashMap::from([("acme.example".to_string(), 3)]),
            shared: HashSet::from(["mailbox.example".to_string()]),
        };
        let kinds = ["eu.mail.acme.example", "acme.example", "notacme.example", "mailbox.example"];
        use DomainKind::{Account, FreeMail, Other};
        assert_eq!(kinds.map(|domain| domains.kind(domain)), [Account(3), Account(3), Other, FreeMail]);
    }
}
