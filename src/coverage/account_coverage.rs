//! The table `account_coverage`: how many people of us know how many of a customer company, and on how few of them the
//! relationship rests (rule W7).

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;

use super::SHARE;
use super::hierarchy::Hierarchy;
use crate::connections::colleagues::SYSTEMUSER_ID;
use crate::connections::colleagues::colleagues;
use crate::connections::connection::Connection;
use crate::error::{Error, Result};
use crate::frames::typed_columns::texts;
use crate::interactions::Context;
use crate::people::record_lists::accounts_of_contacts;
use crate::people::{DealState, RecordType, deals_as_of};
use crate::table::ColumnType::{Boolean, Float64, Int64, Text};
use crate::table::{Column as Declared, ColumnType, Table, conform};
use crate::time::days_since_epoch;

/// What relations between colleagues and the contacts of some accounts come to.
#[derive(Clone, Debug, Default)]
struct Relations {
    /// Contacts of the accounts.
    contacts: BTreeSet<u32>,
    /// Those with whom anybody was in touch.
    in_touch: BTreeSet<u32>,
    /// Strength by contact, and how many colleagues have a relation with them.
    of_contacts: BTreeMap<u32, (f64, u32)>,
    /// Strength by colleague.
    of_colleagues: BTreeMap<u32, f64>,
    /// Contacts of the accounts who are stakeholders of their open deals.
    stakeholders: BTreeSet<u32>,
}

/// Who has most of the strength of all relations, and which share it is.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Strongest {
    number: u32,
    share: f64,
}

impl Relations {
    fn add(&mut self, one: &Connection) {
        self.in_touch.insert(one.record);
        if one.is_relation() {
            let of_contact = self.of_contacts.entry(one.record).or_default();
            *of_contact = (of_contact.0 + one.strength, of_contact.1 + 1);
            *self.of_colleagues.entry(one.user).or_default() += one.strength;
        }
    }

    fn strongest(strengths: impl Iterator<Item = (u32, f64)> + Clone) -> Option<Strongest> {
        let sum: f64 = strengths.clone().map(|(_, strength)| strength).sum();
        // Of several the first, who has the smallest id.
        let first = strengths.fold(None, |first: Option<(u32, f64)>, one| match first {
            Some(first) if first.1 >= one.1 => Some(first),
            _ => Some(one),
        });
        first.filter(|_| sum > 0.0).map(|(number, strength)| Strongest { number, share: strength / sum })
    }

    fn strongest_colleague(&self) -> Option<Strongest> {
        Relations::strongest(self.of_colleagues.iter().map(|(&user, &strength)| (user, strength)))
    }

    fn strongest_contact(&self) -> Option<Strongest> {
        Relations::strongest(self.of_contacts.iter().map(|(&contact, &(strength, _))| (contact, strength)))
    }

    /// Contacts with whom only one colleague has a relation.
    fn known_to_one(&self) -> usize {
        self.of_contacts.values().filter(|(_, colleagues)| *colleagues == 1).count()
    }

    /// Stakeholders with whom nobody has a relation.
    fn unknown_stakeholders(&self) -> usize {
        self.stakeholders.iter().filter(|contact| !self.of_contacts.contains_key(contact)).count()
    }
}

