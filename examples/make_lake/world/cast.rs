//! Who takes part in a thread, a meeting or a call, and which record it is about.

use crate::names::{PRODUCTS, internal_subject, subject};
use crate::random::Random;
use crate::world::{PersonNo, Record, World};

/// What an interaction is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Matter {
    Deal,
    Account,
    Lead,
    Internal,
    Stranger,
}

pub struct Cast {
    /// The main person of each side first; never empty.
    pub ours: Vec<PersonNo>,
    /// In an internal matter the colleagues who are written to.
    pub theirs: Vec<PersonNo>,
    pub about: Option<Record>,
    /// How slowly their side answers.
    pub slowness: f64,
    pub subject: String,
}

/// How readily one more person is drawn in, on our side and on theirs.
#[derive(Clone, Copy)]
pub struct Company {
    pub ours: f64,
    pub theirs: f64,
}

impl World {
    pub fn cast(&self, random: &mut Random, at: i64, matter: Matter, company: Company) -> Cast {
        match matter {
            Matter::Deal => {
                self.deal_cast(random, at, company).unwrap_or_else(|| self.account_cast(random, at, company))
            }
            Matter::Account => self.account_cast(random, at, company),
            Matter::Lead => self.lead_cast(random, at, company),
            Matter::Internal => {
                let ours = self.some_colleagues(random, 1);
                let count = 1 + random.streak(0.5, 6);
                let theirs = self.some_colleagues(random, count);
                let theirs = if theirs == ours { self.some_colleagues(random, 2) } else { theirs };
                Cast { ours, theirs, about: None, slowness: 0.7, subject: internal_subject(random) }
            }
            Matter::Stranger => Cast {
                ours: self.some_colleagues(random, 1),
                theirs: vec![random.pick(&self.strangers)],
                about: None,
                slowness: 1.5,
                subject: subject(random, PRODUCTS[0]),
            },
        }
    }

    fn some_colleagues(&self, random: &mut Random, count: usize) -> Vec<PersonNo> {
        let mut out = Vec::with_capacity(count);
        for _ in 0..count {
            push_new(&mut out, self.some_colleague(random));
        }
        out
    }

    pub fn some_colleague(&self, random: &mut Random) -> PersonNo {
        self.colleagues[random.below(self.drawn.colleagues)].person
    }

    /// The contact at the address used this time.
    fn at_an_address(&self, random: &mut Random, contact: usize) -> PersonNo {
        let contact = &self.contacts[contact];
        contact.second.filter(|_| random.chance(0.3)).unwrap_or(contact.person)
    }

    fn deal_cast(&self, random: &mut Random, at: i64, company: Company) -> Option<Cast> {
        // Lost deals saw less mail than won ones, open ones lie between.
        let number = (0..8).find_map(|_| {
            let number = random.below(self.drawn.deals);
            let deal = &self.deals[number];
            let liveliness = [0.75, 1.0, 0.5][deal.state as usize % 3];
            (deal.alive(at) && random.chance(liveliness)).then_some(number)
        })?;
        let deal = &self.deals[number];
        let account = &self.accounts[deal.account];
        let owners = self.members(deal.owner);
        let mut ours = vec![self.colleagues[random.pick(&owners)].person];
        for &colleague in &deal.sales_team {
            if random.chance(company.ours) {
                push_new(&mut ours, self.colleagues[colleague].person);
            }
        }
        let main = deal.contact.unwrap_or_else(|| random.pick(&account.contacts));
        let mut theirs = vec![self.at_an_address(random, main)];
        for &contact in &deal.stakeholders {
            if random.chance(company.theirs) {
                push_new(&mut theirs, self.contacts[contact].person);
            }
        }
        Some(Cast {
            ours,
            theirs,
            about: Some(Record::Deal(number)),
            slowness: account.slowness,
            subject: subject(random, deal.product),
        })
    }

    fn account_cast(&self, random: &mut Random, at: i64, company: Company) -> Cast {
        let mut number = self.account_sizes.draw(random);
        for _ in 0..5 {
            // Nearly nobody writes to those who fell silent.
            if self.accounts[number].silent_from > at || random.chance(0.05) {
                break;
            }
            number = self.account_sizes.draw(random);
        }
        let account = &self.accounts[number];
        let main = if random.chance(0.6) { account.team[0] } else { random.pick(&account.team) };
        let mut ours = vec![self.colleagues[main].person];
        for _ in 0..random.streak(company.ours, 4) {
            push_new(&mut ours, self.colleagues[random.pick(&account.team)].person);
        }
        let first = if random.chance(0.5) { account.contacts[0] } else { random.pick(&account.contacts) };
        let mut theirs = vec![self.at_an_address(random, first)];
        for _ in 0..random.streak(company.theirs, 6) {
            push_new(&mut theirs, self.contacts[random.pick(&account.contacts)].person);
        }
        let about = if random.chance(0.5) { Record::Account(number) } else { Record::Contact(first) };
        let product = random.pick(PRODUCTS);
        Cast { ours, theirs, about: Some(about), slowness: account.slowness, subject: subject(random, product) }
    }

    fn lead_cast(&self, random: &mut Random, at: i64, company: Company) -> Cast {
        let number =
            (0..6).map(|_| random.below(self.drawn.leads)).find(|&number| self.leads[number].created < at).unwrap_or(0);
        let lead = &self.leads[number];
        let owners = self.members(lead.owner);
        let mut ours = vec![self.colleagues[random.pick(&owners)].person];
        if random.chance(company.ours) {
            push_new(&mut ours, self.some_colleague(random));
        }
        let mut theirs = vec![lead.person];
        for &contact in &lead.stakeholders {
            if random.chance(company.theirs) {
                push_new(&mut theirs, self.contacts[contact].person);
            }
        }
        Cast {
            ours,
            theirs,
            about: Some(Record::Lead(number)),
            slowness: 1.4,
            subject: subject(random, PRODUCTS[number % PRODUCTS.len()]),
        }
    }
}

pub fn push_new(people: &mut Vec<PersonNo>, person: PersonNo) {
    if !people.contains(&person) {
        people.push(person);
    }
}
