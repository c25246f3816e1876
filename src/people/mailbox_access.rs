//! Which mailboxes may be used, and from when not (rules C1, C2, C4).

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;
use polars::prelude::*;

use crate::config::Settings;
use crate::error::{Error, Result};
use crate::frames::keys::{Address, Key, KeyMap};
use crate::frames::typed_columns::{addresses, keys, texts};
use crate::people::directory::Directory;
use crate::people::erasures::Erased;
use crate::people::groups::GroupMembers;
use crate::people::person_key;
use crate::people::principals::Principals;
use crate::sources::drop_reason::{CODES, DropReason};
use crate::sources::values::email_addresses::CompanyDomains;
use crate::sources::values::ids;
use crate::sources::{Sources, contract};
use crate::time::AsOf;

/// What may be read of each mailbox.
pub struct Mailboxes {
    known: KeyMap<Permission>,
    unknown: Permission,
    consent: bool,
    /// The first instant after the day.
    cutoff: i64,
}

#[derive(Clone, Copy)]
struct Permission {
    /// Why nothing of the mailbox may be used.
    refused: Option<DropReason>,
    /// The instant from which its owner opted out.
    opted_out_from: Option<i64>,
}

/// What becomes of mailboxes that may be used.
pub const USED: &str = "used";

impl Mailboxes {
    /// How many of the known mailboxes are used, and how many are not, by the code of the reason.
    pub fn tally(&self) -> BTreeMap<&'static str, usize> {
        let mut tally = BTreeMap::from([(USED, 0)]);
        for permission in self.known.values().filter(|_| self.consent) {
            let opted_out = permission.opted_out_from.is_some_and(|from| from < self.cutoff);
            let refused = if opted_out { Some(DropReason::OptedOut) } else { permission.refused };
            *tally.entry(refused.map_or(USED, |reason| CODES[reason as usize])).or_default() += 1;
        }
        tally
    }

    /// Why an item of a mailbox at a time may not be used.
    pub(super) fn refusal(&self, mailbox: Option<Key>, occurred_at: Option<i64>) -> Option<DropReason> {
        if !self.consent {
            return Some(DropReason::NoConsent);
        }
        let permission = mailbox.and_then(|mailbox| self.known.get(&mailbox)).unwrap_or(&self.unknown);
        let opted_out = permission.opted_out_from.is_some_and(|from| occurred_at.is_none_or(|at| at >= from));
        if opted_out { Some(DropReason::OptedOut) } else { permission.refused }
    }

    /// The reason code of each item, null where it may be used.
    pub fn refusals(self: &Arc<Self>, mailbox: Expr, occurred_at: Expr) -> Expr {
        let mailboxes = self.clone();
        mailbox.map_many(
            move |columns| {
                let (owners, times) = (columns[0].i128()?, columns[1].datetime()?);
                let reasons: UInt8Chunked = owners
                    .iter()
                    .zip(times.phys.iter())
                    .map(|(mailbox, at)| mailboxes.refusal(mailbox, at).map(|reason| reason as u8))
                    .collect();
                Ok(reasons.with_name(columns[0].name().clone()).into_column())
            },
            &[occurred_at],
            |_, fields| Ok(Field::new(fields[0].name().clone(), DataType::UInt8)),
        )
    }
}

/// Judges every mailbox that the lake names.
pub fn judge(
    sources: &Sources,
    directory: &Directory,
    erased: &Erased,
    domains: &CompanyDomains,
    settings: &Settings,
    as_of: &AsOf,
) -> Result<Mailboxes> {
    let overrides = Overrides::of(settings, domains);
    let mut found = NamedMailboxes::default();
    found.add_listed(sources, directory, &overrides)?;
    found.add_by_id_of_colleague(sources, &overrides)?;
    let (principals, groups) = (Principals::of(sources, domains)?, GroupMembers::of(&sources.records)?);
    let roles = holders_of_roles(sources, &principals, &groups, &settings.selected_roles)?;
    let opt_outs = opt_outs(sources, &principals, &groups, as_of)?;
    found.add_without_owner(settings, roles.as_ref(), &opt_outs);
    let judged = |key: Option<Key>, owner: Option<&str>| {
        let country = key.and_then(|key| found.countries.get(&key)).cloned().flatten();
        let country = country.or(settings.default_country.clone());
        let supported = country.is_some_and(|c| settings.regions.iter().any(|region| region.eq_ignore_ascii_case(&c)));
        let refused = if owner.is_some_and(|owner| erased.ids.contains(owner)) {
            Some(DropReason::Erased)
        } else if roles.as_ref().is_some_and(|roles| !roles.hold(key, owner)) {
            Some(DropReason::RoleNotSelected)
        } else if !supported {
            Some(DropReason::RegionNotSupported)
        } else {
            None
        };
        let by_owner = owner.and_then(|owner| opt_outs.by_user.get(owner));
        let by_key = key.and_then(|key| opt_outs.by_mailbox.get(&key));
        Permission { refused, opted_out_from: by_owner.into_iter().chain(by_key).min().copied() }
    };
    let known = found.owners.iter().map(|(&key, owner)| (key, judged(Some(key), owner.as_deref()))).collect();
    Ok(Mailboxes { known, unknown: judged(None, None), consent: settings.consent, cutoff: as_of.cutoff() })
}