/// One row per account, in their order. The input must not be split by account, for accounts have parents.
pub fn account_coverage(context: &Context, connections: &[Connection]) -> Result<LazyFrame> {
    let records = &context.people.records;
    let (accounts, hierarchy) = (records.range(RecordType::Account), Hierarchy::of(context)?);
    let relations = relations(context, connections)?;
    let together = |account: u32| {
        let mut all = Relations::default();
        for below in hierarchy.below(account) {
            let one = &relations[(below - accounts.start) as usize];
            all.contacts.extend(&one.contacts);
            for (contact, relation) in &one.of_contacts {
                // A contact of two of the accounts counts once.
                all.of_contacts.entry(*contact).or_insert(*relation);
            }
            all.of_colleagues.extend(&one.of_colleagues);
        }
        all
    };
    let all: Vec<Relations> = accounts.clone().map(together).collect();
    let (ids, names) = (texts(&records.table, "record_id")?, texts(&records.table, "name")?);
    let users = colleagues(context)?;
    let user_ids = texts(&users, SYSTEMUSER_ID)?;
    let text = |name: &str, of: &dyn Fn(u32) -> Option<String>| {
        Column::new(name.into(), accounts.clone().map(of).collect::<Vec<_>>())
    };
    let count = |name: &str, of: &dyn Fn(u32) -> usize| {
        Column::new(name.into(), accounts.clone().map(|account| of(account) as i64).collect::<Vec<_>>())
    };
    let id = |record: u32| ids.get(record as usize).map(str::to_string);
    let of = |account: u32| &relations[(account - accounts.start) as usize];
    let with_all = |account: u32| &all[(account - accounts.start) as usize];
    let share = |name: &str, of_account: &dyn Fn(u32) -> Option<Strongest>| {
        Column::new(name.into(), accounts.clone().map(|a| Some(of_account(a)?.share)).collect::<Vec<Option<f64>>>())
    };
    let single = |name: &str, count: &dyn Fn(&Relations) -> usize| {
        let one = |account: u32| (!of(account).of_contacts.is_empty()).then(|| count(of(account)) == 1);
        Column::new(name.into(), accounts.clone().map(one).collect::<Vec<Option<bool>>>())
    };
    let columns = vec![
        text("account_id", &id),
        text("name", &|account| names.get(account as usize).map(str::to_string)),
        count("contacts", &|account| of(account).contacts.len()),
        count("contacts_in_touch", &|account| of(account).in_touch.len()),
        count("contacts_with_relation", &|account| of(account).of_contacts.len()),
        count("colleagues_with_relation", &|account| of(account).of_colleagues.len()),
        text("strongest_colleague_id", &|account| {
            user_ids.get(of(account).strongest_colleague()?.number as usize).map(str::to_string)
        }),
        share("strongest_colleague_share", &|account| of(account).strongest_colleague()),
        text("strongest_contact_id", &|account| id(of(account).strongest_contact()?.number)),
        share("strongest_contact_share", &|account| of(account).strongest_contact()),
        single("only_one_colleague", &|relations| relations.of_colleagues.len()),
        single("only_one_contact", &|relations| relations.of_contacts.len()),
        count("contacts_known_to_one", &|account| of(account).known_to_one()),
        count("stakeholders", &|account| of(account).stakeholders.len()),
        count("stakeholders_without_relation", &|account| of(account).unknown_stakeholders()),
        text("parent_account_id", &|account| id(hierarchy.parent(account)?)),
        count("accounts_below", &|account| hierarchy.below(account).len() - 1),
        count("contacts_with_below", &|account| with_all(account).contacts.len()),
        count("contacts_with_relation_with_below", &|account| with_all(account).of_contacts.len()),
        count("colleagues_with_relation_with_below", &|account| with_all(account).of_colleagues.len()),
    ];
    let rows = DataFrame::new(accounts.len(), columns).map_err(Error::engine("table account_coverage"))?;
    Ok(conform(rows.lazy(), &table()))
}

/// Relations of every account, from the first one on.
fn relations(context: &Context, connections: &[Connection]) -> Result<Vec<Relations>> {
    let (people, records) = (context.people, &context.people.records);
    let (accounts, contacts) = (records.range(RecordType::Account), records.range(RecordType::Contact));
    let accounts_of = accounts_of_contacts(people);
    let mut relations = vec![Relations::default(); accounts.len()];
    let place = |account: u32| (account - accounts.start) as usize;
    for contact in contacts.clone() {
        for &account in accounts_of.under(contact) {
            relations[place(account)].contacts.insert(contact);
        }
    }
    for one in connections.iter().filter(|one| contacts.contains(&one.record)) {
        for &account in accounts_of.under(one.record) {
            relations[place(account)].add(one);
        }
    }
    let deals = deals_as_of(context.sources, records, days_since_epoch(context.as_of.date))?;
    let first_deal = records.range(RecordType::Opportunity).start;
    for &(person, record) in &people.interest.stakeholders {
        let Some(deal) = record.checked_sub(first_deal).and_then(|at| deals.get(at as usize)) else { continue };
        if deal.state == DealState::Open && contacts.contains(&person) {
            for &account in accounts_of.under(person) {
                relations[place(account)].stakeholders.insert(person);
            }
        }
    }
    Ok(relations)
}

