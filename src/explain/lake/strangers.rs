//! What people outside who are in no record, and contacts who can no longer be reached, had to do with us (rule W6).

use std::collections::BTreeSet;

use serde_json::Value;

use super::read::LakeOfDay;
use super::rows::ListedInteractions;
use crate::connections::connection::{self, Connection};
use crate::connections::edges;
use crate::connections::strangers::Strangers;
use crate::connections::window::Window;
use crate::coverage::missing_people::domains::{DomainKind, Domains};
use crate::error::Result;
use crate::explain::plural::several;
use crate::explain::question::FoundRow;
use crate::explain::scores::RowValues;
use crate::explain::story::{ColumnStory, TableRow};
use crate::interactions::Kind;
use crate::interactions::interaction_view::Facts;
use crate::interactions::people::view::{ParticipantColumns, ParticipantRows};
use crate::people::{RecordType, person_key};
use crate::sources::roles::STARTS;
use crate::table::cells::{Fields, instant};

/// Columns of `missing_people` that are made of who took part.
pub const COLUMNS: [&str; 16] = [
    "domain",
    "domain_kind",
    "account_id",
    "strength",
    "colleagues",
    "strongest_colleague_id",
    "interactions",
    "emails_received",
    "emails_sent",
    "emails_beside_us",
    "meetings",
    "phone_calls",
    "first_interaction_at",
    "last_interaction_at",
    "last_heard_at",
    "since_at",
];

/// A held interaction in which the person took part.
pub(super) struct Touch {
    interaction: u32,
    at: i64,
    /// The column that counts it.
    counts_for: &'static str,
    /// Whether it comes from the person, or both were there.
    is_heard: bool,
}

/// Tells a column; false where nobody in the lake has the address.
///
/// # Errors
/// Only what the engine runs into.
pub fn tell(found: &FoundRow<'_>, lake: &LakeOfDay<'_>, story: &mut ColumnStory) -> Result<bool> {
    let row = RowValues(&found.row);
    let (address, finding) = (row.text("address").unwrap_or_default(), row.text("finding").unwrap_or_default());
    if story.column == "domain" {
        let domain = address.rsplit_once('@').map_or(Value::Null, |(_, domain)| domain.into());
        story.recomputed(domain, "what follows the @ of the address".to_string());
        return Ok(true);
    }
    if let "domain_kind" | "account_id" = story.column.as_str() {
        domain(lake, address.rsplit_once('@').map_or("", |(_, domain)| domain), story)?;
        return Ok(true);
    }
    let contact = row.text("contact_id").and_then(|id| lake.context.people.records.number(RecordType::Contact, &id));
    let who = match contact {
        Some(_) => None,
        None => stranger(lake, &address)?,
    };
    if contact.is_none() && who.is_none() {
        return Ok(false);
    }
    let is_person = |key: u64| match contact {
        Some(contact) => person_key::record(key) == Some(contact),
        None => Some(key) == who,
    };
    let column = story.column.clone();
    match (column.as_str(), who) {
        ("strength" | "colleagues" | "strongest_colleague_id", Some(who)) => connections(lake, who, story)?,
        ("colleagues", None) => story.recomputed(0.into(), "not counted of contacts".to_string()),
        ("strength" | "strongest_colleague_id", None) => return Ok(false),
        // Since when a contact cannot be reached is told of lost contacts.
        ("since_at", _) if finding != "missing_person" => return Ok(false),
        ("first_interaction_at" | "since_at", _) => picked(lake, &touches(lake, is_person)?, false, false, story),
        ("last_interaction_at", _) => picked(lake, &touches(lake, is_person)?, true, false, story),
        ("last_heard_at", _) => picked(lake, &touches(lake, is_person)?, true, true, story),
        _ if COLUMNS.contains(&column.as_str()) => counted(lake, &touches(lake, is_person)?, story),
        _ => return Ok(false),
    }
    Ok(true)
}

/// Whose domain it is.
fn domain(lake: &LakeOfDay<'_>, domain: &str, story: &mut ColumnStory) -> Result<()> {
    let (kind, account, why) = match Domains::of(lake.context)?.kind(domain) {
        DomainKind::Account(account) => {
            let id = lake.record_id(account);
            (
                "account",
                LakeOfDay::published(id),
                format!("{domain} is that of the website or of most contacts of the account {id}"),
            )
        }
        DomainKind::FreeMail => ("free_mail", Value::Null, format!("everybody can have an address at {domain}")),
        DomainKind::Other => ("other", Value::Null, format!("no account has a website or contacts at {domain}")),
    };
    let value = if story.column == "account_id" { account } else { kind.into() };
    story.recomputed(value, why);
    Ok(())
}

/// Who has an address and is in no record.
fn stranger(lake: &LakeOfDay<'_>, address: &str) -> Result<Option<u64>> {
    let people = ParticipantColumns::of(&lake.interactions.participants.people)?;
    let rows = people.rows()?;
    let seen = &lake.context.sources.seen_domains;
    let mut looked_at = BTreeSet::new();
    let has_address = |who: u64| {
        let bits = person_key::stranger_bits(who)?;
        seen.address(bits).filter(|own| own == address)
    };
    Ok(rows.who.iter().copied().find(|&who| looked_at.insert(who) && has_address(who).is_some()))
}

