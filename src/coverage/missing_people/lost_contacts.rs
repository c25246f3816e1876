//! Contacts who can no longer be reached at the address that we know (rule W6).

use std::collections::HashMap;

use chrono::NaiveDate;

use super::found::{AddressFinding, MissingPeopleRow};
use super::machines;
use super::our_own::is_telling;
use super::touches::{Outsiders, Touches};
use crate::error::Result;
use crate::interactions::{Context, Interactions};
use crate::people::carried::first_by_row;
use crate::people::{RecordType, person_key};
use crate::sources::contract;
use crate::sources::values::email_addresses::KEPT_BITS;
use crate::time::DAY;

/// Who was not heard from for so long is silent, as those who tidy contact lists usually say; microseconds.
pub const SILENT: i64 = 180 * DAY;
/// On so many days we must have written to them since.
pub const UNANSWERED_DAYS: usize = 3;

/// An address under which somebody was heard from, and when first and last, in microseconds.
struct Heard<'a> {
    address: &'a str,
    first: i64,
    last: i64,
}

/// Of every contact what tells that their address is dead.
///
/// # Errors
/// Only what the engine runs into.
pub fn lost_contacts(
    context: &Context,
    interactions: &Interactions,
    outsiders: &Outsiders,
) -> Result<Vec<MissingPeopleRow>> {
    let contacts = context.people.records.range(RecordType::Contact);
    let addresses = addresses_of_contacts(context)?;
    let returned = returned(interactions, outsiders, contacts.start);
    let unanswered = unanswered(context, outsiders, contacts.start);
    let moved_to = moved_to(context, outsiders, &addresses);
    let mut found = Vec::new();
    for (place, (address, touches)) in addresses.iter().zip(&outsiders.of_contacts).enumerate() {
        let Some(address) = address else { continue };
        let lost = |finding, since, other_address| MissingPeopleRow {
            finding,
            address: address.clone(),
            contact: Some(contacts.start + place as u32),
            other_address,
            touches: *touches,
            strongest: None,
            colleagues: 0,
            since: Some(since),
        };
        found.extend(moved_to.get(&place).map(|(at, to)| lost(AddressFinding::ChangedDomain, *at, Some(to.clone()))));
        found.extend(unanswered.get(&place).map(|&at| lost(AddressFinding::Silent, at, None)));
        found.extend(returned.get(&place).map(|&at| lost(AddressFinding::Undeliverable, at, None)));
    }
    Ok(found)
}

/// The first address of each contact, where it lies outside of the company.
///
/// # Errors
/// Only what the engine runs into.
pub fn addresses_of_contacts(context: &Context) -> Result<Vec<Option<String>>> {
    let records = &context.people.records;
    let frame = &context.sources.records[contract::CONTACT.name];
    let rows = first_by_row(frame, &contract::CUSTOMER_ADDRESSES)?;
    let first = |contact: u32| {
        let address = rows[records.rows[contact as usize]]?;
        // Who has an address of ours is ours, whatever record they are in (rule P2).
        let outside = !person_key::is_ours(context.people.directory.by_address(address));
        context.sources.seen_domains.address(address as u64 & KEPT_BITS).filter(|_| outside)
    };
    Ok(records.range(RecordType::Contact).map(first).collect())
}

/// By place of the contact, when mail to them came back last, where nothing was heard from them since.
fn returned(interactions: &Interactions, outsiders: &Outsiders, first: u32) -> HashMap<usize, i64> {
    let of_contacts = interactions.bounces.iter().filter_map(|bounce| {
        let place = person_key::record(bounce.who)?.checked_sub(first)? as usize;
        let touches = outsiders.of_contacts.get(place)?;
        touches.last_heard.is_none_or(|heard| heard < bounce.at).then_some((place, bounce.at))
    });
    // Bounces come in the order of time.
    of_contacts.collect()
}

/// By place of the contact, when they were heard last, where that is long ago and we wrote time and again since.
fn unanswered(context: &Context, outsiders: &Outsiders, first: u32) -> HashMap<usize, i64> {
    let silent = |touches: &Touches| touches.last_heard.filter(|heard| *heard < context.cutoff - SILENT);
    let mut days: HashMap<usize, Vec<NaiveDate>> = HashMap::new();
    for (contact, at) in &outsiders.addressed {
        let place = (contact - first) as usize;
        if silent(&outsiders.of_contacts[place]).is_some_and(|heard| *at > heard) {
            days.entry(place).or_default().extend(context.as_of.day_of(*at));
        }
    }
    let found = days.into_iter().filter_map(|(place, mut days)| {
        days.sort_unstable();
        days.dedup();
        (days.len() >= UNANSWERED_DAYS).then_some((place, silent(&outsiders.of_contacts[place])?))
    });
    found.collect()
}

/// By place of the contact, since when somebody of the same name writes from another domain, and from where; only
/// where nothing was heard from the contact since.
fn moved_to(context: &Context, outsiders: &Outsiders, addresses: &[Option<String>]) -> HashMap<usize, (i64, String)> {
    let seen = &context.sources.seen_domains;
    let bits = |who: &u64| seen.address(person_key::stranger_bits(*who)?);
    let strangers: Vec<Option<String>> = outsiders.strangers.people().iter().map(bits).collect();
    let everybody = strangers.iter().zip(&outsiders.of_strangers).chain(addresses.iter().zip(&outsiders.of_contacts));
    let mut by_name: HashMap<&str, Vec<Heard<'_>>> = HashMap::new();
    for (address, touches) in everybody {
        let Some(heard) = heard(address.as_deref(), touches) else { continue };
        let Some((local, _)) = heard.address.rsplit_once('@').filter(|(local, _)| is_telling(local)) else { continue };
        if !machines::is_machine(heard.address) {
            by_name.entry(local).or_default().push(heard);
        }
    }
    let mut moved = HashMap::new();
    for (place, (address, touches)) in addresses.iter().zip(&outsiders.of_contacts).enumerate() {
        let Some((own, (local, domain))) = address.as_deref().and_then(|own| Some((own, own.rsplit_once('@')?))) else {
            continue;
        };
        // Nobody moved who was never there.
        let Some(last_heard) = touches.last_heard else { continue };
        let elsewhere = by_name.get(local).into_iter().flatten().filter(|one| {
            let other_domain = one.address.rsplit_once('@').map(|(_, other)| other) != Some(domain);
            one.address != own && other_domain && one.first > last_heard
        });
        // The one heard last; of several the smallest address.
        let newest = elsewhere.max_by(|one, other| one.last.cmp(&other.last).then(other.address.cmp(one.address)));
        moved.extend(newest.map(|one| (place, (one.first, one.address.to_string()))));
    }
    moved
}

/// None of somebody whose address is unknown, or who was never heard from.
fn heard<'a>(address: Option<&'a str>, touches: &Touches) -> Option<Heard<'a>> {
    Some(Heard { address: address?, first: touches.first_heard?, last: touches.last_heard? })
}
