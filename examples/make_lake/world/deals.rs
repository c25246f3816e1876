//! Leads' and deals' life: who sells what to whom, when it closes, and what speaks for winning.

use crate::names::{PRODUCTS, SEGMENTS};
use crate::random::{Random, Stream};
use crate::settings::Settings;
use crate::times::{DAY, END, START, midnight, working_instant};
use crate::world::{Deal, Owner, World};

pub fn add_deals(world: &mut World, settings: &Settings) {
    for number in 0..settings.deals {
        let mut random = Random::new(settings.seed, Stream::Deals, number as u64);
        let deal = deal(world, &mut random, number);
        world.deals.push(deal);
    }
}

fn deal(world: &World, random: &mut Random, number: usize) -> Deal {
    let account_number = world.account_sizes.draw(random);
    let account = &world.accounts[account_number];
    let contact = random.chance(0.6).then(|| random.pick(&account.contacts));
    let created = working_instant(random, START, END - 3 * DAY);
    let rating = random.between(1, 4) as i32;
    let timeframe = random.between(0, 5) as i32;
    let budget_status = random.between(0, 4) as i32;
    let value = (random.log_normal(18_000.0, 1.1) / 10.0).round() * 10.0;
    let segment: &'static str = SEGMENTS[account.industry as usize % SEGMENTS.len()];
    let product: &'static str = random.pick(PRODUCTS);
    let stakeholders: Vec<usize> = if account.contacts.len() > 1 {
        (0..random.streak(0.4, 3)).map(|_| random.pick(&account.contacts)).collect()
    } else {
        Vec::new()
    };

    // What is known before closing decides a good part of the outcome, so that it can be learned.
    let chance = -0.3 + 0.8 * f64::from(2 - rating) + 0.45 * f64::from(budget_status - 1)
        - 0.25 * f64::from(timeframe - 2)
        + if segment == "industry" { 0.7 } else { -0.2 }
        + 0.5 * stakeholders.len() as f64
        - if account.silent_from < END { 0.6 } else { 0.0 };
    let won = random.chance(1.0 / (1.0 + (-chance).exp()));
    let length = random.log_normal(if won { 80.0 } else { 95.0 }, 0.7).clamp(3.0, 500.0) as i64;
    let close = midnight(created) + length * DAY;
    let closed = (close <= END).then_some(close);
    let main = if random.chance(0.75) { account.team[0] } else { random.pick(&account.team) };
    let mut sales_team: Vec<usize> = Vec::new();
    for &colleague in account.team.iter().filter(|&&colleague| colleague != main) {
        if random.chance(0.5) {
            sales_team.push(colleague);
        }
    }
    Deal {
        name: format!("{product} for {}", account.name),
        account: account_number,
        customer_is_contact: contact.is_some() && random.chance(0.08),
        contact,
        owner: if random.chance(0.05) { Owner::Team(random.below(world.teams.len())) } else { Owner::Colleague(main) },
        created,
        closed,
        state: match (closed, won) {
            (None, _) => 0,
            (Some(_), true) => 1,
            (Some(_), false) => 2,
        },
        expected_close: close + random.between(-20, 20) * DAY,
        value,
        rating,
        timeframe,
        process: random.between(0, 3) as i32,
        budget_status,
        budget: random.chance(0.5).then(|| (value * (0.6 + random.unit())).round()),
        need: random.between(0, 4) as i32,
        priority: 1,
        stage: random.between(0, 4) as i32,
        lead: (!world.leads.is_empty() && random.chance(0.1)).then(|| number % world.leads.len()),
        product,
        segment,
        stakeholders,
        sales_team,
    }
}

impl Deal {
    /// Whether mail is about the deal at the time.
    pub fn alive(&self, at: i64) -> bool {
        self.created - 10 * DAY <= at && self.closed.is_none_or(|closed| at < closed + DAY)
    }
}
