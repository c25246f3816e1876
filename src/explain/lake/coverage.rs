//! Who knows whom at an account and at the accounts below it (rule W7).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::pairs::{connection_row, why_no_relation};
use super::read::LakeOfDay;
use crate::connections::connection::Connection;
use crate::coverage::hierarchy::Hierarchy;
use crate::error::Result;
use crate::explain::question::FoundRow;
use crate::explain::scores::RowValues;
use crate::explain::story::{ColumnStory, TableRow};
use crate::people::record_lists::{Lists, accounts_of_contacts};
use crate::people::{DealState, RecordType, deals_as_of};
use crate::table::cells::Fields;
use crate::time::days_since_epoch;

/// Accounts, and who is in touch with whom there.
struct Of<'a> {
    accounts: Vec<u32>,
    contacts: BTreeSet<u32>,
    connections: Vec<&'a Connection>,
}

impl Of<'_> {
    fn relations(&self) -> impl Iterator<Item = &&Connection> {
        self.connections.iter().filter(|one| one.is_relation())
    }

    fn contacts_with_relation(&self) -> BTreeSet<u32> {
        self.relations().map(|one| one.record).collect()
    }

    fn colleagues_with_relation(&self) -> BTreeSet<u32> {
        self.relations().map(|one| one.user).collect()
    }

    /// Who has most of the strength, of several the one with the smallest id, and which share of all that is.
    fn strongest(&self, of: fn(&Connection) -> u32) -> Option<(u32, f64)> {
        let mut strengths: BTreeMap<u32, f64> = BTreeMap::new();
        self.relations().for_each(|one| *strengths.entry(of(one)).or_default() += one.strength);
        let sum: f64 = strengths.values().sum();
        let first = strengths.iter().rev().max_by(|(_, one), (_, other)| one.total_cmp(other))?;
        Some((*first.0, first.1 / sum))
    }
}

