//! Contacts who can no longer be reached: whose address it is, since when, and from where they write now (rule W6).

use serde_json::Value;

use super::read::LakeOfDay;
use super::rows::terms;
use super::strangers::{picked, touches};
use crate::coverage::missing_people::found::{AddressFinding, FINDINGS};
use crate::coverage::missing_people::lost_contacts::{SILENT, UNANSWERED_DAYS, addresses_of_contacts};
use crate::coverage::missing_people::machines::is_machine;
use crate::coverage::missing_people::our_own::is_telling;
use crate::coverage::missing_people::{Outsiders, Touches};
use crate::error::Result;
use crate::explain::plural::several;
use crate::explain::question::FoundRow;
use crate::explain::scores::RowValues;
use crate::explain::story::{ColumnStory, TableRow};
use crate::people::{RecordType, person_key};
use crate::table::cells::{Fields, instant};
use crate::time::DAY;

/// Columns of `missing_people` that are told of contacts.
pub const COLUMNS: [&str; 3] = ["contact_id", "other_address", "since_at"];

/// What tells that an address is dead.
struct Lost {
    since: i64,
    told: String,
    /// Those who write under the same name, first the one who seems to be the contact.
    namesakes: Vec<Namesake>,
}

/// Somebody who writes under the same name from another address.
struct Namesake {
    person: Person,
    address: String,
    first: i64,
    last: i64,
    why_not: Option<&'static str>,
}

/// Somebody outside, by number of the record or by key.
#[derive(Clone, Copy)]
enum Person {
    Contact(u32),
    Stranger(u64),
}

impl Person {
    fn has(self, key: u64) -> bool {
        match self {
            Person::Contact(contact) => person_key::record(key) == Some(contact),
            Person::Stranger(who) => key == who,
        }
    }
}