/// The held interactions of somebody, the earliest first.
pub(super) fn touches(lake: &LakeOfDay<'_>, is_person: impl Fn(u64) -> bool) -> Result<Vec<Touch>> {
    let facts = Facts::of(&lake.interactions.table)?;
    let people = ParticipantColumns::of(&lake.interactions.participants.people)?;
    let mut people = people.rows()?;
    let mut touches = Vec::new();
    for interaction in 0..facts.count() {
        let rows = people.next(interaction);
        let Some(held) = facts.held(interaction).filter(|held| held.kind != Kind::Task) else { continue };
        let of_person = rows.clone().filter(|&row| people.takes_part(row) && is_person(people.who[row]));
        for row in of_person {
            let (counts_for, is_heard) = way(&people, rows.clone(), row, held.kind);
            touches.push(Touch { interaction, at: held.at, counts_for, is_heard });
        }
    }
    touches.sort_by_key(|touch| (touch.at, touch.interaction));
    Ok(touches)
}

/// The column that counts the part of a row in an interaction, and whether the person is heard in it.
fn way(people: &ParticipantRows<'_>, rows: std::ops::Range<usize>, own: usize, kind: Kind) -> (&'static str, bool) {
    let ours = |row: &usize| people.takes_part(*row) && person_key::is_ours(people.who[*row]);
    let any_ours = rows.clone().any(|row| ours(&row));
    let we_start = rows.clone().any(|row| ours(&row) && people.roles[row] == STARTS);
    match kind {
        _ if !any_ours => ("emails_beside_us", false),
        Kind::Email if people.roles[own] == STARTS => ("emails_received", true),
        Kind::Email if we_start => ("emails_sent", false),
        Kind::Email => ("emails_beside_us", false),
        Kind::Meeting => ("meetings", true),
        _ => ("phone_calls", true),
    }
}

fn counted(lake: &LakeOfDay<'_>, touches: &[Touch], story: &mut ColumnStory) {
    let mut rows = ListedInteractions::default();
    for touch in touches {
        match story.column == "interactions" || story.column == touch.counts_for {
            true => rows.count(lake, touch.interaction, 1.0),
            false => rows.leave_out(lake, touch.interaction, &format!("it counts for {}", touch.counts_for)),
        };
    }
    let count = rows.counted();
    rows.list(story);
    story.recomputed(count.into(), format!("{count} of {} with this person", several(touches.len(), "interaction")));
}

/// When the first or the last of them was.
pub(super) fn picked(lake: &LakeOfDay<'_>, touches: &[Touch], last: bool, only_heard: bool, story: &mut ColumnStory) {
    let mut looked_at = touches.iter().filter(|touch| touch.is_heard || !only_heard);
    let one = if last { looked_at.next_back() } else { looked_at.next() };
    let mut rows = ListedInteractions::default();
    for touch in touches {
        match one {
            Some(one) if one.interaction == touch.interaction => rows.count(lake, touch.interaction, 1.0),
            _ if only_heard && !touch.is_heard => {
                rows.leave_out(lake, touch.interaction, "the person was not heard in it")
            }
            _ => rows.leave_out(
                lake,
                touch.interaction,
                if last { "there was a later one" } else { "there was an earlier one" },
            ),
        };
    }
    rows.list(story);
    let value = one.map_or(Value::Null, |touch| instant(touch.at).into());
    let which = if last { "last" } else { "first" };
    story.recomputed(value, format!("the {which} of {} with this person", several(touches.len(), "interaction")));
}

/// The connections that somebody would have who were a contact.
fn connections(lake: &LakeOfDay<'_>, who: u64, story: &mut ColumnStory) -> Result<()> {
    let (context, settings) = (lake.context, lake.context.settings);
    let mut strangers = Strangers::default();
    strangers.meet(who);
    let edges = edges::edges(context, lake.interactions, &lake.days, settings.calls_connect, &strangers)?;
    let (window, scratch) = (Window::last(&lake.days), &lake.interactions.scratch);
    let all = connection::connections(&edges, window, settings.connection_profile, |_, _| None, scratch)?;
    let first = context.people.records.table.height() as u32;
    let own: Vec<&Connection> = all.iter().filter(|one| one.record >= first).collect();
    let row = |one: &&Connection| {
        let field = |name: &str, value: Value| (name.to_string(), value);
        TableRow {
            table: "as in connections".to_string(),
            key: Fields(vec![field("systemuser_id", lake.user_id(one.user).into())]),
            values: Fields(vec![
                field("strength", one.strength.into()),
                field("interactions", one.interactions.into()),
            ]),
            ..TableRow::default()
        }
    };
    story.from_tables = own.iter().map(row).collect();
    // Of several the first, who has the smallest id.
    let strongest = own.iter().rev().max_by(|one, other| one.strength.total_cmp(&other.strength));
    let value = match (story.column.as_str(), strongest) {
        ("colleagues", _) => own.len().into(),
        (_, None) => Value::Null,
        ("strength", Some(one)) => one.strength.into(),
        (_, Some(one)) => LakeOfDay::published(lake.user_id(one.user)),
    };
    story.recomputed(value, format!("{} in touch in the past 365 days", several(own.len(), "colleague")));
    Ok(())
}