/// The table `account_coverage`.
pub fn table() -> Table {
    let column = |name, dtype: ColumnType, unit, description, empty, example| {
        Declared::new(name, dtype, unit, description, empty, "W7", example)
    };
    let text = |name, description, empty, example| column(name, Text, "", description, empty, example);
    let count =
        |name, unit, description, example| column(name, Int64, unit, description, "0 when there are none", example);
    const NO_RELATION: &str = "null without a relation; null where that person was forgotten";
    let share = |name, description, example| column(name, Float64, SHARE, description, NO_RELATION, example);
    let single = |name, description| column(name, Boolean, "", description, "null without a relation", "true");
    Table {
        defined_in: file!(),
        name: "account_coverage",
        version: 1,
        grain: "account",
        description: "How many of us know how many at a customer company, and on how few people the relationship rests. A \
                      relation is a connection of the past 365 days in both directions, of a strength of 5 or more.",
        key: &["account_id"],
        columns: vec![
            text("account_id", "The account.", "never", "b0000001-0000-4000-8000-000000000000"),
            text("name", "Its name.", "null when it has none", "Acme"),
            count("contacts", "contacts", "Its contacts, its primary contact among them.", "12"),
            count(
                "contacts_in_touch",
                "contacts",
                "Those with whom any colleague was in touch in the past 365 days.",
                "7",
            ),
            count("contacts_with_relation", "contacts", "Those with whom a colleague has a relation.", "4"),
            count(
                "colleagues_with_relation",
                "colleagues",
                "Colleagues who have a relation with a contact of it.",
                "3",
            ),
            text(
                "strongest_colleague_id",
                "The colleague with most of the strength of all these relations; of several the one with the smallest id.",
                NO_RELATION,
                "a0000001-0000-4000-8000-000000000000",
            ),
            share(
                "strongest_colleague_share",
                "That colleague's share of the strength of all relations: 1 when nobody else knows anybody there.",
                "0.7",
            ),
            text(
                "strongest_contact_id",
                "The contact with most of it.",
                NO_RELATION,
                "c0000001-0000-4000-8000-000000000000",
            ),
            share("strongest_contact_share", "That contact's share of it.", "0.55"),
            single(
                "only_one_colleague",
                "Whether all relations are those of one colleague: if they leave, nobody knows anybody.",
            ),
            single("only_one_contact", "Whether all relations are with one contact: if they leave, we know nobody."),
            count("contacts_known_to_one", "contacts", "Contacts with whom exactly one colleague has a relation.", "2"),
            count("stakeholders", "contacts", "Its contacts who are stakeholders of an open deal.", "3"),
            count(
                "stakeholders_without_relation",
                "contacts",
                "Those of them with whom no colleague has a relation.",
                "1",
            ),
            text(
                "parent_account_id",
                "The account above it.",
                "null when it has none, or that is not in the lake, or a ring of parents is cut there",
                "b0000002-0000-4000-8000-000000000000",
            ),
            count("accounts_below", "accounts", "Accounts below it, at any depth.", "2"),
            count("contacts_with_below", "contacts", "Contacts of it and of all accounts below it, each once.", "31"),
            count("contacts_with_relation_with_below", "contacts", "Those with whom a colleague has a relation.", "9"),
            count(
                "colleagues_with_relation_with_below",
                "colleagues",
                "Colleagues who have a relation with any of them.",
                "5",
            ),
        ],
    }
}
