//! Colleagues, accounts and contacts.

use std::collections::HashSet;

use crate::names::{ascii, company, person};
use crate::random::{Random, Stream, Zipf};
use crate::settings::{COMPANY_DOMAIN, Settings};
use crate::times::{DAY, END, START};
use crate::world::prospects;
use crate::world::{Account, Colleague, Contact, Drawn, Owner, PersonNo, Who, World};

/// Countries of mailboxes; those of the company's seat are not among the supported regions.
const MAILBOX_COUNTRIES: &[(f64, Option<&str>)] = &[
    (0.30, Some("FI")),
    (0.19, Some("FR")),
    (0.19, Some("GB")),
    (0.11, Some("IE")),
    (0.12, Some("NL")),
    (0.03, Some("SG")),
    (0.05, Some("SE")),
    (0.01, None),
];

const CUSTOMER_COUNTRIES: &[&str] = &["SE", "DE", "FR", "GB", "FI", "NL", "NO", "DK"];

pub const PRIVATE_DOMAINS: &[&str] = &["mailbox1.example", "mailbox2.example", "posten.example"];

/// Numbers of the security roles, see `records::roles`.
const ROLES: &[(f64, usize)] = &[(0.62, 0), (0.14, 1), (0.12, 2), (0.07, 3), (0.05, 4)];

/// Gives each person an address of his own.
pub struct Addresses {
    taken: HashSet<String>,
}

impl Addresses {
    pub fn new_address(&mut self, name: &str, domain: &str) -> String {
        let local = ascii(name).replace('-', ".");
        let mut address = format!("{local}@{domain}");
        let mut number = 1;
        while !self.taken.insert(address.clone()) {
            number += 1;
            address = format!("{local}{number}@{domain}");
        }
        address
    }
}

pub fn populate(settings: &Settings) -> World {
    let mut world = World {
        drawn: Drawn {
            colleagues: settings.colleagues,
            contacts: settings.contacts,
            leads: settings.leads,
            deals: settings.deals,
        },
        people: Vec::new(),
        colleagues: Vec::new(),
        teams: Vec::new(),
        accounts: Vec::new(),
        contacts: Vec::new(),
        leads: Vec::new(),
        deals: Vec::new(),
        strangers: Vec::new(),
        robots: Vec::new(),
        rooms: Vec::new(),
        account_sizes: Zipf::new(settings.accounts),
    };
    let mut random = Random::new(settings.seed, Stream::People, 0);
    let mut addresses = Addresses { taken: HashSet::new() };
    colleagues(&mut world, settings, &mut random, &mut addresses);
    accounts(&mut world, settings, &mut random);
    contacts(&mut world, settings, &mut random, &mut addresses);
    prospects::leads(&mut world, settings, &mut random, &mut addresses);
    prospects::nobodies(&mut world, settings, &mut random, &mut addresses);
    world
}

pub fn add(world: &mut World, random: &mut Random, addresses: &mut Addresses, domain: &str, who: Who) -> PersonNo {
    let name = person(random);
    let address = addresses.new_address(&name, domain);
    world.add_person(name, address, who)
}

fn colleagues(world: &mut World, settings: &Settings, random: &mut Random, addresses: &mut Addresses) {
    for number in 0..settings.colleagues {
        let person = add(world, random, addresses, COMPANY_DOMAIN, Who::Colleague(number));
        world.colleagues.push(Colleague {
            person,
            country: random.weighted(MAILBOX_COUNTRIES),
            mailbox: random.chance(0.95),
            disabled: random.chance(0.04),
            created: START - random.between(30, 900) * DAY,
            role: random.weighted(ROLES),
        });
    }
    for _ in 0..settings.colleagues / 10 + 2 {
        let size = random.between(3, 7) as usize;
        let members = (0..size).map(|_| random.below(settings.colleagues)).collect::<HashSet<_>>();
        let mut members: Vec<usize> = members.into_iter().collect();
        members.sort_unstable();
        world.teams.push(members);
    }
}

pub fn owner(world: &World, random: &mut Random, main: usize, team_share: f64) -> Owner {
    if random.chance(team_share) { Owner::Team(random.below(world.teams.len())) } else { Owner::Colleague(main) }
}

fn accounts(world: &mut World, settings: &Settings, random: &mut Random) {
    for number in 0..settings.accounts {
        let name = company(number);
        let mut team = vec![random.below(settings.colleagues)];
        for _ in 0..random.streak(0.62, 5) {
            let colleague = random.below(settings.colleagues);
            if !team.contains(&colleague) {
                team.push(colleague);
            }
        }
        let silent = random.chance(0.3);
        let account = Account {
            domain: format!("{}.example", ascii(&name)),
            name,
            country: random.pick(CUSTOMER_COUNTRIES),
            industry: random.between(1, 34) as i32,
            revenue: (random.log_normal(40e6, 1.4) / 1e4).round() * 1e4,
            employees: random.log_normal(220.0, 1.3) as i64 + 1,
            // Only an earlier account can be the parent, so that there is no ring.
            parent: (number > 0 && random.chance(0.08)).then(|| random.below(number)),
            created: created(random),
            inactive: random.chance(0.04),
            owner: owner(world, random, team[0], 0.04),
            team,
            contacts: Vec::new(),
            primary: None,
            silent_from: if silent { random.between(START + 60 * DAY, END) } else { i64::MAX },
            slowness: random.log_normal(1.0, 0.5),
        };
        world.accounts.push(account);
    }
}

/// Most records are older than the history.
fn created(random: &mut Random) -> i64 {
    if random.chance(0.6) {
        START - random.between(0, 800) * DAY - random.between(0, DAY)
    } else {
        random.between(START, END - 20 * DAY)
    }
}

fn contacts(world: &mut World, settings: &Settings, random: &mut Random, addresses: &mut Addresses) {
    for number in 0..settings.contacts {
        // Each account has somebody; beyond that large accounts have more.
        let account = if number < settings.accounts {
            Some(number)
        } else {
            (!random.chance(0.06)).then(|| world.account_sizes.draw(random))
        };
        let domain = match account {
            Some(account) => world.accounts[account].domain.clone(),
            None => random.pick(PRIVATE_DOMAINS).to_string(),
        };
        let person = add(world, random, addresses, &domain, Who::Contact(number));
        let main = account.map_or_else(|| random.below(settings.colleagues), |a| world.accounts[a].team[0]);
        let private = random.chance(0.05).then(|| {
            let name = world.person(person).name.clone();
            let address = addresses.new_address(&name, random.pick(PRIVATE_DOMAINS));
            world.add_person(name, address, Who::Contact(number))
        });
        let contact = Contact {
            person,
            second: private,
            third: None,
            alias: number % 10 == 7,
            account,
            owner: owner(world, random, main, 0.02),
            inactive: random.chance(0.03),
            created: created(random),
        };
        world.contacts.push(contact);
        if let Some(account) = account {
            world.accounts[account].contacts.push(number);
        }
    }
    for account in &mut world.accounts {
        if random.chance(0.75) {
            account.primary = account.contacts.first().copied();
        }
    }
}