/// The countries that settings give to mailboxes, by id and by address.
struct Overrides<'a> {
    by_id: HashMap<String, &'a String>,
    by_address: HashMap<Address, &'a String>,
}

impl<'a> Overrides<'a> {
    fn of(settings: &'a Settings, domains: &CompanyDomains) -> Overrides<'a> {
        let all = &settings.mailbox_countries;
        Overrides {
            by_id: all.iter().map(|(mailbox, country)| (ids::canonical(mailbox), country)).collect(),
            by_address: all.iter().filter_map(|(m, country)| Some((domains.address(m)?, country))).collect(),
        }
    }
}

/// The mailboxes that anything in the lake names.
#[derive(Default)]
struct NamedMailboxes {
    /// The id of the colleague who owns each, if anybody does.
    owners: HashMap<Key, Option<String>>,
    /// The country of each, where it is known.
    countries: HashMap<Key, Option<String>>,
}

impl NamedMailboxes {
    /// Those that Exchange lists; the owner is the colleague who has their address.
    fn add_listed(&mut self, sources: &Sources, directory: &Directory, overrides: &Overrides<'_>) -> Result<()> {
        let by_number: HashMap<u32, &str> =
            directory.colleague_numbers.iter().map(|(id, &number)| (number, id.as_str())).collect();
        let frame = &sources.mailboxes;
        let (mailbox, mailbox_ids) = (keys(frame, crate::sources::columns::MAILBOX)?, texts(frame, "mailbox_id")?);
        let (mail, principal, country) =
            (addresses(frame, "mail")?, addresses(frame, "principal_name")?, texts(frame, "country")?);
        for row in 0..frame.height() {
            let Some(key) = mailbox.get(row) else { continue };
            let own_addresses = || [mail.get(row), principal.get(row)].into_iter().flatten();
            let owner = own_addresses().find_map(|address| {
                let who = directory.by_address(address);
                let number = (person_key::side(who) == person_key::COLLEAGUE).then_some(who as u32)?;
                by_number.get(&number).map(|id| id.to_string())
            });
            let by_address = || own_addresses().find_map(|address| overrides.by_address.get(&address));
            let overridden = mailbox_ids.get(row).and_then(|id| overrides.by_id.get(id)).or_else(by_address);
            let country = overridden.map(|c| c.to_string()).or_else(|| country.get(row).map(str::to_string));
            self.owners.insert(key, owner);
            self.countries.insert(key, country);
        }
        Ok(())
    }

    /// Those whose id is that of a colleague's account; this says more surely than addresses who owns them.
    fn add_by_id_of_colleague(&mut self, sources: &Sources, overrides: &Overrides<'_>) -> Result<()> {
        let users = &sources.records[contract::SYSTEMUSER.name];
        let (user_ids, azure_ids) = (texts(users, "systemuserid")?, texts(users, "azureactivedirectoryobjectid")?);
        for (user, azure) in user_ids.iter().zip(azure_ids.iter()) {
            if let (Some(user), Some(azure)) = (user, azure)
                && let Some(key) = ids::key(azure)
            {
                self.owners.insert(key, Some(user.to_string()));
                if let Some(country) = overrides.by_id.get(azure) {
                    self.countries.insert(key, Some(country.to_string()));
                }
            }
        }
        Ok(())
    }

