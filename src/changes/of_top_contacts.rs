//! Records with whom somebody else has most of the contact now.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::Change;
use super::change::{ChangeKind, ChangeSide};
use crate::error::{Error, Result};
use crate::frames::typed_columns::texts;
use crate::interactions::Kind;
use crate::interactions::columns::*;
use crate::interactions::interaction_view::Facts;
use crate::interactions::{Context, Interactions};
use crate::kpi_tables::taking_part::customers_by_interaction;
use crate::people::RecordType;
use crate::time::AsOf;

/// How much contact somebody has with a record; the more interactions the more, and of as many the later the last one.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct ContactSoFar {
    interactions: u32,
    last: i64,
}

impl ContactSoFar {
    fn add(&mut self, at: i64) {
        self.last = if self.interactions == 0 { at } else { self.last.max(at) };
        self.interactions += 1;
    }
}

/// The same on the earlier day and on the date.
#[derive(Clone, Copy, Default)]
struct Shares {
    then: ContactSoFar,
    now: ContactSoFar,
}

/// Accounts, leads and opportunities whose first of `top_contacts` is another person than on an earlier day. `order` is
/// a person's place where all else is equal. Only records with contact since then can differ, and only they are looked at.
pub fn of_top_contacts(
    context: &Context,
    interactions: &Interactions,
    earlier: &AsOf,
    order: &dyn Fn(u32) -> u32,
) -> Result<Vec<Change>> {
    let records = &context.people.records;
    let (contacts, facts, cutoff) =
        (records.range(RecordType::Contact), Facts::of(&interactions.table)?, earlier.cutoff());
    let column = |name: &str| interactions.links.column(name).and_then(|column| column.u32()?.cont_slice());
    let column = |name| column(name).map_err(Error::engine("reading links"));
    let (numbers, linked) = (column(INTERACTION)?, column(RECORD)?);
    let counted = |interaction: u32| facts.held(interaction).filter(|held| held.kind != Kind::Task);
    let mut touched = vec![false; records.table.height()];
    for (&interaction, &record) in numbers.iter().zip(linked) {
        touched[record as usize] |= counted(interaction).is_some_and(|held| held.at >= cutoff);
    }
    contacts.for_each(|contact| touched[contact as usize] = false);
    let mut needed = vec![false; facts.count() as usize];
    let links = || numbers.iter().copied().zip(linked.iter().copied()).filter(|(_, record)| touched[*record as usize]);
    links().for_each(|(interaction, _)| needed[interaction as usize] = counted(interaction).is_some());
    let people = customers_by_interaction(context, interactions, &|interaction| needed[interaction as usize])?;
    let mut shares: HashMap<u32, HashMap<u32, Shares>> = HashMap::new();
    for (interaction, record) in links() {
        let Some(held) = counted(interaction) else { continue };
        for &person in people.of(interaction) {
            let shares = shares.entry(record).or_default().entry(person).or_default();
            shares.now.add(held.at);
            if held.at < cutoff {
                shares.then.add(held.at);
            }
        }
    }
    let (ids, names) = (texts(&records.table, "record_id")?, texts(&records.table, "name")?);
    let side = |person: u32| ChangeSide {
        what: ids.get(person as usize).map(str::to_string),
        value: None,
        name: names.get(person as usize).map(str::trim).filter(|name| !name.is_empty()).map(str::to_string),
    };
    let mut found = Vec::new();
    for (record, people) in shares {
        let first = |of: fn(&Shares) -> ContactSoFar| {
            let those = people.iter().filter(|(_, shares)| of(shares).interactions > 0);
            those.max_by_key(|(person, shares)| (of(shares), Reverse(order(**person)))).map(|(person, _)| *person)
        };
        // Where nobody had contact before, nobody was replaced.
        if let (Some(then), Some(now)) = (first(|shares| shares.then), first(|shares| shares.now))
            && then != now
        {
            found.push(Change {
                record,
                kind: ChangeKind::TopContact,
                before: side(then),
                after: side(now),
                days: None,
            });
        }
    }
    Ok(found)
}
