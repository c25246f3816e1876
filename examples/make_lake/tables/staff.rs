//! Colleagues, their roles, teams and mailboxes.

use polars::prelude::*;

use crate::ids::{Kind, guid};
use crate::tables::columns::{flag, full_text, table, text, time};
use crate::tables::records::Rows;
use crate::times::START;
use crate::world::{Colleague, World};

/// Security roles; the second is a business unit's copy of the first.
pub const ROLES: [(&str, u64); 5] =
    [("Salesperson", 0), ("Salesperson", 0), ("Sales Manager", 2), ("Clerk", 3), ("System Administrator", 4)];

/// The role that every sixth colleague has beside his own.
const CLERK: usize = 3;

pub fn systemusers(world: &World) -> PolarsResult<Rows> {
    let all = || (0u64..).zip(&world.colleagues);
    let address = |colleague: &Colleague| world.person(colleague.person).address.clone();
    let frame = table(vec![
        full_text("systemuserid", all().map(|(number, _)| guid(Kind::Colleague, number))),
        full_text("fullname", all().map(|(_, colleague)| world.person(colleague.person).name.as_str())),
        full_text("internalemailaddress", all().map(|(_, colleague)| address(colleague))),
        full_text("domainname", all().map(|(_, colleague)| address(colleague))),
        full_text("azureactivedirectoryobjectid", all().map(|(number, _)| guid(Kind::Mailbox, number))),
        flag("isdisabled", all().map(|(_, colleague)| Some(colleague.disabled))),
        time("createdon", all().map(|(_, colleague)| Some(colleague.created))),
    ])?;
    // Colleagues are few: they are exported in one file.
    Ok((frame, vec![START; world.colleagues.len()]))
}

pub fn roles() -> PolarsResult<DataFrame> {
    table(vec![
        full_text("roleid", (0..ROLES.len()).map(|number| guid(Kind::Role, number as u64))),
        full_text("name", ROLES.iter().map(|role| role.0)),
        full_text("parentrootroleid", ROLES.iter().map(|role| guid(Kind::Role, role.1))),
        full_text("businessunitid", (0..ROLES.len()).map(|number| guid(Kind::BusinessUnit, (number == 1) as u64))),
    ])
}

pub fn systemuserroles(world: &World) -> PolarsResult<Rows> {
    let mut pairs: Vec<(usize, usize, u64)> = Vec::new();
    for (number, colleague) in world.colleagues.iter().enumerate() {
        pairs.push((number, colleague.role, membership(number)));
        if number % 6 == 5 && colleague.role != CLERK {
            pairs.push((number, CLERK, membership(number) + 1));
        }
    }
    let frame = table(vec![
        full_text("systemuserroleid", pairs.iter().map(|pair| guid(Kind::Membership, pair.2))),
        full_text("systemuserid", pairs.iter().map(|pair| guid(Kind::Colleague, pair.0 as u64))),
        full_text("roleid", pairs.iter().map(|pair| guid(Kind::Role, pair.1 as u64))),
    ])?;
    Ok((frame, vec![START; pairs.len()]))
}

/// The number of a colleague's first membership in a role.
pub fn membership(colleague: usize) -> u64 {
    2 * colleague as u64
}

pub fn teammembership(world: &World) -> PolarsResult<DataFrame> {
    let pairs = || {
        world
            .teams
            .iter()
            .enumerate()
            .flat_map(|(team, members)| members.iter().map(move |&member| (team as u64, member as u64)))
    };
    table(vec![
        full_text("teamid", pairs().map(|(team, _)| guid(Kind::Team, team))),
        full_text("systemuserid", pairs().map(|(_, member)| guid(Kind::Colleague, member))),
    ])
}

/// `exchange/users`: the owners of the mailboxes.
pub fn users(world: &World) -> PolarsResult<DataFrame> {
    let all = || (0u64..).zip(&world.colleagues).filter(|(_, colleague)| colleague.mailbox);
    let address = |number: u32| world.person(number).address.as_str();
    table(vec![
        full_text("id", all().map(|(number, _)| guid(Kind::Mailbox, number))),
        full_text("mail", all().map(|(_, colleague)| address(colleague.person))),
        full_text("userPrincipalName", all().map(|(_, colleague)| address(colleague.person))),
        full_text("displayName", all().map(|(_, colleague)| world.person(colleague.person).name.as_str())),
        text("usageLocation", all().map(|(_, colleague)| colleague.country)),
        full_text("puser", all().map(|(number, _)| guid(Kind::Mailbox, number))),
        full_text("ptenant", all().map(|_| guid(Kind::Tenant, 0))),
    ])
}