    /// Mailboxes that nobody owns may be named all the same: by an opt-out, a group or a country of their own.
    fn add_without_owner(&mut self, settings: &Settings, roles: Option<&Holders>, opt_outs: &OptOuts) {
        for (mailbox, country) in &settings.mailbox_countries {
            if let Some(key) = ids::key(mailbox).filter(|key| !self.countries.contains_key(key)) {
                self.owners.entry(key).or_insert(None);
                self.countries.insert(key, Some(country.clone()));
            }
        }
        let in_groups = roles.iter().flat_map(|roles| &roles.mailboxes);
        for &key in opt_outs.by_mailbox.keys().chain(in_groups) {
            self.owners.entry(key).or_insert(None);
        }
    }
}

/// Who may be used by their role.
#[derive(Default)]
struct Holders {
    users: HashSet<String>,
    mailboxes: HashSet<Key>,
}

impl Holders {
    fn hold(&self, mailbox: Option<Key>, owner: Option<&str>) -> bool {
        owner.is_some_and(|owner| self.users.contains(owner))
            || mailbox.is_some_and(|key| self.mailboxes.contains(&key))
    }
}

/// Who holds one of the selected roles or a copy of one, or is in a selected group; none when all are selected.
fn holders_of_roles(
    sources: &Sources,
    principals: &Principals<'_>,
    groups: &GroupMembers,
    selected: &[String],
) -> Result<Option<Holders>> {
    if selected.is_empty() {
        return Ok(None);
    }
    let frame = &sources.records[contract::ROLE.name];
    let (ids_of, names, parents) = (texts(frame, "roleid")?, texts(frame, "name")?, texts(frame, "parentrootroleid")?);
    let mut chosen: HashSet<String> = selected.iter().map(|role| ids::canonical(role)).collect();
    let is_selected = |name: &str| selected.iter().any(|role| role.trim().eq_ignore_ascii_case(name.trim()));
    for (id, name) in ids_of.iter().zip(names.iter()) {
        if name.is_some_and(is_selected) {
            chosen.extend(id.map(str::to_string));
        }
    }
    let roots = chosen.clone();
    for (id, parent) in ids_of.iter().zip(parents.iter()) {
        if parent.is_some_and(|parent| roots.contains(parent)) {
            chosen.extend(id.map(str::to_string));
        }
    }
    let frame = &sources.records[contract::SYSTEMUSERROLES.name];
    let (users, roles) = (texts(frame, "systemuserid")?, texts(frame, "roleid")?);
    let holders = users.iter().zip(roles.iter()).filter(|(_, role)| role.is_some_and(|role| chosen.contains(role)));
    let mut found = Holders::default();
    found.users.extend(holders.filter_map(|(user, _)| user.map(str::to_string)));
    let members = selected.iter().filter(|group| groups.has(group)).flat_map(|group| groups.everyone(group));
    for named in members.map(|member| principals.named(member)) {
        found.users.extend(named.users);
        found.mailboxes.extend(named.mailboxes);
    }
    Ok(Some(found))
}

/// From when each opt-out holds, by colleague and by mailbox.
struct OptOuts {
    by_user: HashMap<String, i64>,
    by_mailbox: HashMap<Key, i64>,
}

fn opt_outs(sources: &Sources, principals: &Principals<'_>, groups: &GroupMembers, as_of: &AsOf) -> Result<OptOuts> {
    let frame = &sources.records[contract::OPT_OUTS.name];
    let days = frame
        .column("effective_from")
        .and_then(|days| days.cast(&DataType::Int32))
        .map_err(Error::engine("opt-outs"))?;
    let days = days.i32().map_err(Error::engine("opt-outs"))?;
    let mut found = OptOuts { by_user: HashMap::new(), by_mailbox: HashMap::new() };
    for (principal, day) in texts(frame, "principal")?.iter().zip(days.iter()) {
        let Some(principal) = principal else { continue };
        let from = day
            .and_then(|day| NaiveDate::default().checked_add_signed(chrono::Duration::days(i64::from(day))))
            .map_or(i64::MIN, |day| as_of.day_start(day));
        let earliest = |at: &mut i64| *at = from.min(*at);
        for named in groups.everyone(principal).into_iter().map(|principal| principals.named(principal)) {
            for user in named.users {
                found.by_user.entry(user).and_modify(earliest).or_insert(from);
            }
            for mailbox in named.mailboxes {
                found.by_mailbox.entry(mailbox).and_modify(earliest).or_insert(from);
            }
        }
    }
    Ok(found)
}
