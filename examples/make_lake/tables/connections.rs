//! Stakeholders and sales teams of leads and deals: `connection` and `connectionrole`.

use std::ops::Range;

use polars::prelude::*;

use crate::ids::{Kind, guid};
use crate::tables::columns::{full_text, int, table, text};
use crate::tables::records::Rows;
use crate::times::START;
use crate::world::World;

/// Connection roles: two of stakeholders, two of the sales team.
pub const CONNECTION_ROLES: [(&str, i32); 4] =
    [("Stakeholder", 1000), ("Decision Maker", 1000), ("Sales Professional", 1001), ("Presales", 1001)];

pub fn connectionroles() -> PolarsResult<DataFrame> {
    table(vec![
        full_text(
            "connectionroleid",
            (0..CONNECTION_ROLES.len()).map(|number| guid(Kind::ConnectionRole, number as u64)),
        ),
        full_text("name", CONNECTION_ROLES.iter().map(|role| role.0)),
        int("category", CONNECTION_ROLES.iter().map(|role| Some(role.1))),
    ])
}

/// The ends of a connection: kind, entity name, number.
type End = (Kind, &'static str, usize);

/// A connection of a record with a person, in a role, made at a time.
type Link = (End, End, usize, i64);

fn links(world: &World, deals: Range<usize>, leads: Range<usize>, links: &mut Vec<Link>) {
    for number in deals {
        let deal = &world.deals[number];
        let record = (Kind::Deal, "opportunity", number);
        for (place, &contact) in deal.stakeholders.iter().enumerate() {
            links.push((record, (Kind::Contact, "contact", contact), place % 2, deal.created));
        }
        for (place, &colleague) in deal.sales_team.iter().enumerate() {
            links.push((record, (Kind::Colleague, "systemuser", colleague), 2 + place % 2, deal.created));
        }
    }
    for number in leads {
        let lead = &world.leads[number];
        for &contact in &lead.stakeholders {
            let record = (Kind::Lead, "lead", number);
            links.push((record, (Kind::Contact, "contact", contact), 0, lead.created));
        }
    }
}

/// Stakeholders and sales teams, in both directions; and how many rows belong to drawn records.
pub fn connections(world: &World) -> PolarsResult<(Rows, usize)> {
    let drawn = world.drawn;
    let mut list = Vec::new();
    links(world, 0..drawn.deals, 0..drawn.leads, &mut list);
    let drawn_rows = 2 * list.len();
    links(world, drawn.deals..world.deals.len(), drawn.leads..world.leads.len(), &mut list);
    // Each link as it is, then reversed; the role is the person's.
    let both = || {
        list.iter().flat_map(|&(record, person, role, _)| {
            [(record, person, None, Some(role)), (person, record, Some(role), None)]
        })
    };
    let role = |role: Option<usize>| role.map(|role| guid(Kind::ConnectionRole, role as u64));
    let frame = table(vec![
        full_text("connectionid", (0..).zip(both()).map(|(number, _)| guid(Kind::Connection, number))),
        full_text("record1id", both().map(|link| guid(link.0.0, link.0.2 as u64))),
        full_text("record1id_entitytype", both().map(|link| link.0.1)),
        text("record1roleid", both().map(|link| role(link.2))),
        full_text("record2id", both().map(|link| guid(link.1.0, link.1.2 as u64))),
        full_text("record2id_entitytype", both().map(|link| link.1.1)),
        text("record2roleid", both().map(|link| role(link.3))),
        // One link in sixty is no longer active; both of its rows say so.
        int("statecode", (0u64..).zip(both()).map(|(number, _)| Some(i32::from(number / 2 % 60 == 59)))),
    ])?;
    let created = list.iter().flat_map(|link| [START.max(link.3); 2]).collect();
    Ok(((frame, created), drawn_rows))
}
