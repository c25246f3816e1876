//! People and records for planted cases.

use crate::awkward::workbench::Bench;
use crate::times::{DAY, START};
use crate::world::{Account, Colleague, Contact, Deal, Lead, Owner, PersonNo, Who};

impl Bench<'_> {
    pub fn stranger(&mut self, name: &str, address: &str) -> PersonNo {
        self.world.add_person(name.to_string(), address.to_string(), Who::Nobody)
    }

    /// The same record at another address, or at the same one spelled differently.
    pub fn other_address(&mut self, person: PersonNo, address: &str) -> PersonNo {
        let (name, who) = (self.world.person(person).name.clone(), self.world.person(person).who);
        self.world.add_person(name, address.to_string(), who)
    }

    pub fn colleague(&mut self, name: &str, address: &str, country: Option<&'static str>, role: usize) -> usize {
        let number = self.world.colleagues.len();
        let person = self.world.add_person(name.to_string(), address.to_string(), Who::Colleague(number));
        let created = START - 300 * DAY;
        let colleague = Colleague { person, country, mailbox: true, disabled: false, created, role };
        self.world.colleagues.push(colleague);
        number
    }

    pub fn person_of(&self, colleague: usize) -> PersonNo {
        self.world.colleagues[colleague].person
    }

    pub fn account(&mut self, name: &str, domain: &str, owner: usize) -> usize {
        self.world.accounts.push(Account {
            name: name.to_string(),
            domain: domain.to_string(),
            country: "SE",
            industry: 7,
            revenue: 12e6,
            employees: 40,
            parent: None,
            created: START - 200 * DAY,
            inactive: false,
            owner: Owner::Colleague(owner),
            team: vec![owner],
            contacts: Vec::new(),
            primary: None,
            silent_from: i64::MAX,
            slowness: 1.0,
        });
        self.world.accounts.len() - 1
    }

    pub fn contact(&mut self, name: &str, address: &str, account: Option<usize>) -> usize {
        let number = self.world.contacts.len();
        let person = self.world.add_person(name.to_string(), address.to_string(), Who::Contact(number));
        self.world.contacts.push(Contact {
            person,
            second: None,
            third: None,
            alias: false,
            account,
            owner: Owner::Colleague(0),
            inactive: false,
            created: START - 100 * DAY,
        });
        number
    }

    pub fn contact_person(&self, contact: usize) -> PersonNo {
        self.world.contacts[contact].person
    }

    pub fn lead(&mut self, name: &str, address: &str, owner: Owner) -> usize {
        let number = self.world.leads.len();
        let person = self.world.add_person(name.to_string(), address.to_string(), Who::Lead(number));
        self.world.leads.push(Lead {
            person,
            company: "Provhamn".to_string(),
            account: None,
            contact: None,
            owner,
            state: 0,
            created: START + 30 * DAY,
            stakeholders: Vec::new(),
        });
        number
    }

    /// An open deal with a contact, made at the given time.
    pub fn deal(&mut self, name: &str, account: usize, contact: usize, owner: usize, created: i64) -> usize {
        self.world.deals.push(Deal {
            name: name.to_string(),
            account,
            contact: Some(contact),
            customer_is_contact: false,
            owner: Owner::Colleague(owner),
            created,
            closed: None,
            state: 0,
            expected_close: created + 120 * DAY,
            value: 25_000.0,
            rating: 2,
            timeframe: 1,
            process: 1,
            budget_status: 1,
            budget: None,
            need: 1,
            priority: 1,
            stage: 1,
            lead: None,
            product: "Gale",
            segment: "industry",
            stakeholders: Vec::new(),
            sales_team: Vec::new(),
        });
        self.world.deals.len() - 1
    }
}
