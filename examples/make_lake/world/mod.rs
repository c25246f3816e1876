//! What the lake is about: people, companies, leads and deals, and how they refer to each other.

pub mod cast;
mod deals;
mod people;
mod prospects;

use polars::prelude::*;

use crate::ids::{Kind, guid};
use crate::random::Zipf;
use crate::settings::{COMPANY_DOMAIN, Settings};
use crate::tables::columns::record;

/// The record behind a person, as a participant of an activity names it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Who {
    Colleague(usize),
    Contact(usize),
    Lead(usize),
    /// No record: only the address is known.
    Nobody,
}

pub struct Person {
    pub name: String,
    pub address: String,
    pub who: Who,
}

impl Person {
    /// Whether the person is on our side, by record or by domain.
    pub fn ours(&self) -> bool {
        matches!(self.who, Who::Colleague(_)) || self.address.ends_with(COMPANY_DOMAIN)
    }
}

/// Index into [`World::people`].
pub type PersonNo = u32;

pub struct Colleague {
    pub person: PersonNo,
    pub country: Option<&'static str>,
    /// Whether the mailbox is in the Exchange export.
    pub mailbox: bool,
    pub disabled: bool,
    pub created: i64,
    pub role: usize,
}

#[derive(Clone, Copy)]
pub enum Owner {
    Colleague(usize),
    Team(usize),
}

impl Owner {
    pub fn id(self) -> String {
        match self {
            Owner::Colleague(number) => guid(Kind::Colleague, number as u64),
            Owner::Team(number) => guid(Kind::Team, number as u64),
        }
    }

    pub fn entity(self) -> &'static str {
        match self {
            Owner::Colleague(_) => "systemuser",
            Owner::Team(_) => "team",
        }
    }
}

pub struct Account {
    pub name: String,
    pub domain: String,
    pub country: &'static str,
    pub industry: i32,
    pub revenue: f64,
    pub employees: i64,
    pub parent: Option<usize>,
    pub created: i64,
    pub inactive: bool,
    pub owner: Owner,
    /// Colleagues who deal with the account, the main one first.
    pub team: Vec<usize>,
    pub contacts: Vec<usize>,
    pub primary: Option<usize>,
    /// When the relationship falls silent; far in the future when it goes on.
    pub silent_from: i64,
    /// How slowly the account answers, 1 on average.
    pub slowness: f64,
}

pub struct Contact {
    pub person: PersonNo,
    /// The same person at a second and a third address.
    pub second: Option<PersonNo>,
    pub third: Option<PersonNo>,
    /// Whether only the administrator's aliases know the second address.
    pub alias: bool,
    pub account: Option<usize>,
    pub owner: Owner,
    pub inactive: bool,
    pub created: i64,
}

pub struct Lead {
    pub person: PersonNo,
    pub company: String,
    pub account: Option<usize>,
    pub contact: Option<usize>,
    pub owner: Owner,
    pub state: i32,
    pub created: i64,
    /// Contacts.
    pub stakeholders: Vec<usize>,
}

pub struct Deal {
    pub name: String,
    pub account: usize,
    pub contact: Option<usize>,
    pub customer_is_contact: bool,
    pub owner: Owner,
    pub created: i64,
    /// The day of closing, of a won or lost deal.
    pub closed: Option<i64>,
    pub state: i32,
    pub expected_close: i64,
    pub value: f64,
    pub rating: i32,
    pub timeframe: i32,
    pub process: i32,
    pub budget_status: i32,
    pub budget: Option<f64>,
    pub need: i32,
    pub priority: i32,
    pub stage: i32,
    pub lead: Option<usize>,
    pub product: &'static str,
    pub segment: &'static str,
    /// Contacts.
    pub stakeholders: Vec<usize>,
    /// Colleagues.
    pub sales_team: Vec<usize>,
}

/// A record that an activity regards.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Record {
    Account(usize),
    Contact(usize),
    Lead(usize),
    Deal(usize),
}

impl Record {
    pub fn id(self) -> String {
        match self {
            Record::Account(number) => guid(Kind::Account, number as u64),
            Record::Contact(number) => guid(Kind::Contact, number as u64),
            Record::Lead(number) => guid(Kind::Lead, number as u64),
            Record::Deal(number) => guid(Kind::Deal, number as u64),
        }
    }

    pub fn entity(self) -> &'static str {
        match self {
            Record::Account(_) => "account",
            Record::Contact(_) => "contact",
            Record::Lead(_) => "lead",
            Record::Deal(_) => "opportunity",
        }
    }
}

/// How many of each are drawn into threads and meetings; the planted ones come after them.
#[derive(Clone, Copy, Default)]
pub struct Drawn {
    pub colleagues: usize,
    pub contacts: usize,
    pub leads: usize,
    pub deals: usize,
}

pub struct World {
    pub drawn: Drawn,
    pub people: Vec<Person>,
    pub colleagues: Vec<Colleague>,
    /// The members of each team.
    pub teams: Vec<Vec<usize>>,
    pub accounts: Vec<Account>,
    pub contacts: Vec<Contact>,
    pub leads: Vec<Lead>,
    pub deals: Vec<Deal>,
    /// People without a record, and addresses that machines write from.
    pub strangers: Vec<PersonNo>,
    pub robots: Vec<PersonNo>,
    pub rooms: Vec<PersonNo>,
    pub account_sizes: Zipf,
}

impl World {
    /// The world that the seed draws.
    pub fn drawn(settings: &Settings) -> Self {
        let mut world = people::populate(settings);
        deals::add_deals(&mut world, settings);
        world
    }

    pub fn add_person(&mut self, name: String, address: String, who: Who) -> PersonNo {
        self.people.push(Person { name, address, who });
        (self.people.len() - 1) as PersonNo
    }

    pub fn person(&self, number: PersonNo) -> &Person {
        &self.people[number as usize]
    }

    /// The colleague whose exported mailbox belongs to the person.
    pub fn mailbox(&self, number: PersonNo) -> Option<usize> {
        match self.person(number).who {
            Who::Colleague(colleague) if self.colleagues[colleague].mailbox => Some(colleague),
            _ => None,
        }
    }

    /// The colleagues an owner stands for.
    pub fn members(&self, owner: Owner) -> Vec<usize> {
        match owner {
            Owner::Colleague(number) => vec![number],
            Owner::Team(number) => self.teams[number].clone(),
        }
    }

    /// `{emailAddress: {name, address}}` of all people, in order.
    pub fn addresses(&self) -> PolarsResult<Series> {
        let names = StringChunked::from_iter_values("name".into(), self.people.iter().map(|p| p.name.as_str()));
        let addresses =
            StringChunked::from_iter_values("address".into(), self.people.iter().map(|p| p.address.as_str()));
        let inner = record("emailAddress", &[names.into_column(), addresses.into_column()])?;
        Ok(record("person", &[inner])?.take_materialized_series())
    }
}