/// Tells a column; false where the account is not in the lake.
///
/// # Errors
/// Only what the engine runs into.
pub fn tell(found: &FoundRow<'_>, lake: &LakeOfDay<'_>, story: &mut ColumnStory) -> Result<bool> {
    let id = RowValues(&found.row).text("account_id").unwrap_or_default();
    let Some(account) = lake.context.people.records.number(RecordType::Account, &id) else { return Ok(false) };
    let (hierarchy, accounts_of) = (Hierarchy::of(lake.context)?, accounts_of_contacts(lake.context.people));
    let column = story.column.clone();
    let accounts = if column.ends_with("_below") { hierarchy.below(account) } else { vec![account] };
    let of = connections_of(lake, accounts, &accounts_of)?;
    let count = |what: &str, people: usize, story: &mut ColumnStory| {
        story.recomputed(people.into(), format!("{what}: {people}"));
    };
    match column.as_str() {
        "contacts" | "contacts_with_below" => {
            story.from_tables = of.contacts.iter().map(|&contact| person_row(lake, contact)).collect();
            count("contacts who belong there or are its primary contact", of.contacts.len(), story);
        }
        "contacts_in_touch" => {
            list(lake, &of, false, story);
            let in_touch: BTreeSet<u32> = of.connections.iter().map(|one| one.record).collect();
            count("contacts with a connection", in_touch.len(), story);
        }
        "contacts_with_relation" | "contacts_with_relation_with_below" => {
            list(lake, &of, true, story);
            count("contacts with a relation", of.contacts_with_relation().len(), story);
        }
        "colleagues_with_relation" | "colleagues_with_relation_with_below" => {
            list(lake, &of, true, story);
            count("colleagues with a relation", of.colleagues_with_relation().len(), story);
        }
        "only_one_colleague" | "only_one_contact" => {
            list(lake, &of, true, story);
            let people =
                if column == "only_one_contact" { of.contacts_with_relation() } else { of.colleagues_with_relation() };
            let value = if people.is_empty() { Value::Null } else { (people.len() == 1).into() };
            story.recomputed(value, format!("with a relation: {}", people.len()));
        }
        "contacts_known_to_one" => {
            list(lake, &of, true, story);
            let known_to = |contact: &&u32| of.relations().filter(|one| one.record == **contact).count() == 1;
            count(
                "contacts with a relation to exactly one colleague",
                of.contacts_with_relation().iter().filter(known_to).count(),
                story,
            );
        }
        "strongest_colleague_id" | "strongest_colleague_share" => {
            list(lake, &of, true, story);
            strongest(of.strongest(|one| one.user), |user| lake.user_id(user), story);
        }
        "strongest_contact_id" | "strongest_contact_share" => {
            list(lake, &of, true, story);
            strongest(of.strongest(|one| one.record), |contact| lake.record_id(contact), story);
        }
        "stakeholders" | "stakeholders_without_relation" => stakeholders(lake, &of, story)?,
        "parent_account_id" => {
            let parent = hierarchy.parent(account).map(|parent| lake.record_id(parent));
            story.recomputed(
                parent.map_or(Value::Null, LakeOfDay::published),
                "parentaccountid of the account in the lake".to_string(),
            );
        }
        "accounts_below" => {
            let below: Vec<&str> =
                of.accounts.iter().filter(|&&one| one != account).map(|&one| lake.record_id(one)).collect();
            let told = if below.is_empty() { "there are none".to_string() } else { below.join(", ") };
            story.recomputed(below.len().into(), told);
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn connections_of<'a>(lake: &'a LakeOfDay<'_>, accounts: Vec<u32>, accounts_of: &Lists) -> Result<Of<'a>> {
    let of_contacts = lake.context.people.records.range(RecordType::Contact);
    let is_there = |contact: u32| accounts_of.under(contact).iter().any(|account| accounts.contains(account));
    let contacts: BTreeSet<u32> = of_contacts.filter(|&contact| is_there(contact)).collect();
    let connections = lake.connections()?.iter().filter(|one| contacts.contains(&one.record)).collect();
    Ok(Of { accounts, contacts, connections })
}

/// Lists connections; where only relations count, the others are left out.
fn list(lake: &LakeOfDay<'_>, of: &Of<'_>, only_relations: bool, story: &mut ColumnStory) {
    let row = |one: &&Connection| {
        let why_not = if only_relations { why_no_relation(one) } else { None };
        TableRow { why_not, ..connection_row(lake, one.user, one.record, one.strength) }
    };
    story.from_tables = of.connections.iter().map(row).collect();
}

fn strongest<'a>(found: Option<(u32, f64)>, id: impl Fn(u32) -> &'a str, story: &mut ColumnStory) {
    match found {
        None => story.recomputed(Value::Null, "there is no relation".to_string()),
        Some((number, share)) => {
            let value = if story.column.ends_with("_share") { share.into() } else { LakeOfDay::published(id(number)) };
            story.recomputed(value, format!("{} has {share} of the strength of all relations", id(number)));
        }
    }
}

/// Contacts who are stakeholders of open deals.
fn stakeholders(lake: &LakeOfDay<'_>, of: &Of<'_>, story: &mut ColumnStory) -> Result<()> {
    let (context, records) = (lake.context, &lake.context.people.records);
    let deals = deals_as_of(context.sources, records, days_since_epoch(context.as_of.date))?;
    let first = records.range(RecordType::Opportunity).start;
    let is_open = |deal: u32| {
        let deal = deal.checked_sub(first).and_then(|place| deals.get(place as usize));
        deal.is_some_and(|deal| deal.state == DealState::Open)
    };
    let with_relation = of.contacts_with_relation();
    let all: BTreeSet<u32> = context
        .people
        .interest
        .stakeholders
        .iter()
        .filter(|(person, deal)| of.contacts.contains(person) && is_open(*deal))
        .map(|(person, _)| *person)
        .collect();
    let only_without = story.column == "stakeholders_without_relation";
    let row = |&person: &u32| {
        let knows = only_without && with_relation.contains(&person);
        TableRow { why_not: knows.then(|| "a colleague has a relation".to_string()), ..person_row(lake, person) }
    };
    story.from_tables = all.iter().map(row).collect();
    let count = story.from_tables.iter().filter(|row| row.why_not.is_none()).count();
    story.recomputed(count.into(), format!("{count} of {} stakeholders of open deals", all.len()));
    Ok(())
}

fn person_row(lake: &LakeOfDay<'_>, contact: u32) -> TableRow {
    let key =
        vec![("person_type".to_string(), "contact".into()), ("person_id".to_string(), lake.record_id(contact).into())];
    TableRow { table: "people".to_string(), key: Fields(key), amount: Some(1.0), ..TableRow::default() }
}
