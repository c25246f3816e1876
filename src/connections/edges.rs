//! Which colleague was in touch with which contact, lead and account, interaction by interaction
//! (rules W1, L2).

use std::ops::Range;

use polars::prelude::*;

use crate::columns::*;
use crate::error::{Error, Result};
use crate::interactions::event::EMAIL;
use crate::interactions::parts::{PartColumns, STARTS};
use crate::interactions::touch::{Facts, Started, Touch, connects};
use crate::interactions::{Context, Interactions};
use crate::people::who;

/// One interaction of one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Number of the colleague.
    pub user: u32,
    /// Number of the contact, lead or account.
    pub record: u32,
    /// The interaction as the two of them see it.
    pub touch: Touch,
}

/// Every edge within `from..until`, in the order of colleague, record, time and interaction. The
/// input may be split by interaction, the output by colleague and record.
///
/// A kernel over slices rather than joins: an email meets the few people of its own rows only, and
/// neither the product of both sides nor its keys are ever a table.
pub fn edges(context: &Context, interactions: &Interactions, window: &Range<i64>, calls: bool) -> Result<Vec<Edge>> {
    let records = Records::of(context)?;
    let facts = Facts::of(&interactions.table)?;
    let people = PartColumns::of(&interactions.participants.people)?;
    let members = PartColumns::of(&interactions.participants.groups)?;
    let (mut people, mut members) = (people.rows()?, members.rows()?);
    let (mut edges, mut ours, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    for interaction in 0..facts.len() as u32 {
        let (parts, groups) = (people.next(interaction), members.next(interaction));
        let Some(touch) = facts.touch(interaction) else { continue };
        if !window.contains(&touch.at) || !connects(touch.kind, calls) {
            continue;
        }
        ours.clear();
        theirs.clear();
        let (mut present, mut starters) = (0u32, 0u32);
        for part in parts.filter(|&part| people.takes_part(part)) {
            let (who, role) = (people.who[part], people.roles[part]);
            present += 1;
            starters += u32::from(role == STARTS);
            match who::colleague_number(who) {
                Some(user) => ours.push((user, role)),
                None => theirs.extend(records.contact(who).map(|record| (record, role))),
            }
        }
        for part in groups.filter(|&part| members.takes_part(part)) {
            theirs.extend(records.of_group(members.groups[part]).map(|record| (record, members.roles[part])));
        }
        if ours.is_empty() || theirs.is_empty() {
            continue;
        }
        // A record that several participants stand for has the strongest of their roles.
        theirs.sort_unstable();
        theirs.dedup_by_key(|(record, _)| *record);
        let alone = if touch.kind == EMAIL { present - starters } else { present.saturating_sub(1) };
        let people = alone.clamp(1, u32::from(u16::MAX)) as u16;
        for &(user, our_role) in &ours {
            for &(record, their_role) in &theirs {
                let started = match (touch.kind, our_role, their_role) {
                    (EMAIL, STARTS, STARTS) => continue,
                    (EMAIL, STARTS, _) => Started::ByUs,
                    (EMAIL, _, STARTS) => Started::ByThem,
                    (EMAIL, _, _) => continue,
                    _ => touch.started,
                };
                let touch = Touch { people, started, ..touch };
                edges.push(Edge { user, record, touch });
                edges.extend(records.accounts.under(record).iter().map(|&record| Edge { user, record, touch }));
            }
        }
    }
    let key = |edge: &Edge| (edge.user, edge.record, edge.touch.at, edge.touch.interaction);
    edges.sort_unstable_by_key(|edge| (key(edge), edge.touch.started));
    // Several contacts of an account in one interaction are one edge to the account.
    edges.dedup_by_key(|edge| key(edge));
    Ok(edges)
}

/// The contacts, leads and accounts that participants stand for.
struct Records {
    contacts: Range<u32>,
    accounts: Lists,
    leads: Lists,
}

impl Records {
    fn of(context: &Context) -> Result<Records> {
        let records = &context.people.records;
        let leads = records.range("lead");
        let mut by_group = pairs(&context.people.directory.group_members()?, "group", RECORD)?;
        by_group.retain(|(_, record)| leads.contains(record));
        let accounts = accounts_of_contacts(context)?;
        Ok(Records { contacts: records.range("contact"), accounts, leads: Lists::of(by_group) })
    }

    /// The contact that somebody is.
    fn contact(&self, who: u64) -> Option<u32> {
        who::record(who).filter(|record| self.contacts.contains(record))
    }

    /// The leads of a group of records that somebody is.
    fn of_group(&self, group: u32) -> impl Iterator<Item = u32> {
        self.leads.under(group).iter().copied()
    }
}

/// The accounts of each contact: the one it belongs to, and those whose primary contact it is.
pub(super) fn accounts_of_contacts(context: &Context) -> Result<Lists> {
    let records = &context.people.records;
    let (contacts, accounts) = (records.range("contact"), records.range("account"));
    let mut by_contact = pairs(&context.people.interest.customers, "person", RECORD)?;
    by_contact.retain(|(person, record)| contacts.contains(person) && accounts.contains(record));
    Ok(Lists::of(by_contact))
}

/// Lists of numbers under numbers, end to end.
pub(super) struct Lists {
    starts: Vec<u32>,
    members: Vec<u32>,
}

impl Lists {
    fn of(mut pairs: Vec<(u32, u32)>) -> Lists {
        pairs.sort_unstable();
        pairs.dedup();
        let keys = pairs.last().map_or(0, |(last, _)| *last as usize + 1);
        let mut starts = vec![0u32; keys + 1];
        for (key, _) in &pairs {
            starts[*key as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        Lists { starts, members: pairs.into_iter().map(|(_, member)| member).collect() }
    }

    /// The list under a number.
    pub(super) fn under(&self, key: u32) -> &[u32] {
        match self.starts.get(key as usize..key as usize + 2) {
            Some(&[from, to]) => &self.members[from as usize..to as usize],
            _ => &[],
        }
    }
}

fn pairs(frame: &DataFrame, left: &str, right: &str) -> Result<Vec<(u32, u32)>> {
    let column = |name: &str| {
        let column = frame.column(name).and_then(|column| column.u32());
        column.map_err(Error::engine(format!("column {name}")))
    };
    Ok(column(left)?.iter().zip(column(right)?.iter()).filter_map(|(left, right)| Some((left?, right?))).collect())
}