/// Tells a column of a contact; false of people without a record, and where no contact in the lake has the address.
///
/// # Errors
/// Only what the engine runs into.
pub fn tell(found: &FoundRow<'_>, lake: &LakeOfDay<'_>, story: &mut ColumnStory) -> Result<bool> {
    let row = RowValues(&found.row);
    let (address, name) = (row.text("address").unwrap_or_default(), row.text("finding").unwrap_or_default());
    let findings = [AddressFinding::ChangedDomain, AddressFinding::Silent, AddressFinding::Undeliverable];
    let finding = findings.into_iter().find(|finding| FINDINGS[*finding as usize] == name);
    let Some(finding) = finding.filter(|_| !story.value.is_null()) else { return Ok(false) };
    let (outsiders, addresses) = (lake.outsiders()?, addresses_of_contacts(lake.context)?);
    let first = lake.context.people.records.range(RecordType::Contact).start;
    let own: Vec<u32> =
        (first..).zip(&addresses).filter(|(_, own)| own.as_ref() == Some(&address)).map(|(one, _)| one).collect();
    let lost = |&contact: &u32| {
        let touches = &outsiders.of_contacts[(contact - first) as usize];
        let lost = match finding {
            AddressFinding::ChangedDomain => {
                moved(&address, touches, namesakes(lake, outsiders, first, &addresses, &address))
            }
            AddressFinding::Silent => silent(lake, outsiders, contact, touches),
            _ => undeliverable(lake, contact, touches),
        };
        Some((contact, lost?))
    };
    let Some((contact, lost)) = own.iter().find_map(lost) else { return Ok(false) };
    match (story.column.as_str(), lost.namesakes.first()) {
        ("contact_id", _) => {
            let told = format!("{} with {address} as first address; {}", several(own.len(), "contact"), lost.told);
            story.recomputed(LakeOfDay::published(lake.record_id(contact)), told);
        }
        ("since_at", newest) => {
            let person = newest.map_or(Person::Contact(contact), |newest| newest.person);
            if finding != AddressFinding::Undeliverable {
                let touches = touches(lake, |key| person.has(key))?;
                picked(lake, &touches, finding == AddressFinding::Silent, true, story);
            }
            story.recomputed(instant(lost.since).into(), lost.told);
        }
        ("other_address", Some(newest)) => {
            let is_erased = |one: &&Namesake| matches!(one.person, Person::Contact(contact) if lake.is_erased(contact));
            story.from_tables = lost.namesakes.iter().filter(|one| !is_erased(one)).map(namesake_row).collect();
            story.recomputed(newest.address.clone().into(), lost.told);
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// Not heard from for long, though we wrote time and again.
fn silent(lake: &LakeOfDay<'_>, outsiders: &Outsiders, contact: u32, touches: &Touches) -> Option<Lost> {
    let context = lake.context;
    let heard = touches.last_heard.filter(|heard| *heard < context.cutoff - SILENT)?;
    let written = outsiders.addressed.iter().filter(|(to, at)| *to == contact && *at > heard);
    let mut days: Vec<String> =
        written.filter_map(|(_, at)| context.as_of.day_of(*at)).map(|day| day.to_string()).collect();
    days.sort_unstable();
    days.dedup();
    let told = format!(
        "last heard from at {}, more than {} days before the end of the date; on {} since, at least {UNANSWERED_DAYS}, we wrote: {}",
        instant(heard),
        SILENT / DAY,
        several(days.len(), "day"),
        terms(&days, ", ")
    );
    (days.len() >= UNANSWERED_DAYS).then(|| Lost { since: heard, told, namesakes: Vec::new() })
}

/// Mail came back, and nothing was heard since.
fn undeliverable(lake: &LakeOfDay<'_>, contact: u32, touches: &Touches) -> Option<Lost> {
    let of_contact = lake.interactions.bounces.iter().filter(|bounce| person_key::record(bounce.who) == Some(contact));
    let since: Vec<i64> =
        of_contact.map(|bounce| bounce.at).filter(|at| touches.last_heard.is_none_or(|heard| heard < *at)).collect();
    let heard = touches.last_heard.map_or("never".to_string(), instant);
    let returned: Vec<String> = since.iter().map(|&at| instant(at)).collect();
    let told = format!("last heard from: {heard}; mail came back since: {}", terms(&returned, ", "));
    Some(Lost { since: since.into_iter().max()?, told, namesakes: Vec::new() })
}

/// Somebody of the same name writes from another domain, and nothing was heard from the contact since.
fn moved(own: &str, touches: &Touches, mut namesakes: Vec<Namesake>) -> Option<Lost> {
    let heard = touches.last_heard?;
    let domain = own.rsplit_once('@').map(|(_, domain)| domain);
    for one in &mut namesakes {
        one.why_not = match () {
            () if one.address.rsplit_once('@').map(|(_, other)| other) == domain => Some("it is in the same domain"),
            () if is_machine(&one.address) => Some("it is that of a machine or a list"),
            () if one.first <= heard => Some("it was heard from before the contact was heard last"),
            () => None,
        };
    }
    // The one heard last; of several the smallest address.
    namesakes.sort_by(|one, other| {
        let is_out = |one: &Namesake| one.why_not.is_some();
        is_out(one).cmp(&is_out(other)).then(other.last.cmp(&one.last)).then(one.address.cmp(&other.address))
    });
    let newest = namesakes.first().filter(|one| one.why_not.is_none())?;
    let told = format!(
        "the contact was heard last at {}; of {} other addresses of the same name this one is in another domain, was heard first at \
         {}, and last of all at {}",
        instant(heard),
        namesakes.len(),
        instant(newest.first),
        instant(newest.last)
    );
    let since = newest.first;
    let others = namesakes.iter_mut().skip(1).filter(|one| one.why_not.is_none());
    others.for_each(|one| one.why_not = Some("another one was heard later"));
    Some(Lost { since, told, namesakes })
}

/// Everybody outside with the same name in another address, who was ever heard from. `addresses` are those of contacts, the
/// number of the first of whom is `first`.
fn namesakes(
    lake: &LakeOfDay<'_>,
    outsiders: &Outsiders,
    first: u32,
    addresses: &[Option<String>],
    own: &str,
) -> Vec<Namesake> {
    let Some(local) = own.rsplit_once('@').map(|(local, _)| local).filter(|local| is_telling(local)) else {
        return Vec::new();
    };
    let seen = &lake.context.sources.seen_domains;
    let strangers = outsiders.strangers.people().iter().zip(&outsiders.of_strangers).map(|(&who, touches)| {
        let address = person_key::stranger_bits(who).and_then(|bits| seen.address(bits));
        (Person::Stranger(who), address, touches)
    });
    let contacts = (first..).zip(addresses.iter().cloned().zip(&outsiders.of_contacts));
    let contacts = contacts.map(|(contact, (address, touches))| (Person::Contact(contact), address, touches));
    let namesake = |(person, address, touches): (Person, Option<String>, &Touches)| {
        let address = address.filter(|address| address != own)?;
        let is_same = address.rsplit_once('@').is_some_and(|(other, _)| other == local);
        let (first, last) = (touches.first_heard?, touches.last_heard?);
        is_same.then_some(Namesake { person, address, first, last, why_not: None })
    };
    strangers.chain(contacts).filter_map(namesake).collect()
}

fn namesake_row(one: &Namesake) -> TableRow {
    let field = |name: &str, value: Value| (name.to_string(), value);
    TableRow {
        table: "as in missing_people".to_string(),
        key: Fields(vec![field("address", one.address.clone().into())]),
        values: Fields(vec![
            field("first_heard_at", instant(one.first).into()),
            field("last_heard_at", instant(one.last).into()),
        ]),
        why_not: one.why_not.map(str::to_string),
        ..TableRow::default()
    }
}
