//! Leads, and people without a record.

use crate::names::{ascii, company};
use crate::random::Random;
use crate::settings::{COMPANY_DOMAIN, Settings};
use crate::times::{DAY, END, START};
use crate::world::people::{Addresses, PRIVATE_DOMAINS, add, owner};
use crate::world::{Lead, Who, World};

pub fn leads(world: &mut World, settings: &Settings, random: &mut Random, addresses: &mut Addresses) {
    for number in 0..settings.leads {
        let account = random.chance(0.2).then(|| random.below(settings.accounts));
        let (company, domain) = match account {
            Some(account) => (world.accounts[account].name.clone(), world.accounts[account].domain.clone()),
            None => {
                let name = company(settings.accounts + number);
                let domain = format!("{}.example", ascii(&name));
                (name, domain)
            }
        };
        let person = add(world, random, addresses, &domain, Who::Lead(number));
        let main = random.below(settings.colleagues);
        let lead = Lead {
            person,
            company,
            account,
            contact: account.and_then(|account| random.chance(0.3).then(|| world.accounts[account].contacts[0])),
            owner: owner(world, random, main, 0.12),
            state: random.weighted(&[(0.6, 0), (0.18, 1), (0.22, 2)]),
            created: random.between(START - 90 * DAY, END - DAY),
            stakeholders: (0..random.streak(0.15, 2)).map(|_| random.below(settings.contacts)).collect(),
        };
        world.leads.push(lead);
    }
}

pub fn nobodies(world: &mut World, settings: &Settings, random: &mut Random, addresses: &mut Addresses) {
    for number in 0..settings.strangers {
        let domain = match number % 5 {
            0 => format!("visitor{}.example", random.below(settings.strangers)),
            // A company address without a systemuser: ours, but nobody's connection.
            1 if number < 30 => COMPANY_DOMAIN.to_string(),
            _ => random.pick(PRIVATE_DOMAINS).to_string(),
        };
        let person = add(world, random, addresses, &domain, Who::Nobody);
        world.strangers.push(person);
    }
    for number in 1..=6 {
        let address = format!("room{number}@{COMPANY_DOMAIN}");
        let room = world.add_person(format!("Room {number}"), address, Who::Nobody);
        world.rooms.push(room);
    }
    for name in ["newsletter", "no-reply", "donotreply", "mailer-daemon", "events", "invoice"] {
        for domain in ["news.example", "shop.example", "travel.example"] {
            let person = world.add_person(name.into(), format!("{name}@{domain}"), Who::Nobody);
            world.robots.push(person);
        }
    }
}
