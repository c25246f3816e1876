//! The table `missing_people`: people outside who are in touch with us and in no record, and contacts who can no
//! longer be reached (rule W6).

pub mod domains;
pub mod found;
pub mod lost_contacts;
pub mod machines;
pub mod our_own;
mod table;
mod touches;

pub use table::table;
pub use touches::{Outsiders, Touches};

use polars::prelude::*;

use super::instants;
use crate::connections::colleagues::SYSTEMUSER_ID;
use crate::connections::colleagues::colleagues;
use crate::connections::connection::Connection;
use crate::error::{Error, Result};
use crate::frames::typed_columns::texts;
use crate::interactions::{Context, Interactions};
use crate::people::person_key;
use crate::table::conform;
use domains::{DomainKind, Domains};
use found::{AddressFinding, FINDINGS, MissingPeopleRow};
use lost_contacts::lost_contacts;
use our_own::OurOwn;

/// Rows in the order of the key. Connections are those of the past 365 days, to numbers after those of records for the
/// strangers among `outsiders`. Must not be split by person.
pub fn missing_people(
    context: &Context,
    interactions: &Interactions,
    outsiders: &Outsiders,
    connections: &[Connection],
) -> Result<LazyFrame> {
    let domains = Domains::of(context)?;
    let mut found = strangers(context, outsiders, connections, &domains)?;
    found.extend(lost_contacts(context, interactions, outsiders)?);
    found.sort_by(|one, other| (one.finding as u8, &one.address).cmp(&(other.finding as u8, &other.address)));
    found.dedup_by(|next, first| (next.finding, &next.address) == (first.finding, &first.address));
    let (columns, rows) = (columns(context, &found, &domains)?, found.len());
    let rows = DataFrame::new(rows, columns).map_err(Error::engine("table missing_people"))?;
    Ok(conform(rows.lazy(), &table()))
}

/// People who are in no record and in touch with us, machines, lists and our own people aside.
fn strangers(
    context: &Context,
    outsiders: &Outsiders,
    connections: &[Connection],
    domains: &Domains,
) -> Result<Vec<MissingPeopleRow>> {
    let first = context.people.records.table.height() as u32;
    let mut strongest: Vec<Option<(u32, f64)>> = vec![None; outsiders.strangers.count()];
    let mut colleagues = vec![0; outsiders.strangers.count()];
    for one in connections.iter().filter(|one| one.record >= first) {
        let number = (one.record - first) as usize;
        colleagues[number] += 1;
        // Of several the first, who has the smallest id.
        if strongest[number].is_none_or(|(_, strength)| one.strength > strength) {
            strongest[number] = Some((one.user, one.strength));
        }
    }
    let ours = OurOwn::of(context.sources, domains, context.settings.consent)?;
    let least = context.settings.coverage.missing_people_from;
    let people = outsiders.strangers.people().iter().zip(&outsiders.of_strangers).enumerate();
    let found = people.filter_map(|(number, (&who, touches))| {
        let in_touch = touches.last_heard.is_some() || touches.all() >= least;
        let bits = person_key::stranger_bits(who).filter(|_| in_touch)?;
        let address = context.sources.seen_domains.address(bits)?;
        let (local, domain) = address.rsplit_once('@')?;
        let is_nobody = machines::is_machine(&address) || ours.is_ours(bits, local, domain, domains.kind(domain));
        (!is_nobody).then(|| MissingPeopleRow {
            finding: AddressFinding::MissingPerson,
            contact: None,
            other_address: None,
            touches: *touches,
            strongest: strongest[number],
            colleagues: colleagues[number],
            since: touches.span.map(|(first, _)| first),
            address,
        })
    });
    Ok(found.collect())
}

/// The rank of each row within its finding: by strength, then by how much there was, then by the last of it.
fn ranks(found: &[MissingPeopleRow]) -> Vec<i64> {
    let mut order: Vec<usize> = (0..found.len()).collect();
    let strength = |one: &MissingPeopleRow| one.strongest.map_or(0.0, |(_, strength)| strength);
    order.sort_by(|&one, &other| {
        let (one, other) = (&found[one], &found[other]);
        (one.finding as u8)
            .cmp(&(other.finding as u8))
            .then(strength(other).total_cmp(&strength(one)))
            .then(other.touches.all().cmp(&one.touches.all()))
            .then(other.touches.span.map(|span| span.1).cmp(&one.touches.span.map(|span| span.1)))
            .then(one.address.cmp(&other.address))
    });
    let mut ranks = vec![0; found.len()];
    let mut last = (None, 0);
    for at in order {
        let next = if last.0 == Some(found[at].finding) { last.1 + 1 } else { 1 };
        (last, ranks[at]) = ((Some(found[at].finding), next), next);
    }
    ranks
}

/// The columns of the table, in any order.
fn columns(context: &Context, found: &[MissingPeopleRow], domains: &Domains) -> Result<Vec<Column>> {
    let (records, colleagues) = (&context.people.records, colleagues(context)?);
    let (record_ids, user_ids) = (texts(&records.table, "record_id")?, texts(&colleagues, SYSTEMUSER_ID)?);
    let text = |name: &str, of: &dyn Fn(&MissingPeopleRow) -> Option<String>| {
        Column::new(name.into(), found.iter().map(of).collect::<Vec<_>>())
    };
    let count = |name: &str, of: fn(&MissingPeopleRow) -> u32| {
        Column::new(name.into(), found.iter().map(|one| i64::from(of(one))).collect::<Vec<_>>())
    };
    let at = |name: &str, of: fn(&MissingPeopleRow) -> Option<i64>| {
        instants(name, found.iter().map(of).collect()).map_err(Error::engine("table missing_people"))
    };
    let id = |record: u32| record_ids.get(record as usize).map(str::to_string);
    let account = |one: &MissingPeopleRow| match domains.kind(one.parts().1) {
        DomainKind::Account(account) => Some(account),
        _ => None,
    };
    let kind = |one: &MissingPeopleRow| match domains.kind(one.parts().1) {
        DomainKind::Account(_) => "account",
        DomainKind::FreeMail => "free_mail",
        DomainKind::Other => "other",
    };
    Ok(vec![
        text("finding", &|one| Some(FINDINGS[one.finding as usize].to_string())),
        text("address", &|one| Some(one.address.clone())),
        Column::new("rank".into(), ranks(found)),
        text("domain", &|one| Some(one.parts().1.to_string())),
        text("domain_kind", &|one| Some(kind(one).to_string())),
        text("account_id", &|one| id(account(one)?)),
        text("contact_id", &|one| id(one.contact?)),
        text("other_address", &|one| one.other_address.clone()),
        Column::new("strength".into(), found.iter().map(|one| Some(one.strongest?.1)).collect::<Vec<Option<f64>>>()),
        count("colleagues", |one| one.colleagues),
        text("strongest_colleague_id", &|one| user_ids.get(one.strongest?.0 as usize).map(str::to_string)),
        count("interactions", |one| one.touches.all()),
        count("emails_received", |one| one.touches.received),
        count("emails_sent", |one| one.touches.sent),
        count("emails_beside_us", |one| one.touches.beside),
        count("meetings", |one| one.touches.meetings),
        count("phone_calls", |one| one.touches.phone_calls),
        at("first_interaction_at", |one| one.touches.span.map(|span| span.0))?,
        at("last_interaction_at", |one| one.touches.span.map(|span| span.1))?,
        at("last_heard_at", |one| one.touches.last_heard)?,
        at("since_at", |one| one.since)?,
    ])
}
